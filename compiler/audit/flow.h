/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens on the paths of a function, in which order: checks, locks, changes of state, domains looked up.
 *
 * A function is walked once for each thing that may be known of it: which command a caller asks for (then `switch ( cmd )`
 * goes one way only), and which arguments are domains that were looked up rather than the caller's own. Calls are followed
 * across files, and through members of structs to whatever is assigned to a member of that name, where there is a chance
 * that something happens; where that is not possible the trail ends, and an event says so.
 *
 * The walk is one pass in the order of the text with two states: one for paths on which an error is about to be returned
 * (`ret = -EINVAL`), one for the others. Only the latter count for what is true when a function returns. Backward jumps are
 * not followed. Paths are joined, so "checked" means on every path, "locked" on some.
 */
#ifndef XSMC_AUDIT_FLOW_H
#define XSMC_AUDIT_FLOW_H

#include "tree/body.h"

enum flow_kind {
    FLOW_CHECK,         /* a check is made; what: as the asker calls it */
    FLOW_LOCK,          /* a lock that belongs to no single object is taken; what: the lock */
    FLOW_CHANGE,        /* something global, or of a domain that was looked up, is changed; what: what is assigned to */
    FLOW_LOOKUP,        /* another domain is looked up; what: the function */
    FLOW_PRIVILEGE,     /* is_control_domain() and its like; what: the function */
    FLOW_LOST,          /* a call that cannot be followed; what: the callee as written */
};

/* The calls that lead to an event, outermost first. */
struct flow_step {
    const struct tree_function *in;
    const struct act *call;
    const struct flow_step *next;
};

struct flow_event {
    enum flow_kind kind;
    const char *what;
    const void *check;              /* FLOW_CHECK: what flow_checks.find() returned */
    const struct tree_function *in;
    const struct act *act;
    const struct flow_step *via;
    bool checked;                   /* a check was passed on every path that leads here */
    bool empty;                     /* FLOW_CHECK: asks nothing for this command */
    bool of_domain;                 /* FLOW_CHANGE: of one that was looked up, not of all */
    /* FLOW_CHECK: what may have happened before it, and before any other check; each NULL if nothing. */
    const struct flow_event *lock, *change, *lookup;
    const struct flow_event *deferred;  /* the empty check that was before, or NULL */
    unsigned int null;              /* FLOW_CHECK: one more than the argument that is NULL on some path; 0: none */
    const char *command;            /* FLOW_CHECK: the argument that is the command, as written there, or NULL */
};

struct flow_state {
    bool live;                      /* some path is in this state */
    bool checked;
    const struct flow_event *lock, *change, *lookup, *deferred;
    const char *null;               /* a variable that is NULL on some path, or NULL */
    const char *refuted;            /* the comparison that was found untrue last, on every path; or NULL */
};

struct flow_result {
    const struct tree_function *function;
    struct flow_event **events;
    unsigned int n_events, cap_events;
    struct flow_state end;          /* of the paths that return without an error; not live: there is none */
    bool busy;                      /* being walked: a call of itself is passed over */
};

/* What counts as a check. */
struct flow_checks {
    /* The check that a call of this function makes, or NULL. */
    const void *(*find)(void *context, const char *callee);
    /* Whether it asks nothing for this command (NULL: not known). `command` is what is known of the argument. */
    bool (*empty)(void *context, const void *check, const struct act *call, const char *command);
    /* Which argument of the call is the command; -1: none. */
    int (*command)(void *context, const void *check);
    /* Whether calls into this function are followed although nothing in it leads to a check. */
    bool (*enter)(void *context, const struct tree_function *f);
    void *context;
};

struct flow_reader;
/* `reach` tells which functions lead to a check, by name: only they are followed deeper than two calls. */
struct flow_reader *flow_reader_create(struct arena *a, struct names *names, const struct tree *t,
                                       struct body_reader *bodies, const struct flow_checks *checks);

/*
 * The flow of `f` when it is asked for `command`, which it finds in `subject` ("op->cmd", "cmd"); NULL: nothing is known.
 * Both are interned. Remembered.
 */
const struct flow_result *flow_of(struct flow_reader *r, const struct tree_function *f, const char *subject, const char *command);

/* Every constant that `f`, or what it hands the subject on to, has a case for: names of constants, each once. */
struct flow_label {
    const char *name;
    const struct act *act;
    const struct tree_function *in;
};
struct flow_labels {
    struct flow_label *items;
    unsigned int n, cap;
};
void flow_labels(struct flow_reader *r, const struct tree_function *f, const char *subject, struct flow_labels *to);

/* Whether the text is the name of a constant, or a number. */
bool flow_is_constant(const char *text);

#endif
