/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions of policy statements: of booleans, and of constraints. Private to the front end. */
#ifndef XSMC_POLICY_EXPR_H
#define XSMC_POLICY_EXPR_H

#include "model/policy.h"

/* The condition an expression of booleans with ! && || == != states; NULL with a diagnostic if it is none. */
struct bool_expr *policy_bool_from(struct policy *p, const struct expr *e);
/*
 * What a constraint demands: subject and object (of `validate`: old, new and process) with user, role, type, low and
 * high, compared by == != >= <=, in() and incomparable(). `levels` is set if a level is compared. NULL as above.
 */
struct cexpr *policy_cexpr_from(struct policy *p, const struct expr *e, bool validate, bool *levels);

#endif
