/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Manual pages in man(7). Prose is filled by man; what is indented in a help text stands as it is. No page carries a date:
 * the same sources make the same page.
 */
#include "cli/manual.h"

#include <string.h>

#include "cli/cli.h"

/* One character of a text, so that roff shows just this. */
static void put(struct buf *out, char c, bool at_start)
{
    if (at_start && (c == '.' || c == '\''))
        buf_puts(out, "\\&");
    if (c == '\\')
        buf_puts(out, "\\e");
    else if (c == '-')
        buf_puts(out, "\\-");
    else if (c == '\'')
        buf_puts(out, "\\(aq");
    else if (c == '^')
        buf_puts(out, "\\(ha");
    else if (c == '~')
        buf_puts(out, "\\(ti");
    else
        buf_putc(out, c);
}

/* A text in one line or more; what stands between backticks is bold. */
static void put_text(struct buf *out, const char *text, size_t len)
{
    bool start = true, bold = false;
    size_t i;

    for (i = 0; i < len; i++) {
        if (text[i] == '`') {
            buf_puts(out, bold ? "\\fR" : "\\fB");
            bold = !bold;
            start = false;
        } else {
            put(out, text[i], start);
            start = text[i] == '\n';
        }
    }
    if (bold)
        buf_puts(out, "\\fR");
}

static void put_bold(struct buf *out, const char *text)
{
    buf_puts(out, "\\fB");
    put_text(out, text, strlen(text));
    buf_puts(out, "\\fR");
}

/* Paragraphs of lines; a blank line ends one, and indented lines are set as they are. */
static void put_prose(struct buf *out, const char *text)
{
    bool block = false, begun = true;   /* a heading stands before */
    size_t len;

    for (; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        if (!len) {
            if (block)
                buf_puts(out, ".fi\n.RE\n");
            block = begun = false;
            continue;
        }
        if (*text == ' ' && !block) {
            buf_puts(out, begun ? ".RS 2\n.nf\n" : ".PP\n.RS 2\n.nf\n");
            block = true;
        } else if (*text != ' ' && block) {
            buf_puts(out, ".fi\n.RE\n");
            block = false;
        } else if (*text != ' ' && !begun) {
            buf_puts(out, ".PP\n");
        }
        begun = true;
        if (block && len > 2)
            put_text(out, text + 2, len - 2);
        else
            put_text(out, text, len);
        buf_putc(out, '\n');
    }
    if (block)
        buf_puts(out, ".fi\n.RE\n");
}

static void put_option(struct buf *out, const struct cli_option *o)
{
    char letter[3] = { '-', o->letter, '\0' };

    buf_puts(out, ".TP\n");
    if (o->letter)
        put_bold(out, letter);
    if (o->letter && o->name)
        buf_puts(out, ", ");
    if (o->name) {
        buf_puts(out, "\\fB\\-\\-");
        put_text(out, o->name, strlen(o->name));
        buf_puts(out, "\\fR");
    }
    if (o->value) {
        buf_puts(out, " \\fI");
        put_text(out, o->value, strlen(o->value));
        buf_puts(out, "\\fR");
    }
    buf_putc(out, '\n');
    put_text(out, o->help, strlen(o->help));
    buf_putc(out, '\n');
}

static void put_head(struct buf *out, const char *name, const char *summary)
{
    const char *at;

    buf_puts(out, ".\\\" Made by xsmc manual.\n.TH ");
    for (at = name; *at; at++)
        put(out, *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at, false);
    buf_puts(out, " 1 \"\" \"xsmc " XSMC_VERSION "\" \"xsmc\"\n.SH NAME\n");
    put_text(out, name, strlen(name));
    buf_puts(out, " \\- ");
    put_text(out, summary, strlen(summary));
    buf_putc(out, '\n');
}

static void manual_command(struct buf *out, const struct command *command)
{
    const struct cli_option *const *table, *o;
    struct buf name = BUF_INIT;

    buf_printf(&name, "xsmc-%s", command->name);
    put_head(out, buf_text(&name), command->summary);
    buf_free(&name);
    buf_puts(out, ".SH SYNOPSIS\n\\fBxsmc ");
    put_text(out, command->name, strlen(command->name));
    buf_puts(out, "\\fR ");
    put_text(out, command->usage, strlen(command->usage));
    buf_puts(out, "\n.SH DESCRIPTION\n");
    put_prose(out, command->about);
    buf_puts(out, ".SH OPTIONS\n");
    for (table = command->options; *table; table++)
        for (o = *table; o->name || o->letter; o++)
            put_option(out, o);
    buf_puts(out, ".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nprint what stands here\n");
    if (command->after) {
        buf_puts(out, ".SH NOTES\n");
        put_prose(out, command->after);
    }
    buf_puts(out, ".SH EXIT STATUS\n");
    put_text(out, cli_status(command), strlen(cli_status(command)));
    buf_puts(out, ".\n.SH SEE ALSO\n.BR xsmc (1)\n");
}

static void manual_xsmc(struct buf *out)
{
    const struct command *const *c;

    put_head(out, "xsmc", CLI_SUMMARY);
    buf_puts(out, ".SH SYNOPSIS\n\\fBxsmc\\fR \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n.br\n\\fBxsmc help\\fR [\\fICOMMAND\\fR]\n.br\n"
                  "\\fBxsmc \\-\\-version\\fR\n"
                  ".SH DESCRIPTION\n"
                  "From one declarative database of hooks xsmc makes the dummy policy, the plumbing and the Flask hooks of the "
                  "hypervisor, and checks, derives, compiles and proves Flask policies against it.\n.SH COMMANDS\n");
    for (c = commands; *c; c++) {
        buf_puts(out, ".TP\n");
        put_bold(out, (*c)->name);
        buf_putc(out, '\n');
        put_text(out, (*c)->summary, strlen((*c)->summary));
        buf_printf(out, "; see\n.BR xsmc\\-%s (1)\n", (*c)->name);
    }
    buf_puts(out, ".SH EXIT STATUS\n0 clean, 1 findings, 2 usage or I/O, unless the page of a command says otherwise.\n"
                  ".SH ENVIRONMENT\n.TP\n\\fBNO_COLOR\\fR\nif set and not empty, findings on a terminal are not coloured\n"
                  ".SH SEE ALSO\n.BR checkpolicy (8),\n.BR secilc (8),\n.BR xl (1)\n");
}

void manual_page(struct buf *out, const struct command *command)
{
    if (command)
        manual_command(out, command);
    else
        manual_xsmc(out);
}
