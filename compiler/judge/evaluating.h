/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An evaluation on its way. Private to effective.c (cases), effective-condition.c (domains and conditions) and
 * effective-flask.c (what Flask asks).
 */
#ifndef XSMC_EVALUATING_H
#define XSMC_EVALUATING_H

#include "base/arena.h"
#include "judge/effective.h"

/* A choice: which of how many possibilities. */
struct pick {
    unsigned int chosen, n;
};

/* Where in an operation an evaluation is: which stage, and there before the guard, the default, or a step of Flask's. */
struct point {
    unsigned int stage;
    enum { BEFORE_GUARD, BEFORE_DEFAULT, BEFORE_STEPS } part;
    unsigned int step;
};

/* All that an evaluation knew at a place, so that it can go on from there; lists are cut to their lengths then. */
struct mark {
    struct point place;
    unsigned int picks, facts, questions, nested, known_vars;
    bool allowed;                   /* what `out` said: */
    enum action action;
    enum ending ending;
    struct span deciding;
    const char *unknown;
};

/* A hook being evaluated: a stage of the path, or what it does `as`. */
struct frame {
    const struct hook *hook;
    const int *bind;                /* argument -> variable or -1 */
    const struct stage *stage;      /* NULL inside `as` */
    unsigned int scope;
};

/* Things that live for one case, used again in the next. */
struct as_frame {
    int *bind;
    unsigned int cap;
    struct stage stage;
};

enum {
    DEEPEST_AS = 8,
    MOST_CASES = 1 << 14,
    MOST_WORK = 1 << 24,
};

struct effective {
    struct arena *arena;
    const struct supposing *supposing;
    bool fixed;

    const struct operation *op;
    const struct actor *subject;
    const struct actor **vars;
    bool *decided;
    unsigned int vars_cap;
    bool impossible;                /* the choices contradict each other: no such case */
    unsigned int work;              /* how often something was compared with what is known */

    struct point place;
    LIST(struct mark) marks;        /* places to go on from, each with more picks made than the one before */
    LIST(struct pick) picks;
    unsigned int at;                /* how many picks this case has made */
    LIST(struct fact) facts;
    LIST(struct question) questions;
    LIST(struct sid *) nested;      /* inside SID_NEW */
    unsigned int n_nested;
    LIST(int) known_vars;           /* those decided, in order */
    struct as_frame as[DEEPEST_AS];
    struct instance out;
};

/* ---- effective.c ---- */

/* One of `n` possibilities; each has its turn in some case. */
unsigned int eval_pick(struct effective *e, unsigned int n);
void eval_fact_add(struct effective *e, struct fact fact);

/* ---- effective-condition.c ---- */

/* Whether a variable can stand in that relation to the subject. */
bool var_possible(const struct role_var *v, const struct actor *subject, enum relation r);
/* The domain a variable is in this case; NULL: none. */
const struct actor *var_value(struct effective *e, int index);
/* The variable of an expression that is a domid or a label, or -1. */
int expr_var(const struct effective *e, const struct frame *f, const struct expr *x);
bool eval_condition(struct effective *e, const struct frame *f, const struct expr *x);
/* A guard says when the hook or row is there at all: it holds where there is a question. */
bool eval_guard(struct effective *e, const struct frame *f, const struct expr *x);

/* ---- effective-flask.c ---- */

/* How a step, or a list of them, ended. */
enum flow { FLOW_ON, FLOW_ALLOWED, FLOW_REFUSED, FLOW_UNKNOWN, FLOW_ELSEWHERE };

/* One step; its questions are added. `next` is the stage behind, or NULL; `depth` counts `as` around it. */
enum flow flask_step(struct effective *e, const struct frame *f, const struct step *step, const struct stage *next,
                     unsigned int depth);

#endif
