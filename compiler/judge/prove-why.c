/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why an answer may differ: what the policy or the database says, and whether it really applies. */
#include "base/buf.h"
#include "judge/derive.h"
#include "judge/proving.h"
#include "judge/waive.h"
#include "text/rules.h"

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
        text = arena_printf(p->arena, "%s%s%s", text, i ? " " : "", path->names[i] ? path->names[i] : "*");
    return text;
}

/* ---- is a permission really shared ---- */

static bool steps_mention(const struct steps *steps, const struct class *class, unsigned int depth)
{
    unsigned int i;

    for (i = 0; i < steps->n; i++) {
        const struct step *s = &steps->step[i];
        const struct hook *as = s->kind == STEP_AS ? s->hooks[0].hook : NULL;

        if (s->kind == STEP_CHECK && s->check.class == class)
            return true;
        if (as && (as->table || as->flask_table || depth == 8 || steps_mention(&as->flask, class, depth + 1)))
            return true;
    }
    return false;
}

static bool operation_mentions(const struct operation *op, const struct class *class, bool fixed)
{
    unsigned int i;

    for (i = 0; i < op->n_stages; i++)
        if (steps_mention(stage_flask(&op->stages[i], fixed), class, 0))
            return true;
    return false;
}

/* Whether this refused case lacks nothing but the permission. */
static void share_try(void *with, const struct instance *in)
{
    struct sharing *s = with;
    struct cast c;
    unsigned int i;

    if (s->shared || in->allowed || in->ending != END_ALLOWED || !cast_first(&c, s->prover->stock, in))
        return;
    do {
        bool asked = false, others = true;

        for (i = 0; i < in->n_questions && others; i++) {
            const struct question *q = &in->questions[i];
            uint32_t missing = prove_refused(s->prover, &c, q);

            if (q->class == s->class && prove_sid(s->prover, &c, &q->subject) == s->source &&
                prove_sid(s->prover, &c, &q->object) == s->target && (q->bits & s->bits)) {
                asked = true;
                missing &= ~s->bits;
            }
            others = !missing;
        }
        s->shared |= asked && others;
    } while (!s->shared && cast_next(&c));
}

/* Answers are remembered: the same permission is missed in many cases. */
static bool really_shared(struct prover *p, const struct cast *c, const struct question *q, uint32_t bits)
{
    struct sharing s = { p, prove_sid(p, c, &q->subject), prove_sid(p, c, &q->object), q->class, bits, false };
    unsigned int i, kind, r;

    for (i = 0; i < p->sharings.n; i++) {
        const struct sharing *known = &p->sharings.items[i];

        if (known->source == s.source && known->target == s.target && known->class == s.class && known->bits == bits)
            return known->shared;
    }
    for (i = 0; i < p->ops.n && !s.shared; i++) {
        if (!operation_mentions(&p->ops.items[i], q->class, p->options->fixed))
            continue;
        for (kind = 0; kind < N_SUBJECT_KINDS && !s.shared; kind++)
            for (r = 0; r < N_RELATIONS && !s.shared; r++)
                effective_each(p->side, &p->ops.items[i], (enum domain_kind)kind, (enum relation)r, share_try, &s);
    }
    *LIST_PUSH(p->arena, &p->sharings) = s;
    return s.shared;
}

/* A `resolve` about what was refused, or a `stricter` about the operation. */
struct proof_reason *why_stricter(struct prover *p, const struct answer *a)
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

        for (j = 0; !r->like.n && j < in->n_questions; j++) {
            const struct question *q = &in->questions[j];
            uint32_t bits = resolve_bits(r, q) & prove_refused(p, a->cast, q);

            if (bits && really_shared(p, a->cast, q, bits))
                return reason(p, VERDICT_STRICTER, r->reason, print_resolve(p, r), r->span);
        }
    }
    return NULL;
}

struct proof_reason *why_covered(struct prover *p, const struct instance *in)
{
    unsigned int i, j;

    for (i = 0; i < p->stock->n_resolves; i++) {
        const struct stock_resolve *r = &p->stock->resolves[i];

        if (!r->like.n)
            continue;
        for (j = 0; j < in->n_questions; j++)
            if (resolve_bits(r, &in->questions[j]) && resolve_covers(r, p->side, &p->ops, in))
                return reason(p, VERDICT_COVERED, r->reason, print_path(p, &r->of), r->span);
    }
    return NULL;
}

/* What Flask's own code decides, without the policy: the row says so, and the database why. */
struct proof_reason *why_xen_looser(struct prover *p, const struct instance *in)
{
    const struct rule *rule = in->n_questions ? &RULE_INDISTINCT : &RULE_UNASKED;
    const struct waiver *w = waiver_find(p->waivers, rule, in->op->span);

    if (!w || (in->n_questions && !indistinct(p->distinct, in)))
        return NULL;
    return reason(p, VERDICT_XEN_LOOSER, w->reason, in->op->path, w->span);
}

struct proof_reason *why_xen_stricter(struct prover *p, const struct instance *in)
{
    const struct stage *s = operation_last(in->op);
    const struct defect *d = s->row && s->row->defect ? s->row->defect : s->hook->defect;
    const char *text = d ? d->text : s->row && s->row->star ? "no such command is known" :
                       s->row && s->row->meaning ? s->row->meaning : s->hook->meaning;

    return reason(p, VERDICT_XEN_STRICTER, text ? text : "", in->op->path, stage_span(s));
}

