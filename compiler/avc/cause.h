/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which operations make Flask ask which question, about domains of which types, and what the dummy policy would have
 * said: the whole matrix of the database turned round, so that a denial leads back to what was asked for.
 */
#ifndef XSMC_AVC_CAUSE_H
#define XSMC_AVC_CAUSE_H

#include "judge/effective.h"
#include "model/policy.h"

/* One question of one operation in one case. */
struct avc_use {
    const struct operation *op;
    const struct type *subject, *object;    /* NULL: the policy does not tell, any */
    const struct class *class;              /* which is asked, as the log shows it */
    uint32_t bits;
    enum domain_kind kind;                  /* of the subject */
    enum relation relation;                 /* of the operation's object */
    bool allowed;                           /* by the dummy policy, for the whole operation */
    bool reached;                           /* not refused by Flask's own code before or after */
    unsigned int instance;                  /* the uses of one case stand together and have the same number */
};

struct avc_causes {
    LIST(struct avc_use) uses;
    bool typed;             /* subject and object are known: the policy says which kinds of domains have which types */
};

/* All of them; `p` is finished and was made from `m`. Memory is the policy's arena. */
struct avc_causes *avc_causes_create(struct policy *p, const struct model *m);

#endif
