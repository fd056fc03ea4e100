/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries that both sides have word for word are left out first, which is nearly all; only what remains is taken apart into
 * types, and each of those is held against all that the other side gives, by whatever attributes.
 */
#include "review/policies.h"

#include <stdlib.h>
#include <string.h>

#include "model/lines.h"

enum { MOST_CHANGES = 1 << 21 };

/* A number on this side as the other side's, or NOWHERE. */
enum { NOWHERE = ~0u };

struct work {
    struct arena *arena;
    struct access_changes *out;
    const struct policy_side *side, *other;
    bool added;
    unsigned int *types;                /* types of the same name; attributes also of the same members */
    unsigned int *names;                /* types of the same name */
    unsigned int *classes;              /* by number, 1.. ; 0: it has none */
    uint32_t (*bits)[32];               /* of each class, of each permission; 0: it has none */
    const char **when, **other_when;    /* by 2 * condition + otherwise */
};

/* ---- numbers of the other side ---- */

/* Whether both attributes have types of the same names. */
static bool same_members(const struct policy *q, const struct type *a, const struct type *b, struct bits *members)
{
    unsigned int i;

    if (a->n_members != b->n_members)
        return false;
    bits_clear(members);
    for (i = 0; i < b->n_members; i++)
        bits_set(members, b->members[i]->number);
    for (i = 0; i < a->n_members; i++) {
        const struct type *t = policy_find_type(q, a->members[i]->name);

        if (!t || t->kind != KIND_TYPE || !bits_test(members, t->number))
            return false;
    }
    return true;
}

static void number_types(struct work *w)
{
    const struct policy *p = w->side->policy, *q = w->other->policy;
    struct bits members = bits_create(w->arena, q->n_numbered);
    unsigned int i;

    w->types = arena_array(w->arena, p->n_numbered, sizeof(*w->types));
    w->names = arena_array(w->arena, p->n_numbered, sizeof(*w->names));
    for (i = 0; i < p->n_numbered; i++) {
        const struct type *t = p->numbered[i], *u = policy_find_type(q, t->name);

        w->types[i] = w->names[i] = NOWHERE;
        if (!u || u->kind != t->kind)
            continue;
        w->names[i] = u->number;
        if (t->kind == KIND_TYPE || same_members(q, t, u, &members))
            w->types[i] = u->number;
    }
}

static void number_classes(struct work *w)
{
    const struct policy *p = w->side->policy, *q = w->other->policy;
    unsigned int i, j;

    w->classes = arena_array(w->arena, p->classes.n + 1, sizeof(*w->classes));
    w->bits = arena_array(w->arena, p->classes.n + 1, sizeof(*w->bits));
    for (i = 0; i < p->classes.n; i++) {
        const struct class *c = p->classes.items[i]->class;
        const struct object_class *d = policy_find_class(q, c->name);

        if (!d)
            continue;
        w->classes[i + 1] = d->class->number;
        for (j = 0; j < c->n_perms && j < 32; j++) {
            const struct perm *perm = policy_find_perm(d, c->perms[j].name);

            w->bits[i + 1][j] = perm ? (uint32_t)1 << perm->bit : 0;
        }
    }
}

/* What of `perms` is not in `theirs`, which are the other side's bits. */
static uint32_t without(const struct work *w, unsigned int class, uint32_t perms, uint32_t theirs)
{
    unsigned int i;

    for (i = 0; i < 32; i++)
        if (perms >> i & 1 && w->bits[class][i] & theirs)
            perms &= ~((uint32_t)1 << i);
    return perms;
}

static const char **conditions(struct arena *a, struct policy *p)
{
    const char **when = arena_array(a, 2 * (size_t)p->n_conditions, sizeof(*when));
    unsigned int i;

    for (i = 0; i < p->conditions.n; i++) {
        const struct condition *c = p->conditions.items[i];

        if (c->tunable || c->same != c)
            continue;
        when[2 * c->number] = lines_condition(p, c, false);
        when[2 * c->number + 1] = lines_condition(p, c, true);
    }
    return when;
}

/* The condition of an entry of the second list, by its text. */
static const char *entry_when(const struct policy_side *s, const char *const *when, const struct flat_entry *e)
{
    bool otherwise;
    const struct condition *c = policy_condition_of(&s->policy->rules.items[e->rule], &otherwise);

    return c ? when[2 * c->number + otherwise] : NULL;
}

/* ---- what the other side gives ---- */

/* By entries of this key: always, or under this condition; `any` adds those under whatever condition. */
static uint32_t given(const struct work *w, uint64_t key, const char *when, bool any)
{
    const struct flat *f = w->other->flat;
    const struct flat_entry *e;
    uint32_t perms = 0;
    size_t n;

    for (e = flat_find(f->always, f->n_always, key, &n); n; n--, e++)
        perms |= e->data;
    if (!when && !any)
        return perms;
    for (e = flat_find(f->sometimes, f->n_sometimes, key, &n); n; n--, e++)
        if (any || entry_when(w->other, w->other_when, e) == when)
            perms |= e->data;
    return perms;
}

