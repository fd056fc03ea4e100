/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares questions as Flask sees them: who the domains are does not matter, only which labels they have. */
#include "judge/distinct.h"

/* A domain's label: which of a kind's three, and the kind. */
static unsigned int domain_label(const struct sid *s)
{
    enum { OWN, SELF, TARGET };
    const struct actor *who = s->kind == SID_SEEN ? s->b : s->a;
    unsigned int which = s->kind != SID_SEEN ? OWN : s->a == s->b ? SELF : s->a->target == s->b ? TARGET : OWN;

    return who->kind * 3 + which;
}

bool sid_same(const struct sid *a, const struct sid *b)
{
    bool domain = a->kind == SID_OWN || a->kind == SID_SEEN || a->kind == SID_CREATED;

    if (domain)
        return (b->kind == SID_OWN || b->kind == SID_SEEN || b->kind == SID_CREATED) &&
               domain_label(a) == domain_label(b);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case SID_ISID:
        return a->isid == b->isid;
    case SID_NEW:
        return a->class == b->class && sid_same(a->from, b->from) && sid_same(a->to, b->to);
    case SID_RESOURCE:
        return a->resource == b->resource;
    case SID_OWN:
    case SID_SEEN:
    case SID_CREATED:
        break;
    }
    return false;
}

struct search {
    const struct instance *refused;
    bool found;
};

static bool asks(const struct instance *in, const struct question *q)
{
    unsigned int i;

    for (i = 0; i < in->n_questions; i++) {
        const struct question *other = &in->questions[i];

        if (other->class == q->class && !(q->bits & ~other->bits) && sid_same(&other->subject, &q->subject) &&
            sid_same(&other->object, &q->object))
            return true;
    }
    return false;
}

static void search_try(void *with, const struct instance *in)
{
    struct search *s = with;
    unsigned int i;

    if (s->found || !in->allowed || in->ending != END_ALLOWED)
        return;
    for (i = 0; i < s->refused->n_questions; i++)
        if (!asks(in, &s->refused->questions[i]))
            return;
    s->found = true;
}

bool indistinct(struct effective *e, const struct instance *refused)
{
    struct search s = { refused, false };
    unsigned int kind, r;

    for (kind = 0; kind < N_SUBJECT_KINDS && !s.found; kind++)
        for (r = 0; r < N_RELATIONS && !s.found; r++)
            effective_each(e, refused->op, (enum domain_kind)kind, (enum relation)r, search_try, &s);
    return s.found;
}
