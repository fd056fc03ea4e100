/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The binary policy, written by libsepol. Its policydb_t is put together here out of the policy's arena: every table
 * is made to measure and in order of declaration, nothing is hashed, and nothing needs to be freed. The one file that
 * includes libsepol's headers.
 */
#include <sepol/debug.h>
#include <sepol/handle.h>
#include <sepol/policydb/conditional.h>
#include <sepol/policydb/constraint.h>
#include <sepol/policydb/polcaps.h>
#include <sepol/policydb/policydb.h>

/* Has a member that is called `bool`, which <stdbool.h> below would make something else. */
static inline void cond_expr_set_bool(cond_expr_t *e, uint32_t boolean)
{
    e->bool = boolean;
}

#include "back/policydb.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

struct work {
    struct policy *policy;
    const struct flat *flat;
    struct arena *arena;
    policydb_t *db;
    struct bits types, roles, categories;
    struct buf messages;
};

/* ---- libsepol's containers ---------------------------------------------------------------------------------- */

static void set_bits(struct work *w, ebitmap_t *map, const struct bits *bits)
{
    ebitmap_node_t **next = &map->node;
    unsigned int i;

    for (i = 0; i < bits_words(bits); i++) {
        if (!bits->words[i])
            continue;
        *next = ARENA_NEW(w->arena, ebitmap_node_t);
        (*next)->startbit = i * MAPSIZE;
        (*next)->map = bits->words[i];
        map->highbit = (i + 1) * MAPSIZE;
        next = &(*next)->next;
    }
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* The same for a few numbers, which are sorted. */
static void set_numbers(struct work *w, ebitmap_t *map, uint32_t *numbers, unsigned int n)
{
    ebitmap_node_t **next = &map->node, *last = NULL;
    unsigned int i;

    if (n)
        qsort(numbers, n, sizeof(*numbers), by_number);
    for (i = 0; i < n; i++) {
        uint32_t start = numbers[i] / MAPSIZE * MAPSIZE;

        if (!last || last->startbit != start) {
            last = *next = ARENA_NEW(w->arena, ebitmap_node_t);
            last->startbit = start;
            map->highbit = start + MAPSIZE;
            next = &last->next;
        }
        last->map |= MAPBIT << (numbers[i] - start);
    }
}

/* A hash table of one slot: libsepol's writer only walks it. */
struct chain {
    hashtab_val_t *hash;
    hashtab_ptr_t *next;
};

static struct chain chain_new(struct work *w)
{
    struct chain t = { ARENA_NEW(w->arena, hashtab_val_t), NULL };

    t.hash->htable = ARENA_NEW(w->arena, hashtab_ptr_t);
    t.hash->size = 1;
    t.next = t.hash->htable;
    return t;
}

static void chain_add(struct work *w, struct chain *t, const void *key, void *datum)
{
    hashtab_node_t *node = ARENA_NEW(w->arena, hashtab_node_t);

    node->key = (hashtab_key_t)(uintptr_t)key;
    node->datum = datum;
    *t->next = node;
    t->next = &node->next;
    t->hash->nel++;
}

/* ---- classes ------------------------------------------------------------------------------------------------ */

static void add_perm(struct work *w, struct chain *t, const char *name, unsigned int bit)
{
    perm_datum_t *perm = ARENA_NEW(w->arena, perm_datum_t);

    perm->s.value = bit + 1;
    chain_add(w, t, name, perm);
}

static void add_commons(struct work *w)
{
    const struct policy *p = w->policy;
    struct chain t = chain_new(w), perms;
    unsigned int i, j;

    for (i = 0; i < p->commons.n; i++) {
        common_datum_t *c = ARENA_NEW(w->arena, common_datum_t);

        c->s.value = i + 1;
        perms = chain_new(w);
        for (j = 0; j < p->commons.items[i]->n_perms; j++)
            add_perm(w, &perms, p->commons.items[i]->perms[j], j);
        c->permissions.table = perms.hash;
        c->permissions.nprim = j;
        chain_add(w, &t, p->commons.items[i]->name, c);
    }
    w->db->p_commons.table = t.hash;
    w->db->p_commons.nprim = p->commons.n;
}

static void set_typeset(struct work *w, type_set_t *to, const struct typeset *set)
{
    uint32_t *numbers = arena_array(w->arena, set->n_in + set->n_out, sizeof(*numbers));
    unsigned int i;

    for (i = 0; i < set->n_in; i++)
        numbers[i] = set->in[i]->real->number;
    set_numbers(w, &to->types, numbers, i);
    for (i = 0; i < set->n_out; i++)
        numbers[i] = set->out[i]->real->number;
    set_numbers(w, &to->negset, numbers, i);
    to->flags = set->all ? TYPE_STAR : set->complement ? TYPE_COMP : 0;
}

static void set_names(struct work *w, constraint_expr_t *e, const struct cexpr *c)
{
    uint32_t *numbers;
    unsigned int i;

    switch (c->attr) {
    case CX_TYPE:
        policy_expand(w->policy, c->types, &w->types);
        set_bits(w, &e->names, &w->types);
        set_typeset(w, e->type_names, c->types);
        break;
    case CX_ROLE:
        policy_expand_roles(w->policy, c->roles, &w->roles);
        set_bits(w, &e->names, &w->roles);
        break;
    default:
        numbers = arena_array(w->arena, c->n_users, sizeof(*numbers));
        for (i = 0; i < c->n_users; i++)
            numbers[i] = c->users[i]->number;
        set_numbers(w, &e->names, numbers, i);
    }
}

/* Appends the expression, operands first. */
static constraint_expr_t **add_cexpr(struct work *w, constraint_expr_t **next, const struct cexpr *c)
{
    static const uint32_t kinds[] = {
        [CX_NOT] = CEXPR_NOT, [CX_AND] = CEXPR_AND, [CX_OR] = CEXPR_OR, [CX_ATTR] = CEXPR_ATTR, [CX_NAMES] = CEXPR_NAMES,
    };
    static const uint32_t attributes[] = {
        [CX_USER] = CEXPR_USER, [CX_ROLE] = CEXPR_ROLE, [CX_TYPE] = CEXPR_TYPE, [CX_L1L2] = CEXPR_L1L2,
        [CX_L1H2] = CEXPR_L1H2, [CX_H1L2] = CEXPR_H1L2, [CX_H1H2] = CEXPR_H1H2, [CX_L1H1] = CEXPR_L1H1,
        [CX_L2H2] = CEXPR_L2H2,
    };
    static const uint32_t compares[] = {
        [CX_EQ] = CEXPR_EQ, [CX_NEQ] = CEXPR_NEQ, [CX_DOM] = CEXPR_DOM, [CX_DOMBY] = CEXPR_DOMBY,
        [CX_INCOMP] = CEXPR_INCOMP,
    };
    static const uint32_t contexts[] = { 0, 0, CEXPR_TARGET, CEXPR_XTARGET };
    constraint_expr_t *e;

    if (c->op <= CX_OR) {
        next = add_cexpr(w, next, c->a);
        if (c->op != CX_NOT)
            next = add_cexpr(w, next, c->b);
    }
    e = *next = ARENA_NEW(w->arena, constraint_expr_t);
    e->expr_type = kinds[c->op];
    if (c->op >= CX_ATTR) {
        e->attr = attributes[c->attr];
        e->op = compares[c->compare];
    }
    if (c->op == CX_NAMES) {
        e->attr |= contexts[c->whose];
        e->type_names = ARENA_NEW(w->arena, type_set_t);
        set_names(w, e, c);
    }
    return &e->next;
}

static void add_constraints(struct work *w, class_datum_t **classes)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    /* Backwards, so that each class has its own in order. */
    for (i = p->constraints.n; i-- > 0;) {
        const struct constraint *c = &p->constraints.items[i];
        bool validate = c->kind == VALIDATETRANS || c->kind == MLSVALIDATETRANS;
        constraint_expr_t *expr = NULL;

        add_cexpr(w, &expr, c->expr);
        for (j = 0; j < c->n_access; j++) {
            class_datum_t *class = classes[c->access[j].class->number - 1];
            constraint_node_t *node, **list = validate ? &class->validatetrans : &class->constraints;

            if (!validate && !c->access[j].perms)
                continue;
            node = ARENA_NEW(w->arena, constraint_node_t);
            node->permissions = c->access[j].perms;
            node->expr = expr;
            node->next = *list;
            *list = node;
        }
    }
}

