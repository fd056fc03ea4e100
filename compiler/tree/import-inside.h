/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private to compiler/tree. What the parts of the import share among themselves. */
#ifndef XSMC_TREE_IMPORT_INSIDE_H
#define XSMC_TREE_IMPORT_INSIDE_H

#include "base/buf.h"
#include "tree/import.h"
#include "tree/inside.h"
#include "tree/reading.h"

struct import_class {
    const char *name, *upper;
    const char **perms, **meanings;     /* meaning: what the comment before it says, or NULL */
    unsigned int n_perms, cap_perms, cap_meanings;
};

/* A name with what it is called in C. */
struct import_sid {
    const char *name, *upper;
};

/* One hook as the tree declares it. */
struct import_hook {
    const char *name, *returns;
    const struct tree_param *params;
    unsigned int n_params;
    const char **names;                 /* of the parameters, none NULL */
    const struct tree_guard *guard, *base;
    struct span span;
    const struct tree_function *dummy, *flask, *silo;   /* or NULL */
    const char *flask_name;             /* what the table says, even if there is no such function */
    const char *alias;                  /* #define flask_x flask_y: flask_y */
    const char *same_as;                /* the function is another hook's, compiled again */
};

struct import {
    struct tree *t;
    struct arena *arena;
    struct diags *diags;
    struct reading_world world;
    LIST(struct import_class) classes;
    LIST(struct import_sid) sids;
    LIST(struct import_hook) hooks;
    struct map by_name, by_flask;       /* hooks */
    struct map deferred;                /* hooks that some row says `then hook` of */
    struct map cases;                   /* label -> tree_list of struct tree_case outside the security modules */
};

/* import-policy.c: classes, permissions, initial SIDs. */
bool import_policy(struct import *im);
void import_print_policy(struct import *im, struct buf *classes, struct buf *sids);

/* import-hooks.c: which hooks there are, and their functions. */
bool import_hooks(struct import *im);
const struct import_hook *import_hook(const struct import *im, const char *name);

/* import-commands.c */
struct import_names {
    const char **items;
    unsigned int n, cap;
};

/* Gathers the cases of all dispatchers. */
void import_cases(struct import *im);
/*
 * Commands that reach the hook's argument `param` beside those in `listed`, which are added to. Returns whether the hook is
 * called before the hypervisor has looked which command it is.
 */
bool import_handled(struct import *im, const struct import_hook *h, unsigned int param, struct import_names *listed);
/* The access hooks that are called where the hypervisor carries out a command of the hook, one of those in `table`. */
struct import_names import_later(struct import *im, const struct import_hook *h, const struct import_names *table,
                                 const char *command);
bool import_names_hold(const struct import_names *n, const char *name);

/* import-table.c: the commands of a hook, and what is answered for each. */
struct import_row {
    const char *key;                    /* "*" for any other */
    const struct tree_guard *guard;     /* of Flask's case, or NULL */
    const struct tree_guard *base;
    const struct tree_case *written;    /* Flask's case, or NULL */
    struct reading dummy, flask;
    struct import_names later;
    const char *sub_on;                 /* the row is a table of its own over this, or NULL */
    struct import_row *sub;
    unsigned int n_sub;
};
struct import_table {
    const char *on;                     /* NULL: no table */
    bool by_dummy;                      /* the dummy policy decides by it as well, or defers commands to other hooks */
    struct import_row *rows;
    unsigned int n;
};
struct import_table import_table(struct import *im, const struct import_hook *h);
/* Both readings of a hook without commands. */
struct reading import_reading(struct import *im, const struct import_hook *h, const struct tree_function *f,
                              const struct reading_choice *choices, unsigned int n);

/* import-print.c: one hook in the language. Told twice, the second time it knows what all rows defer to. */
void import_print_hook(struct import *im, const struct import_hook *h, struct buf *out);

#endif
