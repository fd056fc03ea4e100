/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answers of one operation to one subject in one relation, kept so that those of two sides can be compared.
 *
 * Two sides may make different cases of the same question. Every case of the one is held against every case of the other
 * that it does not contradict: both then describe the same request, and their answers can be compared.
 *
 * Private to the review. Names of both sides must come from one table (base/names.h).
 */
#ifndef XSMC_CASES_H
#define XSMC_CASES_H

#include "base/arena.h"
#include "judge/effective.h"
#include "review/change.h"

struct names;

/* A case; its parts are stretches of the lists below. */
struct kept_case {
    unsigned int facts, n_facts;
    unsigned int vars, n_vars;
    unsigned int atoms, n_atoms;        /* sorted, each once */
    bool allowed;
    enum ending ending;
};

/* A domain that the case depends on, neither subject nor object. */
struct kept_var {
    const char *name;
    const struct expr *expr;
    const struct actor *actor;
    bool label;
};

/*
 * One permission that is asked, interned: "domain:pause" and, with who is asked about whom, "self -> target domain:pause".
 */
struct atom {
    const char *perm;
    const char *whole;
};

struct cases {
    struct arena *arena;
    struct names *names;
    const struct operation *op;         /* NULL: there is none */
    LIST(struct kept_case) items;
    LIST(struct fact) facts;
    LIST(struct kept_var) vars;
    LIST(struct atom) atoms;
    bool cut;                           /* there are more cases than are looked at */
};

void cases_init(struct cases *c, struct arena *a, struct names *n);
/*
 * Fills in all cases; none if the relation cannot be. An operation that is not about a domain answers all relations
 * alike.
 */
void cases_collect(struct cases *c, struct effective *e, const struct operation *op, enum domain_kind subject,
                   enum relation r);
/* One case without facts and questions: what is answered where there is no operation. */
void cases_constant(struct cases *c, bool allowed);

/* Some cases of an outcome, with the conditions they have in common. */
struct outcome {
    unsigned int n;
    const char **when, **build;         /* literals: "!(flags & 1)"; "CONFIG_X" */
    unsigned int n_when, n_build;
};

struct comparison {
    unsigned int n;                     /* cases that were compared */
    struct outcome looser, stricter;    /* the default's answer */
    struct outcome flask[N_GRADES];     /* by grade of what Flask asks; GRADE_SAME and GRADE_TEXT unused */
    bool incomplete;                    /* not all were looked at */
};

void cases_compare(struct comparison *out, const struct cases *old, const struct cases *new, const struct actor *subject);
/* The literals as text, "a, !b"; NULL if there is none. */
const char *literals_text(struct arena *a, const char *const *literals, unsigned int n);

#endif
