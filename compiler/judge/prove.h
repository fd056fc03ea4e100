/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proof: for every operation, subject and relation, in every case, the dummy policy's effective answer against what
 * a binary policy answers to Flask's questions.
 *
 * The binary policy is asked through a security server (judge/server.h), not through what it was compiled from, so the
 * proof is independent of derivation and back end and works for any policy whose types it is told.
 */
#ifndef XSMC_PROVE_H
#define XSMC_PROVE_H

#include "base/arena.h"
#include "judge/cast.h"
#include "model/model.h"

struct diags;
struct policy;
struct server;

enum verdict {
    VERDICT_EQUAL,
    VERDICT_STRICTER,           /* the policy refuses what the dummy policy allows; an error without a reason */
    VERDICT_LOOSER,             /* the policy allows what the dummy policy refuses: an error */
    VERDICT_COVERED,            /* looser by name, but the same is allowed by another operation: `resolve ... like` */
    VERDICT_XEN_STRICTER,       /* Flask's code refuses whatever the policy says */
    VERDICT_XEN_LOOSER,         /* Flask's code asks nothing, or cannot tell it from what is allowed */
    N_VERDICTS,
};

const char *verdict_name(enum verdict v);

/* One answer. */
struct answer {
    const struct instance *instance;
    const struct cast *cast;
    bool flask;                 /* what Flask answers */
    enum verdict verdict;
    const struct proof_reason *reason;  /* or NULL */
};

/* Why an answer may differ: a statement of the policy, a waiver or a row of the database. */
struct proof_reason {
    enum verdict verdict;
    const char *text;
    const char *about;          /* "resource:{ add, remove }", or a path of operations */
    struct span span;
    unsigned int n;             /* answers it holds for */
};

struct proof {
    unsigned int n[N_VERDICTS];
    unsigned int n_answers;
    unsigned int n_operations;
    unsigned int n_unasked;     /* stricter or looser without a reason */
    LIST(struct proof_reason *) reasons;
};

struct prove_options {
    bool fixed;                 /* the tree as its defects should be */
    const struct policy *policy;    /* what the bytes were compiled from, to show deciding rules; or NULL */
    void (*each)(void *with, const struct answer *a);   /* every answer, or NULL */
    void *with;
};

/*
 * Asks everything. Findings become diagnostics, one an operation. The stock is the model's: it says which types the
 * kinds of domains have in the binary policy; a type that the policy does not know is a diagnostic, too.
 */
void prove(struct proof *proof, struct arena *a, struct diags *d, const struct model *m, struct server *s,
           const struct prove_options *options);

#endif
