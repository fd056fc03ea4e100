/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finishing a policy: every name is bound and numbered (policy-bind.c), then what can only be judged now is judged. The
 * limits are those of the hypervisor's reader (xen/xsm/flask/ss/policydb.c) and of libsepol's tables.
 */
#include "model/finish.h"

#include <stdlib.h>
#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

enum {
    MAX_CLASSES = 65535,
    MAX_CEXPR_DEPTH = 5,        /* CEXPR_MAXDEPTH, ss/constraint.h */
    MAX_BOOL_DEPTH = 10,        /* COND_EXPR_MAXDEPTH, ss/conditional.h */
    MAX_PIRQ = 65535,
};

/* ---- MLS ---------------------------------------------------------------------------------------------------- */

static void check_level(struct policy *p, const struct seclevel *level)
{
    struct sensitivity *s = level->sensitivity->real;
    struct bits has, may;
    unsigned int i;

    for (i = 0; i < level->n_ranges; i++) {
        const struct category_range *r = &level->ranges[i];

        if (!r->low->declared || !r->high->declared)
            return;
        if (r->low->real->number > r->high->real->number) {
            diag_add(p->diags, &RULE_INVALID_CONTEXT, level->span, "category range %s.%s runs backwards", r->low->name,
                     r->high->name);
            return;
        }
    }
    if (!s->declared || !s->level || s->level == level)
        return;
    for (i = 0; i < s->level->n_ranges; i++)
        if (!s->level->ranges[i].low->declared || !s->level->ranges[i].high->declared)
            return;
    has = bits_create(p->arena, p->n_categories);
    may = bits_create(p->arena, p->n_categories);
    policy_expand_categories(p, level, &has);
    policy_expand_categories(p, s->level, &may);
    bits_andnot(&has, &may);
    if (!bits_empty(&has))
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_INVALID_CONTEXT, level->span,
                           "sensitivity '%s' may not have all of these categories", s->name),
                  s->level->span, "the categories it may have");
}

/* Does `high` dominate `low`? */
static bool dominates(const struct policy *p, const struct seclevel *high, const struct seclevel *low)
{
    struct bits h = bits_create(p->arena, p->n_categories), l = bits_create(p->arena, p->n_categories);

    if (high->sensitivity->real->rank < low->sensitivity->real->rank)
        return false;
    policy_expand_categories(p, high, &h);
    policy_expand_categories(p, low, &l);
    bits_andnot(&l, &h);
    return bits_empty(&l);
}

static void check_range(struct policy *p, const struct secrange *range)
{
    check_level(p, range->low);
    if (range->high == range->low)
        return;
    check_level(p, range->high);
    if (!diags_count(p->diags, LEVEL_ERROR) && !dominates(p, range->high, range->low))
        diag_add(p->diags, &RULE_INVALID_CONTEXT, span_join(range->low->span, range->high->span),
                 "the high level of the range does not dominate the low one");
}

static void check_mls(struct policy *p)
{
    unsigned int i;

    if (!p->mls)
        return;
    for (i = 0; i < p->sensitivities.n; i++) {
        struct sensitivity *s = p->sensitivities.items[i];

        if (!s->declared || s->real != s)
            continue;
        if (!s->ranked)
            diag_add(p->diags, &RULE_UNKNOWN_NAME, s->span, "sensitivity '%s' has no place in the dominance", s->name);
        if (!s->level)
            diag_add(p->diags, &RULE_UNKNOWN_NAME, s->span, "sensitivity '%s' has no level", s->name);
        else
            check_level(p, s->level);
    }
    for (i = 0; i < p->users.n; i++) {
        struct user *u = p->users.items[i];

        if (!u->declared)
            continue;
        if (!u->range) {
            diag_add(p->diags, &RULE_INVALID_CONTEXT, u->span, "user '%s' has no level and range, MLS is on", u->name);
            continue;
        }
        check_range(p, u->range);
        check_level(p, u->level);
        if (!diags_count(p->diags, LEVEL_ERROR) &&
            (!dominates(p, u->level, u->range->low) || !dominates(p, u->range->high, u->level)))
            diag_add(p->diags, &RULE_INVALID_CONTEXT, u->level->span,
                     "the default level of user '%s' is not within its range", u->name);
    }
    for (i = 0; i < p->range_rules.n; i++)
        check_range(p, p->range_rules.items[i].range);
}

