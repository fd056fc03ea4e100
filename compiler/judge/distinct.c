/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares questions as Flask sees them: who the domains are does not matter, only which labels they have. What is asked
 * in the cases of an operation is kept while that operation is looked at.
 */
#include "judge/distinct.h"

#include <string.h>

#include "base/arena.h"

/* A question as numbers: two are the same question wherever each kind of domain has one type. */
struct asked {
    uint64_t subject, object;
    uint32_t class, bits;
};

struct asked_set {
    unsigned int first, n;          /* in `asked` */
    uint64_t mask;                  /* a bit for each, by its labels and class: tells most sets apart at once */
};

struct asked_sets {
    LIST(struct asked) asked;
    LIST(struct asked_set) sets;
};

struct distinct {
    struct arena *arena;
    struct effective *effective;
    const struct operation *op;     /* whose sets these are */
    struct asked_sets allowed;      /* none within another before it */
    struct asked_sets refused;      /* as long as none is indistinct */
    struct distinct_cases survey;
    bool complete;                  /* all the allowed sets are there */
    LIST(struct asked) now;         /* the case at hand */
    uint64_t now_mask;
};

struct distinct *distinct_create(struct arena *a, const struct supposing *s, bool fixed)
{
    struct distinct *d = ARENA_NEW(a, struct distinct);

    d->arena = a;
    d->effective = effective_create(a, s, fixed);
    return d;
}

/* A number for a label; those of new objects follow from the two they are made from. */
static uint64_t label_number(const struct sid *s)
{
    enum { OWN, SELF, TARGET, KINDS = 64, RESOURCES = 128, ISIDS = 256, NEW = 4096 };
    unsigned int which = OWN;

    switch (s->kind) {
    case SID_SEEN:
        if (s->a == s->b)
            which = SELF;
        else if (s->a->target == s->b)
            which = TARGET;
        return s->b->kind * 3 + which;
    case SID_OWN:
    case SID_CREATED:
        return s->a->kind * 3;
    case SID_RESOURCE:
        return RESOURCES + s->resource;
    case SID_ISID:
        return ISIDS + s->isid->number;
    case SID_NEW:
        return ((s->class->number * (uint64_t)NEW + label_number(s->from)) * NEW + label_number(s->to)) + NEW;
    }
    return KINDS;
}

static unsigned int asked_hash(const struct asked *q)
{
    return (unsigned int)(((q->subject * 31 + q->object) * 31 + q->class) * 0x9e3779b97f4a7c15u >> 58);
}

static void ask(struct distinct *d, const struct instance *in)
{
    unsigned int i;

    d->now.n = 0;
    d->now_mask = 0;
    for (i = 0; i < in->n_questions; i++) {
        const struct question *q = &in->questions[i];
        struct asked a = { label_number(&q->subject), label_number(&q->object), q->class->number, q->bits };

        *LIST_PUSH(d->arena, &d->now) = a;
        d->now_mask |= UINT64_C(1) << asked_hash(&a);
    }
}

static bool is_asked(const struct asked *q, const struct asked *among, unsigned int n)
{
    unsigned int i;

    for (i = 0; i < n; i++)
        if (among[i].subject == q->subject && among[i].object == q->object && among[i].class == q->class &&
            !(q->bits & ~among[i].bits))
            return true;
    return false;
}

static bool all_asked(const struct asked *of, unsigned int n, const struct asked *among, unsigned int m)
{
    unsigned int i;

    for (i = 0; i < n; i++)
        if (!is_asked(&of[i], among, m))
            return false;
    return true;
}

/* Whether everything asked in the case at hand is asked in one of the sets. */
static bool within_any(const struct distinct *d, const struct asked_sets *others)
{
    unsigned int i;

    for (i = 0; i < others->sets.n; i++) {
        const struct asked_set *set = &others->sets.items[i];

        if (!(d->now_mask & ~set->mask) &&
            all_asked(d->now.items, d->now.n, &others->asked.items[set->first], set->n))
            return true;
    }
    return false;
}

/* Whether one of the sets is asked in the case at hand. */
static bool holds_any(const struct distinct *d, const struct asked_sets *others)
{
    unsigned int i;

    for (i = 0; i < others->sets.n; i++) {
        const struct asked_set *set = &others->sets.items[i];

        if (!(set->mask & ~d->now_mask) &&
            all_asked(&others->asked.items[set->first], set->n, d->now.items, d->now.n))
            return true;
    }
    return false;
}

static void keep(struct distinct *d, struct asked_sets *sets)
{
    unsigned int i;

    *LIST_PUSH(d->arena, &sets->sets) = (struct asked_set){ sets->asked.n, d->now.n, d->now_mask };
    for (i = 0; i < d->now.n; i++)
        *LIST_PUSH(d->arena, &sets->asked) = d->now.items[i];
}

/* A refused case is indistinct if it is within an allowed one, whichever of the two comes first. */
static void survey_case(void *with, const struct instance *in)
{
    struct distinct *d = with;

    if (in->ending != END_ALLOWED || (!in->allowed && d->survey.indistinct && in->n_questions))
        return;
    if (!in->n_questions) {
        d->survey.unasked |= !in->allowed;
        return;
    }
    ask(d, in);
    if (!in->allowed) {
        d->survey.indistinct = within_any(d, &d->allowed);
        keep(d, &d->refused);
    } else if (!within_any(d, &d->allowed)) {
        d->survey.indistinct |= holds_any(d, &d->refused);
        keep(d, &d->allowed);
    }
}

static void survey(struct distinct *d, const struct operation *op, bool to_the_end)
{
    unsigned int kind, r;

    d->op = op;
    d->survey = (struct distinct_cases){ .whole = true };
    d->complete = true;
    d->allowed.asked.n = d->allowed.sets.n = d->refused.asked.n = d->refused.sets.n = 0;
    for (kind = 0; kind < N_SUBJECT_KINDS; kind++) {
        for (r = 0; r < N_RELATIONS; r++) {
            if (!to_the_end && (!d->survey.whole || (d->survey.unasked && d->survey.indistinct))) {
                d->complete = false;
                return;
            }
            d->survey.whole &= effective_each(d->effective, op, (enum domain_kind)kind, (enum relation)r, survey_case, d);
        }
    }
}

const struct distinct_cases *distinct_survey(struct distinct *d, const struct operation *op)
{
    if (d->op != op)
        survey(d, op, false);
    return &d->survey;
}

bool indistinct(struct distinct *d, const struct instance *refused)
{
    if (d->op != refused->op || !d->complete)
        survey(d, refused->op, true);
    ask(d, refused);
    return within_any(d, &d->allowed);
}
