/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an entry of the log says in terms of a database and a policy. Private to the folder. */
#ifndef XSMC_AVC_MEANING_H
#define XSMC_AVC_MEANING_H

#include "avc/cause.h"
#include "avc/denial.h"
#include "judge/query.h"
#include "judge/summary.h"

/* Permissions of one class that a subject lacks on an object. */
struct avc_lack {
    const struct type *subject, *object;
    const struct class *class;
    uint32_t bits;
};

/* An operation that may have been asked for. */
struct avc_wanted {
    const struct operation *op;
    enum reach reach;               /* who may ask for it by default */
    bool allowed, refused;          /* what the dummy policy says to such a subject, of such an object, in some case */
    bool blocked;                   /* Flask's own code refuses it whatever the policy says */
    LIST(struct avc_lack) also;     /* what the policy refuses beside: these rules are needed as well */
};

struct avc_meaning {
    const char *trouble;            /* why nothing more can be said, or NULL */
    const struct object_class *class;
    uint32_t bits;
    const struct type *subject, *object;
    LIST(struct avc_wanted) wanted; /* in order of the database */
    bool others;                    /* `wanted` is about other labels: the database leads to none of these */
    const struct query_result *now; /* what the policy answers as it is */
    const struct query_result *then;    /* and with the rule; NULL: a type is bounded, and its bound would need it too */
    const struct policy_rule *never;    /* which the rule would break, or NULL */
    /* AVC_UNKNOWN_*: */
    const struct hook *hook;        /* that asks for such things, or NULL */
    const struct step *step;
};

struct avc_explainer {
    struct policy *policy;
    const struct model *model;
    struct answerer *answerer;
    const struct sources *sources;
    struct avc_causes *causes;
    struct effective *effective;    /* of the dummy policy, without suppositions */
};

struct avc_meaning *avc_meaning_of(struct avc_explainer *x, const struct avc_denial *d);

/* Whether the rule is enough, constraints and the like considered. */
bool avc_rule_suffices(const struct avc_meaning *m);

#endif