static void add_classes(struct work *w)
{
    static const char froms[] = { [FROM_UNSET] = 0, [FROM_SOURCE] = DEFAULT_SOURCE, [FROM_TARGET] = DEFAULT_TARGET };
    static const char ranges[] = {
        [RANGE_UNSET] = 0,
        [RANGE_SOURCE_LOW] = DEFAULT_SOURCE_LOW, [RANGE_SOURCE_HIGH] = DEFAULT_SOURCE_HIGH,
        [RANGE_SOURCE_LOW_HIGH] = DEFAULT_SOURCE_LOW_HIGH, [RANGE_TARGET_LOW] = DEFAULT_TARGET_LOW,
        [RANGE_TARGET_HIGH] = DEFAULT_TARGET_HIGH, [RANGE_TARGET_LOW_HIGH] = DEFAULT_TARGET_LOW_HIGH,
    };
    const struct policy *p = w->policy;
    struct chain t = chain_new(w), perms;
    class_datum_t **classes = arena_array(w->arena, p->classes.n, sizeof(*classes));
    unsigned int i, j;

    for (i = 0; i < p->classes.n; i++) {
        const struct object_class *oc = p->classes.items[i];
        class_datum_t *c = classes[i] = ARENA_NEW(w->arena, class_datum_t);

        c->s.value = i + 1;
        if (oc->common)
            c->comkey = (char *)(uintptr_t)oc->common->name;
        perms = chain_new(w);
        for (j = oc->common ? oc->common->n_perms : 0; j < oc->class->n_perms; j++)
            add_perm(w, &perms, oc->class->perms[j].name, j);
        c->permissions.table = perms.hash;
        c->permissions.nprim = oc->class->n_perms;
        c->default_user = froms[oc->user_from];
        c->default_role = froms[oc->role_from];
        c->default_type = froms[oc->type_from];
        c->default_range = ranges[oc->range_from];
        chain_add(w, &t, oc->class->name, c);
    }
    add_constraints(w, classes);
    w->db->p_classes.table = t.hash;
    w->db->p_classes.nprim = i;
}

