/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the statements of the checkpolicy dialect mean: calls of the policy's builder. Where checkpolicy refuses what
 * the builder could hold (`*` in an allow rule), so is it refused here: a policy that is read must also compile on
 * Xen's own road.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "front/te-parse.h"

/* ---- sets --------------------------------------------------------------------------------------------------- */

struct te_set te_push(struct te_parse *p, const char *name, struct span where, bool out)
{
    struct te_set set = { p->queue.n, 1, false, false, where };

    *LIST_PUSH(p->arena, &p->queue) = (struct te_name){ name, where, out };
    return set;
}

struct te_set te_join(struct te_set a, struct te_set b)
{
    a.n += b.n;
    a.span = span_join(a.span, b.span);
    return a;
}

const struct te_name *te_names_of(const struct te_parse *p, struct te_set set)
{
    return set.n ? &p->queue.items[set.first] : NULL;
}

const struct typeset *te_type_set(struct te_parse *p, struct te_set set, unsigned int allowed)
{
    const struct te_name *n = te_names_of(p, set);
    unsigned int i;

    if ((set.all || set.complement) && !(allowed & TE_WILD))
        te_bad(p, set.span, "'%s' can stand in neverallow rules only", set.all ? "*" : "~");
    p->types.all = set.all;
    p->types.complement = set.complement;
    for (i = 0; i < set.n; i++) {
        if (n[i].name == p->self && (allowed & TE_SELF)) {
            if (n[i].out)
                te_bad(p, n[i].span, "'self' cannot be taken away");
            p->types.self = true;
        } else {
            policy_set_add(p->policy, &p->types, policy_type(p->policy, n[i].name, n[i].span), n[i].out);
        }
    }
    return policy_typeset(p->policy, &p->types, set.span);
}

void te_only_names(struct te_parse *p, struct te_set set, const char *what)
{
    const struct te_name *n = te_names_of(p, set);
    unsigned int i;

    if (set.all || set.complement)
        te_bad(p, set.span, "'%s' cannot stand among %s", set.all ? "*" : "~", what);
    for (i = 0; i < set.n; i++)
        if (n[i].out)
            te_bad(p, n[i].span, "'-' cannot stand among %s", what);
}

const struct roleset *te_role_set(struct te_parse *p, struct te_set set)
{
    const struct te_name *n = te_names_of(p, set);
    unsigned int i;

    te_only_names(p, set, "roles");
    for (i = 0; i < set.n; i++)
        policy_roleset_add(p->policy, &p->roles, policy_role(p->policy, n[i].name, n[i].span), false);
    return policy_roleset(p->policy, &p->roles, set.span);
}

static uint32_t perm_set(struct te_parse *p, struct object_class *c, struct te_set set)
{
    const struct te_name *n = te_names_of(p, set);
    uint32_t perms = 0;
    unsigned int i;

    if (set.all)
        return policy_all_perms(c);
    for (i = 0; i < set.n; i++)
        perms |= policy_perm(p->policy, c, n[i].name, n[i].span);
    return set.complement ? policy_all_perms(c) & ~perms : perms;
}

/* Each class of a set with the permissions of another; `perms` NULL: none. `deny` turns the permissions round. */
static const struct access *access_list(struct te_parse *p, struct te_set classes, const struct te_set *perms,
                                        bool deny, unsigned int *n_access)
{
    const struct te_name *n = te_names_of(p, classes);
    struct access *copy;
    unsigned int i;

    te_only_names(p, classes, "classes");
    if (perms && !perms->all) {
        for (i = 0; i < perms->n; i++)
            if (te_names_of(p, *perms)[i].out)
                te_bad(p, te_names_of(p, *perms)[i].span, "'-' cannot stand among permissions");
    }
    p->accesses.n = 0;
    for (i = 0; i < classes.n; i++) {
        struct object_class *c = policy_class(p->policy, n[i].name, n[i].span);
        uint32_t bits;

        if (!c)
            continue;
        bits = perms ? perm_set(p, c, *perms) : 0;
        if (deny)
            bits = policy_all_perms(c) & ~bits;
        *LIST_PUSH(p->arena, &p->accesses) = (struct access){ c->class, bits };
    }
    *n_access = p->accesses.n;
    if (p->accesses.n == 1)
        return policy_access(p->policy, p->accesses.items[0].class, p->accesses.items[0].perms);
    copy = arena_array(p->arena, p->accesses.n, sizeof(*copy));
    if (p->accesses.n)
        memcpy(copy, p->accesses.items, p->accesses.n * sizeof(*copy));
    return copy;
}

/* The classes of a set; with NULL, as long ago, class `process`. */
struct class **te_class_list(struct te_parse *p, const struct te_set *set, struct span where, unsigned int *n)
{
    struct class **classes;
    const struct te_name *names;
    struct object_class *c;
    unsigned int i;

