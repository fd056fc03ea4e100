/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hook database as plain structs.
 *
 * The front end alone writes these; every consumer (back ends, rules, proof, diff) takes them const.
 * All memory, names and texts belong to the run's arena and live as long as it does.
 *
 * Names are interned (base/names.h): two equal names are one pointer, so compare with ==.
 * Lists are counted arrays in declaration order; where order is ABI (classes, permissions, initial SIDs,
 * members of struct xsm_ops) that order is the number.
 *
 * The language that fills these is described in compiler/LANGUAGE.md.
 */
#ifndef XSMC_MODEL_H
#define XSMC_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/source.h"

struct stock;   /* model/stock.h */

/* ---- classes, permissions, initial SIDs ------------------------------------------------------------ */

struct perm {
    const char *name;
    const char *meaning;            /* one sentence, or NULL */
    struct span span;
    struct class *class;
    unsigned int bit;               /* 0..31: 1u << bit is what avc_has_perm() is asked for */
};

struct class {
    const char *name;
    const char *meaning;
    struct span span;
    const char *continues_name;     /* as written after `continues`, or NULL */
    struct class *continues;        /* bound by the resolver: xen2 continues xen */
    struct perm *perms;
    unsigned int n_perms;
    unsigned int number;            /* 1.. : SECCLASS_* */
};

struct isid {
    const char *name;
    const char *meaning;
    struct span span;
    unsigned int number;            /* 1.. : SECINITSID_* */
};

/* ---- expressions: the conditions of rows, and the guards ------------------------------------------- */

enum expr_kind {
    EXPR_NAME,      /* an argument of the hook, a C constant, or CONFIG_X in a guard: name */
    EXPR_NUMBER,    /* name holds the spelling */
    EXPR_CURRENT,   /* the calling domain: current->domain in C */
    EXPR_ARROW,     /* a->name */
    EXPR_DOT,       /* a.name */
    EXPR_CALL,      /* name(args...) ; nospec(x) is evaluate_nospec(x) */
    EXPR_NOT,       /* !a */
    EXPR_AND,       /* a && b */
    EXPR_OR,        /* a || b */
    EXPR_EQ, EXPR_NE, EXPR_LT, EXPR_LE, EXPR_GT, EXPR_GE,
    EXPR_BITAND,    /* a & b */
};

struct expr {
    enum expr_kind kind;
    unsigned int depth;             /* levels of a and b below, this one included: at most 1000 */
    uint32_t likeness;              /* the same in equal expressions (as far as a and b go), hardly in others */
    const char *name;
    struct expr *a, *b;
    struct expr **args;             /* EXPR_CALL */
    unsigned int n_args;
    struct param *param;            /* EXPR_NAME bound to an argument, else NULL */
    struct span span;
};

/* ---- hooks ------------------------------------------------------------------------------------------- */

/* What an argument is to an access check, from its C type. */
enum param_kind {
    PARAM_OTHER,
    PARAM_DOMAIN,       /* [const] struct domain * */
    PARAM_DOMID,        /* domid_t */
    PARAM_EVTCHN,       /* [const] struct evtchn *, not an array */
};

struct param {
    const char *type;               /* canonical C, star included: "struct domain *", "uint32_t" */
    const char *name;
    bool array;                     /* declared as `type name[]` */
    enum param_kind kind;
    struct span span;
};

/* Who or what a check is about: what SID is looked up, and how. */
enum label_kind {
    LABEL_NONE,         /* no object */
    LABEL_CURRENT,      /* the calling domain */
    LABEL_DOMAIN,       /* an argument domain (or domid). As an object its self or target SID counts
                           (domain_target_sid() of subject and object), as a subject its own SID. */
    LABEL_EXACT,        /* own(d): the domain's own SID, self and target not considered; d is an argument, or an
                           expression (args[0]) whose value is a domain or domid */
    LABEL_SEEN,         /* seen(a, b): b as a sees it, domain_target_sid(a, b), whoever the subject is */
    LABEL_EVTCHN,       /* the event channel's SID */
    LABEL_ISID,         /* sid NAME: an initial SID */
    LABEL_ARG,          /* label EXPR: a SID handed in by the caller */
    LABEL_NEW,          /* new CLASS(from, to): what a type transition from `from` to `to` yields */
    LABEL_DEVICE,       /* device(sbdf): PCI device */
    LABEL_IRQ,          /* irq(n) */
    LABEL_IOMEM,        /* iomem(start, end): every label in the range */
    LABEL_IOPORT,       /* ioport(start, end): every label in the range */
    LABEL_DTDEV,        /* dtdev(path): device tree node */
};

