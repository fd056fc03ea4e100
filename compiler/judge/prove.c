/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks all cases, asks the server, and files every difference under its reason. */
#include <stdlib.h>
#include <string.h>

#include "judge/proving.h"
#include "judge/waive.h"
#include "text/rules.h"

const char *verdict_name(enum verdict v)
{
    static const char *const names[N_VERDICTS] = {
        [VERDICT_EQUAL] = "equal", [VERDICT_STRICTER] = "stricter", [VERDICT_LOOSER] = "looser",
        [VERDICT_COVERED] = "covered", [VERDICT_XEN_STRICTER] = "xen-stricter", [VERDICT_XEN_LOOSER] = "xen-looser",
    };

    return names[v];
}

/* ---- labels ---- */

static uint32_t sid_resource(const struct prover *p, const struct cast *c, enum label_kind kind)
{
    const char *type = cast_resource(c, kind);
    unsigned int i;

    for (i = 0; i < p->stock->n_resources; i++)
        if (p->stock->resources[i].kind == kind && p->stock->resources[i].type == type)
            return p->resources[i];
    return 0;
}

uint32_t prove_sid(const struct prover *p, const struct cast *c, const struct sid *s)
{
    uint32_t a, b;

    switch (s->kind) {
    case SID_OWN:
    case SID_CREATED:
        return p->own[cast_domain_index(c, s->a)];

    /* domain_create and set_target keep these beside the domain's own SID. */
    case SID_SEEN:
        a = p->own[cast_domain_index(c, s->a)];
        b = p->own[cast_domain_index(c, s->b)];
        if (!p->domain_class || (s->a != s->b && s->a->target != s->b))
            return b;
        return server_transition(p->server, b, a, p->domain_class->number);

    case SID_ISID:
        return server_isid(p->server, s->isid->number);

    case SID_NEW:
        return server_transition(p->server, prove_sid(p, c, s->from), prove_sid(p, c, s->to), s->class->number);

    case SID_RESOURCE:
        return sid_resource(p, c, s->resource);
    }
    return 0;
}

/* The first question that is refused, or NULL. */
const struct question *prove_refused_question(const struct prover *p, const struct cast *c,
                                              const struct instance *in)
{
    unsigned int i;

    for (i = 0; i < in->n_questions; i++) {
        const struct question *q = &in->questions[i];

        if (server_allowed(p->server, prove_sid(p, c, &q->subject), prove_sid(p, c, &q->object), q->class->number, q->bits) !=
            q->bits)
            return q;
    }
    return NULL;
}

uint32_t prove_refused(const struct prover *p, const struct cast *c, const struct question *q)
{
    return q->bits & ~server_allowed(p->server, prove_sid(p, c, &q->subject), prove_sid(p, c, &q->object), q->class->number,
                                     q->bits);
}

/* ---- answers ---- */

static void judge_answer(struct prover *p, struct answer *a)
{
    const struct instance *in = a->instance;

    a->verdict = VERDICT_EQUAL;
    a->reason = NULL;
    if (a->flask == in->allowed)
        return;
    if (in->allowed && in->ending != END_ALLOWED) {
        a->verdict = VERDICT_XEN_STRICTER;
        a->reason = why_xen_stricter(p, in);
    } else if (in->allowed) {
        a->verdict = VERDICT_STRICTER;
        a->reason = why_stricter(p, a);
    } else if ((a->reason = why_xen_looser(p, in))) {
        a->verdict = VERDICT_XEN_LOOSER;
    } else if ((a->reason = why_covered(p, in))) {
        a->verdict = VERDICT_COVERED;
    } else {
        a->verdict = VERDICT_LOOSER;
    }
}

static void prove_case(void *with, const struct instance *in)
{
    struct prover *p = with;
    struct answer a = { .instance = in };
    struct cast c;

    if (!cast_first(&c, p->stock, in))
        return;
    do {
        a.cast = &c;
        a.flask = (in->ending == END_ALLOWED || (in->ending == END_UNKNOWN && server_allows_unknown(p->server))) &&
                  !prove_refused_question(p, &c, in);
        judge_answer(p, &a);
        p->out->n[a.verdict]++;
        p->out->n_answers++;
        if ((a.verdict == VERDICT_LOOSER || a.verdict == VERDICT_STRICTER) && !a.reason)
            prove_find(p, &a);
        if (p->options->each)
            p->options->each(p->options->with, &a);
    } while (cast_next(&c));
}

