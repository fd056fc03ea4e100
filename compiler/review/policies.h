/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two policies compared: who may do what to whom, whatever rules say it, and everything else they hold.
 *
 * Access is compared type by type: rules that name attributes count for their types, and what another rule allows anyway is
 * no difference. Rules that depend on booleans are compared for each condition. Constraints, roles, users, transitions,
 * labels and the rest are compared as they are written.
 */
#ifndef XSMC_POLICIES_H
#define XSMC_POLICIES_H

#include "model/flat.h"
#include "review/change.h"

/* A finished policy without errors, taken apart. Names of both sides must come from one table. */
struct policy_side {
    struct policy *policy;
    const struct flat *flat;
};

/* Adds ABOUT_ACCESS and ABOUT_POLICY. Permissions are told by what the operations of `m` do with them. */
void review_policies(struct changes *c, const struct policy_side *old, const struct policy_side *new, const struct model *m);

/* ---- parts ---- */

/* One subject, object and class: permissions that only one side gives. */
struct access_change {
    const char *subject, *object;       /* interned */
    const struct class *class;          /* of the side that gives it */
    uint32_t perms;                     /* in that class */
    const char *when;                   /* a condition's lines_condition(), or NULL: always */
    const struct condition *condition;
    bool otherwise;                     /* in its else branch */
    enum rule_kind kind;                /* AV_ALLOW, AV_AUDITALLOW, AV_DONTAUDIT */
    bool added;                         /* NEW gives it */
    bool sometimes;                     /* the other side gives some of it under a condition */
    struct span span;                   /* a rule that gives it; file 0: none, or a binary policy's */
};

struct access_changes {
    LIST(struct access_change) items;   /* sorted */
    bool cut;                           /* there are more than are told */
};

/* Adds what `side` gives and `other` does not. */
void access_compare(struct access_changes *out, struct arena *a, const struct policy_side *side,
                    const struct policy_side *other, bool added);
/* Sorts and joins. */
void access_finish(struct access_changes *out);

/* What is done with a permission, from the operations that ask for it: "stop a domain's vCPUs"; NULL: nothing is known. */
struct uses;
struct uses *uses_create(struct arena *a, const struct model *m);
const char *uses_find(const struct uses *u, const char *class, const char *perm, unsigned int *more);

#endif
