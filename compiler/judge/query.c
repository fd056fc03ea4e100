/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may do what: one pass over the entries of the access vector table collects what rules say about the pairs that
 * were asked for; sorted by pair, it is then judged pair by pair.
 */
#include "judge/query.h"

#include <stdlib.h>
#include <string.h>

#include "judge/answerer.h"
#include "text/diag.h"
#include "text/rules.h"

/* More pairs than anybody reads. */
enum { MAX_ITEMS = 4000000 };

/* What one rule says about one pair and class. */
struct item {
    uint64_t key;           /* FLAT_KEY(), types only */
    uint32_t perms;
    uint32_t rule;          /* index in policy->rules */
};

/* ---- the state -------------------------------------------------------------------------------------------- */

struct answerer *answerer_create(struct policy *p, const struct flat *flat)
{
    struct answerer *w = ARENA_NEW(p->arena, struct answerer);
    const struct object_class *domain = policy_find_class(p, names_get(p->names, "domain"));
    const struct perm *transition = domain ? policy_find_perm(domain, names_get(p->names, "transition")) : NULL;
    unsigned int i, j;

    w->policy = p;
    w->flat = flat;
    w->arena = p->arena;
    w->values = arena_array(p->arena, p->n_booleans, sizeof(*w->values));
    for (i = 0; i < p->booleans.n; i++)
        if (!p->booleans.items[i]->tunable)
            w->values[p->booleans.items[i]->number] = p->booleans.items[i]->value;
    w->role_types = arena_array(p->arena, p->n_roles, sizeof(*w->role_types));
    for (i = 0; i < p->roles.n; i++) {
        const struct role *r = p->roles.items[i];

        if (r->attribute)
            continue;
        w->role_types[r->number] = bits_create(p->arena, p->n_numbered);
        policy_expand_role_types(p, r, &w->role_types[r->number]);
    }
    w->scratch = bits_create(p->arena, p->n_numbered);
    w->role_scratch = bits_create(p->arena, p->n_roles);
    w->low = bits_create(p->arena, p->n_categories);
    w->high = bits_create(p->arena, p->n_categories);
    w->domain = domain ? domain->class : NULL;
    w->transition = transition ? UINT32_C(1) << transition->bit : 0;
    w->domain_transitions = arena_array(p->arena, p->rules.n, sizeof(*w->domain_transitions));
    for (i = 0; i < p->rules.n; i++) {
        const struct policy_rule *r = &p->rules.items[i];

        for (j = 0; r->live && r->kind == TE_TRANSITION && j < r->n_access; j++)
            if (r->access[j].class == w->domain) {
                w->domain_transitions[w->n_domain_transitions++] = i;
                break;
            }
    }
    return w;
}

bool answerer_set_boolean(struct answerer *w, const char *name, bool value)
{
    const struct boolean *b = map_get(&w->policy->boolean_map, NULL, names_get(w->policy->names, name));

    if (!b || !b->declared || b->tunable)
        return false;
    w->values[b->number] = value;
    return true;
}

const struct policy *answerer_policy(const struct answerer *w)
{
    return w->policy;
}

static bool bool_value(const struct answerer *w, const struct bool_expr *e)
{
    switch (e->op) {
    case BOOL_NAME:
        return w->values[e->boolean->number];
    case BOOL_NOT:
        return !bool_value(w, e->a);
    case BOOL_AND:
        return bool_value(w, e->a) && bool_value(w, e->b);
    case BOOL_OR:
        return bool_value(w, e->a) || bool_value(w, e->b);
    case BOOL_XOR:
    case BOOL_NEQ:
        return bool_value(w, e->a) != bool_value(w, e->b);
    case BOOL_EQ:
        return bool_value(w, e->a) == bool_value(w, e->b);
    }
    return false;
}

bool answerer_active(const struct answerer *w, const struct policy_rule *r)
{
    const struct condition *c;
    bool otherwise;

    if (!r->live)
        return false;
    c = policy_condition_of(r, &otherwise);
    return !c || bool_value(w, c->expr) != otherwise;
}

