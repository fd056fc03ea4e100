/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What takes permissions back from rules: constraints, the change of a domain's role, and type bounds, in the order of
 * context_struct_compute_av() (xen/xsm/flask/ss/services.c). With only types known, each of them forbids, does not
 * forbid, or may forbid; any type may come with any user and, as an object, with role object_r.
 */
#include "judge/answerer.h"

static enum query_verdict not(enum query_verdict v)
{
    return v == QUERY_IF ? QUERY_IF : v == QUERY_YES ? QUERY_NO : QUERY_YES;
}

static enum query_verdict both(enum query_verdict a, enum query_verdict b)
{
    return a < b ? a : b;
}

static enum query_verdict either(enum query_verdict a, enum query_verdict b)
{
    return a > b ? a : b;
}

static enum query_verdict known(bool truth)
{
    return truth ? QUERY_YES : QUERY_NO;
}

/* ---- parts of contexts -------------------------------------------------------------------------------------- */

static const struct context *context_of(const struct query_pair *pair, unsigned int whose)
{
    return whose == 1 || pair->same ? pair->subject_context : pair->object_context;
}

static const struct type *type_of(const struct query_pair *pair, unsigned int whose)
{
    return whose == 1 ? pair->subject : pair->object;
}

/* May the side have this role? */
static bool role_possible(const struct answerer *w, const struct query_pair *pair, unsigned int whose,
                          unsigned int role)
{
    const struct context *c = context_of(pair, whose);

    if (c)
        return c->role->number == role;
    return !role || bits_test(&w->role_types[role], type_of(pair, pair->same ? 1 : whose)->number);
}

static enum query_verdict names(struct answerer *w, const struct cexpr *e, const struct query_pair *pair)
{
    const struct context *c = context_of(pair, e->whose);
    bool in = false, out = false;
    unsigned int i;

    switch (e->attr) {
    case CX_TYPE:
        policy_expand(w->policy, e->types, &w->scratch);
        in = bits_test(&w->scratch, type_of(pair, e->whose)->number);
        out = !in;
        break;
    case CX_ROLE:
        policy_expand_roles(w->policy, e->roles, &w->role_scratch);
        for (i = 0; i < w->policy->n_roles; i++)
            if (role_possible(w, pair, e->whose, i))
                *(bits_test(&w->role_scratch, i) ? &in : &out) = true;
        break;
    default:
        for (i = 0; i < e->n_users; i++)
            in |= !c || e->users[i] == c->user;
        out = c ? !in : e->n_users < w->policy->n_users;
    }
    return in && out ? QUERY_IF : e->compare == CX_NEQ ? known(out) : known(in);
}

/* -1: a is below b, 1: above, 0: equal, 2: neither; category sets decide along with sensitivities. */
static int compare_levels(struct answerer *w, const struct seclevel *a, const struct seclevel *b)
{
    unsigned int x = a->sensitivity->real->rank, y = b->sensitivity->real->rank, i;
    bool above = x >= y, below = x <= y;

    policy_expand_categories(w->policy, a, &w->low);
    policy_expand_categories(w->policy, b, &w->high);
    for (i = 0; i < bits_words(&w->low); i++) {
        above &= !(w->high.words[i] & ~w->low.words[i]);
        below &= !(w->low.words[i] & ~w->high.words[i]);
    }
    return above && below ? 0 : above ? 1 : below ? -1 : 2;
}

static enum query_verdict ordered(int order, enum cexpr_compare compare)
{
    switch (compare) {
    case CX_EQ:
        return known(order == 0);
    case CX_NEQ:
        return known(order != 0);
    case CX_DOM:
        return known(order == 0 || order == 1);
    case CX_DOMBY:
        return known(order == 0 || order == -1);
    case CX_INCOMP:
        return known(order == 2);
    }
    return QUERY_IF;
}

static const struct seclevel *level_of(const struct query_pair *pair, unsigned int whose, bool high)
{
    const struct context *c = context_of(pair, whose);

    return c && c->range ? high ? c->range->high : c->range->low : NULL;
}

static enum query_verdict levels(struct answerer *w, const struct cexpr *e, const struct query_pair *pair)
{
    static const struct {
        unsigned int whose_a, high_a, whose_b, high_b;
    } sides[] = {
        [CX_L1L2] = { 1, 0, 2, 0 }, [CX_L1H2] = { 1, 0, 2, 1 }, [CX_H1L2] = { 1, 1, 2, 0 },
        [CX_H1H2] = { 1, 1, 2, 1 }, [CX_L1H1] = { 1, 0, 1, 1 }, [CX_L2H2] = { 2, 0, 2, 1 },
    };
    const struct seclevel *a = level_of(pair, sides[e->attr].whose_a, sides[e->attr].high_a);
    const struct seclevel *b = level_of(pair, sides[e->attr].whose_b, sides[e->attr].high_b);

    if (!a && pair->same && (e->attr == CX_L1L2 || e->attr == CX_H1H2))
        return ordered(0, e->compare);
    return a && b ? ordered(compare_levels(w, a, b), e->compare) : QUERY_IF;
}

