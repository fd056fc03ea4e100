/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash of (subject, object, class) with the bits needed, and beside it the order in which operations came to need
 * them: rules are written operation by operation, so that each has one origin, and an operation's needs are folded
 * into sets of subjects and objects.
 */
#include "judge/grants.h"

#include <stdlib.h>
#include <string.h>

void grants_init(struct grants *g, struct arena *a)
{
    *g = (struct grants){ .arena = a };
}

static size_t hash(const struct type *s, const struct type *o, const struct class *c)
{
    uint64_t h = (uintptr_t)s * 0x9e3779b97f4a7c15u ^ (uintptr_t)o * 0xc2b2ae3d27d4eb4fu ^
                 (uintptr_t)c * 0x165667b19e3779f9u;

    return (size_t)(h ^ h >> 29);
}

static unsigned int *slot(const struct grants *g, const struct type *s, const struct type *o, const struct class *c)
{
    size_t i = hash(s, o, c) & (g->cap - 1);

    while (g->slots[i]) {
        const struct grant *known = &g->items.items[g->slots[i] - 1];

        if (known->subject == s && known->object == o && known->class == c)
            break;
        i = (i + 1) & (g->cap - 1);
    }
    return &g->slots[i];
}

static void grow(struct grants *g)
{
    unsigned int i;

    g->cap = g->cap ? g->cap * 2 : 1024;
    g->slots = arena_array(g->arena, g->cap, sizeof(*g->slots));
    for (i = 0; i < g->items.n; i++)
        *slot(g, g->items.items[i].subject, g->items.items[i].object, g->items.items[i].class) = i + 1;
}

struct grant *grants_find(struct grants *g, struct type *subject, struct type *object, const struct class *class,
                          bool make)
{
    unsigned int *at;

    if (g->items.n * 2 >= g->cap)
        grow(g);
    at = slot(g, subject, object, class);
    if (!*at) {
        if (!make)
            return NULL;
        *LIST_PUSH(g->arena, &g->items) = (struct grant){ .subject = subject, .object = object, .class = class };
        *at = g->items.n;
    }
    return &g->items.items[*at - 1];
}

void grants_add(struct grants *g, struct type *subject, struct type *object, const struct class *class, uint32_t bits,
                const struct operation *op, enum action action)
{
    struct grant *grant = grants_find(g, subject, object, class, true);
    uint32_t new = bits & ~grant->bits;

    if (!new)
        return;
    grant->bits |= new;
    *LIST_PUSH(g->arena, &g->needs) =
        (struct need){ (unsigned int)(grant - g->items.items), new, op, action };
}

const struct need *grants_why(const struct grants *g, const struct grant *grant, uint32_t bits)
{
    unsigned int i, index = (unsigned int)(grant - g->items.items);

    for (i = 0; i < g->needs.n; i++)
        if (g->needs.items[i].grant == index && (g->needs.items[i].bits & bits))
            return &g->needs.items[i];
    return NULL;
}

/* ---- rules ---- */

/* One line of an operation: a subject, an object, a class and what is needed of it. */
struct line {
    struct type *subject, *object;
    const struct class *class;
    uint32_t bits;
    unsigned int subject_order, object_order;   /* of declaration: types get their numbers only later */
};

static int by_subject(const void *x, const void *y)
{
    const struct line *a = x, *b = y;

    if (a->class != b->class)
        return a->class->number < b->class->number ? -1 : 1;
    if (a->bits != b->bits)
        return a->bits < b->bits ? -1 : 1;
    if (a->subject_order != b->subject_order)
        return a->subject_order < b->subject_order ? -1 : 1;
    return a->object_order < b->object_order ? -1 : a->object_order > b->object_order;
}

/* How many lines from `at` on have the same class, bits and subject. */
static unsigned int run_length(const struct line *lines, unsigned int n, unsigned int at)
{
    unsigned int i;

    for (i = at + 1; i < n; i++)
        if (lines[i].class != lines[at].class || lines[i].bits != lines[at].bits ||
            lines[i].subject != lines[at].subject)
            break;
    return i - at;
}

