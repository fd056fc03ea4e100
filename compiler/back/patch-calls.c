/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Callers hand in a hook's default action, and the dummy policy asserts it: where the action becomes another, the call
 * sites follow. They are found by reading the hypervisor's sources; what is handed in must be the old constant itself.
 */
#include <stdlib.h>
#include <string.h>

#include "back/patch-job.h"
#include "base/buf.h"
#include "tree/tree.h"

/* A constant to be replaced. */
struct constant {
    struct span span;
    const char *new;
};

static bool wants_nothing(const char *path, void *context)
{
    (void)path;
    (void)context;
    return false;
}

static const char *path_of(const struct tree *t, uint32_t source)
{
    const struct tree_file *const *files;
    unsigned int n = tree_files(t, &files), i;

    for (i = 0; i < n; i++)
        if (files[i]->source == source)
            return files[i]->path;
    return "";
}

static int constant_compare(const void *x, const void *y)
{
    const struct constant *a = x, *b = y;

    if (a->span.file != b->span.file)
        return a->span.file < b->span.file ? -1 : 1;
    return a->span.start < b->span.start ? -1 : a->span.start > b->span.start;
}

/* The text of a file with its constants replaced; returns how many of `n` belong to it. */
static unsigned int replace_in_file(struct patch *p, const struct tree *t, const struct constant *list, unsigned int n)
{
    size_t len;
    const char *text = source_text(p->sources, list->span.file, &len);
    struct buf out = BUF_INIT;
    uint32_t at = 0;
    unsigned int i;

    for (i = 0; i < n && list[i].span.file == list->span.file; i++) {
        buf_add(&out, text + at, list[i].span.start - at);
        buf_puts(&out, list[i].new);
        at = list[i].span.end;
    }
    buf_add(&out, text + at, len - at);
    patch_add_file(p, path_of(t, list->span.file), text, len, arena_text(p->g->arena, buf_text(&out), out.len), out.len);
    buf_free(&out);
    return i;
}

void patch_calls(struct patch_job *j)
{
    struct patch *p = j->p;
    struct tree_filter filter = { .wanted = wants_nothing, .mention = "xsm_" };
    LIST(struct constant) list = { NULL, 0, 0 };
    struct tree *t;
    unsigned int i, k;

    if (!j->actions.n)
        return;
    t = tree_create(p->g->arena, p->g->names, p->sources, p->g->diags);
    if (!tree_available() || !tree_read(t, p->root, &filter)) {
        for (i = 0; i < j->actions.n; i++)
            patch_leave(p, "let the callers of xsm_%s() hand in %s", j->actions.items[i].hook->name, j->actions.items[i].new);
        tree_destroy(t);
        return;
    }
    for (i = 0; i < j->actions.n; i++) {
        const struct patch_action *a = &j->actions.items[i];
        const struct tree_call *const *calls;
        unsigned int n = tree_calls_of(t, names_get(p->g->names, arena_printf(p->g->arena, "xsm_%s", a->hook->name)), &calls);

        for (k = 0; k < n; k++) {
            const struct tree_call *c = calls[k];
            size_t len;
            const char *text = source_text(p->sources, c->span.file, &len);
            struct place place = source_place(p->sources, c->span);

            /* Modules call each other without. */
            if (!strncmp(path_of(t, c->span.file), "xen/xsm/", 8))
                continue;
            if (c->n_args && xen_condense(p->g->names, text, c->args[0].start, c->args[0].end) == a->old)
                *LIST_PUSH(p->g->arena, &list) = (struct constant){ c->args[0], a->new };
            else
                patch_leave(p, "let %s:%u hand in %s to xsm_%s()", path_of(t, c->span.file), place.line, a->new, a->hook->name);
        }
    }
    if (list.n)
        qsort(list.items, list.n, sizeof(*list.items), constant_compare);
    for (i = 0; i < list.n;)
        i += replace_in_file(p, t, list.items + i, list.n - i);
    tree_destroy(t);
}
