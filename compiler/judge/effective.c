/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Evaluation by going back over choices. Whatever is not known yet when it is needed (the truth of a condition, which
 * domain an argument is, which permission a function picks) is chosen, the first possibility first; after the
 * evaluation the last choice is changed and what stands behind it runs again, until all are used up. Every choice is
 * remembered as a fact, so that it is made once in a case.
 */
#include <string.h>

#include "judge/evaluating.h"

struct effective *effective_create(struct arena *a, const struct supposing *s, bool fixed)
{
    struct effective *e = ARENA_NEW(a, struct effective);

    e->arena = a;
    e->supposing = s;
    e->fixed = fixed;
    return e;
}

/* ---- choices ---- */

unsigned int eval_pick(struct effective *e, unsigned int n)
{
    if (e->at == e->picks.n)
        *LIST_PUSH(e->arena, &e->picks) = (struct pick){ 0, n };
    return e->picks.items[e->at++].chosen;
}

void eval_fact_add(struct effective *e, struct fact fact)
{
    *LIST_PUSH(e->arena, &e->facts) = fact;
}

/* Remembers this place. Where nothing was picked since the last one, that one is not needed any more. */
static void mark(struct effective *e)
{
    const struct instance *out = &e->out;

    if (!e->marks.n || e->marks.items[e->marks.n - 1].picks != e->at)
        LIST_PUSH(e->arena, &e->marks);
    e->marks.items[e->marks.n - 1] =
        (struct mark){ .place = e->place, .picks = e->at, .facts = e->facts.n, .questions = e->questions.n,
                       .nested = e->n_nested, .known_vars = e->known_vars.n, .allowed = out->allowed,
                       .action = out->action, .ending = out->ending, .deciding = out->deciding,
                       .unknown = out->unknown };
}

/* Goes back to the last place before the pick of that index. */
static void rewind_before(struct effective *e, unsigned int pick)
{
    const struct mark *m;

    while (e->marks.items[e->marks.n - 1].picks > pick)
        e->marks.n--;
    m = &e->marks.items[e->marks.n - 1];
    e->place = m->place;
    e->at = m->picks;
    e->facts.n = m->facts;
    e->questions.n = m->questions;
    e->n_nested = m->nested;
    while (e->known_vars.n > m->known_vars)
        e->decided[e->known_vars.items[--e->known_vars.n]] = false;
    e->out.allowed = m->allowed;
    e->out.action = m->action;
    e->out.ending = m->ending;
    e->out.deciding = m->deciding;
    e->out.unknown = m->unknown;
    e->impossible = false;
}

/* Changes the last choice that has another possibility left. Returns whether there was one. */
static bool pick_next(struct effective *e)
{
    while (e->picks.n) {
        struct pick *p = &e->picks.items[e->picks.n - 1];

        if (++p->chosen < p->n) {
            rewind_before(e, e->picks.n - 1);
            return true;
        }
        e->picks.n--;
    }
    return false;
}

bool effective_relation(const struct operation *op, enum domain_kind subject, enum relation r)
{
    if (!operation_asked_by(op, subject))
        return false;
    if (op->object < 0)
        return r == REL_HYPERVISOR;
    if (op->vars[op->object].subject)
        return r == REL_SELF;
    return r != REL_HYPERVISOR && var_possible(&op->vars[op->object], actor_subject(subject), r);
}

/* ---- the dummy policy ---- */

/* The domain a label stands for as the object of a default action; NULL if it is none. */
static const struct actor *target_of(struct effective *e, const struct frame *f, const struct label *l,
                                     enum action action)
{
    if (!l || action == ACTION_ANYONE || action == ACTION_CONTROL || action == ACTION_NOBODY)
        return NULL;
    if (l->kind == LABEL_CURRENT)
        return e->subject;
    if (l->kind != LABEL_DOMAIN && l->kind != LABEL_EXACT)
        return NULL;
    return l->param ? var_value(e, f->bind[l->param - f->hook->params]) : NULL;
}

static const struct actor *subject_of(struct effective *e, const struct frame *f)
{
    const struct label *l = f->hook->subject;

    if (!l || l->kind != LABEL_DOMAIN || !l->param)
        return e->subject;
    return var_value(e, f->bind[l->param - f->hook->params]);
}

/* Joins one more answer: the first refusal decides; while all allow, the strictest action is remembered. */
static void dummy_join(struct effective *e, bool allowed, enum action action, struct span where)
{
    if (!e->out.allowed)
        return;
    if (!allowed || action >= e->out.action) {
        e->out.action = action;
        e->out.deciding = where;
    }
    e->out.allowed = allowed;
}

static bool clause_holds(struct effective *e, const struct frame *f, const struct default_clause *c)
{
    return (!c->guard || eval_condition(e, f, c->guard)) && (!c->when || eval_condition(e, f, c->when));
}

