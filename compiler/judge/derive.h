/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The derivation: from the effective defaults of all operations to the rules of a policy.
 *
 * Each kind of domain a policy declares gets its types and transitions, and every case that the dummy policy allows
 * becomes the allow rules that Flask's questions in it need. Where Flask asks one question for an operation that is
 * allowed and for one that is refused, no rule can be right for both: that is an error naming the two, until the
 * policy resolves it in words.
 */
#ifndef XSMC_DERIVE_H
#define XSMC_DERIVE_H

#include "judge/effective.h"
#include "model/policy.h"
#include "model/stock.h"

/*
 * Adds the derived types, transitions and rules to `p`, whose written statements are there already and which is not
 * finished. Without `domain` statements nothing is added. Findings become diagnostics of `p`.
 */
void derive(struct policy *p, const struct model *m);

/* The permissions of one statement `resolve` that this question is about; 0: none. */
uint32_t resolve_bits(const struct stock_resolve *r, const struct question *q);

/*
 * Whether the statement covers this refusal: it is about this operation and relation, and the dummy policy allows the
 * same subject, of the same object, an operation it is `like`, for which Flask asks the same permission. `e` is an evaluation of its own.
 */
bool resolve_covers(const struct stock_resolve *r, struct effective *e, const struct operations *ops,
                    const struct instance *refused);

#endif
