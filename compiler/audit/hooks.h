/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hooks of a Xen tree: what the dummy policy, Flask and SILO have for each, and who calls it.
 *
 * A hook is a function xsm_NAME in include/xsm/dummy.h. Flask's and SILO's functions are what the rows `.NAME = ...` of
 * their struct xsm_ops name; where rows come from a macro (hooks.h), the functions flask_NAME and silo_NAME.
 */
#ifndef XSMC_AUDIT_HOOKS_H
#define XSMC_AUDIT_HOOKS_H

#include "audit/flow.h"
#include "model/model.h"

struct audit_hook {
    const char *name;                       /* "domctl" */
    const char *wrapper;                    /* "xsm_domctl" */
    const struct tree_function *dummy;
    const struct tree_function *flask, *silo;               /* or NULL */
    const struct tree_pointer *dummy_row, *flask_row, *silo_row;    /* or NULL */
    bool listed;                            /* macros make its rows */
    bool access;                            /* it answers whether something is allowed */
    bool has_action;                        /* callers hand in the default action, as argument 0 */
    const char *action;                     /* asserted: "XSM_PRIV"; NULL if nothing is */
    struct span action_span;
    int command;                            /* which parameter is switched over, counted without the action; -1 */
    const char *subject;                    /* Flask's name for it */
    const char *dummy_subject;              /* the dummy policy's */
    const struct tree_call **calls;         /* from outside of xsm/ */
    unsigned int n_calls;
    const struct hook *described;           /* in the database, or NULL */
};

/* What Flask does for a hook and a command (NULL: any of them). */
struct flask_answer {
    const struct flow_result *flow;
    bool asks;                              /* some path asks for a permission */
    bool unknown;                           /* it ends in avc_unknown_permission() */
};

struct audit;

/* The hook of that name in the database, or NULL. */
const struct hook *hook_named(const struct audit *a, const char *name);
/* Fills a->hooks. */
void hooks_read(struct audit *a);
/* The hook with that wrapper, or NULL. */
const struct audit_hook *hook_of(const struct audit *a, const char *wrapper);
struct flask_answer hook_flask(struct audit *a, const struct audit_hook *h, const char *command);
/* The default action of the dummy policy: "XSM_PRIV"; NULL if it depends on more than the command. */
const char *hook_action(struct audit *a, const struct audit_hook *h, const char *command);
/* Whether a file belongs to the security modules. */
bool hooks_own_file(const struct tree_file *file);

#endif
