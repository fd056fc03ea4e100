/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The permissions a derivation has found to be needed, and why. Private to the derivation. */
#ifndef XSMC_GRANTS_H
#define XSMC_GRANTS_H

#include "judge/operation.h"
#include "model/policy.h"

/* What `subject` may do to `object` in `class`. */
struct grant {
    struct type *subject, *object;
    const struct class *class;
    uint32_t bits;                  /* needed by some operation */
    uint32_t removed;               /* and given up again by a `resolve` */
};

/* An operation was the first to need these bits. */
struct need {
    unsigned int grant;             /* index */
    uint32_t bits;
    const struct operation *op;
    enum action action;             /* its effective default */
};

struct grants {
    struct arena *arena;
    LIST(struct grant) items;
    LIST(struct need) needs;        /* in order of operations */
    unsigned int *slots;            /* index + 1 */
    unsigned int cap;
};

void grants_init(struct grants *g, struct arena *a);
/* The grant of these three, or NULL; with `make`, made if it is not there. */
struct grant *grants_find(struct grants *g, struct type *subject, struct type *object, const struct class *class,
                          bool make);
void grants_add(struct grants *g, struct type *subject, struct type *object, const struct class *class, uint32_t bits,
                const struct operation *op, enum action action);
/* The operation that first needed one of these bits. */
const struct need *grants_why(const struct grants *g, const struct grant *grant, uint32_t bits);

/* Adds the allow rules to the policy: one for each set of objects that an operation needs alike. */
void grants_emit(const struct grants *g, struct policy *p);

#endif
