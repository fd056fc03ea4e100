/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares questions as Flask sees them: who the domains are does not matter, only which labels they have. What is asked
 * in the allowed cases of an operation is kept, each set of questions once, while that operation is looked at.
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

struct distinct {
    struct arena *arena;
    struct effective *effective;
    const struct operation *op;     /* whose sets these are */
    LIST(struct asked) asked;
    LIST(struct asked_set) sets;
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

/* Whether everything asked now is asked in the set. */
static bool within_set(const struct distinct *d, const struct asked_set *set)
{
    unsigned int i, j;

    if (d->now_mask & ~set->mask)
        return false;
    for (i = 0; i < d->now.n; i++) {
        const struct asked *q = &d->now.items[i];

        for (j = set->first; j < set->first + set->n; j++) {
            const struct asked *other = &d->asked.items[j];

            if (other->subject == q->subject && other->object == q->object && other->class == q->class &&
                !(q->bits & ~other->bits))
                break;
        }
        if (j == set->first + set->n)
            return false;
    }
    return true;
}

static void keep(void *with, const struct instance *in)
{
    struct distinct *d = with;
    unsigned int i;

    if (!in->allowed || in->ending != END_ALLOWED || !in->n_questions)
        return;
    ask(d, in);
    for (i = 0; i < d->sets.n; i++)
        if (within_set(d, &d->sets.items[i]))
            return;
    *LIST_PUSH(d->arena, &d->sets) = (struct asked_set){ d->asked.n, d->now.n, d->now_mask };
    for (i = 0; i < d->now.n; i++)
        *LIST_PUSH(d->arena, &d->asked) = d->now.items[i];
}

static void load(struct distinct *d, const struct operation *op)
{
    unsigned int kind, r;

    d->op = op;
    d->asked.n = d->sets.n = 0;
    for (kind = 0; kind < N_SUBJECT_KINDS; kind++)
        for (r = 0; r < N_RELATIONS; r++)
            effective_each(d->effective, op, (enum domain_kind)kind, (enum relation)r, keep, d);
}

bool indistinct(struct distinct *d, const struct instance *refused)
{
    unsigned int i;

    if (d->op != refused->op)
        load(d, refused->op);
    ask(d, refused);
    for (i = 0; i < d->sets.n; i++)
        if (within_set(d, &d->sets.items[i]))
            return true;
    return false;
}