/* As dominance statements say; every role is above itself, but not object_r, which is in no such statement. */
static bool role_dominates(const struct role *a, const struct role *b)
{
    unsigned int i;

    for (i = 0; i < a->dominates.n; i++)
        if (a->dominates.items[i] == b)
            return true;
    return a == b && a->number;
}

static bool roles_compare(const struct role *a, const struct role *b, enum cexpr_compare compare)
{
    switch (compare) {
    case CX_EQ:
        return a == b;
    case CX_NEQ:
        return a != b;
    case CX_DOM:
        return role_dominates(a, b);
    case CX_DOMBY:
        return role_dominates(b, a);
    case CX_INCOMP:
        return !role_dominates(a, b) && !role_dominates(b, a);
    }
    return false;
}

static enum query_verdict roles(struct answerer *w, const struct cexpr *e, const struct query_pair *pair)
{
    const struct policy *p = w->policy;
    bool yes = false, no = false;
    unsigned int i, j;

    for (i = 0; i < p->roles.n; i++) {
        const struct role *a = p->roles.items[i];

        if (a->attribute || !role_possible(w, pair, 1, a->number))
            continue;
        for (j = 0; j < p->roles.n; j++) {
            const struct role *b = p->roles.items[j];

            if (b->attribute || !role_possible(w, pair, 2, b->number) || (pair->same && a != b))
                continue;
            *(roles_compare(a, b, e->compare) ? &yes : &no) = true;
        }
    }
    return yes && no ? QUERY_IF : known(yes);
}

static enum query_verdict users(const struct answerer *w, const struct cexpr *e, const struct query_pair *pair)
{
    const struct context *a = context_of(pair, 1), *b = context_of(pair, 2);
    enum query_verdict same = a && b ? known(a->user == b->user)
                                     : pair->same || w->policy->n_users == 1 ? QUERY_YES : QUERY_IF;

    return e->compare == CX_NEQ ? not(same) : same;
}

static enum query_verdict evaluate(struct answerer *w, const struct cexpr *e, const struct query_pair *pair)
{
    enum query_verdict same;

    switch (e->op) {
    case CX_NOT:
        return not(evaluate(w, e->a, pair));
    case CX_AND:
        return both(evaluate(w, e->a, pair), evaluate(w, e->b, pair));
    case CX_OR:
        return either(evaluate(w, e->a, pair), evaluate(w, e->b, pair));
    case CX_NAMES:
        return e->whose > 2 ? QUERY_IF : names(w, e, pair);
    case CX_ATTR:
        break;
    }
    switch (e->attr) {
    case CX_USER:
        return users(w, e, pair);
    case CX_ROLE:
        return roles(w, e, pair);
    case CX_TYPE:
        same = known(pair->subject == pair->object);
        return e->compare == CX_NEQ ? not(same) : same;
    default:
        return levels(w, e, pair);
    }
}

/* ---- the three of them --------------------------------------------------------------------------------------- */

/* Permissions that are allowed for sure, and that may be. */
struct vector {
    uint32_t yes, maybe;
};

static void take_back(struct vector *v, uint32_t perms, enum query_verdict allowed)
{
    if (allowed == QUERY_NO)
        v->maybe &= ~perms;
    else
        v->maybe |= v->yes & perms;
    v->yes &= ~perms;
}

static void constraints(struct answerer *w, const struct query_pair *pair, const struct class *class, uint32_t asked,
                        struct vector *v, struct query_result *r)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->constraints.n; i++) {
        const struct constraint *c = &p->constraints.items[i];

        if (c->kind != CONSTRAIN && c->kind != MLSCONSTRAIN)
            continue;
        for (j = 0; j < c->n_access; j++) {
            uint32_t perms = c->access[j].class == class ? c->access[j].perms & (v->yes | v->maybe) : 0;
            enum query_verdict allowed;

            if (!perms || (allowed = evaluate(w, c->expr, pair)) == QUERY_YES)
                continue;
            take_back(v, perms, allowed);
            if (r && perms & asked)
                *LIST_PUSH(w->arena, &r->reasons) = (struct query_reason){
                    .kind = QUERY_CONSTRAINT, .verdict = allowed, .constraint = c, .perms = perms & asked };
        }
    }
}

/* May a domain go over from one role to another? */
static bool role_allowed(struct answerer *w, unsigned int from, unsigned int to)
{
    const struct policy *p = w->policy;
    unsigned int i;
    bool found = false;

    for (i = 0; i < p->role_rules.n && !found; i++) {
        const struct role_rule *rule = &p->role_rules.items[i];

        if (rule->kind != ROLE_RULE_ALLOW)
            continue;
        policy_expand_roles(p, rule->from, &w->role_scratch);
        if (!bits_test(&w->role_scratch, from))
            continue;
        policy_expand_roles(p, rule->to, &w->role_scratch);
        found = bits_test(&w->role_scratch, to);
    }
    return found;
}

static void role_change(struct answerer *w, const struct query_pair *pair, uint32_t asked, struct vector *v,
                        struct query_result *r)
{
    enum query_verdict allowed;
    bool yes = false, no = false;
    unsigned int i, j;

