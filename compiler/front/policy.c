/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From policy statements to a policy: takes each as the grammar makes it, and calls the builder. Runs after every file
 * was read once, so classes and permissions are all known; the other names the builder binds at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "front/front.h"
#include "front/lists.h"
#include "front/policy-expr.h"
#include "model/policy.h"
#include "model/statement.h"
#include "text/diag.h"
#include "text/rules.h"

struct work {
    struct front *front;
    struct policy *policy;
    struct typeset_builder types;       /* used again for every set */
    struct roleset_builder roles;
    LIST(struct access) accesses;
    const char *self;
};

/* ---- sets ------------------------------------------------------------------------------------------------- */

static const struct typeset *type_set(struct work *w, const struct written_set *set, bool self_allowed)
{
    unsigned int i;

    w->types.all = set->all;
    w->types.complement = set->complement;
    for (i = 0; i < set->n; i++) {
        const struct written_name *n = &set->names[i];

        if (n->name != w->self) {
            policy_set_add(w->policy, &w->types, policy_type(w->policy, n->name, n->span), n->out);
            continue;
        }
        if (!self_allowed || n->out || set->complement)
            diag_add(w->front->diags, &RULE_WRONG_KIND, n->span, n->out || set->complement
                         ? "'self' cannot be taken away" : "'self' can only be the object of a rule");
        w->types.self = true;
    }
    return policy_typeset(w->policy, &w->types, set->span);
}

static const struct roleset *role_set(struct work *w, const struct written_set *set)
{
    unsigned int i;

    w->roles.all = set->all;
    w->roles.complement = set->complement;
    for (i = 0; i < set->n; i++)
        policy_roleset_add(w->policy, &w->roles, policy_role(w->policy, set->names[i].name, set->names[i].span),
                           set->names[i].out);
    return policy_roleset(w->policy, &w->roles, set->span);
}

static uint32_t perm_set(struct work *w, struct object_class *c, const struct written_set *set)
{
    uint32_t perms = set->all ? policy_all_perms(c) : 0, out = 0;
    unsigned int i;

    for (i = 0; i < set->n; i++)
        *(set->names[i].out ? &out : &perms) |= policy_perm(w->policy, c, set->names[i].name, set->names[i].span);
    perms &= ~out;
    return set->complement ? policy_all_perms(c) & ~perms : perms;
}

/* The accesses of a statement, and their number in `n`. One of them is shared, several are copied. */
static const struct access *access_list(struct work *w, const struct statement *s, unsigned int *n)
{
    struct access *copy;
    unsigned int i;

    w->accesses.n = 0;
    for (i = 0; i < s->n_accesses; i++) {
        const struct written_access *a = &s->accesses[i];
        struct object_class *c = policy_class(w->policy, a->class.name, a->class.span);

        if (c)
            *LIST_PUSH(w->front->arena, &w->accesses) = (struct access){ c->class, perm_set(w, c, &a->perms) };
    }
    *n = w->accesses.n;
    if (*n == 1)
        return policy_access(w->policy, w->accesses.items[0].class, w->accesses.items[0].perms);
    copy = arena_array(w->front->arena, *n, sizeof(*copy));
    if (*n)
        memcpy(copy, w->accesses.items, *n * sizeof(*copy));
    return copy;
}

/* The classes of a set, as accesses without permissions. */
static const struct access *class_list(struct work *w, const struct written_set *set, unsigned int *n)
{
    struct access *list = arena_array(w->front->arena, set->n, sizeof(*list));
    unsigned int i;

    *n = 0;
    if (set->all || set->complement)
        diag_add(w->front->diags, &RULE_WRONG_KIND, set->span, "classes are named one by one");
    for (i = 0; i < set->n; i++) {
        struct object_class *c = policy_class(w->policy, set->names[i].name, set->names[i].span);

        if (c)
            list[(*n)++].class = c->class;
    }
    if (*n == 1)
        return policy_access(w->policy, list[0].class, 0);
    return list;
}

static struct class **class_pointers(struct work *w, const struct written_set *set, unsigned int *n)
{
    const struct access *list = class_list(w, set, n);
    struct class **classes = arena_array(w->front->arena, *n, sizeof(*classes));
    unsigned int i;

    for (i = 0; i < *n; i++)
        classes[i] = list[i].class;
    return classes;
}

