/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of back ends, and what several of them ask of a hook. */
#include "back/gen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text/rules.h"
#include "text/source.h"

const struct gen_target gen_targets[] = {
    { "xen-4.17", "struct xsm_ops, wrappers, dummy policy, SILO and Flask hooks with their tables, Flask's headers" },
    { "upstream", "the XSM_HOOK() list of 2026 and the dummy policy beside it" },
    { NULL, NULL },
};

static const struct {
    const char *name;
    const char *target;
    void (*generate)(struct gen *g);
} back_ends[] = {
    { .name = "ops", .target = "xen-4.17", .generate = xen_ops_generate },
    { .name = "wrappers", .target = "xen-4.17", .generate = xen_wrappers_generate },
    { .name = "dummy", .target = "xen-4.17", .generate = xen_dummy_generate },
    { .name = "dummy table", .target = "xen-4.17", .generate = xen_dummy_table_generate },
    { .name = "SILO", .target = "xen-4.17", .generate = xen_silo_generate },
    { .name = "Flask", .target = "xen-4.17", .generate = xen_flask_generate },
    { .name = "policy headers", .target = "xen-4.17", .generate = xen_policy_generate },
    { .name = "list", .target = "upstream", .generate = upstream_list_generate },
    { .name = "dummy", .target = "upstream", .generate = upstream_dummy_generate },
};

void gen_add(struct gen *g, const char *path, struct buf *text)
{
    if (text->failed)
        gen_refuse(g, (struct span){ 0, 0, 0 }, "there is not enough memory for %s", path);
    else
        *LIST_PUSH(g->arena, &g->files) = (struct gen_file){ path, arena_text(g->arena, buf_text(text), text->len),
                                                             text->len };
    buf_free(text);
}

struct diag *gen_refuse(struct gen *g, struct span span, const char *format, ...)
{
    char message[512];
    va_list ap;

    va_start(ap, format);
    vsnprintf(message, sizeof(message), format, ap);
    va_end(ap);
    return diag_add(g->diags, &RULE_NOT_GENERATED, span, "%s", message);
}

enum action gen_action(const struct gen *g, enum action action, const struct defect *defect)
{
    return g->options.fix_defects && defect && defect->fix_action != ACTION_UNSET ? defect->fix_action : action;
}

const struct steps *gen_steps(const struct gen *g, const struct steps *steps, const struct defect *defect)
{
    return g->options.fix_defects && defect && defect->fix_flask.set ? &defect->fix_flask : steps;
}

/* ---- files of the database ---- */

/* Files by their index, which is the order of the command line. */
struct source_list {
    struct gen_source *items;
    unsigned int n, cap;
};

static void mark_source(struct gen *g, struct source_list *list, uint32_t file, unsigned int holds)
{
    unsigned int low = 0, high = list->n;

    if (!file)
        return;
    while (low < high) {
        unsigned int middle = low + (high - low) / 2;

        if (list->items[middle].file < file)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == list->n || list->items[low].file != file) {
        LIST_PUSH(g->arena, list);
        memmove(list->items + low + 1, list->items + low, (list->n - 1 - low) * sizeof(*list->items));
        list->items[low] = (struct gen_source){ file, 0 };
    }
    list->items[low].holds |= holds;
}

static void find_sources(struct gen *g)
{
    const struct model *m = g->model;
    struct source_list list = { NULL, 0, 0 };
    const char *first;
    unsigned int i;
    size_t at;

    for (i = 0; i < m->n_hooks; i++)
        mark_source(g, &list, m->hooks[i]->span.file, FROM_HOOKS);
    for (i = 0; i < m->n_classes; i++)
        mark_source(g, &list, m->classes[i]->span.file, FROM_CLASSES);
    for (i = 0; i < m->n_isids; i++)
        mark_source(g, &list, m->isids[i]->span.file, FROM_SIDS);
    if (m->layout.set)
        mark_source(g, &list, m->layout.span.file, FROM_LAYOUT);
    LIST_PUSH(g->arena, &list);
    g->sources_used = list.items;
    g->source_prefix = 0;
    if (!list.items[0].file)
        return;
    first = source_path(g->sources, list.items[0].file);
    g->source_prefix = strlen(first);
    for (i = 0; list.items[i].file; i++) {
        const char *path = source_path(g->sources, list.items[i].file);

        for (at = 0; at < g->source_prefix && path[at] == first[at]; at++)
            ;
        g->source_prefix = at;
    }
    while (g->source_prefix && first[g->source_prefix - 1] != '/')
        g->source_prefix--;
}

const char *gen_source_name(const struct gen *g, uint32_t file)
{
    return source_path(g->sources, file) + g->source_prefix;
}

/* ---- hooks ---- */

bool hook_has_action(const struct hook *h)
{
    return h->kind == HOOK_ACCESS && !h->no_action;
}

bool hook_has_flask(const struct hook *h)
{
    return h->flask_manual.reason || h->flask.set || h->flask_table || h->table;
}

const char *hook_flask_function(const struct gen *g, const struct hook *h)
{
    if (h->flask_manual.reason && h->flask_manual.function)
        return h->flask_manual.function;
    return arena_printf(g->arena, "flask_%s", h->name);
}

/* ---- the table at work ---- */

bool gen_run(struct gen *g, const char *target)
{
    unsigned int before = diags_count(g->diags, LEVEL_ERROR);
    unsigned int i, found = 0;

    if (!g->names)
        g->names = names_create(g->arena);
    find_sources(g);
    for (i = 0; i < sizeof(back_ends) / sizeof(back_ends[0]); i++) {
        if (strcmp(back_ends[i].target, target))
            continue;
        back_ends[i].generate(g);
        found++;
    }
    return found && diags_count(g->diags, LEVEL_ERROR) == before;
}
