/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What in a tree is ABI: its version, and the numbers of classes, permissions and initial SIDs. The database may add
 * to them at the end; it may not move or drop one.
 */
#include <ctype.h>
#include <string.h>

#include "back/install.h"
#include "text/source.h"

/* The words of a text in which # begins a comment; braces and = count as words. */
struct words {
    const char *text;
    uint32_t len, at, start;
};

static bool words_next(struct words *w)
{
    for (;;) {
        while (w->at < w->len && isspace((unsigned char)w->text[w->at]))
            w->at++;
        if (w->at == w->len)
            return false;
        if (w->text[w->at] != '#')
            break;
        while (w->at < w->len && w->text[w->at] != '\n')
            w->at++;
    }
    w->start = w->at++;
    if (isalnum((unsigned char)w->text[w->start]) || w->text[w->start] == '_')
        while (w->at < w->len && (isalnum((unsigned char)w->text[w->at]) || w->text[w->at] == '_'))
            w->at++;
    return true;
}

static bool words_is(const struct words *w, const char *what)
{
    return w->at - w->start == strlen(what) && !memcmp(w->text + w->start, what, w->at - w->start);
}

static struct words words_of(const struct gen *g, uint32_t file)
{
    size_t len;
    const char *text = source_text(g->sources, file, &len);

    return (struct words){ .text = text, .len = (uint32_t)len };
}

static const char *words_text(const struct gen *g, const struct words *w)
{
    return arena_text(g->arena, w->text + w->start, w->at - w->start);
}

void install_check_version(struct gen *g, uint32_t makefile)
{
    static const struct {
        const char *name, *value;
    } wanted[] = { { "XEN_VERSION", "4" }, { "XEN_SUBVERSION", "17" } };
    unsigned int i;

    for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        struct words w = words_of(g, makefile);
        bool found = false;

        while (!found && words_next(&w)) {
            if (!words_is(&w, wanted[i].name) || !words_next(&w) || !words_is(&w, "=") || !words_next(&w))
                continue;
            found = true;
            if (!words_is(&w, wanted[i].value))
                install_refuse(g, (struct span){ makefile, w.start, w.at },
                               "this is not a tree of Xen 4.17: %s is %s, not %s", wanted[i].name, words_text(g, &w),
                               wanted[i].value);
        }
        if (!found)
            install_refuse(g, (struct span){ makefile, 0, 0 }, "this Makefile does not say %s", wanted[i].name);
    }
}

/* `keyword NAME` lines against the database's list. */
static void check_list(struct gen *g, uint32_t file, const char *keyword, const char *what, unsigned int n,
                       const char *(*name)(const struct model *, unsigned int))
{
    struct words w = words_of(g, file);
    unsigned int i = 0;

    while (words_next(&w)) {
        if (!words_is(&w, keyword) || !words_next(&w)) {
            install_refuse(g, (struct span){ file, w.start, w.at }, "this is not `%s NAME`", keyword);
            return;
        }
        if (i >= n || !words_is(&w, name(g->model, i))) {
            install_refuse(g, (struct span){ file, w.start, w.at },
                           "%s %u is '%s' in the tree and %s%s%s in the database", what, i + 1, words_text(g, &w),
                           i < n ? "'" : "", i < n ? name(g->model, i) : "missing", i < n ? "'" : "");
            return;
        }
        i++;
    }
}

static const char *class_name(const struct model *m, unsigned int i)
{
    return m->classes[i]->name;
}

static const char *isid_name(const struct model *m, unsigned int i)
{
    return m->isids[i]->name;
}

static const struct class *find_class(const struct gen *g, const struct words *w)
{
    unsigned int i;

    for (i = 0; i < g->model->n_classes; i++)
        if (words_is(w, g->model->classes[i]->name))
            return g->model->classes[i];
    return NULL;
}

/* class NAME { permission... } */
static void check_vectors(struct gen *g, uint32_t file)
{
    struct words w = words_of(g, file);

    while (words_next(&w)) {
        const struct class *c;
        unsigned int i = 0;

        if (!words_is(&w, "class") || !words_next(&w)) {
            install_refuse(g, (struct span){ file, w.start, w.at }, "this is not `class NAME { ... }`");
            return;
        }
        c = find_class(g, &w);
        if (!c) {
            install_refuse(g, (struct span){ file, w.start, w.at }, "the database has no class '%s'",
                           words_text(g, &w));
            return;
        }
        if (!words_next(&w) || !words_is(&w, "{")) {
            install_refuse(g, (struct span){ file, w.start, w.at }, "expected '{'");
            return;
        }
        while (words_next(&w) && !words_is(&w, "}")) {
            if (i >= c->n_perms || !words_is(&w, c->perms[i].name)) {
                install_refuse(g, (struct span){ file, w.start, w.at },
                               "bit %u of class '%s' is '%s' in the tree and %s%s%s in the database", i, c->name,
                               words_text(g, &w), i < c->n_perms ? "'" : "",
                               i < c->n_perms ? c->perms[i].name : "missing", i < c->n_perms ? "'" : "");
                return;
            }
            i++;
        }
    }
}

void install_check_numbers(struct gen *g, uint32_t vectors, uint32_t classes, uint32_t sids)
{
    check_list(g, classes, "class", "class number", g->model->n_classes, class_name);
    check_list(g, sids, "sid", "initial SID number", g->model->n_isids, isid_name);
    check_vectors(g, vectors);
}