/* ---- levels and contexts ---------------------------------------------------------------------------------- */

static const struct seclevel *level(struct work *w, const struct written_level *l)
{
    struct category_range *ranges = arena_array(w->front->arena, l->n, sizeof(*ranges));
    unsigned int i;

    for (i = 0; i < l->n; i++) {
        ranges[i].low = policy_category(w->policy, l->low[i].name, l->low[i].span);
        ranges[i].high = policy_category(w->policy, l->high[i].name, l->high[i].span);
    }
    return policy_level(w->policy, policy_sensitivity(w->policy, l->sensitivity.name, l->sensitivity.span), ranges,
                        l->n, l->span);
}

static const struct secrange *range(struct work *w, const struct written_range *r)
{
    const struct seclevel *low;

    if (!r)
        return NULL;
    low = level(w, r->low);
    return policy_range(w->policy, low, r->high ? level(w, r->high) : low);
}

static const struct context *context(struct work *w, const struct written_context *c)
{
    struct policy *p = w->policy;

    return policy_context(p, policy_user(p, c->user.name, c->user.span), policy_role(p, c->role.name, c->role.span),
                          policy_type(p, c->type.name, c->type.span), range(w, c->range), c->span);
}

/*
 * The names of `sensitivity s0.s15`: the same letters, then numbers that run from the first to the last. Calls
 * `declare` for each.
 */
static void numbered(struct work *w, const struct statement *s,
                     void (*declare)(struct work *w, const char *name, const struct statement *s))
{
    const char *first = s->names[0].name, *last;
    size_t stem;
    unsigned long from, to, i;

    if (s->n_names < 2) {
        declare(w, first, s);
        return;
    }
    last = s->names[1].name;
    stem = strcspn(first, "0123456789");
    if (!first[stem] || strncmp(first, last, stem) || strcspn(last, "0123456789") != stem ||
        strspn(first + stem, "0123456789") != strlen(first + stem) || strlen(last + stem) > 6 ||
        strspn(last + stem, "0123456789") != strlen(last + stem) || !last[stem] || strlen(first + stem) > 6) {
        diag_add(w->front->diags, &RULE_SYNTAX, span_join(s->names[0].span, s->names[1].span),
                 "a numbered list runs from one name to another that differs in its number only");
        return;
    }
    from = strtoul(first + stem, NULL, 10);
    to = strtoul(last + stem, NULL, 10);
    if (from > to)
        diag_add(w->front->diags, &RULE_SYNTAX, span_join(s->names[0].span, s->names[1].span),
                 "this list runs backwards");
    for (i = from; i <= to; i++)
        declare(w, names_get(w->front->names, arena_printf(w->front->arena, "%.*s%lu", (int)stem, first, i)), s);
}

static void declare_sensitivity(struct work *w, const char *name, const struct statement *s)
{
    struct sensitivity *sens = policy_declare_sensitivity(w->policy, name, s->names[0].span);
    unsigned int i;

    policy_enable_mls(w->policy);
    if (!sens->real->ranked)        /* else it was declared before, which is said */
        policy_dominance(w->policy, sens, s->names[0].span);
    for (i = 0; s->more && i < s->more->n_aliases; i++)
        policy_sensitivity_alias(w->policy, sens, s->more->aliases[i].name, s->more->aliases[i].span);
}

static void declare_category(struct work *w, const char *name, const struct statement *s)
{
    struct category *c = policy_declare_category(w->policy, name, s->names[0].span);
    unsigned int i;

    for (i = 0; s->more && i < s->more->n_aliases; i++)
        policy_category_alias(w->policy, c, s->more->aliases[i].name, s->more->aliases[i].span);
}

/* A sensitivity without a `level` statement may have every category. */
static void fill_levels(struct work *w)
{
    struct policy *p = w->policy;
    struct category_range all = { NULL, NULL };
    unsigned int i;

    for (i = 0; i < p->categories.n; i++) {
        struct category *c = p->categories.items[i];

        if (!c->declared || c->real != c)
            continue;
        if (!all.low)
            all.low = c;
        all.high = c;
    }
    for (i = 0; i < p->sensitivities.n; i++) {
        struct sensitivity *s = p->sensitivities.items[i];

        if (s->declared && s->real == s && !s->level)
            policy_declare_level(p, policy_level(p, s, &all, all.low != NULL, s->span));
    }
}

