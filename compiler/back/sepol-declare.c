/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything in a policydb_t that has a name: classes with their permissions and constraints, types, roles, users,
 * booleans and levels, each table in order of declaration.
 */
#include "back/sepol.h"

/* ---- classes ------------------------------------------------------------------------------------------------ */

static void add_perm(struct sepol *w, struct sepol_chain *t, const char *name, unsigned int bit)
{
    perm_datum_t *perm = ARENA_NEW(w->arena, perm_datum_t);

    perm->s.value = bit + 1;
    sepol_chain_add(w, t, name, perm);
}

static void add_commons(struct sepol *w)
{
    const struct policy *p = w->policy;
    struct sepol_chain t = sepol_chain_new(w), perms;
    unsigned int i, j;

    for (i = 0; i < p->commons.n; i++) {
        common_datum_t *c = ARENA_NEW(w->arena, common_datum_t);

        c->s.value = i + 1;
        perms = sepol_chain_new(w);
        for (j = 0; j < p->commons.items[i]->n_perms; j++)
            add_perm(w, &perms, p->commons.items[i]->perms[j], j);
        c->permissions.table = perms.hash;
        c->permissions.nprim = j;
        sepol_chain_add(w, &t, p->commons.items[i]->name, c);
    }
    w->db->p_commons.table = t.hash;
    w->db->p_commons.nprim = p->commons.n;
}

static void set_typeset(struct sepol *w, type_set_t *to, const struct typeset *set)
{
    uint32_t *numbers = arena_array(w->arena, set->n_in + set->n_out, sizeof(*numbers));
    unsigned int i;

    for (i = 0; i < set->n_in; i++)
        numbers[i] = set->in[i]->real->number;
    sepol_set_numbers(w, &to->types, numbers, i);
    for (i = 0; i < set->n_out; i++)
        numbers[i] = set->out[i]->real->number;
    sepol_set_numbers(w, &to->negset, numbers, i);
    to->flags = set->all ? TYPE_STAR : set->complement ? TYPE_COMP : 0;
}

static void set_names(struct sepol *w, constraint_expr_t *e, const struct cexpr *c)
{
    uint32_t *numbers;
    unsigned int i;

    switch (c->attr) {
    case CX_TYPE:
        policy_expand(w->policy, c->types, &w->types);
        sepol_set_bits(w, &e->names, &w->types);
        set_typeset(w, e->type_names, c->types);
        break;
    case CX_ROLE:
        policy_expand_roles(w->policy, c->roles, &w->roles);
        sepol_set_bits(w, &e->names, &w->roles);
        break;
    default:
        numbers = arena_array(w->arena, c->n_users, sizeof(*numbers));
        for (i = 0; i < c->n_users; i++)
            numbers[i] = c->users[i]->number;
        sepol_set_numbers(w, &e->names, numbers, i);
    }
}

/* Appends the expression, operands first. */
static constraint_expr_t **add_cexpr(struct sepol *w, constraint_expr_t **next, const struct cexpr *c)
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

static void add_constraints(struct sepol *w, class_datum_t **classes)
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

static void add_classes(struct sepol *w)
{
    static const char froms[] = { [FROM_UNSET] = 0, [FROM_SOURCE] = DEFAULT_SOURCE, [FROM_TARGET] = DEFAULT_TARGET };
    static const char ranges[] = {
        [RANGE_UNSET] = 0,
        [RANGE_SOURCE_LOW] = DEFAULT_SOURCE_LOW, [RANGE_SOURCE_HIGH] = DEFAULT_SOURCE_HIGH,
        [RANGE_SOURCE_LOW_HIGH] = DEFAULT_SOURCE_LOW_HIGH, [RANGE_TARGET_LOW] = DEFAULT_TARGET_LOW,
        [RANGE_TARGET_HIGH] = DEFAULT_TARGET_HIGH, [RANGE_TARGET_LOW_HIGH] = DEFAULT_TARGET_LOW_HIGH,
    };
    const struct policy *p = w->policy;
    struct sepol_chain t = sepol_chain_new(w), perms;
    class_datum_t **classes = arena_array(w->arena, p->classes.n, sizeof(*classes));
    unsigned int i, j;

    for (i = 0; i < p->classes.n; i++) {
        const struct object_class *oc = p->classes.items[i];
        class_datum_t *c = classes[i] = ARENA_NEW(w->arena, class_datum_t);

        c->s.value = i + 1;
        if (oc->common)
            c->comkey = (char *)(uintptr_t)oc->common->name;
        perms = sepol_chain_new(w);
        for (j = oc->common ? oc->common->n_perms : 0; j < oc->class->n_perms; j++)
            add_perm(w, &perms, oc->class->perms[j].name, j);
        c->permissions.table = perms.hash;
        c->permissions.nprim = oc->class->n_perms;
        c->default_user = froms[oc->user_from];
        c->default_role = froms[oc->role_from];
        c->default_type = froms[oc->type_from];
        c->default_range = ranges[oc->range_from];
        sepol_chain_add(w, &t, oc->class->name, c);
    }
    add_constraints(w, classes);
    w->db->p_classes.table = t.hash;
    w->db->p_classes.nprim = i;
}

