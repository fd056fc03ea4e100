/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to compiler/tree. What the parts of the symbolic reading share among themselves. */
#ifndef XSMC_TREE_READING_INSIDE_H
#define XSMC_TREE_READING_INSIDE_H

#include "tree/reading.h"

enum value_kind {
    VALUE_NONE,             /* nothing is known */
    VALUE_TEXT,             /* an expression in the language */
    VALUE_NUMBER,           /* "0", or an errno name for its negative */
    VALUE_VERDICT,          /* the answer of a check that was made: passing on means it was 0 */
    VALUE_PERMS,            /* permissions, possibly conditional */
    VALUE_CLASS,
    VALUE_OWN,              /* the SID of the domain `a` */
    VALUE_SEEN,             /* the SID of the domain `b` as `a` sees it */
    VALUE_LABEL,            /* another SID: a label's text */
    VALUE_SSID,             /* a->ssid */
    VALUE_PARTS,            /* a pointer to the variable `text`, whose members are variables of their own */
};

struct perm_part {
    const char *class_name, *text;
    const char *when, *otherwise;   /* or NULL */
    bool single;                    /* `text` is one permission's name */
};

struct value {
    enum value_kind kind;
    const char *text, *a, *b;
    bool looked_up;                 /* a domain found by its number: that it is none is not asked */
    const struct perm_part *parts;
    unsigned int n_parts;
};

struct binding {
    const char *name;               /* interned; "data.perm" for a member */
    struct value value;
};

struct bindings {
    struct binding *items;
    unsigned int n, cap;
};

/* A result under a condition, decided before the function's end. */
struct pending {
    const char *when;
    struct value value;
};

/* One run over a function and those it calls. */
struct run {
    const struct reading_world *w;
    struct reading *out;
    unsigned int cap;               /* of out->steps */
    const struct tree_file *file;
    const struct tree_function *function;
    struct bindings vars;
    const char *when;               /* the conditions on the way here, or NULL */
    const struct reading_choice *choices;   /* what is asked about */
    unsigned int n_choices;
    struct pending *pending;        /* earlier ends of a function that is followed for its value */
    unsigned int n_pending, cap_pending;
    unsigned int depth;             /* calls inside calls */
    unsigned int nested;            /* expressions inside expressions */
    unsigned int *fuel;             /* statements and expressions that may still be looked at */
    struct value result;            /* of a function that was followed */
    bool quiet;                     /* a condition is computed: nothing is added */
};

enum truth { IS_FALSE, IS_TRUE, IS_OPEN };

/* The text of a node as written. */
const char *run_text(const struct run *r, TSNode n);
/* A variable's value, or NULL. */
struct value *run_find(struct run *r, const char *name);
void run_set(struct run *r, const char *name, struct value v);
/* Says that something was not understood, once. */
void run_incomplete(struct run *r, TSNode n, const char *what);
struct reading_step *run_step(struct run *r, enum reading_kind kind, TSNode n);
bool run_is(TSNode n, const char *type);
TSNode run_field(TSNode n, const char *name);
/* Out of parentheses and casts. */
TSNode run_bare(TSNode n);
const char *run_and(const struct run *r, const char *a, const char *b);
const char *run_not(const struct run *r, const char *a);

/* The value of an expression; checks in it are added to the steps. */
struct value run_value(struct run *r, TSNode n);
/* An expression in the spelling of the language; NULL if it cannot be said. */
const char *run_expr(struct run *r, TSNode n);
/* Whether a condition holds; if that is open its text in *text, NULL if it cannot be said. */
enum truth run_truth(struct run *r, TSNode n, const char **text);
/* The constants of permissions in a function's text, in order: "{ a, b }", or NULL if it has none. */
const char *run_choices(struct run *r, const struct tree_function *f, const char **class_name);

/* CLASS__PERM as a value, if there is such a class. */
struct value run_permission(struct run *r, const char *name);
struct value run_perms_joined(struct run *r, const struct value *a, const struct value *b);
/* What a call yields; what it asks for is added to the steps. */
struct value run_ask(struct run *r, TSNode n);
/* What holds after `if ( cond ) a; else b;`. */
struct value run_joined(struct run *r, const char *cond, const struct value *a, const struct value *b);
/*
 * Takes note that one more thing is looked at, inside of those that are; false if it were too many, or too deep. Otherwise
 * run_left() follows.
 */
bool run_enter(struct run *r, TSNode n);
void run_left(struct run *r);

/* Follows a function with these arguments; its result. */
struct value run_call(struct run *r, const struct tree_function *f, const struct value *args, unsigned int n);
/* The function of that name that a call here means: of this file, or the only one with a body; or NULL. */
const struct tree_function *run_callee(const struct run *r, const char *name);

#endif