struct label {
    enum label_kind kind;
    const char *name;               /* argument, initial SID or class name as written */
    struct span span;
    struct param *param;            /* DOMAIN, EXACT (NULL if an expression), EVTCHN */
    struct isid *isid;              /* ISID */
    struct class *class;            /* NEW */
    struct label *from, *to;        /* NEW, SEEN */
    struct expr **args;             /* EXACT, ARG, DEVICE, IRQ, IOMEM, IOPORT, DTDEV */
    unsigned int n_args;
};

/* The dummy policy's default actions, in words. */
enum action {
    ACTION_UNSET,           /* nobody decided: an error unless inherited */
    ACTION_ANYONE,          /* XSM_HOOK */
    ACTION_SELF_OR_TARGET,  /* XSM_TARGET */
    ACTION_XENSTORE,        /* XSM_XS_PRIV */
    ACTION_DEVICE_MODEL,    /* XSM_DM_PRIV */
    ACTION_CONTROL,         /* XSM_PRIV */
    ACTION_NOBODY,          /* -EPERM for everyone */
};

/*
 * One default clause. A hook's clauses are read in order: the first whose `when` and `guard` hold decides,
 * except that a clause marked `also` and those before it must all allow (mmu_update).
 */
struct default_clause {
    enum action action;
    struct label *on;               /* object of this clause if not the hook's, or NULL */
    struct expr *when;              /* run-time condition, or NULL */
    struct expr *guard;             /* build-time condition, or NULL */
    bool also;
    const char *note;               /* the condition in words, or NULL */
    struct span span;
};

/* A permission of a check; several of them are asked in one question. */
struct perm_use {
    const char *name;               /* as written */
    struct perm *perm;              /* NULL if `choose` */
    const char *choose;             /* a hypervisor function that picks one of `choices`, or NULL */
    struct expr **choose_args;
    unsigned int n_choose_args;
    struct perm_use *choices;       /* each plain */
    unsigned int n_choices;
    struct expr *when;              /* asked for only when this holds, or NULL */
    struct perm_use *otherwise;     /* asked for instead when it does not, or NULL */
    struct span span;
};

struct check {
    struct label *subject;          /* NULL: the hook's */
    struct label *object;           /* NULL: the hook's */
    const char *class_name;
    struct class *class;            /* the class avc_has_perm() is given */
    const char *perm_class_name;    /* as written in class:perm_class:perm, or NULL */
    struct class *perm_class;       /* the class the permissions are taken from: == class unless the tree
                                       is wrong (a `defect`). What is asked is then bit for bit `class`. */
    struct perm_use *perms;
    unsigned int n_perms;
    bool audit_plain;               /* the audit record names no device */
};

enum step_kind {
    STEP_CHECK,
    STEP_PERMIT,        /* ends: allowed, nothing is asked */
    STEP_REFUSE,        /* ends: refused whatever the policy says; -EPERM unless errno_name is set */
    STEP_UNKNOWN,       /* ends: avc_unknown_permission(text, selector) */
    STEP_THEN,          /* ends: allowed here, checked further by one of `hooks` */
    STEP_AS,            /* ends: the same checks as hook `hooks[0]`, called with args or the like-named ones */
};

struct hook_ref {
    const char *name;
    struct hook *hook;
    struct span span;
};

/* What Flask does, step by step; the first step that refuses or ends decides. */
struct step {
    enum step_kind kind;
    struct expr *when;              /* the step is passed over unless this holds, or NULL */
    struct check check;             /* STEP_CHECK */
    const char *text;               /* STEP_UNKNOWN: what is unknown; STEP_REFUSE: errno name or NULL */
    struct hook_ref *hooks;         /* STEP_THEN (one or more), STEP_AS (one) */
    unsigned int n_hooks;
    struct expr **args;             /* STEP_AS with explicit arguments */
    unsigned int n_args;
    bool args_given;                /* STEP_AS: `as hook A()` is not `as hook A` */
    struct span span;
};

struct steps {
    struct step *step;
    unsigned int n;
    struct span span;
    bool set;                       /* written at all (an empty list is not an unset one) */
};

/* What the tree does is wrong; what it should do stands here and is used by --fix-defects. */
struct defect {
    const char *text;
    enum action fix_action;         /* ACTION_UNSET: the default is right */
    struct steps fix_flask;         /* !set: Flask is right */
    struct span span;
};

struct row_key {
    const char *name;               /* a C constant */
    struct span span;
};

