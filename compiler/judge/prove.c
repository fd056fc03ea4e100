/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks all cases, asks the server, and files every difference under its reason. */
#include "judge/prove.h"

#include <string.h>

#include "base/buf.h"
#include "judge/derive.h"
#include "judge/distinct.h"
#include "judge/server.h"
#include "judge/waive.h"
#include "model/policy.h"
#include "model/print.h"
#include "text/diag.h"
#include "text/rules.h"

struct prover {
    struct proof *out;
    struct arena *arena;
    struct diags *diags;
    const struct model *model;
    const struct stock *stock;
    struct server *server;
    const struct prove_options *options;
    struct operations ops;
    struct effective *side;
    struct distinct *distinct;
    const struct class *domain_class;
    uint32_t *own;                  /* SIDs, by index of the domain statement */
    uint32_t *resources;            /* by index of the resource statement */
    bool *stricter_used;
    struct diag *found[N_VERDICTS]; /* the diagnostic of the operation at hand */
    unsigned int more[N_VERDICTS];  /* answers beyond the one it shows */
};

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

static uint32_t sid_in(const struct prover *p, const struct cast *c, const struct sid *s)
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
        return server_transition(p->server, sid_in(p, c, s->from), sid_in(p, c, s->to), s->class->number);

    case SID_RESOURCE:
        return sid_resource(p, c, s->resource);
    }
    return 0;
}

/* The first question that is refused, or NULL. */
static const struct question *refused_question(const struct prover *p, const struct cast *c, const struct instance *in)
{
    unsigned int i;

    for (i = 0; i < in->n_questions; i++) {
        const struct question *q = &in->questions[i];

        if (server_allowed(p->server, sid_in(p, c, &q->subject), sid_in(p, c, &q->object), q->class->number, q->bits) !=
            q->bits)
            return q;
    }
    return NULL;
}

static uint32_t refused_bits(const struct prover *p, const struct cast *c, const struct question *q)
{
    return q->bits & ~server_allowed(p->server, sid_in(p, c, &q->subject), sid_in(p, c, &q->object), q->class->number,
                                     q->bits);
}

/* ---- reasons ---- */

static struct proof_reason *reason(struct prover *p, enum verdict v, const char *text, const char *about,
                                   struct span span)
{
    struct proof_reason *r;
    unsigned int i;

    for (i = 0; i < p->out->reasons.n; i++) {
        r = p->out->reasons.items[i];
        if (r->verdict == v && r->span.file == span.file && r->span.start == span.start) {
            r->n++;
            return r;
        }
    }
    r = ARENA_NEW(p->arena, struct proof_reason);
    *r = (struct proof_reason){ v, text, about, span, 1 };
    *LIST_PUSH(p->arena, &p->out->reasons) = r;
    return r;
}

static const char *print_resolve(struct prover *p, const struct stock_resolve *r)
{
    struct question q = { .class = r->class, .bits = r->perms };
    struct buf text = BUF_INIT;
    const char *copy;

    question_print(&text, &q);
    copy = arena_text(p->arena, buf_text(&text), text.len);
    buf_free(&text);
    return copy;
}

static const char *print_path(struct prover *p, const struct stock_path *path)
{
    const char *text = path->n ? "" : "*";
    unsigned int i;

    for (i = 0; i < path->n; i++)
        text = arena_printf(p->arena, "%s%s%s", text, i ? " " : "", path->names[i]);
    return text;
}

/* A `resolve` about what was refused, or a `stricter` about the operation. */
static struct proof_reason *why_stricter(struct prover *p, const struct answer *a)
{
    const struct instance *in = a->instance;
    unsigned int i, j;

    for (i = 0; i < p->stock->n_stricters; i++) {
        const struct stock_stricter *s = &p->stock->stricters[i];

        if (!(s->kinds & (uint32_t)1 << in->subject->kind) || !(s->relations & (uint32_t)1 << in->relation) ||
            !stock_on_path(&s->path, in->op))
            continue;
        p->stricter_used[i] = true;
        return reason(p, VERDICT_STRICTER, s->reason, print_path(p, &s->path), s->span);
    }
    for (i = 0; i < p->stock->n_resolves; i++) {
        const struct stock_resolve *r = &p->stock->resolves[i];

        for (j = 0; j < in->n_questions; j++)
            if (resolve_bits(r, &in->questions[j]) & refused_bits(p, a->cast, &in->questions[j]))
                return reason(p, VERDICT_STRICTER, r->reason, print_resolve(p, r), r->span);
    }
    return NULL;
}

static struct proof_reason *why_covered(struct prover *p, const struct instance *in)
{
    unsigned int i, j;

    for (i = 0; i < p->stock->n_resolves; i++) {
        const struct stock_resolve *r = &p->stock->resolves[i];

        if (!r->like.n)
            continue;
        for (j = 0; j < in->n_questions; j++)
            if (resolve_bits(r, &in->questions[j]) && resolve_covers(r, p->side, &p->ops, in))
                return reason(p, VERDICT_COVERED, r->reason, print_resolve(p, r), r->span);
    }
    return NULL;
}

/* What Flask's own code decides, without the policy: the row says so, and the database why. */
static struct proof_reason *why_xen_looser(struct prover *p, const struct instance *in)
{
    const struct rule *rule = in->n_questions ? &RULE_INDISTINCT : &RULE_UNASKED;
    const struct waiver *w = waiver_find(p->model, rule, in->op->span);

    if (!w || (in->n_questions && !indistinct(p->distinct, in)))
        return NULL;
    return reason(p, VERDICT_XEN_LOOSER, w->reason, in->op->path, w->span);
}

