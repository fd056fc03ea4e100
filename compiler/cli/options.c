/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options: getopt_long()'s tables are made of ours when it is called, and so is the text of `--help`. */
#include "cli/options.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum {
    MOST_OPTIONS = 64,      /* of a command, `--help` among them */
    WIDTH = 118,            /* columns of a help text */
    WIDEST_HEAD = 22,       /* what is wider stands on a line of its own */
};

static int option_id(const struct cli_option *o)
{
    return o->id ? o->id : (unsigned char)o->letter;
}

static bool option_ends(const struct cli_option *o)
{
    return !o->name && !o->letter;
}

/* By what getopt_long() says: the id, or the letter it stood for. */
static const struct cli_option *option_find(const struct command *command, int got)
{
    const struct cli_option *const *table, *o;

    for (table = command->options; *table; table++)
        for (o = *table; !option_ends(o); o++)
            if (option_id(o) == got || (o->letter && o->letter == got))
                return o;
    return NULL;
}

static size_t word_len(const char *at)
{
    return strcspn(at, " ");
}

static const char *word_next(const char *at)
{
    at += word_len(at);
    return at + strspn(at, " ");
}

/* Whether the value is one of the words; says so if not. */
static bool option_value(const struct command *command, const struct cli_option *o, const char *value)
{
    char letter[2] = { o->letter, '\0' };
    struct buf list = BUF_INIT;
    const char *at, *next;

    if (!o->words)
        return true;
    for (at = o->words; *at; at = word_next(at))
        if (word_len(at) == strlen(value) && !memcmp(at, value, word_len(at)))
            return true;
    for (at = o->words; *at; at = next) {
        next = word_next(at);
        buf_printf(&list, "%s'%.*s'", at == o->words ? "" : *next ? ", " : " or ", (int)word_len(at), at);
    }
    cli_usage(command, "%s%s takes %s, not '%s'", o->name ? "--" : "-", o->name ? o->name : letter, buf_text(&list), value);
    buf_free(&list);
    return false;
}

int cli_option(const struct command *command, int argc, char **argv)
{
    struct option names[MOST_OPTIONS] = { { NULL, 0, NULL, 0 } };
    const struct cli_option *const *table, *o;
    char letters[2 * MOST_OPTIONS + 1], *letter = letters;
    unsigned int n = 0;
    int id;

    for (table = command->options; *table; table++)
        for (o = *table; !option_ends(o) && n < MOST_OPTIONS - 1; o++) {
            if (o->letter) {
                *letter++ = o->letter;
                if (o->value)
                    *letter++ = ':';
            }
            if (o->name)
                names[n++] = (struct option){ o->name, o->value ? required_argument : no_argument, NULL, option_id(o) };
        }
    *letter = '\0';
    id = getopt_long(argc, argv, letters, names, NULL);
    if (id == '?') {
        cli_bad_option(command);
        return '?';
    }
    if (id == -1)
        return -1;
    o = option_find(command, id);
    return o->value && !option_value(command, o, optarg) ? '?' : option_id(o);
}

void options_head(struct buf *out, const struct cli_option *o)
{
    if (o->letter)
        buf_printf(out, "-%c%s", o->letter, o->name ? ", " : "");
    if (o->name)
        buf_printf(out, "--%s", o->name);
    if (o->value)
        buf_printf(out, " %s", o->value);
}

/* `text` in the columns from `indent` on; the first line has been begun. A '\n' in it begins a line. */
static void wrap(struct buf *out, const char *text, size_t indent)
{
    size_t at = indent, len;

    while (*text) {
        if (*text == '\n') {
            buf_putc(out, '\n');
            text++;
            len = strspn(text, " ");
            buf_fill(out, ' ', indent + len);
            text += len;
            at = indent + len;
            continue;
        }
        len = strcspn(text, " \n");
        if (at > indent && at + 1 + len > WIDTH) {
            buf_putc(out, '\n');
            buf_fill(out, ' ', indent);
            at = indent;
        }
        if (at > indent && out->data[out->len - 1] != ' ') {
            buf_putc(out, ' ');
            at++;
        }
        buf_add(out, text, len);
        at += len;
        text += len;
        text += strspn(text, " ");
    }
    buf_putc(out, '\n');
}

void options_help(struct buf *out, const struct command *command)
{
    const struct cli_option *const *table, *o;
    size_t column = 0;

    for (table = command->options; *table; table++)
        for (o = *table; !option_ends(o); o++) {
            struct buf head = BUF_INIT;

            options_head(&head, o);
            if (head.len > column && head.len <= WIDEST_HEAD)
                column = head.len;
            buf_free(&head);
        }
    for (table = command->options; *table; table++)
        for (o = *table; !option_ends(o); o++) {
            size_t begun = out->len;

            buf_puts(out, "  ");
            options_head(out, o);
            if (out->len - begun > column + 2) {
                buf_putc(out, '\n');
                begun = out->len;
            }
            buf_fill(out, ' ', column + 4 - (out->len - begun));
            wrap(out, o->help, column + 4);
        }
}