static void dummy_stage(struct effective *e, const struct frame *f)
{
    const struct hook *h = f->hook;
    enum action action = stage_action(f->stage, e->fixed);
    bool decided = false, also = false;
    unsigned int i;

    if (action == ACTION_UNSET && !f->stage->row && e->fixed && h->defect && h->defect->fix_action != ACTION_UNSET)
        action = h->defect->fix_action;
    if (action != ACTION_UNSET) {
        dummy_join(e, actor_may(action, subject_of(e, f), target_of(e, f, h->object, action)), action, stage_span(f->stage));
        return;
    }
    for (i = 0; i < h->n_defaults; i++) {
        const struct default_clause *c = &h->defaults[i];

        also |= c->also;
        if ((decided && !c->also) || !clause_holds(e, f, c))
            continue;
        dummy_join(e, actor_may(c->action, subject_of(e, f),
                                target_of(e, f, c->on ? c->on : h->object, c->action)), c->action, c->span);
        decided = true;
    }
    if (!decided && !also)
        dummy_join(e, false, ACTION_UNSET, stage_span(f->stage));
}

/* ---- a case ---- */

/* The steps of a stage from the place on, until one ends them. */
static void flask_stage(struct effective *e, const struct frame *f, const struct stage *next)
{
    const struct steps *steps = stage_flask(f->stage, e->fixed);
    enum flow flow = FLOW_ON;

    for (; flow == FLOW_ON && e->place.step < steps->n && !e->impossible && e->work <= MOST_WORK; e->place.step++) {
        mark(e);
        flow = flask_step(e, f, &steps->step[e->place.step], next, 0);
    }
    switch (flow) {
    case FLOW_ON:
    case FLOW_ALLOWED:
        break;

    case FLOW_REFUSED:
        e->out.ending = END_REFUSED;
        break;

    case FLOW_UNKNOWN:
        e->out.ending = END_UNKNOWN;
        break;

    case FLOW_ELSEWHERE:
        e->impossible = true;
        break;
    }
}

/* A stage from the place on. Behind a refusal of Flask only the dummy policy's answer still counts. */
static void run_stage(struct effective *e)
{
    const struct stage *s = &e->op->stages[e->place.stage];
    struct frame f = { .hook = s->hook, .bind = s->bind, .stage = s, .scope = e->place.stage };
    bool ended = e->out.ending != END_ALLOWED;

    if (e->place.part == BEFORE_GUARD) {
        if (!ended && (s->hook->guard || (s->row && s->row->guard))) {
            mark(e);
            if (!eval_guard(e, &f, s->hook->guard) || (s->row && !eval_guard(e, &f, s->row->guard)))
                e->impossible = true;
        }
        e->place.part = BEFORE_DEFAULT;
    }
    if (e->place.part == BEFORE_DEFAULT && !e->impossible) {
        mark(e);
        dummy_stage(e, &f);
        e->place = (struct point){ e->place.stage, BEFORE_STEPS, 0 };
    }
    if (!ended && !e->impossible)
        flask_stage(e, &f, e->place.stage + 1 < e->op->n_stages ? s + 1 : NULL);
}

/* From the place to the end. */
static void run(struct effective *e)
{
    for (; e->place.stage < e->op->n_stages && !e->impossible; e->place.stage++) {
        run_stage(e);
        e->place.part = BEFORE_GUARD;
    }
}

/* Before all choices. */
static void begin(struct effective *e, const struct operation *op, const struct actor *subject, enum relation r)
{
    if (op->n_vars > e->vars_cap) {
        e->vars_cap = op->n_vars * 2;
        e->vars = arena_array(e->arena, e->vars_cap, sizeof(*e->vars));
        e->decided = arena_array(e->arena, e->vars_cap, sizeof(*e->decided));
    }
    if (op->n_vars)
        memset(e->decided, 0, op->n_vars * sizeof(*e->decided));
    e->op = op;
    e->subject = subject;
    if (op->object >= 0) {
        e->vars[op->object] = actor_related(subject, r);
        e->decided[op->object] = true;
    }
    e->place = (struct point){ 0, BEFORE_GUARD, 0 };
    e->marks.n = e->picks.n = e->facts.n = e->questions.n = e->known_vars.n = 0;
    e->at = e->n_nested = e->work = 0;
    e->impossible = false;
    e->out = (struct instance){ .op = op, .subject = subject, .relation = r, .vars = e->vars, .decided = e->decided,
                                .allowed = true, .action = ACTION_UNSET, .ending = END_ALLOWED };
}

bool effective_each(struct effective *e, const struct operation *op, enum domain_kind subject, enum relation r,
                    void (*each)(void *with, const struct instance *i), void *with)
{
    unsigned int n = 0;

    if (!effective_relation(op, subject, r))
        return true;
    begin(e, op, actor_subject(subject), r);
    do {
        if (n++ == MOST_CASES)
            return false;
        run(e);
        if (e->work > MOST_WORK)
            return false;
        if (e->impossible)
            continue;
        e->out.facts = e->facts.items;
        e->out.n_facts = e->facts.n;
        e->out.questions = e->questions.items;
        e->out.n_questions = e->questions.n;
        each(with, &e->out);
    } while (pick_next(e));
    return true;
}