/* ---- types, roles, users, booleans ---------------------------------------------------------------------------- */

static void add_types(struct sepol *w)
{
    const struct policy *p = w->policy;
    struct sepol_chain t = sepol_chain_new(w);
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
        sepol_chain_add(w, &t, type->name, d);
        if (type->n_attributes >= sizeof(few) / sizeof(few[0]))
            numbers = arena_array(w->arena, type->n_attributes + 1, sizeof(*numbers));
        numbers[0] = i;
        for (j = 0, n = 1; j < type->n_attributes; j++)
            if (!type->attributes[j]->real->expand)     /* no rule is left that needs to know */
                numbers[n++] = type->attributes[j]->real->number;
        sepol_set_numbers(w, &w->db->type_attr_map[i], numbers, n);
    }
    w->db->p_types.nprim = p->n_numbered;

    bits_clear(&w->types);
    for (i = 0; i < p->types.n; i++) {
        const struct type *type = p->types.items[i];

        if (type->kind == KIND_ALIAS) {
            type_datum_t *d = ARENA_NEW(w->arena, type_datum_t);

            d->s.value = type->real->number + 1;
            d->flavor = TYPE_TYPE;
            sepol_chain_add(w, &t, type->name, d);
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
        sepol_set_numbers(w, &w->db->permissive_map, numbers, j);
    }
}

static void add_roles(struct sepol *w)
{
    const struct policy *p = w->policy;
    struct sepol_chain t = sepol_chain_new(w);
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
        sepol_set_numbers(w, &d->dominates, numbers, j);
        policy_expand_role_types(p, role, &w->types);
        sepol_set_bits(w, &d->types.types, &w->types);
        sepol_chain_add(w, &t, role->name, d);
    }
    w->db->p_roles.table = t.hash;
    w->db->p_roles.nprim = p->n_roles;
}

static void add_users(struct sepol *w)
{
    const struct policy *p = w->policy;
    struct sepol_chain t = sepol_chain_new(w);
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
        sepol_set_bits(w, &d->roles.roles, &all);
        sepol_set_range(w, &d->exp_range, user->range);
        if (p->mls)
            sepol_set_level(w, &d->exp_dfltlevel, user->level);
        sepol_chain_add(w, &t, user->name, d);
    }
    w->db->p_users.table = t.hash;
    w->db->p_users.nprim = p->n_users;
}

static void add_booleans(struct sepol *w)
{
    const struct policy *p = w->policy;
    struct sepol_chain t = sepol_chain_new(w);
    unsigned int i;

    for (i = 0; i < p->booleans.n; i++) {
        const struct boolean *b = p->booleans.items[i];
        cond_bool_datum_t *d;

        if (b->tunable)
            continue;
        d = ARENA_NEW(w->arena, cond_bool_datum_t);
        d->s.value = b->number + 1;
        d->state = b->value;
        sepol_chain_add(w, &t, b->name, d);
    }
    w->db->p_bools.table = t.hash;
    w->db->p_bools.nprim = p->n_booleans;
}

static void add_mls(struct sepol *w)
{
    const struct policy *p = w->policy;
    struct sepol_chain levels = sepol_chain_new(w), categories = sepol_chain_new(w);
    unsigned int i;

    for (i = 0; p->mls && i < p->sensitivities.n; i++) {
        const struct sensitivity *s = p->sensitivities.items[i];
        level_datum_t *d = ARENA_NEW(w->arena, level_datum_t);

        d->level = ARENA_NEW(w->arena, mls_level_t);
        d->isalias = s->real != s;
        d->defined = 1;
        sepol_set_level(w, d->level, s->real->level);
        sepol_chain_add(w, &levels, s->name, d);
    }
    for (i = 0; p->mls && i < p->categories.n; i++) {
        const struct category *c = p->categories.items[i];
        cat_datum_t *d = ARENA_NEW(w->arena, cat_datum_t);

        d->s.value = c->real->number + 1;
        d->isalias = c->real != c;
        sepol_chain_add(w, &categories, c->name, d);
    }
    w->db->p_levels.table = levels.hash;
    w->db->p_levels.nprim = p->mls ? p->n_ranked : 0;
    w->db->p_cats.table = categories.hash;
    w->db->p_cats.nprim = p->mls ? p->n_categories : 0;
    w->db->mls = p->mls;
}

void sepol_declare(struct sepol *w)
{
    add_commons(w);
    add_classes(w);
    add_roles(w);
    add_types(w);
    add_users(w);
    add_booleans(w);
    add_mls(w);
}