static bool label_domains(struct prover *p)
{
    unsigned int i;
    bool good = true;

    p->own = arena_array(p->arena, p->stock->n_domains, sizeof(*p->own));
    p->resources = arena_array(p->arena, p->stock->n_resources, sizeof(*p->resources));
    for (i = 0; i < p->stock->n_domains; i++) {
        p->own[i] = server_type_sid(p->server, p->stock->domains[i].type, 1);
        if (!p->own[i])
            diag_add(p->diags, &RULE_UNKNOWN_NAME, p->stock->domains[i].span,
                     "the policy has no label of type '%s'", p->stock->domains[i].type);
        good &= p->own[i] != 0;
    }
    for (i = 0; i < p->stock->n_resources; i++) {
        p->resources[i] = server_type_sid(p->server, p->stock->resources[i].type, 1);
        if (!p->resources[i])
            diag_add(p->diags, &RULE_UNKNOWN_NAME, p->stock->resources[i].span,
                     "the policy has no label of type '%s'", p->stock->resources[i].type);
        good &= p->resources[i] != 0;
    }
    return good;
}

static const struct class *find_class(const struct model *m, const char *name)
{
    unsigned int i;

    for (i = 0; i < m->n_classes; i++)
        if (!strcmp(m->classes[i]->name, name))
            return m->classes[i];
    return NULL;
}

static int by_place(const void *x, const void *y)
{
    const struct proof_reason *a = *(struct proof_reason *const *)x, *b = *(struct proof_reason *const *)y;

    if (a->span.file != b->span.file)
        return a->span.file < b->span.file ? -1 : 1;
    return a->span.start < b->span.start ? -1 : a->span.start > b->span.start;
}

void prove(struct proof *proof, struct arena *a, struct diags *d, const struct model *m, struct server *s,
           const struct prove_options *options)
{
    struct supposing supposing = { stock_decide, m->stock };
    struct prover p = { .out = proof, .arena = a, .diags = d, .model = m, .stock = m->stock, .server = s,
                        .options = options, .domain_class = find_class(m, "domain") };
    struct effective *e;
    unsigned int i, kind, r;

    memset(proof, 0, sizeof(*proof));
    if (!m->stock || !m->stock->n_domains) {
        diag_help(d, diag_add(d, &RULE_UNKNOWN_NAME, (struct span){ 0, 0, 0 },
                              "nothing says which types the kinds of domains have"),
                  "write `domain control dom0_t; domain guest domU_t; ...`");
        return;
    }
    p.ops = operations_list(a, m);
    p.side = effective_create(a, &supposing, options->fixed);
    p.waivers = waivers_list(a, m);
    p.distinct = distinct_create(a, &supposing, options->fixed);
    p.stricter_used = arena_array(a, m->stock->n_stricters, sizeof(*p.stricter_used));
    if (!label_domains(&p))
        return;
    e = effective_create(a, &supposing, options->fixed);
    proof->n_operations = p.ops.n;
    if (p.ops.cut)
        diag_add(d, &RULE_TOO_MANY_CASES, p.ops.cut->span, "there are too many ways to hook '%s', or too long ones",
                 p.ops.cut->name);
    for (i = 0; i < p.ops.n; i++) {
        bool whole = true;

        for (kind = 0; kind < N_SUBJECT_KINDS; kind++)
            for (r = 0; r < N_RELATIONS; r++)
                whole &= effective_each(e, &p.ops.items[i], (enum domain_kind)kind, (enum relation)r, prove_case, &p);
        if (!whole)
            diag_add(d, &RULE_TOO_MANY_CASES, p.ops.items[i].span, "'%s' has too many cases to prove", p.ops.items[i].path);
        prove_found(&p);
    }
    if (proof->reasons.n)
        qsort(proof->reasons.items, proof->reasons.n, sizeof(*proof->reasons.items), by_place);
    for (i = 0; i < m->stock->n_stricters; i++)
        if (!p.stricter_used[i])
            diag_add(d, &RULE_UNUSED_STRICTER, m->stock->stricters[i].span,
                     "nothing is stricter here than by default");
}
