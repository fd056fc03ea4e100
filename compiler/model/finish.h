/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two halves of policy_finish() share. Private to the model. */
#ifndef XSMC_FINISH_H
#define XSMC_FINISH_H

#include "model/policy.h"

/* Binds and numbers every name; the first thing to be done. Errors are diagnostics. */
void policy_bind(struct policy *p);
/*
 * The type behind a name, or NULL with a diagnostic at `span` if it is an attribute; `what` begins the sentence.
 * Undeclared names were reported by policy_bind().
 */
struct type *policy_plain_type(struct policy *p, struct type *t, struct span span, const char *what);

#endif