    *n = 0;
    if (!set) {
        c = policy_find_class(p->policy, names_get(p->policy->names, "process"));
        classes = ARENA_NEW(p->arena, struct class *);
        if (c)
            classes[(*n)++] = c->class;
        else
            te_bad(p, where, "this rule needs a class: there is no class 'process' that it would be about without");
        return classes;
    }
    te_only_names(p, *set, "classes");
    names = te_names_of(p, *set);
    classes = arena_array(p->arena, set->n, sizeof(*classes));
    for (i = 0; i < set->n; i++) {
        c = policy_class(p->policy, names[i].name, names[i].span);
        if (c)
            classes[(*n)++] = c->class;
    }
    return classes;
}

/* ---- classes and initial SIDs --------------------------------------------------------------------------------- */

void te_class(struct te_parse *p, const char *name, struct span where)
{
    policy_declare_class(p->policy, name, where);
}

void te_sid(struct te_parse *p, const char *name, struct span where)
{
    policy_declare_sid(p->policy, name, where);
}

void te_common(struct te_parse *p, const char *name, struct span where, struct te_set perms)
{
    struct common *c = policy_declare_common(p->policy, name, where);
    const struct te_name *n = te_names_of(p, perms);
    unsigned int i;

    for (i = 0; i < perms.n; i++)
        policy_common_perm(p->policy, c, n[i].name, n[i].span);
}

void te_vector(struct te_parse *p, const char *name, struct span where, const char *common, struct span common_where,
               const struct te_set *perms)
{
    struct object_class *c = policy_class(p->policy, name, where);
    const struct te_name *n = perms ? te_names_of(p, *perms) : NULL;
    unsigned int i;

    if (!c || !policy_open_vector(p->policy, c, where))
        return;
    if (common)
        policy_class_common(p->policy, c, common, common_where);
    for (i = 0; perms && i < perms->n; i++)
        policy_class_perm(p->policy, c, n[i].name, n[i].span);
}

void te_default(struct te_parse *p, enum te_default part, struct te_set classes, unsigned int from)
{
    const struct te_name *n = te_names_of(p, classes);
    unsigned int i;

    te_only_names(p, classes, "classes");
    for (i = 0; i < classes.n; i++) {
        struct object_class *c = policy_class(p->policy, n[i].name, n[i].span);
        unsigned int before;

        if (!c)
            continue;
        before = part == TE_DEFAULT_USER ? c->user_from : part == TE_DEFAULT_ROLE ? c->role_from :
                 part == TE_DEFAULT_TYPE ? c->type_from : c->range_from;
        if (before && before != from) {
            diag_add(p->diags, &RULE_CONFLICTING_RULES, n[i].span, "class '%s' has another default already",
                     c->class->name);
            continue;
        }
        switch (part) {
        case TE_DEFAULT_USER:
            c->user_from = from;
            break;
        case TE_DEFAULT_ROLE:
            c->role_from = from;
            break;
        case TE_DEFAULT_TYPE:
            c->type_from = from;
            break;
        case TE_DEFAULT_RANGE:
            c->range_from = from;
            break;
        }
    }
}

/* ---- MLS ----------------------------------------------------------------------------------------------------- */

bool te_needs_mls(struct te_parse *p, struct span where)
{
    if (!p->policy->mls)
        diag_help(p->diags,
                  diag_add(p->diags, &RULE_UNSUPPORTED, where, "levels in a policy that is read without MLS"),
                  "give --mls, as checkpolicy takes -M");
    return p->policy->mls;
}

void te_sensitivity(struct te_parse *p, const char *name, struct span where, const struct te_set *aliases)
{
    struct sensitivity *s;
    unsigned int i;

    if (!te_needs_mls(p, where))
        return;
    s = policy_declare_sensitivity(p->policy, name, where);
    for (i = 0; aliases && i < aliases->n; i++)
        policy_sensitivity_alias(p->policy, s, te_names_of(p, *aliases)[i].name, te_names_of(p, *aliases)[i].span);
}

void te_dominance(struct te_parse *p, struct te_set order)
{
    const struct te_name *n = te_names_of(p, order);
    unsigned int i;

    if (!te_needs_mls(p, order.span))
        return;
    for (i = 0; i < order.n; i++)
        policy_dominance(p->policy, policy_sensitivity(p->policy, n[i].name, n[i].span), n[i].span);
}

void te_category(struct te_parse *p, const char *name, struct span where, const struct te_set *aliases)
{
    struct category *c;
    unsigned int i;

    if (!te_needs_mls(p, where))
        return;
    c = policy_declare_category(p->policy, name, where);
    for (i = 0; aliases && i < aliases->n; i++)
        policy_category_alias(p->policy, c, te_names_of(p, *aliases)[i].name, te_names_of(p, *aliases)[i].span);
}

