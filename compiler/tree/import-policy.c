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
    bool bad;                   /* what was wrong is reported */
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

static void refuse(struct words *w, const char *what)
{
    w->bad = true;
    diag_add(w->im->diags, &RULE_XEN_TREE, (struct span){ w->file, w->start, (uint32_t)w->at }, "expected %s", what);
}

/* Opens one of Flask's lists. */
static struct words words_open(struct import *im, const char *name)
{
    const char *path = arena_printf(im->arena, "%s/xen/xsm/flask/policy/%s", im->t->root, name);
    struct words w = { .im = im };

    w.file = source_read(im->t->sources, path);
    if (w.file) {
        w.text = source_text(im->t->sources, w.file, &w.len);
    } else {
        w.bad = true;
        diag_add(im->diags, &RULE_IO, nowhere, "cannot read '%s': %s", path, strerror(errno));
    }
    return w;
}

/* The name of the next thing that is declared by `keyword`; NULL at the end, or where something else stands. */
static const char *declared(struct words *w, const char *keyword, const char *what)
{
    const char *word = w->bad ? NULL : next(w);

    if (!word)
        return NULL;
    if (strcmp(word, keyword)) {
        refuse(w, arena_printf(w->im->arena, "'%s'", keyword));
        return NULL;
    }
    word = next(w);
    if (is_name(word))
        return word;
    refuse(w, what);
    return NULL;
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
    struct words w = words_open(im, "security_classes");
    const char *name;

    while ((name = declared(&w, "class", "the name of a class"))) {
        struct import_class *c = LIST_PUSH(im->arena, &im->classes);

        c->name = name;
        c->upper = upper(im, name);
    }
    return !w.bad;
}

/* The permissions between a class's braces. */
static void read_permissions(struct words *w, struct import_class *c)
{
    struct arena *a = w->im->arena;
    const char *word = next(w);

    if (!word || strcmp(word, "{")) {
        refuse(w, "'{'");
        return;
    }
    while ((word = next(w)) && is_name(word)) {
        unsigned int n = c->n_perms;

        *(const char **)arena_push(a, (void **)&c->perms, &c->n_perms, &c->cap_perms, sizeof(char *)) = word;
        *(const char **)arena_push(a, (void **)&c->meanings, &n, &c->cap_meanings, sizeof(char *)) = w->comment;
    }
    if (!word || strcmp(word, "}"))
        refuse(w, "a permission or '}'");
}

static bool read_vectors(struct import *im)
{
    static const char expected[] = "a class of security_classes";
    struct words w = words_open(im, "access_vectors");
    const char *name;

    while ((name = declared(&w, "class", expected))) {
        struct import_class *c = class_find(im, name);

        if (c)
            read_permissions(&w, c);
        else
            refuse(&w, expected);
    }
    return !w.bad;
}

static bool read_sids(struct import *im)
{
    struct words w = words_open(im, "initial_sids");
    const char *name;

    while ((name = declared(&w, "sid", "the name of an initial SID"))) {
        struct import_sid *s = LIST_PUSH(im->arena, &im->sids);

        s->name = name;
        s->upper = upper(im, name);
    }
    return !w.bad;
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
