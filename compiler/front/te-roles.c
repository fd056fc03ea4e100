/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Roles and users of the checkpolicy dialect: calls of the policy's builder. What several statements say of one role is
 * collected first, as checkpolicy does.
 */
#include <string.h>

#include "front/te-parse.h"

void te_role(struct te_parse *p, const char *name, struct span where, const struct te_set *attributes)
{
    struct role *r = policy_declare_role(p->policy, name, where);
    unsigned int i;

    for (i = 0; attributes && i < attributes->n; i++) {
        const struct te_name *n = &te_names_of(p, *attributes)[i];

        policy_role_attribute(p->policy, r, policy_role(p->policy, n->name, n->span), n->span);
    }
}

static struct te_role *collected(struct te_parse *p, struct role *role)
{
    struct te_role *r = map_get(&p->role_map, NULL, role->name);

    if (r)
        return r;
    r = ARENA_NEW(p->arena, struct te_role);
    r->role = role;
    *LIST_PUSH(p->arena, &p->collected) = r;
    return map_put(p->arena, &p->role_map, NULL, role->name, r);
}

void te_role_types(struct te_parse *p, const char *name, struct span where, struct te_set types)
{
    struct te_role *r = collected(p, policy_role(p->policy, name, where));
    const struct te_name *n = te_names_of(p, types);
    unsigned int i;

    if (types.all || types.complement)
        te_bad(p, types.span, "'%s' can stand in neverallow rules only", types.all ? "*" : "~");
    r->span = where;
    for (i = 0; i < types.n; i++) {
        struct type *t = policy_type(p->policy, n[i].name, n[i].span);

        if (n[i].out)
            *LIST_PUSH(p->arena, &r->out) = t;
        else
            *LIST_PUSH(p->arena, &r->in) = t;
    }
}

void te_roleattribute(struct te_parse *p, const char *name, struct span where, struct te_set attributes)
{
    struct role *r = policy_role(p->policy, name, where);
    const struct te_name *n = te_names_of(p, attributes);
    unsigned int i;

    for (i = 0; i < attributes.n; i++)
        policy_role_attribute(p->policy, r, policy_role(p->policy, n[i].name, n[i].span), n[i].span);
}

/* What `from` has now becomes part of what `to` has; the list of pieces may be the same one, so it is not held on to. */
static void inherit(struct te_parse *p, struct te_role *to, const struct te_role *from)
{
    const struct te_prefix out = { from, from->out.n };
    unsigned int i, n = from->pieces.n;
    struct te_piece piece = { .in = { from, from->in.n } };

    *LIST_PUSH(p->arena, &piece.out) = out;
    *LIST_PUSH(p->arena, &to->pieces) = piece;
    for (i = 0; i < n; i++) {
        const struct te_piece *old = &from->pieces.items[i];
        unsigned int j;

        piece = (struct te_piece){ .in = old->in };
        for (j = 0; j < old->out.n; j++)
            *LIST_PUSH(p->arena, &piece.out) = old->out.items[j];
        *LIST_PUSH(p->arena, &piece.out) = out;
        *LIST_PUSH(p->arena, &to->pieces) = piece;
    }
}

static bool dominates(const struct role *r, const struct role *other)
{
    unsigned int i;

    for (i = 0; i < r->dominates.n; i++)
        if (r->dominates.items[i] == other)
            return true;
    return false;
}

static void dominate(struct te_parse *p, struct role *r, struct role *other, struct span where)
{
    unsigned int i;

    if (other != r && !dominates(r, other))
        policy_role_dominates(p->policy, r, other, where);
    for (i = 0; i < other->dominates.n; i++)
        if (other->dominates.items[i] != r && !dominates(r, other->dominates.items[i]))
            policy_role_dominates(p->policy, r, other->dominates.items[i], where);
}

/*
 * A role gets the types that the roles below it have at this place in the text, and dominates them and all that they
 * do; so do the roles that dominate it already (define_role_dom() in checkpolicy's policy_define.c).
 */
struct role *te_role_dominance(struct te_parse *p, const char *name, struct span where, struct role *const *below,
                               unsigned int n)
{
    struct role *r = policy_declare_role(p->policy, name, where);
    struct te_role *mine = collected(p, r);
    unsigned int i;

    for (i = 0; i < n; i++) {
        if (below[i] == r)
            continue;
        dominate(p, r, below[i], where);
        inherit(p, mine, collected(p, below[i]));
    }
    for (i = 0; n && i < p->collected.n; i++) {
        struct te_role *above = p->collected.items[i];

        if (above == mine || !dominates(above->role, r))
            continue;
        dominate(p, above->role, r, where);
        inherit(p, above, mine);
    }
    return r;
}

void te_finish_roles(struct te_parse *p)
{
    unsigned int i, j, k, m;

    for (i = 0; i < p->collected.n; i++) {
        const struct te_role *r = p->collected.items[i];

        for (j = 0; j < r->in.n; j++)
            policy_set_add(p->policy, &p->types, r->in.items[j], false);
        for (j = 0; j < r->out.n; j++)
            policy_set_add(p->policy, &p->types, r->out.items[j], true);
        if (r->in.n)
            policy_role_types(p->policy, r->role, policy_typeset(p->policy, &p->types, r->span));
        p->types = (struct typeset_builder){ 0 };
        for (j = 0; j < r->pieces.n; j++) {
            const struct te_piece *piece = &r->pieces.items[j];

            if (!piece->in.n)
                continue;
            for (k = 0; k < piece->in.n; k++)
                policy_set_add(p->policy, &p->types, piece->in.role->in.items[k], false);
            for (m = 0; m < piece->out.n; m++)
                for (k = 0; k < piece->out.items[m].n; k++)
                    policy_set_add(p->policy, &p->types, piece->out.items[m].role->out.items[k], true);
            for (k = 0; k < r->out.n; k++)
                policy_set_add(p->policy, &p->types, r->out.items[k], true);
            policy_role_types(p->policy, r->role, policy_typeset(p->policy, &p->types, r->span));
        }
    }
    p->collected.n = 0;
}

void te_role_allow(struct te_parse *p, struct te_set from, struct te_set to, struct span where)
{
    const struct roleset *a = te_role_set(p, from);

    policy_role_allow(p->policy, a, te_role_set(p, to), where);
}

void te_role_transition(struct te_parse *p, struct te_set from, struct te_set types, const struct te_set *classes,
                        const char *to, struct span to_where, struct span where)
{
    const struct roleset *roles = te_role_set(p, from);
    unsigned int n;
    struct class **list = te_class_list(p, classes, where, &n);

    policy_role_transition(p->policy, roles, te_type_set(p, types, 0), list, n, policy_role(p->policy, to, to_where),
                           where);
}

void te_user(struct te_parse *p, const char *name, struct span where, struct te_set roles,
             const struct te_level *l, const struct te_range *r)
{
    struct user *u = policy_declare_user(p->policy, name, where);

    policy_user_roles(p->policy, u, te_role_set(p, roles));
    if (l && te_needs_mls(p, l->span)) {
        const struct seclevel *default_level = te_seclevel(p, l);

        policy_user_range(p->policy, u, default_level, te_secrange(p, r), where);
    }
}