/* `c0.c255` is one word of the dialect. */
const struct seclevel *te_seclevel(struct te_parse *p, const struct te_level *l)
{
    const struct te_name *n = te_names_of(p, l->categories);
    struct category_range *ranges = arena_array(p->arena, l->categories.n, sizeof(*ranges));
    struct names *names = p->policy->names;
    unsigned int i;

    for (i = 0; i < l->categories.n; i++) {
        const char *dot = strchr(n[i].name, '.');

        if (dot) {
            ranges[i].low = policy_category(p->policy, names_intern(names, n[i].name, (size_t)(dot - n[i].name)),
                                            n[i].span);
            ranges[i].high = policy_category(p->policy, names_get(names, dot + 1), n[i].span);
        } else {
            ranges[i].low = ranges[i].high = policy_category(p->policy, n[i].name, n[i].span);
        }
    }
    return policy_level(p->policy, policy_sensitivity(p->policy, l->sensitivity, l->span), ranges, l->categories.n,
                        l->span);
}

const struct secrange *te_secrange(struct te_parse *p, const struct te_range *r)
{
    const struct seclevel *low = te_seclevel(p, &r->low);

    return policy_range(p->policy, low, r->two ? te_seclevel(p, &r->high) : low);
}

void te_level(struct te_parse *p, struct te_level l)
{
    if (te_needs_mls(p, l.span))
        policy_declare_level(p->policy, te_seclevel(p, &l));
}

/* ---- types ---------------------------------------------------------------------------------------------------- */

static void aliases_of(struct te_parse *p, struct type *type, struct te_set aliases)
{
    const struct te_name *n = te_names_of(p, aliases);
    unsigned int i;

    te_only_names(p, aliases, "aliases");
    for (i = 0; i < aliases.n; i++)
        policy_declare_alias(p->policy, type, n[i].name, n[i].span);
}

static void attributes_of(struct te_parse *p, struct type *type, struct te_set attributes)
{
    const struct te_name *n = te_names_of(p, attributes);
    unsigned int i;

    for (i = 0; i < attributes.n; i++)
        policy_type_attribute(p->policy, type, policy_type(p->policy, n[i].name, n[i].span), n[i].span);
}

void te_type(struct te_parse *p, const char *name, struct span where, const struct te_set *aliases,
             const struct te_set *attributes)
{
    struct type *t = policy_declare_type(p->policy, name, where);

    if (aliases)
        aliases_of(p, t, *aliases);
    if (attributes)
        attributes_of(p, t, *attributes);
}

void te_typealias(struct te_parse *p, const char *name, struct span where, struct te_set aliases)
{
    aliases_of(p, policy_type(p->policy, name, where), aliases);
}

void te_typeattribute(struct te_parse *p, const char *name, struct span where, struct te_set attributes)
{
    attributes_of(p, policy_type(p->policy, name, where), attributes);
}

void te_expandattribute(struct te_parse *p, struct te_set attributes, bool value)
{
    const struct te_name *n = te_names_of(p, attributes);
    unsigned int i;

    te_only_names(p, attributes, "attributes");
    for (i = 0; i < attributes.n; i++)
        policy_expand_attribute(p->policy, policy_type(p->policy, n[i].name, n[i].span), value, n[i].span);
}

void te_typebounds(struct te_parse *p, const char *parent, struct span where, struct te_set children)
{
    struct type *t = policy_type(p->policy, parent, where);
    const struct te_name *n = te_names_of(p, children);
    unsigned int i;

    for (i = 0; i < children.n; i++)
        policy_type_bounds(p->policy, t, policy_type(p->policy, n[i].name, n[i].span), n[i].span);
}

void te_bool(struct te_parse *p, const char *name, struct span where, bool value, bool tunable)
{
    policy_declare_boolean(p->policy, name, value, tunable, where);
}

void te_permissive(struct te_parse *p, const char *name, struct span where)
{
    policy_permissive(p->policy, policy_type(p->policy, name, where), where);
}

/* ---- rules ---------------------------------------------------------------------------------------------------- */

void te_rule(struct te_parse *p, enum rule_kind kind, bool deny, struct te_set subjects, struct te_set objects,
             struct te_set classes, struct te_set perms, struct span where)
{
    unsigned int wild = kind == AV_NEVERALLOW ? TE_WILD : 0, n;
    const struct typeset *s = te_type_set(p, subjects, wild), *o = te_type_set(p, objects, wild | TE_SELF);
    const struct access *access = access_list(p, classes, &perms, deny, &n);
    struct policy_rule *r = policy_add_rule(p->policy, kind, s, o, access, n, NULL, where);

    r->condition = p->condition;
    r->otherwise = p->otherwise;
}