/* ---- rules, constraints, contexts ---------------------------------------------------------------------------- */

static void check_roleset(struct policy *p, const struct roleset *set, bool attributes, const char *what)
{
    unsigned int i;

    for (i = 0; !attributes && i < set->n_in; i++)
        if (set->in[i]->attribute)
            diag_add(p->diags, &RULE_WRONG_KIND, set->span, "%s must be a role, '%s' is a role attribute", what,
                     set->in[i]->name);
}

static unsigned int bool_depth(const struct bool_expr *e, bool *tunable, bool *boolean)
{
    unsigned int a, b;

    switch (e->op) {
    case BOOL_NAME:
        *(e->boolean->tunable ? tunable : boolean) = true;
        return 1;
    case BOOL_NOT:
        return bool_depth(e->a, tunable, boolean);
    default:
        a = bool_depth(e->a, tunable, boolean);
        b = bool_depth(e->b, tunable, boolean) + 1;
        return a > b ? a : b;
    }
}

bool policy_bool_value(const struct bool_expr *e)
{
    switch (e->op) {
    case BOOL_NAME:
        return e->boolean->value;
    case BOOL_NOT:
        return !policy_bool_value(e->a);
    case BOOL_AND:
        return policy_bool_value(e->a) && policy_bool_value(e->b);
    case BOOL_OR:
        return policy_bool_value(e->a) || policy_bool_value(e->b);
    case BOOL_XOR:
    case BOOL_NEQ:
        return policy_bool_value(e->a) != policy_bool_value(e->b);
    case BOOL_EQ:
        return policy_bool_value(e->a) == policy_bool_value(e->b);
    }
    return false;
}

static const char *bool_text(struct policy *p, const struct bool_expr *e)
{
    static const char *const ops[] = {
        [BOOL_AND] = "&", [BOOL_OR] = "|", [BOOL_XOR] = "^", [BOOL_EQ] = "=", [BOOL_NEQ] = "^",
    };

    if (e->op == BOOL_NAME)
        return e->boolean->name;
    if (e->op == BOOL_NOT)
        return arena_printf(p->arena, "(!%s)", bool_text(p, e->a));
    return arena_printf(p->arena, "(%s%s%s)", bool_text(p, e->a), ops[e->op], bool_text(p, e->b));
}

/* libsepol makes one of equal conditions, too (cond_normalize_expr() and cond_node_find() in conditional.c). */
static void unite_condition(struct policy *p, struct condition *c)
{
    c->same = map_put(p->arena, &p->condition_map, NULL, names_get(p->names, bool_text(p, c->expr)), c);
    if (c->same == c)
        c->number = p->n_conditions++;
}

static void check_conditions(struct policy *p)
{
    unsigned int i;

    for (i = 0; i < p->conditions.n; i++) {
        struct condition *c = p->conditions.items[i];
        bool tunable = false, boolean = false;

        if (bool_depth(c->expr, &tunable, &boolean) > MAX_BOOL_DEPTH)
            diag_add(p->diags, &RULE_POLICY_LIMIT, c->span, "the condition is nested too deeply, %d levels at most",
                     MAX_BOOL_DEPTH);
        if (tunable && boolean)
            diag_add(p->diags, &RULE_WRONG_KIND, c->span, "a condition cannot mix booleans and tunables");
        for (; c->expr->op == BOOL_NOT; c->expr = c->expr->a)
            c->flipped = !c->flipped;
        c->tunable = tunable;
        c->value = policy_bool_value(c->expr);
        c->same = c;
        if (!tunable)
            unite_condition(p, c);
    }
}

/* The sets whose members can only be types or attributes were checked when used; this is what each rule needs. */
static void check_rules(struct policy *p)
{
    unsigned int i;

    for (i = 0; i < p->rules.n; i++) {
        struct policy_rule *r = &p->rules.items[i];

        if (r->condition && r->condition->tunable)
            r->live = r->condition->value != (r->otherwise != r->condition->flipped);
        if (r->subjects->self)
            diag_add(p->diags, &RULE_WRONG_KIND, r->span, "'self' can only be the object of a rule");
        if (r->kind >= TE_TRANSITION) {
            struct type *t = policy_plain_type(p, r->result, r->span, "the resulting type");

            if (t)
                r->result = t;
        } else if (r->kind == AV_NEVERALLOW && r->condition) {
            diag_add(p->diags, &RULE_WRONG_KIND, r->span, "a neverallow rule cannot be conditional");
        }
    }
    for (i = 0; i < p->role_rules.n; i++) {
        struct role_rule *r = &p->role_rules.items[i];

        check_roleset(p, r->to, r->kind == ROLE_RULE_ALLOW, "the resulting role");
    }
}