/* ---- types, roles, users, booleans ---------------------------------------------------------------------------- */

static void add_types(struct work *w)
{
    const struct policy *p = w->policy;
    struct chain t = chain_new(w);
    unsigned int i, j, n;

    w->db->type_attr_map = arena_array(w->arena, p->n_numbered, sizeof(*w->db->type_attr_map));
    for (i = 0; i < p->n_numbered; i++) {
        const struct type *type = p->numbered[i];
        type_datum_t *d = ARENA_NEW(w->arena, type_datum_t);
        uint32_t few[16], *numbers = few;

        d->s.value = i + 1;
        d->primary = 1;
        d->flavor = type->kind == KIND_ATTRIBUTE ? TYPE_ATTRIB : TYPE_TYPE;
        d->bounds = type->bounds ? type->bounds->real->number + 1 : 0;
        chain_add(w, &t, type->name, d);
        if (type->n_attributes >= sizeof(few) / sizeof(few[0]))
            numbers = arena_array(w->arena, type->n_attributes + 1, sizeof(*numbers));
        numbers[0] = i;
        for (j = 0, n = 1; j < type->n_attributes; j++)
            if (!type->attributes[j]->real->expand)     /* no rule is left that needs to know */
                numbers[n++] = type->attributes[j]->real->number;
        set_numbers(w, &w->db->type_attr_map[i], numbers, n);
    }
    w->db->p_types.nprim = p->n_numbered;

    bits_clear(&w->types);
    for (i = 0; i < p->types.n; i++) {
        const struct type *type = p->types.items[i];

        if (type->kind == KIND_ALIAS) {
            type_datum_t *d = ARENA_NEW(w->arena, type_datum_t);

            d->s.value = type->real->number + 1;
            d->flavor = TYPE_TYPE;
            chain_add(w, &t, type->name, d);
        } else if (type->permissive) {
            bits_set(&w->types, type->number);
        }
    }
    w->db->p_types.table = t.hash;

    /* The map of permissive types counts from 1. */
    if (!bits_empty(&w->types)) {
        uint32_t *numbers = arena_array(w->arena, bits_count(&w->types), sizeof(*numbers));

        for (i = bits_next(&w->types, 0), j = 0; i < w->types.n; i = bits_next(&w->types, i + 1))
            numbers[j++] = i + 1;
        set_numbers(w, &w->db->permissive_map, numbers, j);
    }
}

