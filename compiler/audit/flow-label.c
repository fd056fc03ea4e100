/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which constants a function has cases for, or hands on to others that do. */
#include <string.h>

#include "audit/flow-inside.h"

struct label_search {
    struct flow_reader *reader;
    struct walk walk;           /* for the subjects only */
    struct flow_labels *to;
    struct map seen;
    unsigned int depth;
};

static void search(struct label_search *ls, const struct tree_function *f, const char *subject);

static void label_add(struct label_search *ls, const struct tree_function *f, const struct act *act)
{
    unsigned int i;

    if (!flow_is_constant(act->name))
        return;
    for (i = 0; i < ls->to->n; i++)
        if (ls->to->items[i].name == act->name)
            return;
    *(struct flow_label *)arena_push(ls->reader->arena, (void **)&ls->to->items, &ls->to->n, &ls->to->cap,
                                     sizeof(*ls->to->items)) =
        (struct flow_label){ .name = act->name, .act = act, .in = f };
}

/* The cases of a switch, not of those inside it. */
static void labels_of(struct label_search *ls, const struct tree_function *f, const struct act *act)
{
    const struct act *kid;

    if (act->kind == ACT_CASE)
        label_add(ls, f, act);
    for (kid = act->first; kid; kid = kid->next)
        if (kid->kind != ACT_SWITCH)
            labels_of(ls, f, kid);
}

struct label_visit {
    struct label_search *search;
    const struct tree_function *function;
    const char *subjects[MOST_SUBJECTS];
    unsigned int n;
};

static bool begins_with_subject(const struct label_visit *v, const struct act *value)
{
    unsigned int i;

    while (value && (value->kind == ACT_ASSIGN || value->kind == ACT_MODIFY))
        value = value->first;
    for (i = 0; value && value->name && i < v->n; i++) {
        size_t len = strlen(v->subjects[i]);

        if (!strncmp(value->name, v->subjects[i], len) && (!value->name[len] || value->name[len] == '&'))
            return true;
    }
    return false;
}

static bool visit_labels(const struct act *act, void *data)
{
    struct label_visit *v = data;
    struct label_search *ls = v->search;
    const struct tree_function *const *f;
    const struct act *to = act_kid(act, 0), *from = act_kid(act, 1);
    unsigned int i, k, n;

    switch (act->kind) {
    case ACT_SWITCH:
        if (begins_with_subject(v, to) && from)
            labels_of(ls, v->function, from);
        break;
    case ACT_DECLARE:
        if (to && to->kind == ACT_VALUE && begins_with_subject(v, to) && v->n < MOST_SUBJECTS)
            v->subjects[v->n++] = act->name;
        break;
    case ACT_ASSIGN:
        if (from && from->kind == ACT_VALUE && begins_with_subject(v, from) && to->name && v->n < MOST_SUBJECTS)
            v->subjects[v->n++] = to->name;
        break;
    case ACT_CALL:
        if (!act->name || ls->reader->checks.find(ls->reader->checks.context, act->name))
            break;
        n = tree_functions_named(ls->reader->tree, act->name, &f);
        for (i = 0; i < n; i++) {
            const char *inner = NULL;

            if (!ls->reader->checks.enter(ls->reader->checks.context, f[i]))
                continue;
            for (k = 0; k < v->n && !inner; k++)
                inner = flow_handed_on(&ls->walk, act, f[i], 0, v->subjects[k]);
            if (inner)
                search(ls, f[i], inner);
        }
        break;
    default:
        break;
    }
    return true;
}

static void search(struct label_search *ls, const struct tree_function *f, const char *subject)
{
    struct label_visit v = { .search = ls, .function = f, .subjects = { subject }, .n = 1 };

    if (ls->depth > 8 || map_get(&ls->seen, f, subject))
        return;
    map_put(ls->reader->arena, &ls->seen, f, subject, ls);
    ls->depth++;
    act_walk(body_of(ls->reader->bodies, f)->block, visit_labels, &v);
    ls->depth--;
}

void flow_labels(struct flow_reader *r, const struct tree_function *f, const char *subject, struct flow_labels *to)
{
    struct label_search ls = { .reader = r, .walk = { .reader = r }, .to = to };

    search(&ls, f, subject);
}