/* One command of a dispatching hook, or several that share everything. */
struct row {
    struct row_key *keys;           /* none for `*` */
    unsigned int n_keys;
    bool star;                      /* what an unlisted command gets */
    enum action action;             /* ACTION_UNSET: the hook's default clauses decide */
    struct span action_span;
    struct steps flask;
    struct table *sub;              /* the row is itself a table (on op { ... }), or NULL */
    struct expr *guard;             /* the Flask case is compiled only if, or NULL */
    const char *meaning;
    struct defect *defect;          /* or NULL */
    struct span span;
    struct table *table;            /* the table it stands in */
};

struct table {
    struct expr *on;                /* what is switched over: cmd, op, mode, chn->state, op.cmd */
    struct row *rows;
    unsigned int n_rows;
    struct span span;
    struct hook *hook;
    struct row *parent;             /* the row this is the sub-table of, or NULL */
};

enum hook_kind {
    HOOK_ACCESS,        /* an access check: allowed or not */
    HOOK_LIFECYCLE,     /* keeps labels: allocation, release, display; asks nothing by default */
    HOOK_FLASK_ONLY,    /* a hypercall of the security module itself: the dummy policy has none of it */
};

enum silo_kind {
    SILO_UNSET,
    SILO_PAIR,          /* allowed only if one of a, b is control or both are the same domain */
    SILO_NONE,          /* deliberately none; `reason` */
};

struct silo {
    enum silo_kind kind;
    struct label *a, *b;            /* DOMAIN; b may be a domid argument */
    const char *reason;
    struct span span;
};

/* A body that stays hand-written C in the hypervisor. */
struct manual {
    const char *reason;             /* NULL: not manual */
    const char *function;           /* the C function's name, NULL: flask_<hook> or xsm_<hook> */
    struct span span;
};

/* Where a hook is called from, if not from everywhere: what was checked before, or on whose behalf. */
enum within_kind {
    WITHIN_ROWS,            /* behind the rows that say `then hook` */
    WITHIN_HOOK,            /* behind this hook, or these commands of it */
    WITHIN_BOOT,            /* Xen's own doing while it boots; nothing is checked before */
    WITHIN_HYPERVISOR,      /* Xen's own doing, at boot or later; nothing is checked before */
    WITHIN_HARDWARE,        /* Xen's doing while the hardware domain runs; nothing is checked before */
};

struct within {
    enum within_kind kind;
    struct hook_ref hook;           /* WITHIN_HOOK */
    struct row_key *commands;       /* from the outermost table in; none: any */
    unsigned int n_commands;
    struct expr **args;             /* arguments of this hook in the other's order; else like-named ones are the same */
    unsigned int n_args;
    bool args_given;
    struct span span;
};

struct hook {
    enum hook_kind kind;
    const char *name;
    const char *meaning;
    struct span span;
    const char *returns;            /* C return type, "int" by default */
    struct param *params;
    unsigned int n_params;
    struct expr *guard;             /* CONFIG_* expression, or NULL */
    struct label *subject;          /* NULL: current */
    struct label *object;           /* NULL: none */
    bool object_reserved;           /* the object may also be DOMID_XEN or DOMID_IO */
    struct within *within;          /* where it is called from; none: anywhere */
    unsigned int n_within;
    struct default_clause *defaults;
    unsigned int n_defaults;
    struct steps flask;             /* without a table */
    struct table *table;            /* `on`: default and Flask per command; NULL if none */
    struct table *flask_table;      /* `flask on`: Flask alone per case; NULL if none */
    struct silo silo;
    struct manual flask_manual;
    struct manual dummy_manual;
    const char *result;             /* what the dummy body of a life-cycle or Flask-only hook returns, C text */
    bool no_action;                 /* callers hand in no default action (the Argo hooks) */
    struct defect *defect;
    unsigned int order;             /* position in struct xsm_ops, 0.. */
};

/* `layout { a b c }`: fixes the historical order of struct xsm_ops; hooks it does not name follow in row order. */
struct layout {
    struct hook_ref *hooks;
    unsigned int n;
    struct span span;
    bool set;
};

/* `waive RULE "reason"`: takes back one rule's findings in the declaration, row or permission it stands in. */
struct waiver {
    const char *rule;
    const char *reason;
    struct span scope;              /* what it covers */
    struct span span;
};

struct model {
    const char *target;             /* `database xen-4.17`: which Xen this describes, or NULL */
    const char *target_meaning;
    struct class **classes;
    unsigned int n_classes;
    struct isid **isids;
    unsigned int n_isids;
    struct hook **hooks;            /* sorted by order */
    unsigned int n_hooks;
    struct layout layout;
    struct waiver *waivers;
    unsigned int n_waivers;
    struct stock *stock;            /* what the policy files say is to be derived, or NULL */
};

#endif