    for (i = 0; i < w->policy->n_roles; i++)
        for (j = 0; j < w->policy->n_roles; j++)
            if (role_possible(w, pair, 1, i) && role_possible(w, pair, 2, j) && (i == j || !pair->same))
                *(i == j || role_allowed(w, i, j) ? &yes : &no) = true;
    allowed = yes && no ? QUERY_IF : known(yes);
    if (allowed == QUERY_YES)
        return;
    take_back(v, w->transition, allowed);
    if (r && w->transition & asked)
        *LIST_PUSH(w->arena, &r->reasons) = (struct query_reason){ .kind = QUERY_ROLES, .verdict = allowed,
                                                                    .perms = w->transition };
}

static struct vector compute(struct answerer *w, const struct query_pair *pair, const struct class *class,
                             uint32_t granted, uint32_t asked, unsigned int depth, struct query_result *r);

/* What rules that count grant. */
static uint32_t granted_to(const struct answerer *w, const struct type *subject, const struct type *object,
                           const struct class *class)
{
    const struct policy *p = w->policy;
    uint32_t perms = 0;
    unsigned int i, j;
    size_t n, k;

    for (i = 0; i <= subject->n_attributes; i++)
        for (j = 0; j <= object->n_attributes; j++) {
            unsigned int s = i < subject->n_attributes ? subject->attributes[i]->real->number : subject->number;
            unsigned int o = j < object->n_attributes ? object->attributes[j]->real->number : object->number;
            uint64_t key = FLAT_KEY(s, o, class->number, AV_ALLOW);
            const struct flat_entry *e = flat_find(w->flat->always, w->flat->n_always, key, &n);

            for (k = 0; k < n; k++)
                perms |= e[k].data;
            e = flat_find(w->flat->sometimes, w->flat->n_sometimes, key, &n);
            for (k = 0; k < n; k++)
                if (answerer_active(w, &p->rules.items[e[k].rule]))
                    perms |= e[k].data;
        }
    return perms;
}

/*
 * type_attribute_bounds_av(): the bounding types are asked in turn; if one of them may do all that the bounded one may,
 * nothing is masked, and otherwise the last one asked decides.
 */
static void bounds(struct answerer *w, const struct query_pair *pair, const struct class *class, uint32_t asked,
                   unsigned int depth, struct vector *v, struct query_result *r)
{
    const struct type *s = pair->subject->bounds, *o = pair->object->bounds;
    struct query_pair pairs[3];
    bool same = pair->same;
    uint32_t masked_yes = 0, masked_maybe = 0, all = v->yes | v->maybe;
    const struct type *by = NULL;
    unsigned int i, n = 0;
    bool certain = false, possible = false;

    if (depth > 8)
        return;
    if (s)
        pairs[n++] = (struct query_pair){ s->real, pair->object, pair->subject_context, pair->object_context,
                                            same };
    if (o)
        pairs[n++] = (struct query_pair){ pair->subject, o->real, pair->subject_context, pair->object_context,
                                            same };
    if (s && o)
        pairs[n++] = (struct query_pair){ s->real, o->real, pair->subject_context, pair->object_context,
                                            same };
    for (i = 0; i < n; i++) {
        struct vector low = compute(w, &pairs[i], class,
                                    granted_to(w, pairs[i].subject, pairs[i].object, class), 0, depth + 1, NULL);

        masked_yes = all & ~low.yes;
        masked_maybe = all & ~(low.yes | low.maybe);
        certain |= !masked_yes;
        possible |= !masked_maybe;
        by = pairs[i].subject != pair->subject ? s->real : o->real;
    }
    if (!n || certain)
        return;
    if (possible)
        masked_maybe = 0;
    take_back(v, masked_maybe, QUERY_NO);
    take_back(v, masked_yes & ~masked_maybe, QUERY_IF);
    if (r && masked_yes & asked)
        *LIST_PUSH(w->arena, &r->reasons) = (struct query_reason){
            .kind = QUERY_BOUND, .verdict = masked_maybe & asked ? QUERY_NO : QUERY_IF, .type = by,
            .perms = masked_yes & asked };
}

static struct vector compute(struct answerer *w, const struct query_pair *pair, const struct class *class,
                             uint32_t granted, uint32_t asked, unsigned int depth, struct query_result *r)
{
    struct vector v = { granted, 0 };

    constraints(w, pair, class, asked, &v, r);
    if (class == w->domain && (v.yes | v.maybe) & w->transition)
        role_change(w, pair, asked, &v, r);
    if (v.yes | v.maybe)
        bounds(w, pair, class, asked, depth, &v, r);
    return v;
}

void answerer_restrict(struct answerer *w, const struct query_pair *pair, const struct class *class, uint32_t granted,
                       uint32_t asked, struct query_result *r)
{
    struct vector v;

    /* The collected entries are those that were asked about; bounds look at all of them. */
    if (pair->subject->bounds || pair->object->bounds)
        granted = granted_to(w, pair->subject, pair->object, class);
    v = compute(w, pair, class, granted, asked, 0, r);
    r->yes = v.yes & asked;
    r->maybe = v.maybe & asked & ~v.yes;
}
