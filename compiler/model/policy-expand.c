/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading sets: which types, roles, categories and permissions they stand for, as bits. */
#include "model/policy.h"

static void add_type(const struct type *t, struct bits *out)
{
    unsigned int i;

    t = t->real;
    if (t->kind == KIND_ATTRIBUTE)
        for (i = 0; i < t->n_members; i++)
            bits_set(out, t->members[i]->number);
    else if (t->kind == KIND_TYPE)
        bits_set(out, t->number);
}

static void remove_type(const struct type *t, struct bits *out)
{
    unsigned int i;

    t = t->real;
    if (t->kind == KIND_ATTRIBUTE)
        for (i = 0; i < t->n_members; i++)
            bits_unset(out, t->members[i]->number);
    else if (t->kind == KIND_TYPE)
        bits_unset(out, t->number);
}

/*
 * libsepol's order (expand.c, type_set_expand): what is taken away is taken from the positive set, and the
 * complement is built of the rest: ~{ a -b } is everything but (a without b).
 */
void policy_expand(const struct policy *p, const struct typeset *set, struct bits *out)
{
    unsigned int i;

    bits_clear(out);
    if (set->all) {
        bits_copy(out, &p->all_types);
        for (i = 0; i < set->n_out; i++)
            remove_type(set->out[i], out);
        return;
    }
    for (i = 0; i < set->n_in; i++)
        add_type(set->in[i], out);
    for (i = 0; i < set->n_out; i++)
        remove_type(set->out[i], out);
    if (set->complement) {
        for (i = 0; i < bits_words(out); i++)
            out->words[i] = p->all_types.words[i] & ~out->words[i];
    }
}

static void add_role(const struct role *r, struct bits *out)
{
    unsigned int i;

    if (r->attribute)
        for (i = 0; i < r->members.n; i++)
            bits_set(out, r->members.items[i]->number);
    else
        bits_set(out, r->number);
}

static void remove_role(const struct role *r, struct bits *out)
{
    unsigned int i;

    if (r->attribute)
        for (i = 0; i < r->members.n; i++)
            bits_unset(out, r->members.items[i]->number);
    else
        bits_unset(out, r->number);
}

void policy_expand_roles(const struct policy *p, const struct roleset *set, struct bits *out)
{
    unsigned int i;

    bits_clear(out);
    if (set->all)
        for (i = 0; i < p->n_roles; i++)
            bits_set(out, i);
    for (i = 0; i < set->n_in; i++)
        add_role(set->in[i], out);
    for (i = 0; i < set->n_out; i++)
        remove_role(set->out[i], out);
    if (set->complement)
        for (i = 0; i < p->n_roles; i++)
            out->words[i / 64] ^= UINT64_C(1) << (i % 64);
}

void policy_expand_categories(const struct policy *p, const struct seclevel *level, struct bits *out)
{
    unsigned int i, c;

    (void)p;
    bits_clear(out);
    for (i = 0; i < level->n_ranges; i++)
        for (c = level->ranges[i].low->real->number; c <= level->ranges[i].high->real->number; c++)
            bits_set(out, c);
}

unsigned int policy_perm_names(const struct policy *p, const struct class *class, uint32_t perms, const char **names)
{
    unsigned int i, n = 0;

    (void)p;
    for (i = 0; i < class->n_perms; i++)
        if (perms >> i & 1)
            names[n++] = class->perms[i].name;
    return n;
}

void policy_expand_role_types(const struct policy *p, const struct role *role, struct bits *out)
{
    struct bits one = bits_create(p->arena, p->n_numbered);
    unsigned int i, j;

    bits_clear(out);
    for (i = 0; i < role->types.n; i++) {
        policy_expand(p, role->types.items[i], &one);
        bits_or(out, &one);
    }
    for (j = 0; j < role->attributes.n; j++)
        for (i = 0; i < role->attributes.items[j]->types.n; i++) {
            policy_expand(p, role->attributes.items[j]->types.items[i], &one);
            bits_or(out, &one);
        }
}
