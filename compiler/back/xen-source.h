/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small reader of Xen's C: comments, preprocessor lines and top-level definitions with their places, and nothing
 * inside of them but tokens. It is meant for the handful of files that hold XSM's hooks, and is strict: what it does
 * not understand is an error, never skipped.
 * Private to the back end.
 */
#ifndef XSMC_XEN_SOURCE_H
#define XSMC_XEN_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/names.h"
#include "text/diag.h"
#include "text/source.h"

enum xen_token_kind {
    XEN_END,
    XEN_WORD,           /* identifier or keyword */
    XEN_OTHER,          /* number, string, character, or punctuation (one character) */
    XEN_DIRECTIVE,      /* a whole preprocessor line, with its continuations */
    XEN_BROKEN,         /* a comment or string that does not end */
};

struct xen_token {
    enum xen_token_kind kind;
    uint32_t start, end;
    char c;             /* XEN_OTHER: its first character */
};

/* A condition of the preprocessor and those around it. */
struct xen_guard {
    struct xen_guard *up;
    const char *cond;   /* interned, without blanks: "defined(CONFIG_X86)"; an #else is "!(...)" */
    uint32_t end;       /* where its #endif ends */
};

enum xen_item_kind {
    XEN_ITEM_COMMENT,
    XEN_ITEM_DIRECTIVE,
    XEN_ITEM_FUNCTION,
    XEN_ITEM_STRUCT,    /* struct NAME { ... }; */
    XEN_ITEM_TABLE,     /* ... NAME = { ... }; */
    XEN_ITEM_REST,      /* any other declaration */
};

enum xen_directive { XEN_NOT_CONDITIONAL, XEN_IF, XEN_ELSE, XEN_ENDIF };

struct xen_item {
    enum xen_item_kind kind;
    uint32_t start, end;        /* end is behind its last character */
    uint32_t body;              /* its `{`; 0 if none */
    const char *name;           /* interned; NULL for what has none */
    uint32_t name_start;
    const struct xen_guard *guard;
    bool is_static;
    bool attached;              /* a comment that the next item follows at once */
    bool taken;                 /* for whoever edits the file */
};

struct xen_source {
    struct arena *arena;
    struct names *names;
    struct diags *diags;
    uint32_t file;
    const char *text;
    uint32_t len;
    struct {
        struct xen_item *items;
        unsigned int n, cap;
    } items;
};

/* The next token at or behind *at, which moves behind it. Comments are passed over. */
struct xen_token xen_token(const char *text, uint32_t len, uint32_t *at);
/* Whether the token is this word, or this one character. */
bool xen_token_is(const char *text, struct xen_token t, const char *what);
/* What a preprocessor line is to the conditions around code. */
enum xen_directive xen_directive(const char *text, struct xen_token t);

/*
 * Reads a text into `s`, which has arena, names, diags set; `file` is its index in the sources, 0 if it has none. Two
 * NULs follow the text. What cannot be read is a diagnostic of rule `xen-tree` at its place. Returns whether all of it
 * was read.
 */
bool xen_source_read(struct xen_source *s, uint32_t file, const char *text, size_t len);

/* ---- for xen-source-rows.c ---- */

struct xen_reader {
    struct xen_source *s;
    uint32_t at;
    struct xen_guard *guard;
};

/* Follows a preprocessor line; false if it is an #else or #endif that belongs to no #if. */
bool xen_source_follow(struct xen_reader *r, struct xen_token t);
void xen_source_refuse(struct xen_source *s, uint32_t start, uint32_t end, const char *what);
/* Whether the character can stand in a name or number. */
bool xen_is_word(char c);

/* ---- for those who look at a source ---- */

/* The place of [start, end) in the file. */
struct span xen_source_span(const struct xen_source *s, uint32_t start, uint32_t end);

/*
 * A preprocessor condition or a row of a table inside [start, end), without blanks: "defined(A)&&defined(B)". For
 * guards of the model printed as C and for those of the tree alike.
 */
const char *xen_condense(struct names *names, const char *text, uint32_t start, uint32_t end);

/* The conditions from the outside in, below `base`, joined by &&; "" for none. */
const char *xen_guard_text(struct arena *a, struct names *names, const struct xen_guard *g,
                           const struct xen_guard *base);

/* One row `.name = value,` of a table or one member `type (*name)(...);` of a struct. */
struct xen_row {
    uint32_t start, end;
    const char *name, *value;       /* interned; value: the word behind `=`, NULL for a member */
    const char *signature;          /* a member: its type without blanks and argument names, NULL for a row */
    const char *guard;              /* within the braces, condensed; "" for none */
};

/*
 * The rows of a table or members of a struct of function pointers, in `rows`. Anything else between the braces but
 * preprocessor lines and comments is a diagnostic. Returns whether there was none.
 */
bool xen_source_rows(struct xen_source *s, const struct xen_item *item, struct xen_row **rows, unsigned int *n);

#endif
