/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that answer questions share; see query.h. */
#ifndef XSMC_ANSWERER_H
#define XSMC_ANSWERER_H

#include "judge/query.h"

struct answerer {
    struct policy *policy;
    const struct flat *flat;
    struct arena *arena;
    bool *values;                   /* of booleans, by number */
    struct bits *role_types;        /* by role number */
    struct bits scratch, role_scratch, low, high;
    unsigned int *domain_transitions;   /* indices of live type transitions of class `domain` in policy->rules */
    unsigned int n_domain_transitions;
    struct class *domain;           /* class `domain`, or NULL */
    uint32_t transition;            /* its permission `transition` */
};

/* What is known of a subject or object beyond its type; NULL: nothing. */
struct query_pair {
    const struct type *subject, *object;
    const struct context *subject_context, *object_context;
    bool same;                      /* the subject under another label: the same user, role and range */
};

/*
 * Takes back from `granted` (permissions of the class for the pair) what constraints, roles and bounds forbid; fills
 * yes and maybe, and adds the reasons that are about `asked`.
 */
void answerer_restrict(struct answerer *w, const struct query_pair *pair, const struct class *class, uint32_t granted,
                       uint32_t asked, struct query_result *r);
/* The type that Flask gives the subject as an object of its own: domain_target_sid() in xen/xsm/flask/hooks.c. */
const struct type *answerer_self(const struct answerer *w, const struct type *subject);
/* Fills `a` with the paths of a QUERY_REACH. */
void answerer_reach(struct answerer *w, const struct query *q, struct query_answer *a);

#endif