static void add_roles(struct work *w)
{
    const struct policy *p = w->policy;
    struct chain t = chain_new(w);
    unsigned int i, j;

    for (i = 0; i < p->roles.n; i++) {
        const struct role *role = p->roles.items[i];
        role_datum_t *d;
        uint32_t *numbers;

        if (role->attribute)
            continue;
        d = ARENA_NEW(w->arena, role_datum_t);
        d->s.value = role->number + 1;
        d->bounds = role->bounds ? role->bounds->number + 1 : 0;
        numbers = arena_array(w->arena, role->dominates.n + 1, sizeof(*numbers));
        for (j = 0; j < role->dominates.n; j++)
            numbers[j] = role->dominates.items[j]->number;
        if (role->number)       /* object_r does not dominate itself: libsepol adds it to every table as it is */
            numbers[j++] = role->number;
        set_numbers(w, &d->dominates, numbers, j);
        policy_expand_role_types(p, role, &w->types);
        set_bits(w, &d->types.types, &w->types);
        chain_add(w, &t, role->name, d);
    }
    w->db->p_roles.table = t.hash;
    w->db->p_roles.nprim = p->n_roles;
}

static void set_level(struct work *w, mls_level_t *to, const struct seclevel *level)
{
    if (!level)
        return;
    to->sens = level->sensitivity->real->rank + 1;
    policy_expand_categories(w->policy, level, &w->categories);
    set_bits(w, &to->cat, &w->categories);
}

static void set_range(struct work *w, mls_range_t *to, const struct secrange *range)
{
    if (!range || !w->policy->mls)
        return;
    set_level(w, &to->level[0], range->low);
    set_level(w, &to->level[1], range->high);
}

static void add_users(struct work *w)
{
    const struct policy *p = w->policy;
    struct chain t = chain_new(w);
    struct bits all = bits_create(w->arena, p->n_roles);
    unsigned int i, j;

    for (i = 0; i < p->users.n; i++) {
        const struct user *user = p->users.items[i];
        user_datum_t *d = ARENA_NEW(w->arena, user_datum_t);

        d->s.value = user->number + 1;
        d->bounds = user->bounds ? user->bounds->number + 1 : 0;
        bits_clear(&all);
        for (j = 0; j < user->roles.n; j++) {
            policy_expand_roles(p, user->roles.items[j], &w->roles);
            bits_or(&all, &w->roles);
        }
        set_bits(w, &d->roles.roles, &all);
        set_range(w, &d->exp_range, user->range);
        if (p->mls)
            set_level(w, &d->exp_dfltlevel, user->level);
        chain_add(w, &t, user->name, d);
    }
    w->db->p_users.table = t.hash;
    w->db->p_users.nprim = p->n_users;
}

static void add_booleans(struct work *w)
{
    const struct policy *p = w->policy;
    struct chain t = chain_new(w);
    unsigned int i;

    for (i = 0; i < p->booleans.n; i++) {
        const struct boolean *b = p->booleans.items[i];
        cond_bool_datum_t *d;

        if (b->tunable)
            continue;
        d = ARENA_NEW(w->arena, cond_bool_datum_t);
        d->s.value = b->number + 1;
        d->state = b->value;
        chain_add(w, &t, b->name, d);
    }
    w->db->p_bools.table = t.hash;
    w->db->p_bools.nprim = p->n_booleans;
}

