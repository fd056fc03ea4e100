/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations: what a domain can ask for, as the chain of checks it passes on the way.
 *
 * Every access hook that can be called is one, every command of a dispatching hook (nested tables too), and every hook
 * that is reached through `then hook` or `within`, once for each way to it. An operation's effective default is the
 * conjunction of all stages on its path, in either model.
 */
#ifndef XSMC_OPERATION_H
#define XSMC_OPERATION_H

#include "judge/actor.h"
#include "model/model.h"

struct arena;

/* A domain (or a label handed in) that a question can be about; the same one in every stage that is bound to it. */
struct role_var {
    const char *name;               /* as the first stage that knows it calls it */
    enum { VAR_DOMAIN, VAR_LABEL } kind;
    bool subject;                   /* it is whoever asks */
    bool nullable;                  /* some condition asks whether there is one */
    bool reserved;                  /* may be DOMID_XEN or DOMID_IO */
    const struct expr *expr;        /* a domid or label that is an expression, not an argument */
    unsigned int stage;             /* where it was first met */
};

/* One check on the way: a hook, and the command of it. */
struct stage {
    const struct hook *hook;
    const struct hook *alias;       /* the hook that is called, if that does nothing but `as hook` of `hook` */
    const struct row *row;          /* the innermost row; NULL if the hook is no dispatcher */
    const struct row_key *key;      /* which of the row's commands; NULL for `*` or without a row */
    const struct stage *outer;      /* the rows it is nested in, innermost first; only row and key count there */
    bool listed;                    /* it stands behind the stage before because `within` says so */
    int *bind;                      /* for each argument of the hook: the index of its variable, or -1 */
};

/* Who can ask at all. */
enum asker { ASKED_BY_ANYONE, ASKED_BY_BOOT, ASKED_BY_HYPERVISOR, ASKED_BY_HARDWARE };

struct operation {
    const char *path;               /* "domctl/XEN_DOMCTL_scheduler_op/domctl_scheduler_op/XEN_DOMCTL_SCHEDOP_putinfo" */
    const struct stage *stages;     /* outermost first */
    unsigned int n_stages;
    enum asker asker;
    struct role_var *vars;
    unsigned int n_vars;
    int object;                     /* the variable the matrix calls the object, or -1: not about a domain */
    struct span span;               /* of the last stage's row, or hook */
    unsigned int number;            /* 0.. in the list */
};

struct operations {
    struct operation *items;
    unsigned int n, cap;
    bool cyclic;                    /* `then` and `within` lead round in a circle somewhere; such paths are left out */
    const struct hook *cut;         /* a hook with more ways to it than are followed, or longer ones; NULL: none */
};

/* All operations of a model without errors, in the order of its hooks and rows. Memory from `a`. */
struct operations operations_list(struct arena *a, const struct model *m);

/* The last stage. */
const struct stage *operation_last(const struct operation *op);
/* What it is for, in the words of the row that is asked for or of the hook; its path if there are none. */
const char *operation_meaning(const struct operation *op);
/* What the stage does in Flask: the row's steps, or the hook's. `fixed`: where a defect says what is right, that. */
const struct steps *stage_flask(const struct stage *s, bool fixed);
/* The default action of the stage's row, if rows have them: of the innermost row that has one; else ACTION_UNSET. */
enum action stage_action(const struct stage *s, bool fixed);
/* Whether it may do something else where defects are fixed. */
bool operation_fixed(const struct operation *op);
/* Whether this kind of domain can be the subject of the operation. */
bool operation_asked_by(const struct operation *op, enum domain_kind kind);
/* The most specific place of a stage: its row, or its hook. */
struct span stage_span(const struct stage *s);

#endif
