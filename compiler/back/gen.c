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

/* Inserts the file where it belongs unless it is there; returns the new length. */
static unsigned int source_mark(uint32_t *list, unsigned int n, uint32_t file)
{
    unsigned int at = n;

    while (at && list[at - 1] > file)
        at--;
    if (!file || (at && list[at - 1] == file))
        return n;
    memmove(list + at + 1, list + at, (n - at) * sizeof(*list));
    list[at] = file;
    return n + 1;
}

static void find_sources(struct gen *g)
{
    const struct model *m = g->model;
    uint32_t *list = arena_array(g->arena, m->n_hooks + m->n_classes + m->n_isids + 2, sizeof(*list));
    const char *first;
    unsigned int i, n = 0;
    size_t at;

    for (i = 0; i < m->n_hooks; i++)
        n = source_mark(list, n, m->hooks[i]->span.file);
    for (i = 0; i < m->n_classes; i++)
        n = source_mark(list, n, m->classes[i]->span.file);
    for (i = 0; i < m->n_isids; i++)
        n = source_mark(list, n, m->isids[i]->span.file);
    if (m->layout.set)
        n = source_mark(list, n, m->layout.span.file);
    list[n] = 0;
    g->sources_used = list;
    g->source_prefix = 0;
    if (!n)
        return;
    first = source_path(g->sources, list[0]);
    g->source_prefix = strlen(first);
    for (i = 0; i < n; i++) {
        const char *path = source_path(g->sources, list[i]);

        for (at = 0; at < g->source_prefix && path[at] == first[at]; at++)
            ;
        g->source_prefix = at;
    }
    while (g->source_prefix && first[g->source_prefix - 1] != '/')
        g->source_prefix--;
}

const char *gen_source(const struct gen *g, uint32_t file)
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