static void add_mls(struct work *w)
{
    const struct policy *p = w->policy;
    struct chain levels = chain_new(w), categories = chain_new(w);
    unsigned int i;

    for (i = 0; p->mls && i < p->sensitivities.n; i++) {
        const struct sensitivity *s = p->sensitivities.items[i];
        level_datum_t *d = ARENA_NEW(w->arena, level_datum_t);

        d->level = ARENA_NEW(w->arena, mls_level_t);
        d->isalias = s->real != s;
        d->defined = 1;
        set_level(w, d->level, s->real->level);
        chain_add(w, &levels, s->name, d);
    }
    for (i = 0; p->mls && i < p->categories.n; i++) {
        const struct category *c = p->categories.items[i];
        cat_datum_t *d = ARENA_NEW(w->arena, cat_datum_t);

        d->s.value = c->real->number + 1;
        d->isalias = c->real != c;
        chain_add(w, &categories, c->name, d);
    }
    w->db->p_levels.table = levels.hash;
    w->db->p_levels.nprim = p->mls ? p->n_ranked : 0;
    w->db->p_cats.table = categories.hash;
    w->db->p_cats.nprim = p->mls ? p->n_categories : 0;
    w->db->mls = p->mls;
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

static void set_key(avtab_key_t *key, uint64_t from)
{
    static const uint16_t kinds[] = {
        [AV_ALLOW] = AVTAB_ALLOWED, [AV_AUDITALLOW] = AVTAB_AUDITALLOW, [AV_DONTAUDIT] = AVTAB_AUDITDENY,
        [AV_NEVERALLOW] = 0, [TE_TRANSITION] = AVTAB_TRANSITION, [TE_MEMBER] = AVTAB_MEMBER, [TE_CHANGE] = AVTAB_CHANGE,
    };

    key->source_type = (uint16_t)(FLAT_SUBJECT(from) + 1);
    key->target_type = (uint16_t)(FLAT_OBJECT(from) + 1);
    key->target_class = (uint16_t)FLAT_CLASS(from);
    key->specified = kinds[FLAT_RULE_KIND(from)];
}

/* What the `n` entries of one key say together. */
static uint32_t united(const struct flat_entry *e, size_t n)
{
    uint32_t data = e->data;
    enum rule_kind kind = FLAT_RULE_KIND(e->key);

    if (kind >= TE_TRANSITION)
        return data + 1;
    while (--n)
        data |= e[n].data;
    return kind == AV_DONTAUDIT ? ~data : data;
}

static void add_rules(struct work *w)
{
    const struct flat *f = w->flat;
    struct avtab_node *nodes, *node;
    size_t i, n, count = 0;

    for (i = 0; i < f->n_always; i++)
        count += !i || f->always[i].key != f->always[i - 1].key;
    node = nodes = arena_array(w->arena, count, sizeof(*nodes));
    for (i = 0; i < f->n_always; i += n, node++) {
        for (n = 1; i + n < f->n_always && f->always[i + n].key == f->always[i].key;)
            n++;
        set_key(&node->key, f->always[i].key);
        node->datum.data = united(&f->always[i], n);
        node->next = node + 1;
    }
    if (count)
        nodes[count - 1].next = NULL;
    w->db->te_avtab.htable = ARENA_NEW(w->arena, avtab_ptr_t);
    *w->db->te_avtab.htable = count ? nodes : NULL;
    w->db->te_avtab.nslot = 1;
    w->db->te_avtab.nel = (uint32_t)count;
}

/* Appends the expression, operands first. */
static cond_expr_t **add_bool_expr(struct work *w, cond_expr_t **next, const struct bool_expr *e)
{
    static const uint32_t ops[] = {
        [BOOL_NAME] = COND_BOOL, [BOOL_NOT] = COND_NOT, [BOOL_AND] = COND_AND, [BOOL_OR] = COND_OR,
        [BOOL_XOR] = COND_XOR, [BOOL_EQ] = COND_EQ, [BOOL_NEQ] = COND_NEQ,
    };
    cond_expr_t *c;

    if (e->a)
        next = add_bool_expr(w, next, e->a);
    if (e->b)
        next = add_bool_expr(w, next, e->b);
    c = *next = ARENA_NEW(w->arena, cond_expr_t);
    c->expr_type = ops[e->op];
    if (e->op == BOOL_NAME)
        cond_expr_set_bool(c, e->boolean->number + 1);
    return &c->next;
}

/* The rules of one branch of one condition while they are collected. */
struct branch {
    cond_av_list_t **end;
    struct avtab_node *last;
};

/* Entries of one key and branch of one condition become one; the entries come sorted by key. */
static void add_conditional_rules(struct work *w, struct branch *branches)
{
    const struct policy *p = w->policy;
    const struct flat *f = w->flat;
    size_t i, same;

    for (i = 0; i < f->n_sometimes; i++) {
        const struct flat_entry *e = &f->sometimes[i];
        enum rule_kind kind = FLAT_RULE_KIND(e->key);
        bool otherwise;
        const struct condition *c = policy_condition_of(&p->rules.items[e->rule], &otherwise);
        struct branch *b = &branches[2 * c->number + otherwise];
        avtab_key_t key = { 0 };

        set_key(&key, e->key);
        if (c->value != otherwise)
            key.specified |= AVTAB_ENABLED;
        if (b->last && !memcmp(&b->last->key, &key, sizeof(key))) {
            if (kind == AV_DONTAUDIT)
                b->last->datum.data &= ~e->data;
            else if (kind < TE_TRANSITION)
                b->last->datum.data |= e->data;
            continue;
        }
        if (kind >= TE_TRANSITION) {
            flat_find(f->always, f->n_always, e->key, &same);
            if (same)
                continue;
        }
        b->last = ARENA_NEW(w->arena, struct avtab_node);
        b->last->key = key;
        b->last->datum.data = united(e, 1);
        b->last->parse_context = w;     /* not NULL: in use */
        *b->end = ARENA_NEW(w->arena, cond_av_list_t);
        (*b->end)->node = b->last;
        b->end = &(*b->end)->next;
    }
}

static void add_conditions(struct work *w)
{
    const struct policy *p = w->policy;
    cond_node_t *nodes = arena_array(w->arena, p->n_conditions, sizeof(*nodes));
    struct branch *branches = arena_array(w->arena, 2 * (size_t)p->n_conditions, sizeof(*branches));
    unsigned int i;

    for (i = 0; i < p->conditions.n; i++) {
        const struct condition *c = p->conditions.items[i];
        cond_node_t *n = &nodes[c->number];

        if (c->tunable || c->same != c)
            continue;
        n->cur_state = c->value;
        add_bool_expr(w, &n->expr, c->expr);
        if (c->number + 1 < p->n_conditions)
            n->next = n + 1;
        branches[2 * c->number].end = &n->true_list;
        branches[2 * c->number + 1].end = &n->false_list;
    }
    add_conditional_rules(w, branches);
    w->db->cond_list = p->n_conditions ? nodes : NULL;
}

static void add_role_rules(struct work *w)
{
    const struct policy *p = w->policy;
    role_trans_t **transition = &w->db->role_tr;
    role_allow_t **allow = &w->db->role_allow;
    struct bits to = bits_create(w->arena, p->n_roles), *done;
    unsigned int i, j, k;
    size_t t;

    for (t = 0; t < w->flat->n_roles; t++) {
        const struct flat_entry *e = &w->flat->roles[t];

        *transition = ARENA_NEW(w->arena, role_trans_t);
        (*transition)->role = FLAT_SUBJECT(e->key) + 1;
        (*transition)->type = FLAT_OBJECT(e->key) + 1;
        (*transition)->tclass = FLAT_CLASS(e->key);
        (*transition)->new_role = e->data + 1;
        transition = &(*transition)->next;
    }

    done = arena_array(w->arena, p->n_roles, sizeof(*done));
    for (i = 0; i < p->role_rules.n; i++) {
        const struct role_rule *r = &p->role_rules.items[i];

        if (r->kind != ROLE_RULE_ALLOW)
            continue;
        policy_expand_roles(p, r->from, &w->roles);
        policy_expand_roles(p, r->to, &to);
        for (j = bits_next(&w->roles, 0); j < w->roles.n; j = bits_next(&w->roles, j + 1)) {
            if (!done[j].words)
                done[j] = bits_create(w->arena, p->n_roles);
            for (k = bits_next(&to, 0); k < to.n; k = bits_next(&to, k + 1)) {
                if (bits_test(&done[j], k))
                    continue;
                bits_set(&done[j], k);
                *allow = ARENA_NEW(w->arena, role_allow_t);
                (*allow)->role = j + 1;
                (*allow)->new_role = k + 1;
                allow = &(*allow)->next;
            }
        }
    }
}

static void add_ranges(struct work *w)
{
    struct chain t = chain_new(w);
    size_t i;

    for (i = 0; w->policy->mls && i < w->flat->n_ranges; i++) {
        const struct flat_entry *e = &w->flat->ranges[i];
        range_trans_t *key = ARENA_NEW(w->arena, range_trans_t);
        mls_range_t *range = ARENA_NEW(w->arena, mls_range_t);

        key->source_type = FLAT_SUBJECT(e->key) + 1;
        key->target_type = FLAT_OBJECT(e->key) + 1;
        key->target_class = FLAT_CLASS(e->key);
        set_range(w, range, w->policy->range_rules.items[e->rule].range);
        chain_add(w, &t, key, range);
    }
    w->db->range_tr = t.hash;
}

/* ---- labels ------------------------------------------------------------------------------------------------------ */

static void set_context(struct work *w, ocontext_t *to, const struct context *c)
{
    to->context[0].user = c->user->number + 1;
    to->context[0].role = c->role->number + 1;
    to->context[0].type = c->type->real->number + 1;
    set_range(w, &to->context[0].range, c->range);
}

static void set_resource(ocontext_t *to, enum resource_kind kind, const struct resource *r)
{
    switch (kind) {
    case RESOURCE_PIRQ:
        to->u.pirq = (uint16_t)r->low;
        break;
    case RESOURCE_IOMEM:
        to->u.iomem.low_iomem = r->low;
        to->u.iomem.high_iomem = r->high;
        break;
    case RESOURCE_IOPORT:
        to->u.ioport.low_ioport = (uint32_t)r->low;
        to->u.ioport.high_ioport = (uint32_t)r->high;
        break;
    case RESOURCE_PCI:
        to->u.device = (uint32_t)r->low;
        break;
    default:
        to->u.name = (char *)(uintptr_t)r->path;
    }
}

static void add_labels(struct work *w)
{
    static const int lists[] = {
        [RESOURCE_PIRQ] = OCON_XEN_PIRQ, [RESOURCE_IOMEM] = OCON_XEN_IOMEM, [RESOURCE_IOPORT] = OCON_XEN_IOPORT,
        [RESOURCE_PCI] = OCON_XEN_PCIDEVICE, [RESOURCE_DTDEV] = OCON_XEN_DEVICETREE,
    };
    const struct policy *p = w->policy;
    ocontext_t **next = &w->db->ocontexts[OCON_XEN_ISID];
    unsigned int i, kind;

    for (i = 0; i < p->sids.n; i++, next = &(*next)->next) {
        *next = ARENA_NEW(w->arena, ocontext_t);
        (*next)->sid[0] = p->sids.items[i].isid->number;
        (*next)->u.name = (char *)(uintptr_t)p->sids.items[i].isid->name;
        set_context(w, *next, p->sids.items[i].context);
    }
    for (kind = 0; kind < N_RESOURCES; kind++) {
        next = &w->db->ocontexts[lists[kind]];
        for (i = 0; i < p->resources[kind].n; i++, next = &(*next)->next) {
            *next = ARENA_NEW(w->arena, ocontext_t);
            set_resource(*next, kind, &p->resources[kind].items[i]);
            set_context(w, *next, p->resources[kind].items[i].context);
        }
    }
}

/* ---- the whole ---------------------------------------------------------------------------------------------------- */

static void add_policycaps(struct work *w)
{
    struct policy *p = w->policy;
    uint32_t *numbers = arena_array(w->arena, p->policycaps.n, sizeof(*numbers));
    unsigned int i, n = 0;

    for (i = 0; i < p->policycaps.n; i++) {
        int number = sepol_polcap_getnum(p->policycaps.items[i].name);

        if (number < 0)
            diag_add(p->diags, &RULE_UNKNOWN_NAME, p->policycaps.items[i].span, "there is no policy capability `%s`",
                     p->policycaps.items[i].name);
        else
            numbers[n++] = (uint32_t)number;
    }
    set_numbers(w, &w->db->policycaps, numbers, n);
}

static void check_version(struct policy *p, const struct flat *f, unsigned int version)
{
    unsigned int i;

    if (version >= POLICYDB_NEW)
        return;
    for (i = 0; i < p->resources[RESOURCE_DTDEV].n; i++)
        diag_add(p->diags, &RULE_POLICY_LIMIT, p->resources[RESOURCE_DTDEV].items[i].span,
                 "device tree labels need policy version %d", POLICYDB_NEW);
    for (i = 0; i < p->resources[RESOURCE_IOMEM].n; i++)
        if (p->resources[RESOURCE_IOMEM].items[i].high > UINT32_MAX)
            diag_add(p->diags, &RULE_POLICY_LIMIT, p->resources[RESOURCE_IOMEM].items[i].span,
                     "I/O memory above 16 TiB needs policy version %d", POLICYDB_NEW);
    for (i = 0; i < p->role_rules.n; i++)
        if (f->n_roles && p->role_rules.items[i].kind == ROLE_RULE_TRANSITION)
            diag_add(p->diags, &RULE_DROPPED, p->role_rules.items[i].span,
                     "role transitions need policy version %d and are left out", POLICYDB_NEW);
}

static void message(void *arg, sepol_handle_t *handle, const char *format, ...)
{
    struct work *w = arg;
    va_list ap;
    char text[256];

    (void)handle;
    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    if (w->messages.len)
        buf_puts(&w->messages, "; ");
    buf_puts(&w->messages, text);
}

/* Once to learn the length, once to write. */
static bool write_db(struct work *w, struct buf *out)
{
    struct policy_file file = { .type = PF_LEN };
    bool good = false;

    file.handle = sepol_handle_create();
    if (!file.handle)
        return false;
    sepol_msg_set_callback(file.handle, message, w);
    if (!policydb_write(w->db, &file)) {
        size_t start = out->len;

        buf_fill(out, 0, file.len);
        file.type = PF_USE_MEMORY;
        file.data = out->data + start;
        good = !out->failed && !policydb_write(w->db, &file) && !file.len;
    }
    sepol_handle_destroy(file.handle);
    return good;
}

bool policydb_emit(struct policy *p, const struct flat *flat, unsigned int version, struct buf *out)
{
    static const unsigned int unknown[] = {
        [UNKNOWN_UNSET] = SEPOL_DENY_UNKNOWN, [UNKNOWN_DENY] = SEPOL_DENY_UNKNOWN,
        [UNKNOWN_ALLOW] = SEPOL_ALLOW_UNKNOWN, [UNKNOWN_REJECT] = SEPOL_REJECT_UNKNOWN,
    };
    struct work w = { .policy = p, .flat = flat, .arena = p->arena };
    bool good;

    w.db = ARENA_NEW(w.arena, policydb_t);
    w.db->policy_type = POLICY_KERN;
    w.db->target_platform = SEPOL_TARGET_XEN;
    w.db->policyvers = version;
    w.db->handle_unknown = unknown[p->handle_unknown];
    w.types = bits_create(w.arena, p->n_numbered);
    w.roles = bits_create(w.arena, p->n_roles);
    w.categories = bits_create(w.arena, p->n_categories);

    check_version(p, flat, version);
    add_policycaps(&w);
    add_commons(&w);
    add_classes(&w);
    add_roles(&w);
    add_types(&w);
    add_users(&w);
    add_booleans(&w);
    add_mls(&w);
    add_rules(&w);
    add_conditions(&w);
    add_role_rules(&w);
    add_ranges(&w);
    add_labels(&w);
    if (diags_count(p->diags, LEVEL_ERROR))
        return false;

    good = write_db(&w, out);
    if (!good)
        diag_add(p->diags, &RULE_POLICY_LIMIT, (struct span){ 0, 0, 0 }, "libsepol cannot write the policy: %s",
                 w.messages.len ? buf_text(&w.messages) : "no reason given");
    buf_free(&w.messages);
    return good;
}
