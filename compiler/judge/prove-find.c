/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs without a reason, as diagnostics: one an operation, with the rule that decided. */
#include "base/bits.h"
#include "base/buf.h"
#include "judge/proving.h"
#include "model/policy.h"
#include "model/print.h"
#include "text/rules.h"

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
    const char *s = server_type(p->server, prove_sid(p, a->cast, &q->subject));
    const char *o = server_type(p->server, prove_sid(p, a->cast, &q->object));
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

void prove_find(struct prover *p, const struct answer *a)
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
        q = prove_refused_question(p, a->cast, in);
        if (q) {
            struct question missing = *q;
            struct buf text = BUF_INIT;

            missing.bits = prove_refused(p, a->cast, q);
            question_print(&text, &missing);
            diag_note(p->diags, d, q->step->span, "refused: %s -> %s %s",
                      server_context(p->server, prove_sid(p, a->cast, &q->subject)),
                      server_context(p->server, prove_sid(p, a->cast, &q->object)), buf_text(&text));
            buf_free(&text);
        }
        diag_help(p->diags, d, "allow it, or say why not: `stricter %s for %s on %s \"reason\";`",
                  operation_last(in->op)->hook->name, domain_kind_name(in->subject->kind), relation_word(in->relation));
    }
}

void prove_found(struct prover *p)
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