const struct type *answerer_self(const struct answerer *w, const struct type *subject)
{
    unsigned int i;

    for (i = 0; i < w->n_domain_transitions; i++) {
        const struct policy_rule *r = &w->policy->rules.items[w->domain_transitions[i]];
        struct bits types = bits_create(w->arena, w->policy->n_numbered);
        bool subject_is;

        if (!answerer_active(w, r))
            continue;
        policy_expand(w->policy, r->subjects, &types);
        subject_is = bits_test(&types, subject->number);
        policy_expand(w->policy, r->objects, &types);
        if (subject_is && (r->objects->self || bits_test(&types, subject->number)))
            return r->result->real;
    }
    return subject;
}

/* ---- collecting -------------------------------------------------------------------------------------------- */

typedef LIST(struct item) item_list;

struct collection {
    struct answerer *w;
    const struct query *q;
    uint32_t asked;
    item_list items;
    const struct type **self;       /* of each subject, with `itself` */
    struct bits subjects, objects;
};

static void members(const struct policy *p, unsigned int number, const struct bits *among, struct bits *out)
{
    policy_expand(p, &p->numbered[number]->alone, out);
    bits_and(out, among);
}

static bool add_item(struct collection *c, unsigned int s, unsigned int o, unsigned int class, uint32_t perms,
                     uint32_t rule)
{
    if (c->items.n == MAX_ITEMS)
        return false;
    *LIST_PUSH(c->w->arena, &c->items) = (struct item){ FLAT_KEY(s, o, class, 0), perms, rule };
    return true;
}

static bool collect_entry(struct collection *c, const struct flat_entry *e)
{
    const struct policy *p = c->w->policy;
    const struct query *q = c->q;
    unsigned int s, o, class = FLAT_CLASS(e->key);

    if (FLAT_RULE_KIND(e->key) != AV_ALLOW || (q->class && q->class->class->number != class) || !(e->data & c->asked))
        return true;
    members(p, FLAT_SUBJECT(e->key), &q->subject.types, &c->subjects);
    if (bits_empty(&c->subjects))
        return true;
    members(p, FLAT_OBJECT(e->key), q->object.itself ? &p->all_types : &q->object.types, &c->objects);
    for (s = bits_next(&c->subjects, 0); s < c->subjects.n; s = bits_next(&c->subjects, s + 1)) {
        if (q->object.itself) {
            o = c->self[s]->number;
            if (bits_test(&c->objects, o) && !add_item(c, s, o, class, e->data, e->rule))
                return false;
            continue;
        }
        for (o = bits_next(&c->objects, 0); o < c->objects.n; o = bits_next(&c->objects, o + 1))
            if (!add_item(c, s, o, class, e->data, e->rule))
                return false;
    }
    return true;
}

/* A permissive subject may do everything, whether a rule says something or not. */
static bool collect_permissive(struct collection *c)
{
    const struct policy *p = c->w->policy;
    const struct query *q = c->q;
    unsigned int s, o, i;

    for (s = bits_next(&q->subject.types, 0); s < q->subject.types.n; s = bits_next(&q->subject.types, s + 1)) {
        if (!p->numbered[s]->permissive)
            continue;
        for (i = 0; i < p->classes.n; i++) {
            if (q->class && q->class != p->classes.items[i])
                continue;
            if (q->object.itself && !add_item(c, s, c->self[s]->number, i + 1, 0, UINT32_MAX))
                return false;
            for (o = bits_next(&q->object.types, 0); !q->object.itself && o < q->object.types.n;
                 o = bits_next(&q->object.types, o + 1))
                if (!add_item(c, s, o, i + 1, 0, UINT32_MAX))
                    return false;
        }
    }
    return true;
}