static struct proof_reason *why_xen_stricter(struct prover *p, const struct instance *in)
{
    const struct stage *s = operation_last(in->op);
    const struct defect *d = s->row && s->row->defect ? s->row->defect : s->hook->defect;
    const char *text = d ? d->text : s->row && s->row->star ? "no such command is known" :
                       s->row && s->row->meaning ? s->row->meaning : s->hook->meaning;

    return reason(p, VERDICT_XEN_STRICTER, text ? text : "", in->op->path, stage_span(s));
}

/* ---- findings ---- */

static void print_who(struct buf *out, const struct prover *p, const struct answer *a)
{
    const struct instance *in = a->instance;
    struct buf facts = BUF_INIT;

    (void)p;
    buf_printf(out, "%s (%s) on %s", domain_kind_name(in->subject->kind), cast_domain(a->cast, in->subject)->type,
               relation_name(in->relation));
    instance_print_facts(&facts, in);
    if (facts.len)
        buf_printf(out, " when %s", buf_text(&facts));
    buf_free(&facts);
}

/* The allow rule of the written or derived policy that grants this, as a note. */
static void note_rule(struct prover *p, struct diag *diag, const struct answer *a, const struct question *q)
{
    const struct policy *pol = p->options->policy;
    const char *s = server_type(p->server, sid_in(p, a->cast, &q->subject));
    const char *o = server_type(p->server, sid_in(p, a->cast, &q->object));
    const struct type *st = pol ? policy_find_type(pol, names_get(pol->names, s)) : NULL;
    const struct type *ot = pol ? policy_find_type(pol, names_get(pol->names, o)) : NULL;
    struct buf text = BUF_INIT;
    struct bits subjects, objects;
    unsigned int i, j;

    question_print(&text, q);
    subjects = bits_create(p->arena, pol ? pol->n_numbered : 0);
    objects = bits_create(p->arena, pol ? pol->n_numbered : 0);
    for (i = 0; st && ot && i < pol->rules.n; i++) {
        const struct policy_rule *r = &pol->rules.items[i];

        if (r->kind != AV_ALLOW || !r->live)
            continue;
        for (j = 0; j < r->n_access; j++)
            if (r->access[j].class == q->class && (r->access[j].perms & q->bits))
                break;
        if (j == r->n_access)
            continue;
        policy_expand(pol, r->subjects, &subjects);
        policy_expand(pol, r->objects, &objects);
        if (!bits_test(&subjects, st->number) || !(bits_test(&objects, ot->number) || (r->objects->self && st == ot)))
            continue;
        diag_note(p->diags, diag, r->span, "allow %s -> %s %s, %s%s", s, o, buf_text(&text),
                  r->origin ? "derived from " : "written here", r->origin ? r->origin->text : "");
        buf_free(&text);
        return;
    }
    diag_note(p->diags, diag, q->step->span, "allow %s -> %s %s", s, o, buf_text(&text));
    buf_free(&text);
}

static void find(struct prover *p, const struct answer *a)
{
    const struct instance *in = a->instance;
    bool looser = a->verdict == VERDICT_LOOSER;
    const struct question *q;
    struct buf who = BUF_INIT;
    struct diag *d;
    unsigned int i;

    p->out->n_unasked++;
    if (p->found[a->verdict]) {
        p->more[a->verdict]++;
        return;
    }
    print_who(&who, p, a);
    d = diag_add(p->diags, looser ? &RULE_LOOSER : &RULE_STRICTER, in->op->span,
                 "'%s' is %s than by default: %s is %s", in->op->path, looser ? "looser" : "stricter", buf_text(&who),
                 looser ? "allowed" : "refused");
    buf_free(&who);
    p->found[a->verdict] = d;
    diag_note(p->diags, d, in->deciding, "by default: %s", print_action(in->action));
    if (looser) {
        for (i = 0; i < in->n_questions; i++)
            note_rule(p, d, a, &in->questions[i]);
        if (!in->n_questions)
            diag_note(p->diags, d, stage_span(operation_last(in->op)), "Flask asks nothing");
    } else {
        q = refused_question(p, a->cast, in);
        if (q) {
            struct question missing = *q;
            struct buf text = BUF_INIT;

            missing.bits = refused_bits(p, a->cast, q);
            question_print(&text, &missing);
            diag_note(p->diags, d, q->step->span, "refused: %s -> %s %s",
                      server_context(p->server, sid_in(p, a->cast, &q->subject)),
                      server_context(p->server, sid_in(p, a->cast, &q->object)), buf_text(&text));
            buf_free(&text);
        }
        diag_help(p->diags, d, "allow it, or say why not: `stricter %s for %s on %s \"reason\";`",
                  operation_last(in->op)->hook->name, domain_kind_name(in->subject->kind), relation_word(in->relation));
    }
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
                  !refused_question(p, &c, in);
        judge_answer(p, &a);
        p->out->n[a.verdict]++;
        p->out->n_answers++;
        if ((a.verdict == VERDICT_LOOSER || a.verdict == VERDICT_STRICTER) && !a.reason)
            find(p, &a);
        if (p->options->each)
            p->options->each(p->options->with, &a);
    } while (cast_next(&c));
}

static void end_operation(struct prover *p)
{
    unsigned int v;

    for (v = 0; v < N_VERDICTS; v++) {
        if (p->found[v] && p->more[v])
            diag_note(p->diags, p->found[v], (struct span){ 0, 0, 0 }, "and %u more answer%s of this operation",
                      p->more[v], p->more[v] == 1 ? "" : "s");
        p->found[v] = NULL;
        p->more[v] = 0;
    }
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
        end_operation(&p);
    }
    for (i = 0; i < m->stock->n_stricters; i++)
        if (!p.stricter_used[i])
            diag_add(d, &RULE_UNUSED_STRICTER, m->stock->stricters[i].span,
                     "nothing is stricter here than by default");
}