/* ---- statements ------------------------------------------------------------------------------------------- */

static void rule_statement(struct work *w, const struct statement *s, const struct condition *condition, bool otherwise)
{
    struct policy *p = w->policy;
    const struct typeset *subjects = type_set(w, s->set, false);
    const struct typeset *objects = type_set(w, s->objects, s->kind == STATEMENT_RULE);
    struct policy_rule *r;
    const struct access *access;
    struct type *result = NULL;
    unsigned int n;

    if (s->kind == STATEMENT_RULE) {
        access = access_list(w, s, &n);
    } else {
        access = class_list(w, s->classes, &n);
        result = policy_type(p, s->names[0].name, s->names[0].span);
    }
    r = policy_add_rule(p, s->rule, subjects, objects, access, n, result, s->span);
    r->reason = s->text;
    r->condition = condition;
    r->otherwise = otherwise;
}

static void if_statement(struct work *w, const struct statement *s)
{
    struct bool_expr *expr = policy_bool_from(w->policy, s->more->expr);
    struct condition *condition;
    unsigned int i;

    if (!expr)
        return;
    condition = policy_condition(w->policy, expr, s->more->expr->span);
    for (i = 0; i < s->more->n_then; i++)
        rule_statement(w, s->more->then[i], condition, false);
    for (i = 0; i < s->more->n_otherwise; i++)
        rule_statement(w, s->more->otherwise[i], condition, true);
}

static void type_statement(struct work *w, const struct statement *s)
{
    struct policy *p = w->policy;
    struct type *t = policy_declare_type(p, s->names[0].name, s->names[0].span);
    unsigned int i;

    t->meaning = s->text;
    for (i = 0; s->set && i < s->set->n; i++)
        policy_type_attribute(p, t, policy_type(p, s->set->names[i].name, s->set->names[i].span), s->set->span);
    for (i = 0; i < s->more->n_aliases; i++)
        policy_declare_alias(p, t, s->more->aliases[i].name, s->more->aliases[i].span);
}

static void attribute_statement(struct work *w, const struct statement *s)
{
    struct policy *p = w->policy;
    struct type *a = policy_open_attribute(p, s->names[0].name, s->names[0].span);
    unsigned int i;

    if (s->text)
        a->meaning = s->text;
    for (i = 0; s->set && i < s->set->n; i++) {
        const struct written_name *n = &s->set->names[i];

        if (n->out)
            diag_add(p->diags, &RULE_WRONG_KIND, n->span, "an attribute lists its types one by one");
        else
            policy_type_attribute(p, policy_type(p, n->name, n->span), a, n->span);
    }
}

static void user_statement(struct work *w, const struct statement *s)
{
    struct policy *p = w->policy;
    struct user *u = policy_declare_user(p, s->names[0].name, s->names[0].span);

    if (s->text)
        u->meaning = s->text;
    policy_user_roles(p, u, role_set(w, s->set));
    if (s->more->range) {
        const struct secrange *r = range(w, s->more->range);

        policy_user_range(p, u, s->more->level ? level(w, s->more->level) : r->low, r, s->span);
    } else if (s->more->level) {
        diag_add(p->diags, &RULE_SYNTAX, s->more->level->span, "a level needs a range as well");
    }
}

static void constrain_statement(struct work *w, const struct statement *s)
{
    bool validate = s->kind == STATEMENT_VALIDATE, levels = false;
    const struct cexpr *expr = policy_cexpr_from(w->policy, s->more->expr, validate, &levels);
    struct constraint *c;
    const struct access *access;
    unsigned int n;

    access = validate ? class_list(w, s->classes, &n) : access_list(w, s, &n);
    if (!expr)
        return;
    c = policy_add_constraint(w->policy, validate ? levels ? MLSVALIDATETRANS : VALIDATETRANS
                                                  : levels ? MLSCONSTRAIN : CONSTRAIN,
                              access, n, expr, s->span);
    c->reason = s->text;
}

static void role_statement(struct work *w, const struct statement *s)
{
    struct role *r = policy_declare_role(w->policy, s->names[0].name, s->names[0].span);

    if (s->text)
        r->meaning = s->text;
    if (s->set)
        policy_role_types(w->policy, r, type_set(w, s->set, false));
}

