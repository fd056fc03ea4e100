/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Three Xens inside one another, each an instance of its own of argo.c, argo-up.c and user.c: a shared object of which
 * each has a copy. Level 0 is the outermost; the Xen of level n + 1 is domain INNER of level n.
 */
#ifndef LEVELS_H
#define LEVELS_H

#include "user.h"

#include <xen/argo-parent.h>

#include <public/argo.h>

enum { LEVELS = 3, DOMAINS = 5, TOOLSTACK = 0, INNER = 4 };

/* What a test uses of an instance */
struct level {
    struct domain *domains[DOMAINS];
    struct domain *(*create)(domid_t id, bool with_argo);
    void (*destroy)(struct domain *d);
    long (*hypercall)(struct domain *d, unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4);
    bool (*run_tasklets)(void);
    const struct argo_parent_handlers **handlers; /* what the Xen of this level wants to hear of the one outside */
    int (**ask)(enum user_question question, const struct domain *subject, const struct domain *object);
};
extern struct level levels[LEVELS];

/*
 * Load them from copies of the object, with rings at an outer Xen of so many bytes. `ask` answers the questions to the
 * security module of a level.
 */
void levels_load(const char *object, unsigned long ring_size,
                 int (*ask)(unsigned level, enum user_question question, const struct domain *subject,
                            const struct domain *object));
/* A domain; INNER gets to be the Xen of the next level. */
void levels_create(unsigned level, unsigned d);

#endif