/* To these two types, by their names or their attributes. */
static uint32_t given_to(const struct work *w, unsigned int subject, unsigned int object, unsigned int class,
                         enum rule_kind kind, const char *when, bool any)
{
    const struct policy *q = w->other->policy;
    const struct type *s = q->numbered[subject], *o = q->numbered[object];
    uint32_t perms = 0;
    unsigned int i, j;

    for (i = 0; i <= s->n_attributes; i++) {
        unsigned int a = i ? s->attributes[i - 1]->real->number : subject;

        for (j = 0; j <= o->n_attributes; j++) {
            unsigned int b = j ? o->attributes[j - 1]->real->number : object;

            perms |= given(w, FLAT_KEY(a, b, class, kind), when, any);
        }
    }
    return perms;
}

/* ---- entries ---- */

static void add(struct work *w, const struct flat_entry *e, uint32_t perms, const char *when, const struct type *s,
                const struct type *o)
{
    unsigned int class = FLAT_CLASS(e->key), subject = w->names[s->number], object = w->names[o->number];
    enum rule_kind kind = FLAT_RULE_KIND(e->key);
    const struct policy_rule *r = &w->side->policy->rules.items[e->rule];
    bool known = subject != NOWHERE && object != NOWHERE && w->classes[class];
    struct access_change *c;

    if (known)
        perms = without(w, class, perms, given_to(w, subject, object, w->classes[class], kind, when, false));
    if (!perms)
        return;
    if (w->out->items.n == MOST_CHANGES) {
        w->out->cut = true;
        return;
    }
    c = LIST_PUSH(w->arena, &w->out->items);
    c->subject = s->name;
    c->object = o->name;
    c->class = w->side->policy->classes.items[class - 1]->class;
    c->perms = perms;
    c->kind = kind;
    c->added = w->added;
    c->span = r->span;
    c->when = when;
    if (when)
        c->condition = policy_condition_of(r, &c->otherwise);
    c->sometimes = known && without(w, class, perms, given_to(w, subject, object, w->classes[class], kind, NULL, true)) !=
                            perms;
}

static void compare_entry(struct work *w, const struct flat_entry *e, const char *when)
{
    const struct policy *p = w->side->policy;
    unsigned int s = FLAT_SUBJECT(e->key), o = FLAT_OBJECT(e->key), class = FLAT_CLASS(e->key), i, j;
    const struct type *subject = p->numbered[s], *object = p->numbered[o];
    uint32_t perms = e->data;

    if (FLAT_RULE_KIND(e->key) >= AV_NEVERALLOW)
        return;
    if (w->types[s] != NOWHERE && w->types[o] != NOWHERE && w->classes[class])
        perms = without(w, class, perms,
                        given(w, FLAT_KEY(w->types[s], w->types[o], w->classes[class], FLAT_RULE_KIND(e->key)), when, false));
    if (!perms)
        return;
    for (i = 0; i < (subject->kind == KIND_ATTRIBUTE ? subject->n_members : 1); i++)
        for (j = 0; j < (object->kind == KIND_ATTRIBUTE ? object->n_members : 1) && !w->out->cut; j++)
            add(w, e, perms, when, subject->kind == KIND_ATTRIBUTE ? subject->members[i] : subject,
                object->kind == KIND_ATTRIBUTE ? object->members[j] : object);
}

void access_compare(struct access_changes *out, struct arena *a, const struct policy_side *side,
                    const struct policy_side *other, bool added)
{
    struct work w = { .arena = a, .out = out, .side = side, .other = other, .added = added };
    size_t i;

    number_types(&w);
    number_classes(&w);
    w.when = conditions(a, side->policy);
    w.other_when = conditions(a, other->policy);
    for (i = 0; i < side->flat->n_always; i++)
        compare_entry(&w, &side->flat->always[i], NULL);
    for (i = 0; i < side->flat->n_sometimes; i++)
        compare_entry(&w, &side->flat->sometimes[i], entry_when(side, w.when, &side->flat->sometimes[i]));
}

/* ---- order ---- */

static int text_compare(const char *a, const char *b)
{
    return a == b ? 0 : !a ? -1 : !b ? 1 : strcmp(a, b);
}

/* Who, whom, what class, when; not which permissions. */
static int access_order(const void *a, const void *b)
{
    const struct access_change *x = a, *y = b;
    int order;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->added != y->added)
        return x->added ? -1 : 1;
    order = text_compare(x->subject, y->subject);
    if (!order)
        order = text_compare(x->class->name, y->class->name);
    if (!order)
        order = text_compare(x->when, y->when);
    return order ? order : text_compare(x->object, y->object);
}

void access_finish(struct access_changes *out)
{
    unsigned int i, n = 0;

    if (out->items.n)
        qsort(out->items.items, out->items.n, sizeof(*out->items.items), access_order);
    for (i = 0; i < out->items.n; i++) {
        if (n && !access_order(&out->items.items[n - 1], &out->items.items[i])) {
            out->items.items[n - 1].perms |= out->items.items[i].perms;
            out->items.items[n - 1].sometimes |= out->items.items[i].sometimes;
        } else {
            out->items.items[n++] = out->items.items[i];
        }
    }
    out->items.n = n;
}
