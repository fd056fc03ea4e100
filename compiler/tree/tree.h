/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Xen source tree, read unbuilt: every C file below TREE/xen, all architectures and all configurations at once.
 *
 * Every file is parsed as it stands: attribute macros (cf_check, XSM_INLINE, __init, ...), comments and preprocessor lines
 * are blanked byte for byte first, so places stay, and the code of every #if and #else is read. So the same function may
 * exist several times, under different guards and in different architectures. An index says which functions there are, what
 * each calls, what it switches over, which macros, constants and tables of function pointers there are, and under which
 * guard each stands. Whoever needs more than the index takes the syntax tree of a function (tree_function_node(), with
 * <tree_sitter/api.h>).
 *
 * Nothing is guessed: what could not be read is a gap (tree_gaps()), and a function with a gap in it says so.
 *
 *     struct tree *t = tree_create(arena, names, sources, diags);
 *     if (tree_read(t, "xen-4.17.5", NULL)) {
 *         n = tree_functions_named(t, "do_domctl", &f);
 *         for (i = 0; i < f[0]->n_calls; i++) ...
 *     }
 *     tree_destroy(t);
 *
 * Names are interned in `names`: compare with ==, intern yours with names_get(). Memory belongs to the arena, but for the
 * syntax trees, which tree_destroy() releases. Lists are in the order of files (by path) and of places in them.
 */
#ifndef XSMC_TREE_H
#define XSMC_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <tree_sitter/api.h>

#include "base/arena.h"
#include "base/names.h"
#include "text/diag.h"
#include "text/source.h"

struct expr;    /* model/model.h */
struct tree;

/*
 * A condition of the preprocessor and those around it. Equal conditions at equal nesting in one file are one pointer only
 * if they are the same #if; compare texts (tree_guard_text()). Guards against double inclusion do not count.
 */
struct tree_guard {
    const struct tree_guard *up;    /* the one around it, or NULL */
    const char *cond;               /* interned, without blanks: "defined(CONFIG_X86)"; an #else is "!(...)" */
    struct span span;               /* the line of the #if, #elif or #else */
};

struct tree_file {
    const char *path;               /* below TREE: "xen/common/domctl.c" */
    const char *arch;               /* interned: "x86" or "arm" for what is below arch/ or include/asm-*, else NULL */
    uint32_t source;                /* its index in the sources, which spans carry */
    uint32_t len;
    const char *text;               /* as it was parsed: as long as the file, with what is no code blanked */
    TSTree *syntax;
    unsigned int index;             /* position in tree_files() */
    unsigned int broken;            /* how many gaps it has */
};

struct tree_param {
    const char *name;               /* interned; NULL if it has none */
    const char *type;               /* one blank between words: "const struct domain *"; "struct evtchn *" for `chn[]` */
    bool array;                     /* written as `type name[]` */
    struct span span;
};

/* A call `callee(args)`, macros used like functions included. */
struct tree_call {
    const char *callee;             /* the name called; of a->ops.read(x) "read"; NULL if an expression is called */
    bool indirect;                  /* through a member or an expression, not by name */
    struct span span;               /* all of it */
    struct span callee_span;        /* what stands before the parenthesis */
    const struct span *args;
    unsigned int n_args;
    const struct tree_function *function;   /* it stands in; NULL: outside of functions */
    const struct tree_case *in;     /* the innermost case it stands in, or NULL */
    const struct tree_guard *guard; /* in force there, those around the function included; NULL: none */
};

struct tree_label {
    const char *name;               /* text of the constant, interned: "XEN_DOMCTL_pausedomain"; NULL for default */
    struct span span;
    const struct tree_guard *guard;
};

/*
 * Labels that follow each other at once, and what they share. `case 1 ... 4:` is one label of that text, and so is a label
 * that a macro makes: "PROGRESS(tee)", see tree_macros_named() for what it is.
 */
struct tree_case {
    const struct tree_switch *of;
    struct tree_label *labels;
    unsigned int n_labels;
    struct span body;               /* behind the last label, to the next case or the end of the switch */
    bool falls;                     /* may go on into the next case: does not end in break, return, goto or continue */
};

struct tree_switch {
    const struct tree_function *function;
    const struct tree_case *in;     /* the case of another switch it stands in, or NULL */
    struct span span;
    struct span on;                 /* the expression, without its parentheses */
    struct tree_case *const *cases;
    unsigned int n_cases;
    const struct tree_guard *guard;
};

struct tree_function {
    const char *name;
    const struct tree_file *file;
    struct span span;               /* first word to closing brace */
    struct span name_span;
    struct span body;               /* braces included */
    const char *returns;            /* "int", "struct domain *"; attributes and storage left out */
    struct tree_param *params;      /* none for (void) */
    unsigned int n_params;
    bool is_static, is_inline;
    bool broken;                    /* a gap stands in it */
    const struct tree_guard *guard;
    const struct tree_call *calls;
    unsigned int n_calls;
    struct tree_switch *const *switches;    /* outer before inner */
    unsigned int n_switches;
};

/* #define NAME body, #define NAME(params) body. */
struct tree_macro {
    const char *name;
    const struct tree_file *file;
    struct span span;               /* the whole directive, with its continuations */
    struct span body;               /* empty if there is none */
    bool has_params;
    const char *const *params;      /* interned; "..." for the rest */
    unsigned int n_params;
    const struct tree_guard *guard;
};

/* A constant of an enum. */
struct tree_enumerator {
    const char *name;
    const struct tree_file *file;
    struct span span;
    struct span value;              /* empty: one more than the one before */
    const struct tree_enumerator *before;   /* in the same enum, or NULL */
    const struct tree_guard *guard;
};

