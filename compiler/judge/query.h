/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about a finished policy: who may do what to whom, by which rules, and who may pass information to whom.
 *
 *     domU_t may mmu:map_write on dom0_t?             who may domain:destroy on domU_t?
 *     dom0_t may mmu:{ map_read, map_write } on what? domU_t may what on itself?
 *     domU_t may reach dom0_t without xenstore_t?     who may reach dom0_t?
 *
 * A subject or object is a type, an attribute (any of its types), a whole context, `who` or `what` (anybody), and as
 * object `itself`: the label that Flask gives the subject as an object of its own. `who` and `what` are the same word.
 *
 * The answer is what Flask's security server computes (context_struct_compute_av() in xen/xsm/flask/ss/services.c):
 * rules that count with the booleans as they stand, then constraints, role changes, type bounds, and permissive types.
 * Where a type alone does not say which user, role or level it comes with, a constraint may leave the answer open.
 */
#ifndef XSMC_QUERY_H
#define XSMC_QUERY_H

#include "model/flat.h"

enum query_form { QUERY_MAY, QUERY_REACH };

struct query_side {
    bool any;                       /* who, what */
    bool itself;
    struct bits types;              /* which it may be; all with `any`; none with `itself` */
    const struct context *context;  /* a whole context was given, or NULL */
};

struct query {
    enum query_form form;
    const char *text;               /* as asked, blanks at its ends and the question mark left out */
    struct query_side subject, object;
    const struct object_class *class;   /* NULL: any */
    uint32_t perms;                 /* all of these together; 0: any */
    struct bits without;            /* types that a path may not use */
};

/*
 * Reads a question, which is source `file`; names are those of the finished policy. Mistakes become diagnostics; false
 * if there was one.
 */
bool query_parse(struct query *q, struct policy *p, const struct sources *s, uint32_t file);

/* ---- answers ---- */

enum query_verdict {
    QUERY_NO,
    QUERY_IF,       /* if constraints hold for the users, roles and levels */
    QUERY_YES,
};

struct query_reason {
    enum query_reason_kind {
        QUERY_RULE,         /* allows */
        QUERY_RULE_OFF,     /* would allow, but its condition is not met */
        QUERY_CONSTRAINT,   /* forbids or, with QUERY_IF, may forbid */
        QUERY_ROLES,        /* the same: no role allow rule for a domain's change of roles */
        QUERY_BOUND,        /* forbids: `type` bounds the subject or the object, and may not */
        QUERY_PERMISSIVE,   /* allows: `type` is permissive */
    } kind;
    enum query_verdict verdict;             /* of a constraint: QUERY_NO or QUERY_IF */
    const struct policy_rule *rule;
    const struct constraint *constraint;
    const struct type *type;
    uint32_t perms;                         /* which ones it is about */
};

/* One subject, one object and one class. */
struct query_result {
    const struct type *subject, *object;
    const struct class *class;
    uint32_t yes, maybe;            /* permissions: allowed; allowed if constraints hold. No other than were asked for */
    uint32_t no;                    /* that a rule is about, but that something takes back */
    enum query_verdict verdict;
    LIST(struct query_reason) reasons;
};

/* One step of a path of information. */
struct query_step {
    const struct type *from, *to;
    const struct query_result *access;      /* the access that carries it, or NULL: */
    const struct policy_rule *rule;         /* two labels of one domain by this transition, or NULL: */
    const struct type *permissive;          /* the subject, which is permissive */
    bool reads;                             /* the subject is `to` */
};

struct query_path {
    const struct type *from, *to;
    enum query_verdict verdict;             /* QUERY_IF: some step may be forbidden by a constraint */
    LIST(struct query_step) steps;
};

struct query_answer {
    enum query_verdict verdict;             /* the best of all */
    LIST(struct query_result) results;      /* QUERY_MAY: by subject, object, class; those that say no as well */
    LIST(struct query_path) paths;          /* QUERY_REACH: what is reached, nearest first */
};

struct answerer;
struct buf;

/* Makes a finished policy without errors ready for questions. Memory is the policy's arena. */
struct answerer *answerer_create(struct policy *p, const struct flat *flat);
/* Sets a boolean for the questions that follow; false if there is none of that name. */
bool answerer_set_boolean(struct answerer *w, const char *name, bool value);
const struct policy *answerer_policy(const struct answerer *w);
/* Whether a rule counts with the booleans as they stand. */
bool answerer_active(const struct answerer *w, const struct policy_rule *r);
/* Too large an answer is a diagnostic in the policy's, and NULL. */
const struct query_answer *answer(struct answerer *w, const struct query *q);

/* ---- information flow ---- */

enum flow { FLOW_NONE, FLOW_READ = 1, FLOW_WRITE = 2, FLOW_BOTH = 3 };
/*
 * Which way a permission moves information: FLOW_READ from the object to the subject, FLOW_WRITE the other way. One that
 * is not in the table of Xen's permissions counts as both.
 */
enum flow query_flow(const char *class, const char *perm);
/* The table as text: a line "CLASS PERM none|read|write|both" for each permission of the policy. */
void query_flows(struct buf *out, const struct policy *p);

/* ---- output ---- */

/* One reason on one line, which is not ended: where it stands, what it says, its words. */
void query_print_reason(struct buf *out, const struct answerer *w, const struct sources *s, const struct query_reason *r,
                        const struct class *class);
/* What is not in a text: where rules stand comes from `s`. */
void query_print(struct buf *out, const struct answerer *w, const struct query *q, const struct query_answer *a,
                 const struct sources *s);
void query_print_json(struct buf *out, const struct answerer *w, const struct query *q, const struct query_answer *a,
                      const struct sources *s);

#endif
