/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether Flask can tell two cases apart at all: by labels, which are by kind of domain. */
#ifndef XSMC_DISTINCT_H
#define XSMC_DISTINCT_H

#include "judge/effective.h"

/* Whether two SIDs are the same label wherever each kind of domain has one type. */
bool sid_same(const struct sid *a, const struct sid *b);

/*
 * Whether Flask asks nothing for this refused case that it does not ask, of the same labels, for an allowed one of the
 * same operation, of this subject or another: no policy can then refuse the one and allow the other. `e` is an
 * evaluation of its own.
 */
bool indistinct(struct effective *e, const struct instance *refused);

#endif