/* `.field = name` in an initialiser, and [CONSTANT] = name: where function pointers come from. */
struct tree_pointer {
    const char *table;              /* the variable that is initialised, or NULL */
    const char *type;               /* its type as written: "const struct xsm_ops", or NULL */
    const char *field;              /* "domctl"; the constant's text for an array */
    const char *target;             /* "flask_domctl" */
    const struct tree_file *file;
    struct span span;
    const struct tree_guard *guard;
};

struct tree_include {
    const char *path;               /* between the quotes or angles */
    bool quoted;
    const struct tree_file *file;
    struct span span;
    const struct tree_guard *guard;
};

/* A place that could not be read. */
struct tree_gap {
    const struct tree_file *file;
    struct span span;
    const char *what;               /* "no C that can be read", "the other side of an #if": a phrase for a message */
    const struct tree_function *function;   /* it stands in, or NULL */
};

/* ---- reading ---- */

/* An empty one. `names`, `sources` and `diags` are the run's. */
struct tree *tree_create(struct arena *a, struct names *names, struct sources *sources, struct diags *diags);
/* NULL is fine. */
void tree_destroy(struct tree *t);

/*
 * A tree whose build can generate its hooks (CONFIG_XSM_DATABASE) has both them, hand-written, and what takes their place.
 * Only one of the two is read: what is hand-written, or after this call the other. To be called before anything is read.
 */
void tree_with_database(struct tree *t);

/* What to read: a path below TREE -> whether it is read. A file with this text in it is read in any case. */
struct tree_filter {
    bool (*wanted)(const char *path, void *context);
    void *context;
    const char *mention;            /* "xsm_", or NULL */
};

/*
 * Reads the C files below ROOT/xen; `filter` NULL is all of them. Files that take no part in the hypervisor (tools/, the
 * scripts) are left out. A folder without xen/include/xsm, a file that cannot be read and a compiler without the C grammar
 * are diagnostics; returns false then. Gaps are no failure.
 */
bool tree_read(struct tree *t, const char *root, const struct tree_filter *filter);
/* The same for a text in memory, for tests; `path` as below TREE. Call tree_finish() after the last one. */
bool tree_read_text(struct tree *t, const char *path, const char *text, size_t len);
void tree_finish(struct tree *t);
/* Whether the compiler was built with the C grammar. Without it nothing can be read, and tree_read() says so. */
bool tree_available(void);

/* ---- asking ---- */

/* Each returns how many, and the first in *list. */
unsigned int tree_files(const struct tree *t, const struct tree_file *const **list);
unsigned int tree_functions(const struct tree *t, const struct tree_function *const **list);
unsigned int tree_macros(const struct tree *t, const struct tree_macro *const **list);
unsigned int tree_enumerators(const struct tree *t, const struct tree_enumerator *const **list);
unsigned int tree_pointers(const struct tree *t, const struct tree_pointer *const **list);
unsigned int tree_includes(const struct tree *t, const struct tree_include *const **list);
unsigned int tree_gaps(const struct tree *t, const struct tree_gap *const **list);

/* All of that name; `name` need not be interned. */
unsigned int tree_functions_named(const struct tree *t, const char *name, const struct tree_function *const **list);
unsigned int tree_macros_named(const struct tree *t, const char *name, const struct tree_macro *const **list);
unsigned int tree_enumerators_named(const struct tree *t, const char *name, const struct tree_enumerator *const **list);
/* Every call of that name in the tree, indirect ones included. */
unsigned int tree_calls_of(const struct tree *t, const char *callee, const struct tree_call *const **list);
/* Every `.field = target` of that field: what a call through a member may reach. */
unsigned int tree_pointers_of(const struct tree *t, const char *field, const struct tree_pointer *const **list);

/* The file at that path below TREE, or NULL. */
const struct tree_file *tree_file_at(const struct tree *t, const char *path);
/* The file a span lies in, or NULL. */
const struct tree_file *tree_file_of(const struct tree *t, struct span span);
/* The function a place lies in, or NULL. */
const struct tree_function *tree_function_at(const struct tree *t, struct span span);

/* The code of a span as it was parsed, in the arena, with one blank for every run of them. */
const char *tree_text(const struct tree *t, struct span span);
/* The guard in force at a place, or NULL. */
const struct tree_guard *tree_guard_at(const struct tree *t, struct span span);
/*
 * The conditions from the outside in, below `base` (NULL: all), joined by " && ": "defined(CONFIG_X86) &&
 * !defined(CONFIG_PV)"; "" for none. Conditions that hold an || stand in parentheses.
 */
const char *tree_guard_text(const struct tree *t, const struct tree_guard *g, const struct tree_guard *base);
/*
 * The same as a guard of the language, where CONFIG_X stands for defined(CONFIG_X). NULL if there is none; NULL with
 * *said false if the language cannot say it.
 */
struct expr *tree_guard_expr(const struct tree *t, const struct tree_guard *g, const struct tree_guard *base, bool *said);

/*
 * The number a constant stands for: a #define or enumerator, with sums, shifts and others of them. False if there is none,
 * it is no number, or definitions disagree.
 */
bool tree_number(const struct tree *t, const char *name, long long *value);

/* The syntax of a function (its function_definition) and of the smallest node that holds a span. */
TSNode tree_function_node(const struct tree_function *f);
TSNode tree_node_at(const struct tree *t, struct span span);
/* The place of a node that came from this file. */
struct span tree_node_span(const struct tree_file *file, TSNode node);

/* Adds a diagnostic of rule `not-understood` for each gap that `filter` (NULL: all) wants; returns how many. */
unsigned int tree_say_gaps(const struct tree *t, const struct tree_filter *filter);

#endif
