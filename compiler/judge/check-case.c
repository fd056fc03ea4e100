/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks that need every case of an operation: whether Flask asks at all where the default refuses somebody, and whether
 * it asks something by which the refused can be told from the allowed.
 *
 * Nearly all operations ask their subject about their object without any condition, and those need not be looked at; nor
 * those that refuse nobody, or that Flask refuses to all.
 */
#include "base/buf.h"
#include "judge/checking.h"
#include "judge/distinct.h"
#include "model/print.h"

struct looking {
    struct checking *c;
    struct distinct *distinct;
    bool unasked, indistinct;       /* nothing more of that kind is to be found for this operation */
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

/* Whether the default lets everybody do that much, whatever the case is. */
static bool refuses_nobody(const struct stage *s)
{
    enum action action = stage_action(s, false);
    unsigned int i;

    for (i = 0; action == ACTION_UNSET && i < s->hook->n_defaults; i++) {
        const struct default_clause *c = &s->hook->defaults[i];

        if (c->action != ACTION_ANYONE)
            return false;
        if (!c->when && !c->guard)
            action = ACTION_ANYONE;
    }
    return action == ACTION_ANYONE;
}

/* Whether there is nothing to be found: nobody is refused by default, or what is refused is refused by Flask, too. */
static bool agreed(const struct operation *op)
{
    const struct steps *last = stage_flask(operation_last(op), false);
    unsigned int i;

    if (last->n && !last->step[0].when && (last->step[0].kind == STEP_REFUSE || last->step[0].kind == STEP_UNKNOWN))
        return true;
    for (i = 0; i < op->n_stages; i++)
        if (!refuses_nobody(&op->stages[i]))
            return false;
    return true;
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

/* Nearly always there is nothing to be found, and a survey says so. */
void check_cases(struct checking *c)
{
    struct effective *e = effective_create(c->arena, NULL, false);
    struct looking l = { .c = c, .distinct = distinct_create(c->arena, NULL, false) };
    unsigned int i, kind, r;

    for (i = 0; i < c->ops.n; i++) {
        const struct operation *op = &c->ops.items[i];
        const struct distinct_cases *survey;

        if (plain(op) || agreed(op) || !stage_flask(operation_last(op), false)->set)
            continue;
        survey = distinct_survey(l.distinct, op);
        if (!survey->whole) {
            diag_add(c->diags, &RULE_TOO_MANY_CASES, op->span, "'%s' has too many cases to look at", op->path);
            continue;
        }
        l.unasked = !survey->unasked || waived(c, &RULE_UNASKED, op->span);
        l.indistinct = !survey->indistinct || waived(c, &RULE_INDISTINCT, op->span);
        for (kind = 0; !found_all(&l) && kind < N_SUBJECT_KINDS; kind++)
            for (r = 0; !found_all(&l) && r < N_RELATIONS; r++)
                effective_each(e, op, (enum domain_kind)kind, (enum relation)r, look, &l);
    }
}
