/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of a bounded type and of its bound a list is made of what each may do, object by object and class by class; the
 * first must be covered by the second. libsepol's rules (hierarchy.c): what a condition allows the bound counts under
 * the same condition, and always if both branches allow it.
 */
#include "model/bounds.h"

#include <stdlib.h>

#include "base/buf.h"
#include "text/diag.h"
#include "text/rules.h"

/* Permissions on one object and class, always (when 0) or in one branch of a condition (1 + 2 * number + branch). */
struct may {
    uint32_t object, class, when, perms;
    uint32_t rule;
};
typedef LIST(struct may) may_list;

struct work {
    struct policy *policy;
    const struct flat *flat;
    size_t *always, *sometimes;     /* flat_subjects() */
};

static int by_key(const void *a, const void *b)
{
    const struct may *x = a, *y = b;

    if (x->object != y->object)
        return x->object < y->object ? -1 : 1;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    return (x->when > y->when) - (x->when < y->when);
}

static void add_entry(struct work *w, may_list *list, const struct flat_entry *e, uint32_t when)
{
    const struct policy *p = w->policy;
    const struct type *object = p->numbered[FLAT_OBJECT(e->key)];
    struct may m = { object->number, FLAT_CLASS(e->key), when, e->data, e->rule };
    unsigned int i;

    if (object->kind == KIND_TYPE)
        *LIST_PUSH(p->arena, list) = m;
    for (i = 0; object->kind == KIND_ATTRIBUTE && i < object->n_members; i++) {
        m.object = object->members[i]->number;
        *LIST_PUSH(p->arena, list) = m;
    }
}

static void add_entries(struct work *w, may_list *list, unsigned int subject)
{
    const struct flat *f = w->flat;
    size_t i;

    for (i = w->always[subject]; i < w->always[subject + 1]; i++)
        if (FLAT_RULE_KIND(f->always[i].key) == AV_ALLOW)
            add_entry(w, list, &f->always[i], 0);
    for (i = w->sometimes[subject]; i < w->sometimes[subject + 1]; i++) {
        bool otherwise;
        const struct condition *c;

        if (FLAT_RULE_KIND(f->sometimes[i].key) != AV_ALLOW)
            continue;
        c = policy_condition_of(&w->policy->rules.items[f->sometimes[i].rule], &otherwise);
        add_entry(w, list, &f->sometimes[i], 1 + 2 * c->number + otherwise);
    }
}

/* What a type may do, sorted, one item for each object, class and branch. */
static may_list collect(struct work *w, const struct type *t)
{
    may_list list = { NULL, 0, 0 };
    unsigned int i, n = 0;

    add_entries(w, &list, t->number);
    for (i = 0; i < t->n_attributes; i++)
        if (t->attributes[i]->real != t)
            add_entries(w, &list, t->attributes[i]->real->number);
    if (list.n)
        qsort(list.items, list.n, sizeof(*list.items), by_key);
    for (i = 0; i < list.n; i++) {
        if (n && !by_key(&list.items[n - 1], &list.items[i]))
            list.items[n - 1].perms |= list.items[i].perms;
        else
            list.items[n++] = list.items[i];
    }
    list.n = n;
    return list;
}