static int by_key(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

static bool collect(struct collection *c)
{
    const struct flat *f = c->w->flat;
    size_t i;

    for (i = 0; i < f->n_always; i++)
        if (!collect_entry(c, &f->always[i]))
            return false;
    for (i = 0; i < f->n_sometimes; i++)
        if (!collect_entry(c, &f->sometimes[i]))
            return false;
    if (!collect_permissive(c))
        return false;
    if (c->items.n)
        qsort(c->items.items, c->items.n, sizeof(*c->items.items), by_key);
    return true;
}

/* ---- judging ------------------------------------------------------------------------------------------------ */

static void reason(struct answerer *w, struct query_result *r, struct query_reason reason)
{
    struct query_reason *last = r->reasons.n ? &r->reasons.items[r->reasons.n - 1] : NULL;

    /* One rule may make several entries for one pair. */
    if (last && reason.rule && last->rule == reason.rule)
        last->perms |= reason.perms;
    else
        *LIST_PUSH(w->arena, &r->reasons) = reason;
}

static enum query_verdict verdict(uint32_t yes, uint32_t maybe, uint32_t all)
{
    if (!all)
        return yes ? QUERY_YES : maybe ? QUERY_IF : QUERY_NO;
    return !(all & ~yes) ? QUERY_YES : !(all & ~(yes | maybe)) ? QUERY_IF : QUERY_NO;
}

/* The `n` items of one pair and class. */
static void judge(struct collection *c, const struct item *items, size_t n, struct query_answer *a)
{
    struct answerer *w = c->w;
    struct policy *p = w->policy;
    struct query_result r = {
        .subject = p->numbered[FLAT_SUBJECT(items->key)],
        .object = p->numbered[FLAT_OBJECT(items->key)],
        .class = p->classes.items[FLAT_CLASS(items->key) - 1]->class,
    };
    struct query_pair pair = { r.subject, r.object, c->q->subject.context, c->q->object.context,
                               c->q->object.itself };
    uint32_t granted = 0, off = 0;
    size_t i;

    for (i = 0; i < n; i++) {
        const struct policy_rule *rule;
        bool active;

        if (items[i].rule == UINT32_MAX)
            continue;
        rule = &p->rules.items[items[i].rule];
        active = answerer_active(w, rule);
        *(active ? &granted : &off) |= items[i].perms;
        reason(w, &r, (struct query_reason){ .kind = active ? QUERY_RULE : QUERY_RULE_OFF, .rule = rule,
                                             .verdict = active ? QUERY_YES : QUERY_NO,
                                             .perms = items[i].perms & c->asked });
    }
    answerer_restrict(w, &pair, r.class, granted, c->asked, &r);
    if (r.subject->permissive) {
        uint32_t all = policy_all_perms(p->classes.items[r.class->number - 1]) & c->asked;

        reason(w, &r, (struct query_reason){ .kind = QUERY_PERMISSIVE, .type = r.subject, .verdict = QUERY_YES,
                                             .perms = all & ~r.yes });
        r.yes = all;
        r.maybe = 0;
    }
    r.no = (granted | off) & c->asked & ~(r.yes | r.maybe);
    r.verdict = verdict(r.yes, r.maybe, c->q->perms);
    if (r.verdict > a->verdict)
        a->verdict = r.verdict;
    *LIST_PUSH(w->arena, &a->results) = r;
}

const struct query_answer *answer(struct answerer *w, const struct query *q)
{
    struct policy *p = w->policy;
    struct query_answer *a = ARENA_NEW(w->arena, struct query_answer);
    struct collection c = { .w = w, .q = q, .asked = q->perms ? q->perms : UINT32_MAX };
    unsigned int i;
    size_t at, n;

    if (q->form == QUERY_REACH) {
        answerer_reach(w, q, a);
        return a;
    }
    if (q->object.itself) {
        c.self = arena_array(w->arena, p->n_numbered, sizeof(*c.self));
        for (i = bits_next(&q->subject.types, 0); i < q->subject.types.n; i = bits_next(&q->subject.types, i + 1))
            c.self[i] = answerer_self(w, p->numbered[i]);
    }
    c.subjects = bits_create(w->arena, p->n_numbered);
    c.objects = bits_create(w->arena, p->n_numbered);
    if (!collect(&c)) {
        diag_help(p->diags,
                  diag_add(p->diags, &RULE_POLICY_LIMIT, (struct span){ 0, 0, 0 }, "the answer has over %d lines",
                           MAX_ITEMS),
                  "name the subject, the object, or the access");
        return NULL;
    }
    for (at = 0; at < c.items.n; at += n) {
        for (n = 1; at + n < c.items.n && c.items.items[at + n].key == c.items.items[at].key;)
            n++;
        judge(&c, &c.items.items[at], n, a);
    }
    return a;
}