void te_transition(struct te_parse *p, enum rule_kind kind, struct te_set subjects, struct te_set objects,
                   struct te_set classes, const char *type, struct span type_where, struct span where)
{
    const struct typeset *s = te_type_set(p, subjects, 0), *o = te_type_set(p, objects, TE_SELF);
    unsigned int n;
    const struct access *access = access_list(p, classes, NULL, false, &n);
    struct policy_rule *r = policy_add_rule(p->policy, kind, s, o, access, n,
                                            policy_type(p->policy, type, type_where), where);

    r->condition = p->condition;
    r->otherwise = p->otherwise;
}

void te_range_transition(struct te_parse *p, struct te_set subjects, struct te_set objects,
                         const struct te_set *classes, struct te_range r, struct span where)
{
    struct class **list;
    unsigned int n;

    if (!te_needs_mls(p, where))
        return;
    list = te_class_list(p, classes, where, &n);
    policy_add_range(p->policy, te_type_set(p, subjects, 0), te_type_set(p, objects, 0), list, n, te_secrange(p, &r), where);
}

/* ---- constraints ------------------------------------------------------------------------------------------------ */

struct cexpr *te_cexpr(struct te_parse *p, enum cexpr_op op, struct cexpr *a, struct cexpr *b, struct span where)
{
    struct cexpr *c = ARENA_NEW(p->arena, struct cexpr);

    *c = (struct cexpr){ .op = op, .a = a, .b = b, .span = where };
    return c;
}

struct cexpr *te_compare(struct te_parse *p, enum cexpr_attr attr, enum cexpr_compare compare, struct span where)
{
    struct cexpr *c = te_cexpr(p, CX_ATTR, NULL, NULL, where);

    c->attr = attr;
    c->compare = compare;
    return c;
}

struct cexpr *te_names(struct te_parse *p, enum cexpr_attr attr, unsigned int whose, enum cexpr_compare compare,
                       struct te_set names, struct span where)
{
    struct cexpr *c = te_cexpr(p, CX_NAMES, NULL, NULL, where);
    unsigned int i;

    c->attr = attr;
    c->whose = whose;
    c->compare = compare;
    te_only_names(p, names, "the names of a constraint");
    if (attr == CX_TYPE) {
        c->types = te_type_set(p, names, 0);
    } else if (attr == CX_ROLE) {
        c->roles = te_role_set(p, names);
    } else {
        c->users = arena_array(p->arena, names.n, sizeof(*c->users));
        for (i = 0; i < names.n; i++)
            c->users[i] = policy_user(p->policy, te_names_of(p, names)[i].name, te_names_of(p, names)[i].span);
        c->n_users = names.n;
    }
    return c;
}

void te_constraint(struct te_parse *p, enum constraint_kind kind, struct te_set classes, const struct te_set *perms,
                   struct cexpr *expr, struct span where)
{
    unsigned int n;
    const struct access *access = access_list(p, classes, perms, false, &n);

    policy_add_constraint(p->policy, kind, access, n, expr, where);
}

/* ---- labels ------------------------------------------------------------------------------------------------------- */

const struct context *te_context(struct te_parse *p, const char *user, struct span user_where, const char *role,
                                 struct span role_where, const char *type, struct span type_where,
                                 const struct te_range *r, struct span where)
{
    struct policy *policy = p->policy;
    const struct secrange *secrange = r && te_needs_mls(p, where) ? te_secrange(p, r) : NULL;

    return policy_context(policy, policy_user(policy, user, user_where), policy_role(policy, role, role_where),
                          policy_type(policy, type, type_where), secrange, where);
}

static uint64_t number(struct te_parse *p, const char *text, struct span where)
{
    unsigned long long value;

    errno = 0;
    value = strtoull(text, NULL, 0);
    if (errno)
        te_bad(p, where, "'%s' is too large a number", text);
    return value;
}

void te_resource(struct te_parse *p, enum resource_kind kind, const char *low, const char *high,
                 struct span number_where, const struct context *context, struct span where)
{
    uint64_t a = number(p, low, number_where), b = high == low ? a : number(p, high, number_where);

    policy_add_resource(p->policy, kind, a, b, NULL, context, where);
}

/* ---- optional blocks ------------------------------------------------------------------------------------------------ */

void te_optional(struct te_parse *p, struct span then, struct span otherwise)
{
    if (!p->trial)
        *LIST_PUSH(p->arena, &p->blocks) = (struct te_block){ .part = { then, otherwise } };
}

void te_require(struct te_parse *p, unsigned int kind, const char *class, struct te_set names)
{
    unsigned int i;

    if (!p->trial)
        return;
    for (i = 0; i < names.n; i++)
        *LIST_PUSH(p->arena, &p->requires) = (struct te_require){ kind, te_names_of(p, names)[i].name, class };
    if (class && (names.all || !names.n))
        *LIST_PUSH(p->arena, &p->requires) = (struct te_require){ kind, NULL, class };
}
