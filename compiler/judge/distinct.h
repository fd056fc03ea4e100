/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether Flask can tell two cases apart at all: by labels, which are by kind of domain. */
#ifndef XSMC_DISTINCT_H
#define XSMC_DISTINCT_H

#include "judge/effective.h"

struct distinct;

/* Memory from `a`; `s` may be NULL, see effective_create(). */
struct distinct *distinct_create(struct arena *a, const struct supposing *s, bool fixed);

/* What there is among the cases of an operation that Flask lets through when every question is answered yes. */
struct distinct_cases {
    bool unasked;                   /* some refused case is asked nothing */
    bool indistinct;                /* some refused case is indistinct(), below */
    bool whole;                     /* there were not more cases than are looked at */
};

/* Looks at the cases of one operation until all is said; the answer is good until another one is looked at. */
const struct distinct_cases *distinct_survey(struct distinct *d, const struct operation *op);

/*
 * Whether Flask asks nothing for this refused case that it does not ask, of the same labels, for an allowed one of the
 * same operation, of this subject or another: no policy can then refuse the one and allow the other.
 */
bool indistinct(struct distinct *d, const struct instance *refused);

#endif
