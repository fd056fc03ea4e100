/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists whose order is ABI: what the database has at the end of one and the tree has not yet is appended. That the
 * beginning agrees was checked before (install-numbers.c).
 */
#include <ctype.h>
#include <string.h>

#include "back/patch-job.h"
#include "base/buf.h"

/* The words of a list; # begins a comment. */
static bool next_word(const char *text, size_t len, uint32_t *at, uint32_t *start)
{
    while (*at < len && (isspace((unsigned char)text[*at]) || text[*at] == '#')) {
        if (text[*at] == '#')
            while (*at < len && text[*at] != '\n')
                ++*at;
        else
            ++*at;
    }
    *start = *at;
    if (*at == len)
        return false;
    while (*at < len && (isalnum((unsigned char)text[*at]) || text[*at] == '_'))
        ++*at;
    *at += *at == *start;
    return true;
}

static bool word_is(const char *text, uint32_t start, uint32_t end, const char *what)
{
    return end - start == strlen(what) && !memcmp(text + start, what, end - start);
}

/* "# XEN_DOMCTL_pausedomain": the operations that ask for a permission. */
static void put_askers(struct patch_job *j, struct buf *out, const struct perm *perm)
{
    const char *said = NULL;
    unsigned int i;

    for (i = 0; i < j->ops.n; i++) {
        const struct operation *op = &j->ops.items[i];
        const struct stage *last = operation_last(op);
        const char *name = last->key ? last->key->name : last->hook->name;
        const struct check *check;

        if (!patch_asks(op, perm, &check) || (said && !strcmp(said, name)))
            continue;
        buf_printf(out, "# %s\n", name);
        said = name;
    }
}

static void put_perms(struct patch_job *j, struct buf *out, const struct class *c, unsigned int from)
{
    for (; from < c->n_perms; from++) {
        put_askers(j, out, &c->perms[from]);
        buf_printf(out, "    %s\n", c->perms[from].name);
        patch_policy(j, &c->perms[from]);
    }
}

static void put_text(struct patch_job *j, struct patch_edit *edit, unsigned int line, struct buf *text)
{
    if (text->len)
        patch_insert(edit, line, arena_text(j->p->g->arena, buf_text(text), text->len));
    buf_free(text);
}

/* Classes of access_vectors, each NAME { permission... }. */
static void patch_vectors(struct patch_job *j)
{
    const struct model *m = j->p->g->model;
    struct patch_edit *edit = &j->edit[INSTALL_VECTORS];
    const struct class *c = NULL;
    bool *seen = arena_array(j->p->g->arena, m->n_classes, sizeof(*seen));
    bool inside = false;
    unsigned int i, n = 0;
    uint32_t at = 0, start;
    struct buf text = BUF_INIT;

    while (next_word(edit->text, edit->len, &at, &start)) {
        if (word_is(edit->text, start, at, "{")) {
            inside = true;
            n = 0;
        } else if (word_is(edit->text, start, at, "}")) {
            text = (struct buf)BUF_INIT;
            if (c && inside)
                put_perms(j, &text, c, n);
            put_text(j, edit, patch_line(edit, start), &text);
            inside = false;
        } else if (inside) {
            n++;
        } else if (!word_is(edit->text, start, at, "class")) {
            for (i = 0, c = NULL; i < m->n_classes; i++)
                if (word_is(edit->text, start, at, m->classes[i]->name)) {
                    c = m->classes[i];
                    seen[i] = true;
                }
        }
    }
    text = (struct buf)BUF_INIT;
    for (i = 0; i < m->n_classes; i++) {
        if (seen[i])
            continue;
        buf_printf(&text, "\n# Class %s%s%s.\nclass %s\n{\n", m->classes[i]->name, m->classes[i]->meaning ? ": " : "",
                   m->classes[i]->meaning ? m->classes[i]->meaning : "", m->classes[i]->name);
        put_perms(j, &text, m->classes[i], 0);
        buf_puts(&text, "}\n");
        patch_say(j->p, "The class %s is new.", m->classes[i]->name);
    }
    put_text(j, edit, edit->n_lines, &text);
}

/* Lines `class NAME` or `sid NAME`, of which the tree has the first few. */
static void patch_names(struct patch_job *j, unsigned int file, const char *keyword, unsigned int n,
                        const char *(*name)(const struct model *, unsigned int))
{
    struct patch_edit *edit = &j->edit[file];
    unsigned int had = 0, line = edit->n_lines;
    uint32_t at = 0, start;
    struct buf text = BUF_INIT;

    while (next_word(edit->text, edit->len, &at, &start))
        if (word_is(edit->text, start, at, keyword)) {
            had++;
            line = patch_line(edit, start) + 1;
        }
    for (; had < n; had++)
        buf_printf(&text, "%s %s\n", keyword, name(j->p->g->model, had));
    put_text(j, edit, line, &text);
}

static const char *class_name(const struct model *m, unsigned int i)
{
    return m->classes[i]->name;
}

static const char *isid_name(const struct model *m, unsigned int i)
{
    return m->isids[i]->name;
}

void patch_lists(struct patch_job *j)
{
    const struct model *m = j->p->g->model;

    patch_vectors(j);
    patch_names(j, INSTALL_CLASSES, "class", m->n_classes, class_name);
    patch_names(j, INSTALL_SIDS, "sid", m->n_isids, isid_name);
}
