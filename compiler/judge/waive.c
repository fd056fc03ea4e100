/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A waiver covers every place inside the declaration it stands in. Declarations lie in each other or apart, so the ones
 * around a place are the last that begins before it and those around that one.
 */
#include "judge/waive.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "text/rules.h"

struct covered {
    const struct waiver *waiver;
    unsigned int outer;             /* index + 1 of the next one around it; 0: none */
};

struct waivers {
    struct covered *items;          /* by where their scopes begin, outer ones first */
    unsigned int n;
};

static int by_scope(const void *x, const void *y)
{
    const struct waiver *a = ((const struct covered *)x)->waiver, *b = ((const struct covered *)y)->waiver;
    int order;

    if (a->scope.file != b->scope.file)
        return a->scope.file < b->scope.file ? -1 : 1;
    if (a->scope.start != b->scope.start)
        return a->scope.start < b->scope.start ? -1 : 1;
    if (a->scope.end != b->scope.end)
        return a->scope.end > b->scope.end ? -1 : 1;
    order = strcmp(a->rule, b->rule);
    return order ? order : a < b ? -1 : a > b;
}

static bool covers(const struct waiver *w, struct span where)
{
    return w->scope.file == where.file && w->scope.start <= where.start && w->scope.end >= where.end;
}

/* Those that can be used: of known rules, and of several that say the same the first. */
static void list_usable(struct waivers *all, const struct model *m)
{
    unsigned int i, n = 0;

    for (i = 0; i < m->n_waivers; i++)
        if (rule_find(m->waivers[i].rule))
            all->items[all->n++].waiver = &m->waivers[i];
    if (all->n)
        qsort(all->items, all->n, sizeof(*all->items), by_scope);
    for (i = 0; i < all->n; i++) {
        const struct waiver *w = all->items[i].waiver, *last = n ? all->items[n - 1].waiver : NULL;

        if (!last || last->scope.file != w->scope.file || last->scope.start != w->scope.start ||
            last->scope.end != w->scope.end || strcmp(last->rule, w->rule))
            all->items[n++].waiver = w;
    }
    all->n = n;
}

struct waivers *waivers_list(struct arena *a, const struct model *m)
{
    struct waivers *all = ARENA_NEW(a, struct waivers);
    unsigned int i, around = 0;

    all->items = arena_array(a, m->n_waivers, sizeof(*all->items));
    list_usable(all, m);
    for (i = 0; i < all->n; i++) {
        while (around && !covers(all->items[around - 1].waiver, all->items[i].waiver->scope))
            around = all->items[around - 1].outer;
        all->items[i].outer = around;
        around = i + 1;
    }
    return all;
}

const struct waiver *waiver_find(const struct waivers *all, const struct rule *rule, struct span where)
{
    unsigned int low = 0, high = all->n;

    while (low < high) {
        unsigned int mid = low + (high - low) / 2;
        const struct span *s = &all->items[mid].waiver->scope;

        if (s->file < where.file || (s->file == where.file && s->start <= where.start))
            low = mid + 1;
        else
            high = mid;
    }
    for (; low; low = all->items[low - 1].outer)
        if (covers(all->items[low - 1].waiver, where) && !strcmp(all->items[low - 1].waiver->rule, rule->id))
            return all->items[low - 1].waiver;
    return NULL;
}