static unsigned int cexpr_depth(const struct cexpr *e)
{
    unsigned int a, b;

    if (e->op == CX_NOT)
        return cexpr_depth(e->a);
    if (e->op != CX_AND && e->op != CX_OR)
        return 1;
    a = cexpr_depth(e->a);
    b = cexpr_depth(e->b) + 1;
    return a > b ? a : b;
}

/* `third`: may the asking process be compared? Only when a transition is validated. */
static void check_cexpr(struct policy *p, const struct cexpr *e, const struct constraint *c)
{
    bool validate = c->kind == VALIDATETRANS || c->kind == MLSVALIDATETRANS;

    if (e->op <= CX_OR) {
        check_cexpr(p, e->a, c);
        if (e->op != CX_NOT)
            check_cexpr(p, e->b, c);
        return;
    }
    if (e->op == CX_NAMES && e->whose == 3 && !validate)
        diag_add(p->diags, &RULE_WRONG_KIND, e->span, "the third context exists only in validatetrans");
    if (e->attr >= CX_L1L2 && !p->mls)
        diag_add(p->diags, &RULE_WRONG_KIND, e->span, "levels can only be compared in a policy with MLS");
}

static void check_constraints(struct policy *p)
{
    unsigned int i;

    for (i = 0; i < p->constraints.n; i++) {
        struct constraint *c = &p->constraints.items[i];

        check_cexpr(p, c->expr, c);
        if (cexpr_depth(c->expr) > MAX_CEXPR_DEPTH) {
            struct diag *d = diag_add(p->diags, &RULE_POLICY_LIMIT, c->span,
                                      "the expression is nested too deeply, %d levels at most", MAX_CEXPR_DEPTH);

            diag_help(p->diags, d, "write the deeper operand first, or split the constraint in two");
        }
    }
}

/* policydb_context_isvalid() of ss/policydb.c: object_r goes with every user and type. */
static void check_context(struct policy *p, const struct context *c)
{
    struct bits roles, types;
    unsigned int i;

    if (!policy_plain_type(p, c->type, c->span, "the type of a context") || !c->user->declared || !c->role->declared)
        return;
    if (c->role->attribute) {
        diag_add(p->diags, &RULE_WRONG_KIND, c->span, "the role of a context must be a role, '%s' is a role attribute",
                 c->role->name);
        return;
    }
    if (c->role->number) {
        bool found = false;

        types = bits_create(p->arena, p->n_numbered);
        policy_expand_role_types(p, c->role, &types);
        if (!bits_test(&types, c->type->real->number)) {
            struct diag *d = diag_add(p->diags, &RULE_INVALID_CONTEXT, c->span, "role '%s' may not have type '%s'",
                                      c->role->name, c->type->name);

            diag_help(p->diags, d, "give the type to the role, or use object_r for what is not a domain");
        }
        roles = bits_create(p->arena, p->n_roles);
        for (i = 0; i < c->user->roles.n && !found; i++) {
            policy_expand_roles(p, c->user->roles.items[i], &roles);
            found = bits_test(&roles, c->role->number);
        }
        if (!found)
            diag_note(p->diags,
                      diag_add(p->diags, &RULE_INVALID_CONTEXT, c->span, "user '%s' may not have role '%s'",
                               c->user->name, c->role->name),
                      c->user->span, "the user");
    }
    if (!p->mls)
        return;
    if (!c->range) {
        diag_add(p->diags, &RULE_INVALID_CONTEXT, c->span, "the context has no level, MLS is on");
        return;
    }
    check_range(p, c->range);
    if (c->role->number && c->user->range && !diags_count(p->diags, LEVEL_ERROR) &&
        (!dominates(p, c->range->low, c->user->range->low) || !dominates(p, c->user->range->high, c->range->high)))
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_INVALID_CONTEXT, c->span, "the level is outside the range of user '%s'",
                           c->user->name),
                  c->user->span, "the user");
}

