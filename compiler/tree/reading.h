/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to compiler/tree and who stands on it.
 * What a function of the dummy policy or of Flask answers, read off its C by following it symbolically: which checks it
 * makes, on which condition, in which order, and how it ends. Texts are in the spelling of the language, with the
 * function's arguments under the names that the caller gives them.
 *
 * This is no interpreter of C. What it knows is how such functions are written: the checks of the access vector cache
 * (avc_has_perm() and what is made of it), xsm_default_action(), the look-ups of labels, permissions gathered in a
 * variable, `if ( rc ) return rc;`. A statement that does something else makes the reading incomplete and is kept with its
 * place; the checks around it are read all the same.
 */
#ifndef XSMC_TREE_READING_H
#define XSMC_TREE_READING_H

#include "tree/tree.h"

enum reading_kind {
    READING_CHECK,          /* Flask asks the policy */
    READING_DEFAULT,        /* xsm_default_action() */
    READING_PERMIT,         /* ends: allowed */
    READING_REFUSE,         /* ends: refused with text, an errno name */
    READING_UNKNOWN,        /* ends: avc_unknown_permission(text) */
    READING_AS,             /* ends: the function of hook `text` with args */
};

struct reading_step {
    enum reading_kind kind;
    const char *when;               /* in the language, or NULL */
    const char *guard;              /* an #if below the function's, as a guard of the language, or NULL */
    const char *subject;            /* CHECK: a label; DEFAULT: "current" or an argument */
    const char *object;             /* the same; DEFAULT: NULL for none */
    bool spelt;                     /* CHECK: the subject is `current`, written out at the check itself */
    const char *class_name, *perm_class;    /* CHECK; perm_class NULL: the same */
    const char *perms;              /* CHECK: what stands behind class:, "add", "{ add, remove when x }" */
    bool plain;                     /* CHECK: of a device, and the audit record does not name it */
    const char *action;             /* DEFAULT: "XSM_PRIV" */
    const char *text;
    const char *args;               /* AS: the arguments, "d, 1"; NULL if they are the function's own in order */
    bool ends;                      /* whoever passes this step is allowed, nothing is asked after it */
    struct span span;
};

struct reading {
    struct reading_step *steps;
    unsigned int n;
    const char *asserted;           /* dummy: the action in XSM_ASSERT_ACTION(), or NULL */
    const char *returned;           /* the text behind a `return` that is no check, when there is no step; or NULL */
    const char *incomplete;         /* what the first statement does that was not understood, or NULL */
    struct span where;              /* of that statement */
    const char *open_on;            /* a switch over what was not among the choices: over this, in the language; or NULL */
    const char **open_labels;       /* its cases */
    unsigned int n_open_labels;
};

/* What the reader has to know beside the function. */
struct reading_world {
    const struct tree *tree;
    struct arena *arena;
    struct names *names;
    /* the hook whose Flask function has this name, or NULL */
    const char *(*hook_of)(void *context, const char *function);
    /* "domain" of DOMAIN, the class as it is spelt; "domU" of DOMU, an initial SID; NULL if there is none */
    const char *(*class_of)(void *context, const char *upper);
    const char *(*sid_of)(void *context, const char *upper);
    void *context;
};

/* Which command is asked about: `selector`, an expression in the language, is this constant; "*": one that is not named. */
struct reading_choice {
    const char *selector, *selected;
};

/* Reads a function. `names` are what its arguments are to be called, in order. */
struct reading reading_of(const struct reading_world *w, const struct tree_function *f, const char *const *names,
                          unsigned int n_names, const struct reading_choice *choices, unsigned int n_choices);

/* The place of an expression in this function in the language, its arguments under these names; NULL if it cannot be said. */
const char *reading_text(const struct reading_world *w, const struct tree_function *f, const char *const *names,
                         unsigned int n_names, struct span expression);

#endif