static void statement(struct work *w, const struct statement *s)
{
    struct policy *p = w->policy;
    const struct written_name *n = s->names;
    struct class **classes;
    unsigned int n_classes;

    switch (s->kind) {
    case STATEMENT_TYPE:
        type_statement(w, s);
        break;
    case STATEMENT_ALIAS:
        policy_declare_alias(p, policy_type(p, n[1].name, n[1].span), n[0].name, n[0].span);
        break;
    case STATEMENT_ATTRIBUTE:
        attribute_statement(w, s);
        break;
    case STATEMENT_BOUND:
        policy_type_bounds(p, policy_type(p, n[1].name, n[1].span), policy_type(p, n[0].name, n[0].span), s->span);
        break;
    case STATEMENT_PERMISSIVE:
        policy_permissive(p, policy_type(p, n[0].name, n[0].span), s->span);
        break;
    case STATEMENT_RULE:
    case STATEMENT_TRANSITION:
        rule_statement(w, s, NULL, false);
        break;
    case STATEMENT_RANGE:
        classes = class_pointers(w, s->classes, &n_classes);
        policy_add_range(p, type_set(w, s->set, false), type_set(w, s->objects, false), classes, n_classes,
                         range(w, s->more->range), s->span);
        break;
    case STATEMENT_ROLE:
        role_statement(w, s);
        break;
    case STATEMENT_ROLE_ALLOW:
        policy_role_allow(p, role_set(w, s->set), role_set(w, s->objects), s->span);
        break;
    case STATEMENT_ROLE_TRANSITION:
        classes = class_pointers(w, s->classes, &n_classes);
        policy_role_transition(p, role_set(w, s->set), type_set(w, s->objects, false), classes, n_classes,
                               policy_role(p, n[0].name, n[0].span), s->span);
        break;
    case STATEMENT_USER:
        user_statement(w, s);
        break;
    case STATEMENT_BOOL:
        policy_declare_boolean(p, n[0].name, s->rule, false, n[0].span)->meaning = s->text;
        break;
    case STATEMENT_IF:
        if_statement(w, s);
        break;
    case STATEMENT_SENSITIVITY:
        numbered(w, s, declare_sensitivity);
        break;
    case STATEMENT_CATEGORY:
        numbered(w, s, declare_category);
        break;
    case STATEMENT_LEVEL:
        policy_declare_level(p, level(w, s->more->level));
        break;
    case STATEMENT_CONSTRAIN:
    case STATEMENT_VALIDATE:
        constrain_statement(w, s);
        break;
    case STATEMENT_LABEL_SID:
        policy_sid_context(p, n[0].name, context(w, s->more->context), s->span);
        break;
    case STATEMENT_LABEL_RESOURCE:
        policy_add_resource(p, s->rule, s->more->low, s->more->high,
                            s->rule == RESOURCE_DTDEV ? s->more->path : NULL, context(w, s->more->context), s->span);
        break;
    case STATEMENT_UNKNOWN:
        policy_handle_unknown(p, s->rule, s->span);
        break;
    case STATEMENT_POLICYCAP:
        policy_add_policycap(p, n[0].name, n[0].span);
        break;
    case STATEMENT_DOMAIN:
    case STATEMENT_RESOURCE:
    case STATEMENT_RESOLVE:
    case STATEMENT_STRICTER:
    case STATEMENT_SUPPOSE:
        break;          /* stock.c */
    }
}

static void take(void *with, const struct statement *s)
{
    statement(with, s);
}

bool front_has_policy(const struct front *f)
{
    return f->lists->n_statements;
}

void front_add_policy(struct front *f, struct policy *p)
{
    struct work w = { .front = f, .policy = p, .self = names_get(f->names, "self") };
    struct front *again = front_create_beside(f);
    unsigned int i;

    /* What is wrong with the text was said the first time. */
    again->diags = diags_create(f->arena, f->sources);
    again->lists->take = take;
    again->lists->with = &w;
    LIST_RESERVE(p->arena, &p->rules, p->rules.n + f->lists->n_rules);
    for (i = 0; i < f->lists->policies.n; i++)
        front_parse(again, f->lists->policies.items[i], NULL);
    if (p->mls)
        fill_levels(&w);
}
