/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks that need every case of an operation: whether Flask asks at all where the default refuses somebody, and whether
 * it asks something by which the refused can be told from the allowed.
 *
 * Nearly all operations ask their subject about their object without any condition, and those need not be looked at.
 */
#include "base/buf.h"
#include "judge/checking.h"
#include "judge/distinct.h"
#include "model/print.h"

struct looking {
    struct checking *c;
    struct distinct *distinct;
    const struct operation *op;
    bool unasked, indistinct;       /* found for this operation */
};

static bool is_subject(const struct operation *op, const struct stage *s, const struct label *l)
{
    if (!l || l->kind == LABEL_CURRENT)
        return true;
    return l->kind == LABEL_DOMAIN && l->param && s->bind[l->param - s->hook->params] >= 0 &&
           op->vars[s->bind[l->param - s->hook->params]].subject;
}

static bool is_object(const struct operation *op, const struct stage *s, const struct label *l)
{
    return op->object < 0 || (l && l->kind == LABEL_DOMAIN && l->param &&
                              s->bind[l->param - s->hook->params] == op->object);
}

static bool always_asks(const struct check *k)
{
    unsigned int i;

    for (i = 0; i < k->n_perms; i++)
        if (!k->perms[i].when || k->perms[i].otherwise)
            return true;
    return false;
}

/* Whether the subject is asked about the object whatever the case is. */
static bool plain(const struct operation *op)
{
    unsigned int i, j;

    for (i = 0; i < op->n_stages; i++) {
        const struct stage *s = &op->stages[i];
        const struct steps *steps = stage_flask(s, false);

        for (j = 0; j < steps->n; j++) {
            const struct step *step = &steps->step[j];
            const struct label *object = step->check.object ? step->check.object : s->hook->object;

            if (step->kind != STEP_CHECK || step->when)
                break;
            if (always_asks(&step->check) &&
                is_subject(op, s, step->check.subject ? step->check.subject : s->hook->subject) &&
                is_object(op, s, object))
                return true;
        }
    }
    return false;
}

static void look(void *with, const struct instance *in)
{
    struct looking *l = with;
    struct buf facts = BUF_INIT;
    struct diag *d;

    if (in->allowed || in->ending != END_ALLOWED || (in->n_questions ? l->indistinct : l->unasked))
        return;
    if (in->n_questions && !indistinct(l->distinct, in))
        return;
    instance_print_facts(&facts, in);
    if (in->n_questions) {
        l->indistinct = true;
        d = finding(l->c, &RULE_INDISTINCT, in->op->span,
                    "for '%s' Flask asks of %s on %s, refused by default, what it asks of one that is allowed%s%s",
                    in->op->path, domain_kind_name(in->subject->kind), relation_name(in->relation),
                    facts.len ? ": " : "", buf_text(&facts));
    } else {
        l->unasked = true;
        d = finding(l->c, &RULE_UNASKED, in->op->span,
                    "for '%s' Flask asks nothing of %s on %s, which is refused by default%s%s", in->op->path,
                    domain_kind_name(in->subject->kind), relation_name(in->relation), facts.len ? ": " : "",
                    buf_text(&facts));
    }
    finding_note(l->c, d, in->deciding, "by default: %s", print_action(in->action));
    buf_free(&facts);
}

/* Each is reported once for an operation. */
static bool found_all(const struct looking *l)
{
    return l->unasked && l->indistinct;
}

void check_cases(struct checking *c)
{
    struct effective *e = effective_create(c->arena, NULL, false);
    struct looking l = { .c = c, .distinct = distinct_create(c->arena, NULL, false) };
    unsigned int i, kind, r;
    bool whole;

    for (i = 0; i < c->ops.n; i++) {
        const struct operation *op = &c->ops.items[i];

        if (plain(op) || !stage_flask(operation_last(op), false)->set)
            continue;
        l.op = op;
        l.unasked = l.indistinct = false;
        whole = true;
        for (kind = 0; whole && !found_all(&l) && kind < N_SUBJECT_KINDS; kind++)
            for (r = 0; whole && !found_all(&l) && r < N_RELATIONS; r++)
                whole = effective_each(e, op, (enum domain_kind)kind, (enum relation)r, look, &l);
        if (!whole)
            diag_add(c->diags, &RULE_TOO_MANY_CASES, op->span, "'%s' has too many cases to look at", op->path);
    }
}
