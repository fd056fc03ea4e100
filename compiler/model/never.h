/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assertions: what no rule may allow. */
#ifndef XSMC_NEVER_H
#define XSMC_NEVER_H

#include "model/flat.h"

/*
 * Holds every allow rule of a finished policy, under whatever condition, against every `never` assertion (neverallow).
 * Each rule that breaks one becomes a diagnostic at the rule, with types for which it does and a note at the assertion.
 */
void policy_check_never(struct policy *p, const struct flat *flat);

/* The first assertion that a rule would break which lets this subject do that to this object; NULL: none. */
const struct policy_rule *policy_never(const struct policy *p, const struct type *subject, const struct type *object,
                                       const struct class *class, uint32_t perms);

#endif
