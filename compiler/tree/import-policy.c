/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The import, Flask's lists of classes, permissions and initial SIDs: words and comments, no C. */
#include <errno.h>
#include <string.h>

#include "text/rules.h"
#include "tree/import-inside.h"

static const struct span nowhere = { 0, 0, 0 };

struct words {
    const char *text;
    size_t len, at;
    uint32_t file;
    struct import *im;
    const char *comment;        /* what stands in # lines before the word, or NULL */
    uint32_t start;
};

static const char *upper(struct import *im, const char *name)
{
    char *copy = arena_text(im->arena, name, strlen(name)), *c;

    for (c = copy; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return copy;
}

/* The next word or brace, or NULL at the end. */
static const char *next(struct words *w)
{
    w->comment = NULL;
    for (;;) {
        while (w->at < w->len && strchr(" \t\r\n", w->text[w->at]) && w->text[w->at])
            w->at++;
        if (w->at >= w->len || w->text[w->at] != '#')
            break;
        {
            size_t start = ++w->at;
            const char *line;

            while (w->at < w->len && w->text[w->at] != '\n')
                w->at++;
            while (start < w->at && (w->text[start] == ' ' || w->text[start] == '\t' || w->text[start] == '#'))
                start++;
            line = arena_text(w->im->arena, w->text + start, w->at - start);
            w->comment = w->comment && *line ? arena_printf(w->im->arena, "%s %s", w->comment, line) : *line ? line :
                w->comment;
        }
    }
    if (w->at >= w->len)
        return NULL;
    w->start = (uint32_t)w->at;
    if (w->text[w->at] == '{' || w->text[w->at] == '}')
        return w->text[w->at++] == '{' ? "{" : "}";
    while (w->at < w->len && !strchr(" \t\r\n#{}", w->text[w->at]))
        w->at++;
    if (w->at == w->start)          /* a NUL */
        w->at++;
    return names_intern(w->im->t->names, w->text + w->start, w->at - w->start);
}

static bool is_name(const char *word)
{
    return word && *word && tree_word_len(word) == strlen(word) && !(*word >= '0' && *word <= '9');
}

static bool refuse(struct words *w, const char *what)
{
    diag_add(w->im->diags, &RULE_XEN_TREE, (struct span){ w->file, w->start, (uint32_t)w->at }, "expected %s", what);
    return false;
}

static bool words_open(struct import *im, struct words *w, const char *name)
{
    const char *path = arena_printf(im->arena, "%s/xen/xsm/flask/policy/%s", im->t->root, name);

    *w = (struct words){ .im = im };
    w->file = source_read(im->t->sources, path);
    if (!w->file) {
        diag_add(im->diags, &RULE_IO, nowhere, "cannot read '%s': %s", path, strerror(errno));
        return false;
    }
    w->text = source_text(im->t->sources, w->file, &w->len);
    return true;
}

static struct import_class *class_find(struct import *im, const char *name)
{
    unsigned int i;

    for (i = 0; i < im->classes.n; i++)
        if (im->classes.items[i].name == name)
            return &im->classes.items[i];
    return NULL;
}

static bool read_classes(struct import *im)
{
    struct words w;
    const char *word;

    if (!words_open(im, &w, "security_classes"))
        return false;
    while ((word = next(&w))) {
        struct import_class *c;

        if (strcmp(word, "class"))
            return refuse(&w, "'class'");
        word = next(&w);
        if (!is_name(word))
            return refuse(&w, "the name of a class");
        c = LIST_PUSH(im->arena, &im->classes);
        c->name = word;
        c->upper = upper(im, word);
    }
    return true;
}

static bool read_vectors(struct import *im)
{
    struct words w;
    const char *word;

    if (!words_open(im, &w, "access_vectors"))
        return false;
    while ((word = next(&w))) {
        struct import_class *c;

        if (strcmp(word, "class"))
            return refuse(&w, "'class'");
        word = next(&w);
        c = word ? class_find(im, word) : NULL;
        if (!c)
            return refuse(&w, "a class of security_classes");
        word = next(&w);
        if (!word || strcmp(word, "{"))
            return refuse(&w, "'{'");
        while ((word = next(&w)) && is_name(word)) {
            *(const char **)arena_push(im->arena, (void **)&c->perms, &c->n_perms, &c->cap_perms, sizeof(char *)) = word;
            {
                unsigned int n = c->n_perms - 1;

                *(const char **)arena_push(im->arena, (void **)&c->meanings, &n, &c->cap_meanings, sizeof(char *)) =
                    w.comment;
            }
        }
        if (!word || strcmp(word, "}"))
            return refuse(&w, "a permission or '}'");
    }
    return true;
}

static bool read_sids(struct import *im)
{
    struct words w;
    const char *word;

    if (!words_open(im, &w, "initial_sids"))
        return false;
    while ((word = next(&w))) {
        struct import_sid *s;

        if (strcmp(word, "sid"))
            return refuse(&w, "'sid'");
        word = next(&w);
        if (!is_name(word))
            return refuse(&w, "the name of an initial SID");
        s = LIST_PUSH(im->arena, &im->sids);
        s->name = word;
        s->upper = upper(im, word);
    }
    return true;
}

bool import_policy(struct import *im)
{
    return read_classes(im) && read_vectors(im) && read_sids(im);
}

/* "xen2" continues "xen", if there is one: the name of that class, or NULL. */
static const char *continued(struct import *im, const char *name)
{
    size_t n = strlen(name);
    const char *base;

    if (n < 2 || name[n - 1] < '2' || name[n - 1] > '9')
        return NULL;
    base = names_intern(im->t->names, name, n - 1);
    return class_find(im, base) ? base : NULL;
}

/* A string of the language; what may not stand in one becomes a blank. */
static void print_string(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_putc(out, '\\');
        buf_putc(out, (unsigned char)*text < ' ' || (unsigned char)*text > '~' ? ' ' : *text);
    }
    buf_putc(out, '"');
}

void import_print_policy(struct import *im, struct buf *classes, struct buf *sids)
{
    unsigned int i, j;

    for (i = 0; i < im->classes.n; i++) {
        const struct import_class *c = &im->classes.items[i];
        const char *base = continued(im, c->name);

        buf_printf(classes, "class %s", c->name);
        if (base)
            buf_printf(classes, " continues %s", base);
        buf_puts(classes, " {\n");
        for (j = 0; j < c->n_perms; j++) {
            buf_puts(classes, c->perms[j]);
            if (c->meanings[j]) {
                buf_putc(classes, ' ');
                print_string(classes, c->meanings[j]);
            }
            buf_putc(classes, '\n');
        }
        buf_puts(classes, "}\n\n");
    }
    for (i = 0; i < im->sids.n; i++)
        buf_printf(sids, "sid %s\n", im->sids.items[i].name);
}
