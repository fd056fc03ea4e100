/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy statements of the .xsm language as written: what the grammar makes of them, names still unbound. The
 * front end turns them into a struct policy (model/policy.h) once every file is read, and the formatter prints them.
 */
#ifndef XSMC_STATEMENT_H
#define XSMC_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"
#include "text/source.h"

/* One name in a list or set. */
struct written_name {
    const char *name;
    struct span span;
    bool out;                       /* `-name` */
};

/* `name`, `*`, `~name`, `{ a, b, -c }`, `~{ a, b }`, `self`. */
struct written_set {
    struct written_name *names;
    unsigned int n;
    bool all, complement, braces;
    struct span span;
};

/* `class:perm`, `class:{ p, q }`, `class:*`, `class:~{ p }`. */
struct written_access {
    struct written_name class;
    struct written_set perms;
};

/* `s0`, `s0:c1,c3.c5`: a category range of one has the same name twice. */
struct written_level {
    struct written_name sensitivity;
    struct written_name *low, *high;
    unsigned int n;
    struct span span;
};

struct written_range {
    struct written_level *low, *high;   /* high NULL: the same */
};

struct written_context {
    struct written_name user, role, type;
    struct written_range *range;    /* or NULL */
    struct span span;
};

enum statement_kind {
    STATEMENT_TYPE,             /* names[0]; aliases; set: attributes */
    STATEMENT_ALIAS,            /* names[0] for names[1] */
    STATEMENT_ATTRIBUTE,        /* names[0]; set: types */
    STATEMENT_BOUND,            /* names[0] by names[1] */
    STATEMENT_PERMISSIVE,       /* names[0] */
    STATEMENT_RULE,             /* rule, set -> objects, accesses */
    STATEMENT_TRANSITION,       /* rule, set -> objects, classes to names[0] */
    STATEMENT_RANGE,            /* set -> objects, classes to range */
    STATEMENT_ROLE,             /* names[0]; set: types, or n == 0 */
    STATEMENT_ROLE_ALLOW,       /* set -> objects: roles */
    STATEMENT_ROLE_TRANSITION,  /* set (roles) -> objects (types), classes to names[0] */
    STATEMENT_USER,             /* names[0]; set: roles; level, range */
    STATEMENT_BOOL,             /* names[0]; value */
    STATEMENT_IF,               /* expr; then, otherwise */
    STATEMENT_SENSITIVITY,      /* names[0], or names[0] to names[1]; aliases */
    STATEMENT_CATEGORY,         /* the same */
    STATEMENT_LEVEL,            /* level */
    STATEMENT_CONSTRAIN,        /* accesses to expr */
    STATEMENT_VALIDATE,         /* classes to expr */
    STATEMENT_LABEL_SID,        /* names[0]; context */
    STATEMENT_LABEL_RESOURCE,   /* resource; low, high or path; context */
    STATEMENT_UNKNOWN,          /* value: enum handle_unknown */
    STATEMENT_POLICYCAP,        /* names[0] */

    /* what is derived from the hook database: these make no policy by themselves, see model/stock.h */
    STATEMENT_DOMAIN,           /* names[0]: kind; set: types; objects: types served; rule: alone */
    STATEMENT_RESOURCE,         /* names[0]: pci, irq, ...; set: types */
    STATEMENT_RESOLVE,          /* accesses; aliases: the path it is about, objects: relations, names: the path it is
                                   like; or none of these. A name that is NULL is `*` */
    STATEMENT_STRICTER,         /* names: path, none for all; set: kinds; objects: relations */
    STATEMENT_SUPPOSE,          /* expr; set: kinds */
};

/* What few kinds of statement have. */
struct statement_more {
    struct written_name *aliases;
    unsigned int n_aliases;
    struct expr *expr;
    struct statement **then, **otherwise;
    unsigned int n_then, n_otherwise;
    bool has_else;
    struct written_level *level;
    struct written_range *range;
    struct written_context *context;
    uint64_t low, high;             /* of a resource; high == low for a single one */
    const char *path;               /* a device tree path, or a PCI device as written between quotes */
    struct span path_span;
};

struct statement {
    enum statement_kind kind;
    unsigned int rule;              /* enum rule_kind, enum resource_kind, enum handle_unknown, or a truth value */
    struct span span;
    unsigned int n_names, n_accesses;
    const char *text;               /* the sentence or reason, or NULL */
    struct written_name *names;
    struct written_set *set, *objects, *classes;
    struct written_access *accesses;
    struct statement_more *more;    /* or NULL */
};

#endif