static void check_sids(struct policy *p)
{
    unsigned int i;

    for (i = 0; i < p->sids.n; i++) {
        struct sid_context *s = &p->sids.items[i];

        if (s->context)
            check_context(p, s->context);
        else
            diag_add(p->diags, &RULE_MISSING_CONTEXT, s->isid->span, "initial SID '%s' has no context", s->isid->name);
    }
}

/* ---- resources ------------------------------------------------------------------------------------------------ */

static int resource_order(const void *a, const void *b)
{
    const struct resource *x = a, *y = b;

    if (x->path)
        return strcmp(x->path, y->path);
    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    return (x->high > y->high) - (x->high < y->high);
}

static void check_resources(struct policy *p)
{
    static const char *const what[] = {
        [RESOURCE_PIRQ] = "IRQ", [RESOURCE_IOMEM] = "I/O memory", [RESOURCE_IOPORT] = "I/O port",
        [RESOURCE_PCI] = "PCI device", [RESOURCE_DTDEV] = "device tree node",
    };
    static const uint64_t limit[] = {
        [RESOURCE_PIRQ] = MAX_PIRQ, [RESOURCE_IOMEM] = UINT64_MAX, [RESOURCE_IOPORT] = UINT32_MAX,
        [RESOURCE_PCI] = UINT32_MAX, [RESOURCE_DTDEV] = 0,
    };
    unsigned int kind, i;

    for (kind = 0; kind < N_RESOURCES; kind++) {
        struct resource *r = p->resources[kind].items;

        if (p->resources[kind].n)
            qsort(r, p->resources[kind].n, sizeof(*r), resource_order);
        for (i = 0; i < p->resources[kind].n; i++) {
            check_context(p, r[i].context);
            if (r[i].low > r[i].high)
                diag_add(p->diags, &RULE_POLICY_LIMIT, r[i].span, "the %s range runs backwards", what[kind]);
            else if (r[i].high > limit[kind])
                diag_add(p->diags, &RULE_POLICY_LIMIT, r[i].span, "the %s number is too large", what[kind]);
            if (i && (r[i].path ? !strcmp(r[i].path, r[i - 1].path) : r[i].low <= r[i - 1].high))
                diag_note(p->diags,
                          diag_add(p->diags, &RULE_CONFLICTING_RULES, r[i].span, "this %s has two labels", what[kind]),
                          r[i - 1].span, "the other one");
        }
    }
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static void check_classes(struct policy *p)
{
    unsigned int i;

    if (p->classes.n > MAX_CLASSES)
        diag_add(p->diags, &RULE_POLICY_LIMIT, p->classes.items[MAX_CLASSES]->class->span,
                 "%u classes, a binary policy holds %d", p->classes.n, MAX_CLASSES);
    for (i = 0; i < p->classes.n; i++) {
        struct object_class *c = p->classes.items[i];

        if (!c->has_vector)
            diag_add(p->diags, &RULE_CLASS_MISMATCH, c->class->span, "class '%s' has no list of permissions",
                     c->class->name);
        else if (!c->local && c->n_seen && c->n_seen < c->class->n_perms)
            diag_note(p->diags,
                      diag_add(p->diags, &RULE_CLASS_MISMATCH, c->class->perms[c->n_seen].span,
                               "the policy's list of class '%s' ends before permission '%s'", c->class->name,
                               c->class->perms[c->n_seen].name),
                      c->vector_span, "the list");
    }
}

void policy_finish(struct policy *p)
{
    unsigned int i;

    if (p->finished)
        return;
    p->finished = true;
    check_classes(p);
    policy_bind(p);
    for (i = 0; i < p->types.n; i++) {
        struct type *t = p->types.items[i];

        if (t->permissive)
            policy_plain_type(p, t, t->permissive_span, "what is permissive");
        if (t->permissive && t->real != t)
            t->real->permissive = true;
        if (t->bounds && policy_plain_type(p, t, t->span, "what is bounded"))
            policy_plain_type(p, t->bounds, t->span, "what bounds a type");
    }
    check_conditions(p);
    check_rules(p);
    check_constraints(p);
    check_mls(p);
    check_sids(p);
    check_resources(p);
}