/* Of the permissions in `m`, which the bound has on that object. */
static uint32_t covered(const may_list *bound, uint32_t object, const struct may *m)
{
    struct may key = { object, m->class, 0, 0, 0 };
    unsigned int low = 0, high = bound->n;
    uint32_t perms = 0;

    while (low < high) {
        unsigned int mid = low + (high - low) / 2;

        if (by_key(&bound->items[mid], &key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < bound->n && bound->items[low].object == object && bound->items[low].class == m->class; low++) {
        const struct may *b = &bound->items[low];

        if (!b->when || b->when == m->when)
            perms |= b->perms;
        else if (b->when % 2 && low + 1 < bound->n && by_key(b, b + 1) < 0 && b[1].object == object &&
                 b[1].class == m->class && b[1].when == b->when + 1)
            perms |= b->perms & b[1].perms;
    }
    return perms;
}

static void report(struct work *w, const struct type *t, const struct may *m, uint32_t perms)
{
    struct policy *p = w->policy;
    const struct class *class = p->classes.items[m->class - 1]->class;
    const char *names[32];
    unsigned int n = policy_perm_names(p, class, perms, names), i;
    struct buf text = BUF_INIT;
    struct diag *d;

    for (i = 0; i < n; i++)
        buf_printf(&text, "%s%s", i ? ", " : "", names[i]);
    d = diag_add(p->diags, &RULE_BOUNDS, p->rules.items[m->rule].span,
                 "this lets '%s' on '%s' do %s:%s%s%s, which '%s', its bound, may not%s", t->name,
                 p->numbered[m->object]->name, class->name, n > 1 ? "{ " : "", buf_text(&text), n > 1 ? " }" : "",
                 t->bounds->name, p->numbered[m->object]->bounds ? " do to the object's bound" : "");
    buf_free(&text);
    diag_note(p->diags, d, t->bounds_span, "the bound");
}

static void check_type(struct work *w, const struct type *t)
{
    const struct policy *p = w->policy;
    may_list mine = collect(w, t), bound = collect(w, t->bounds->real);
    unsigned int i, shown = 0;

    for (i = 0; i < mine.n && shown < 10; i++) {
        const struct may *m = &mine.items[i];
        const struct type *object = p->numbered[m->object];
        uint32_t surplus = m->perms & ~covered(&bound, object->bounds ? object->bounds->real->number : object->number, m);

        if (!surplus)
            continue;
        report(w, t, m, surplus);
        shown++;
    }
}

static void check_roles(struct policy *p)
{
    struct bits mine = bits_create(p->arena, p->n_numbered), bound = bits_create(p->arena, p->n_numbered);
    unsigned int i;

    for (i = 0; i < p->roles.n; i++) {
        const struct role *r = p->roles.items[i];

        if (!r->bounds || r->attribute)
            continue;
        policy_expand_role_types(p, r, &mine);
        policy_expand_role_types(p, r->bounds, &bound);
        bits_andnot(&mine, &bound);
        if (!bits_empty(&mine))
            diag_add(p->diags, &RULE_BOUNDS, r->span, "role '%s' has type '%s', which '%s', its bound, has not", r->name,
                     p->numbered[bits_next(&mine, 0)]->name, r->bounds->name);
    }
}

static void user_roles(const struct policy *p, const struct user *u, struct bits *out)
{
    struct bits roles = bits_create(p->arena, p->n_roles);
    unsigned int i;

    bits_clear(out);
    for (i = 0; i < u->roles.n; i++) {
        policy_expand_roles(p, u->roles.items[i], &roles);
        bits_or(out, &roles);
    }
}

static void check_users(struct policy *p)
{
    struct bits mine = bits_create(p->arena, p->n_roles), bound = bits_create(p->arena, p->n_roles);
    unsigned int i;

    for (i = 0; i < p->users.n; i++) {
        const struct user *u = p->users.items[i];

        if (!u->bounds)
            continue;
        user_roles(p, u, &mine);
        user_roles(p, u->bounds, &bound);
        bits_andnot(&mine, &bound);
        if (!bits_empty(&mine))
            diag_add(p->diags, &RULE_BOUNDS, u->span, "user '%s' has a role that '%s', its bound, has not", u->name,
                     u->bounds->name);
    }
}

void policy_check_bounds(struct policy *p, const struct flat *flat)
{
    struct work w = { .policy = p, .flat = flat };
    unsigned int i;

    check_roles(p);
    check_users(p);
    for (i = 0; i < p->n_numbered; i++) {
        const struct type *t = p->numbered[i];

        if (!t->bounds || t->kind != KIND_TYPE || t->bounds->real->kind != KIND_TYPE)
            continue;
        if (!w.always) {
            w.always = flat_subjects(p, flat->always, flat->n_always);
            w.sometimes = flat_subjects(p, flat->sometimes, flat->n_sometimes);
        }
        check_type(&w, t);
    }
}
