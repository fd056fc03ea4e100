/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * C in Xen's coding style: four columns, 80 characters, blanks inside the parentheses of `if ( x )`, braces on lines
 * of their own. Every printer ends its last line. Columns count bytes; generated C is ASCII but for comments.
 * Private to the back end.
 */
#ifndef XSMC_XEN_C_H
#define XSMC_XEN_C_H

#include "back/gen.h"

/* Texts in the arena; a list of arguments. */
struct xen_args {
    const char **items;
    unsigned int n, cap;
};

/*
 * Licence, what the file is, what made it and from which files of the database (FROM_*). `hash` writes # comments
 * (the policy's headers) instead of C ones.
 */
void xen_header(struct gen *g, struct buf *out, const char *what, unsigned int from, bool hash);
/* Opens and closes an include guard. */
void xen_once_begin(struct buf *out, const char *name);
void xen_once_end(struct buf *out, const char *name);

/* A comment that holds any text: "meaning" becomes a sentence, and nothing in it ends the comment. */
void xen_comment(struct buf *out, unsigned int indent, const char *text);
/* The same as lines that begin with #. */
void xen_hash_comment(struct buf *out, unsigned int indent, const char *text);

/* The hooks sorted by where they are declared, so that a file keeps together what the database keeps together. */
const struct hook *const *xen_hooks_by_source(struct gen *g);

/*
 * Walks through hooks and prints the preprocessor lines around them: hooks that stand next to each other under one
 * guard share it. Begin with a zeroed struct; call xen_section_end() at the end.
 */
struct xen_section {
    struct gen *g;
    struct buf *out;
    const struct expr *guard;   /* the open one */
    bool spaced;                /* functions: blank lines, and a comment where another file of the database begins */
    bool begun;
    uint32_t file;
};
void xen_section_next(struct xen_section *s, const struct hook *h);
void xen_section_end(struct xen_section *s);

/* "int cf_check name", "char *cf_check name": return type, attributes, name. */
const char *xen_declarator(struct gen *g, const char *returns, const char *attributes, const char *name);
/* The hook's arguments as declared, as passed on, and as types alone. */
struct xen_args xen_params(struct gen *g, const struct hook *h);
struct xen_args xen_names(struct gen *g, const struct hook *h);
struct xen_args xen_types(struct gen *g, const struct hook *h);
void xen_args_add(struct gen *g, struct xen_args *args, const char *text);

/* The head of a function with its arguments, "void" if there are none, and the opening brace. */
void xen_function(struct buf *out, const char *head, const struct xen_args *params);
/* `lead` `callee`(args)`tail`, broken at commas under the parenthesis. */
void xen_call(struct buf *out, unsigned int indent, const char *lead, const char *callee,
              const struct xen_args *args, const char *tail);
/* if ( cond ), broken at && and || when it is long. */
void xen_if(struct buf *out, unsigned int indent, const char *cond);
void xen_line(struct buf *out, unsigned int indent, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The C text of an expression. */
const char *xen_expr(struct gen *g, const struct expr *e);

/* ---- switch ---- */

/* Rows that do the same, in the order of the first of them. */
struct xen_group {
    const struct row **items;
    unsigned int n, cap;
    bool star;                  /* one of them is `*`: the group is the default */
};

/*
 * The case labels of a group and, if it has it, default. With `guards`, rows that exist only in some builds stand
 * under their #ifdef; returns the guard that is left open around the whole group, or NULL.
 */
const struct expr *xen_cases(struct buf *out, unsigned int indent, const struct xen_group *group, bool guards);

#endif
