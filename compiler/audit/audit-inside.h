/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of the audit, as its parts share it. Private to the audit. */
#ifndef XSMC_AUDIT_INSIDE_H
#define XSMC_AUDIT_INSIDE_H

#include "audit/audit.h"
#include "audit/hooks.h"
#include "text/rules.h"

/* A hypercall: where it is taken apart into commands. */
struct dispatcher {
    const char *name;                       /* "domctl" */
    const struct tree_function *function;
    const char *subject;                    /* what is switched over, NULL if there are no commands */
    struct flow_labels labels;
};

/* One thing that a domain can ask for. */
struct command {
    const struct dispatcher *of;
    const char *name;                       /* "XEN_DOMCTL_pausedomain"; NULL: the hypercall has no commands */
    struct span span;                       /* of its case */
    const struct flow_result *flow;
};

struct audit {
    struct arena *arena;
    struct names *names;
    struct sources *sources;
    struct diags *diags;
    const struct tree *tree;
    const struct model *model;              /* or NULL */
    bool rows_only;
    const char *root;                       /* of the tree */
    struct body_reader *bodies;
    struct flow_reader *calls, *flask, *dummy;  /* what the hypervisor, Flask's and the dummy policy's functions do */
    struct audit_hook *hooks;
    unsigned int n_hooks;
    struct map hooks_by_wrapper;
    LIST(struct dispatcher) dispatchers;
    LIST(struct command) commands;
};

/* Fills dispatchers and commands. */
void commands_read(struct audit *a);

/* The rules, by family. Each adds its findings. */
void audit_wiring(struct audit *a);         /* rule-wiring.c: commands, rows, tables */
void audit_defaults(struct audit *a);       /* rule-defaults.c: actions, against each other and the database */
void audit_flask(struct audit *a);          /* rule-flask.c: classes, permissions */
void audit_arguments(struct audit *a);      /* rule-arguments.c: what hooks are called with */
void audit_paths(struct audit *a);          /* rule-paths.c: what happens before a check, or without */

/* "common/domctl.c:123" */
const char *audit_place(const struct audit *a, struct span span);
/* Adds a note for every call that leads to the event. */
void audit_trail(struct audit *a, struct diag *diag, const struct flow_event *e);

#endif