static bool same_objects(const struct line *a, const struct line *b, unsigned int n)
{
    unsigned int i;

    for (i = 0; i < n; i++)
        if (a[i].object != b[i].object)
            return false;
    return true;
}

static void emit_rule(struct policy *p, const struct line *lines, unsigned int n, const struct typeset *subjects,
                      const struct operation *op, const struct origin *origin)
{
    struct typeset_builder objects;
    struct policy_rule *rule;
    unsigned int i;

    memset(&objects, 0, sizeof(objects));
    for (i = 0; i < n; i++)
        policy_set_add(p, &objects, lines[i].object, false);
    rule = policy_add_rule(p, AV_ALLOW, subjects, policy_typeset(p, &objects, op->span),
                           policy_access(p, (struct class *)lines[0].class, lines[0].bits), 1, NULL, op->span);
    rule->origin = origin;
}

/* Folds subjects with the same objects, class and bits into one rule. */
static void emit_lines(struct policy *p, struct line *lines, unsigned int n, const struct operation *op,
                       const struct origin *origin)
{
    struct typeset_builder subjects;
    bool *done = arena_array(p->arena, n, sizeof(*done));
    unsigned int i, j, len, other;

    memset(&subjects, 0, sizeof(subjects));
    qsort(lines, n, sizeof(*lines), by_subject);
    for (i = 0; i < n; i += len) {
        len = run_length(lines, n, i);
        if (done[i])
            continue;
        policy_set_add(p, &subjects, lines[i].subject, false);
        for (j = i + len; j < n; j += other) {
            other = run_length(lines, n, j);
            if (lines[j].class != lines[i].class || lines[j].bits != lines[i].bits)
                break;
            if (done[j] || other != len || !same_objects(&lines[i], &lines[j], len))
                continue;
            done[j] = true;
            policy_set_add(p, &subjects, lines[j].subject, false);
        }
        emit_rule(p, &lines[i], len, policy_typeset(p, &subjects, op->span), op, origin);
    }
}

static const struct origin *origin_of(struct policy *p, const struct need *need)
{
    const struct stage *last = operation_last(need->op);
    struct origin *o = ARENA_NEW(p->arena, struct origin);

    *o = (struct origin){ .text = need->op->path, .hook = last->hook, .row = last->row, .span = need->op->span };
    return o;
}

void grants_emit(const struct grants *g, struct policy *p)
{
    unsigned int *order = arena_array(p->arena, p->types.n, sizeof(*order)), i, j, n;
    struct line *lines = arena_array(p->arena, g->needs.n, sizeof(*lines));
    struct map orders = { NULL, 0, 0 };

    for (i = 0; i < p->types.n; i++) {
        order[i] = i;
        map_put(p->arena, &orders, NULL, p->types.items[i]->name, &order[i]);
    }
    for (i = 0; i < g->needs.n; i = j) {
        const struct need *first = &g->needs.items[i];

        n = 0;
        for (j = i; j < g->needs.n && g->needs.items[j].op == first->op; j++) {
            const struct need *need = &g->needs.items[j];
            const struct grant *grant = &g->items.items[need->grant];
            unsigned int k;

            if (!(need->bits & ~grant->removed))
                continue;
            for (k = 0; k < n; k++)
                if (lines[k].subject == grant->subject && lines[k].object == grant->object &&
                    lines[k].class == grant->class)
                    break;
            if (k == n)
                lines[n++] = (struct line){ grant->subject, grant->object, grant->class, 0,
                                            *(unsigned int *)map_get(&orders, NULL, grant->subject->name),
                                            *(unsigned int *)map_get(&orders, NULL, grant->object->name) };
            lines[k].bits |= need->bits & ~grant->removed;
        }
        if (n)
            emit_lines(p, lines, n, first->op, origin_of(p, first));
    }
}
