/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lexer, grammar and actions of the checkpolicy dialect share while a text is read. Private to the front end. */
#ifndef XSMC_TE_PARSE_H
#define XSMC_TE_PARSE_H

#include <stdint.h>

#include "front/te.h"
#include "text/diag.h"
#include "text/rules.h"

union XSMC_TE_STYPE;

struct te_name {
    const char *name;
    struct span span;
    bool out;                   /* after `-` */
};

/* A set as it was written: names from `first` on in the queue. */
struct te_set {
    unsigned int first, n;
    bool all, complement;
    struct span span;
};

/* A level: categories in the queue. */
struct te_level {
    const char *sensitivity;
    struct te_set categories;
    struct span span;
};

struct te_range {
    struct te_level low, high;
    bool two;
};

/* One thing that an `optional` block needs. */
struct te_require {
    enum te_require_kind {
        TE_REQUIRE_PERM, TE_REQUIRE_TYPE, TE_REQUIRE_ATTRIBUTE, TE_REQUIRE_ROLE, TE_REQUIRE_USER, TE_REQUIRE_BOOL,
        TE_REQUIRE_SENSITIVITY, TE_REQUIRE_CATEGORY,
    } kind;
    const char *name, *class;
};

/* An `optional` block: its two parts, read only once it is known which of them counts. */
struct te_block {
    struct span part[2];        /* file 0: none */
    bool done;
};

/* The first `n` names of a list that only grows: as it was at one time. */
struct te_prefix {
    const struct te_role *role;
    unsigned int n;
};

/* What a role has from one that it dominates: types as they were then, without all that was taken away on the way. */
struct te_piece {
    struct te_prefix in;
    LIST(struct te_prefix) out;
};

/*
 * A role while its types are collected: checkpolicy makes one set of all `role R types` statements, so that a `-t` in
 * one of them counts against all.
 */
struct te_role {
    struct role *role;
    LIST(struct type *) in, out;
    LIST(struct te_piece) pieces;
    struct span span;
};

struct te_parse {
    struct policy *policy;
    struct arena *arena;
    struct diags *diags;
    struct map *keywords;
    uint32_t file;
    const char *text;           /* what the lexer scans: the text of the file from byte `from` on */
    size_t from;
    void *scanner;
    bool skip, skipped;         /* the lexer's: a block to pass over follows; one came just before */
    uint32_t bad_end;           /* where the last byte that means nothing ends; 0: there was none */
    unsigned int depth;
    struct span open;
    LIST(struct te_name) queue; /* names of the statement being read */
    struct typeset_builder types;
    struct roleset_builder roles;
    LIST(struct access) accesses;
    const struct condition *condition;  /* of the block being read */
    bool otherwise;
    bool trial;                 /* read only to learn what a block needs */
    LIST(struct te_block) blocks;
    LIST(struct te_require) requires;
    LIST(struct te_role *) collected;
    struct map role_map;        /* name -> struct te_role */
    const char *self;
};

/* ---- from the lexer ---- */
/* Scans `len` bytes in place (two NULs follow them), or a copy of them. */
void *te_lex_begin(struct te_parse *p, char *text, size_t len, bool copy);
void te_lex_end(void *scanner);
int xsmc_te_token(union XSMC_TE_STYPE *value, struct span *where, void *scanner);
void te_lexer_failed(const char *message) __attribute__((noreturn));
/* From the grammar: fills p->keywords; the token of a word. */
void te_keywords(struct te_parse *p);
int te_keyword(const struct te_parse *p, const char *name);

/* ---- for lexer and grammar ---- */
void te_bad(struct te_parse *p, struct span where, const char *format, ...) __attribute__((format(printf, 3, 4)));
void te_unsupported(struct te_parse *p, struct span where, const char *what);
void te_bad_byte(struct te_parse *p, struct span where, unsigned char byte);
const char *te_token_name(struct te_parse *p, const char *name);
void te_unexpected(struct te_parse *p, struct span where, bool at_end, const char *expected);

struct te_set te_push(struct te_parse *p, const char *name, struct span where, bool out);
struct te_set te_join(struct te_set a, struct te_set b);

/* What a set says: its names, which are good until the next statement. */
const struct te_name *te_names_of(const struct te_parse *p, struct te_set set);
/* The set as types, roles, classes; what the place does not allow is reported. `allowed`: TE_SELF, TE_WILD (`*`, `~`). */
enum { TE_SELF = 1, TE_WILD = 2 };
const struct typeset *te_type_set(struct te_parse *p, struct te_set set, unsigned int allowed);
const struct roleset *te_role_set(struct te_parse *p, struct te_set set);
/* With NULL, as long ago, class `process`. */
struct class **te_class_list(struct te_parse *p, const struct te_set *set, struct span where, unsigned int *n);
/* Complains of a set that is more than a list of names; `what` they are, in the plural. */
void te_only_names(struct te_parse *p, struct te_set set, const char *what);
/* Complains where levels stand and MLS is off; returns whether it is on. */
bool te_needs_mls(struct te_parse *p, struct span where);
const struct seclevel *te_seclevel(struct te_parse *p, const struct te_level *l);
const struct secrange *te_secrange(struct te_parse *p, const struct te_range *r);

void te_class(struct te_parse *p, const char *name, struct span where);
void te_sid(struct te_parse *p, const char *name, struct span where);
void te_common(struct te_parse *p, const char *name, struct span where, struct te_set perms);
/* `common` or NULL. */
void te_vector(struct te_parse *p, const char *name, struct span where, const char *common, struct span common_where,
               const struct te_set *perms);
enum te_default { TE_DEFAULT_USER, TE_DEFAULT_ROLE, TE_DEFAULT_TYPE, TE_DEFAULT_RANGE };
void te_default(struct te_parse *p, enum te_default part, struct te_set classes, unsigned int from);

void te_sensitivity(struct te_parse *p, const char *name, struct span where, const struct te_set *aliases);
void te_dominance(struct te_parse *p, struct te_set order);
void te_category(struct te_parse *p, const char *name, struct span where, const struct te_set *aliases);
void te_level(struct te_parse *p, struct te_level level);

void te_type(struct te_parse *p, const char *name, struct span where, const struct te_set *aliases,
             const struct te_set *attributes);
void te_typealias(struct te_parse *p, const char *name, struct span where, struct te_set aliases);
void te_typeattribute(struct te_parse *p, const char *name, struct span where, struct te_set attributes);
void te_expandattribute(struct te_parse *p, struct te_set attributes, bool value);
void te_typebounds(struct te_parse *p, const char *parent, struct span where, struct te_set children);
void te_bool(struct te_parse *p, const char *name, struct span where, bool value, bool tunable);
void te_rule(struct te_parse *p, enum rule_kind kind, bool deny, struct te_set subjects, struct te_set objects,
             struct te_set classes, struct te_set perms, struct span where);
void te_transition(struct te_parse *p, enum rule_kind kind, struct te_set subjects, struct te_set objects,
                   struct te_set classes, const char *type, struct span type_where, struct span where);
void te_range_transition(struct te_parse *p, struct te_set subjects, struct te_set objects,
                         const struct te_set *classes, struct te_range range, struct span where);
void te_permissive(struct te_parse *p, const char *name, struct span where);

void te_role(struct te_parse *p, const char *name, struct span where, const struct te_set *attributes);
void te_role_types(struct te_parse *p, const char *name, struct span where, struct te_set types);
void te_roleattribute(struct te_parse *p, const char *name, struct span where, struct te_set attributes);
struct role *te_role_dominance(struct te_parse *p, const char *name, struct span where, struct role *const *below,
                               unsigned int n);
/* Gives the roles what was collected. */
void te_finish_roles(struct te_parse *p);
void te_role_allow(struct te_parse *p, struct te_set from, struct te_set to, struct span where);
void te_role_transition(struct te_parse *p, struct te_set from, struct te_set types, const struct te_set *classes,
                        const char *to, struct span to_where, struct span where);
/* `level` and `range` or NULL. */
void te_user(struct te_parse *p, const char *name, struct span where, struct te_set roles,
             const struct te_level *level, const struct te_range *range);

struct cexpr *te_cexpr(struct te_parse *p, enum cexpr_op op, struct cexpr *a, struct cexpr *b, struct span where);
struct cexpr *te_compare(struct te_parse *p, enum cexpr_attr attr, enum cexpr_compare compare, struct span where);
struct cexpr *te_names(struct te_parse *p, enum cexpr_attr attr, unsigned int whose, enum cexpr_compare compare,
                       struct te_set names, struct span where);
void te_constraint(struct te_parse *p, enum constraint_kind kind, struct te_set classes, const struct te_set *perms,
                   struct cexpr *expr, struct span where);

const struct context *te_context(struct te_parse *p, const char *user, struct span user_where, const char *role,
                                 struct span role_where, const char *type, struct span type_where,
                                 const struct te_range *range, struct span where);

void te_resource(struct te_parse *p, enum resource_kind kind, const char *low, const char *high,
                 struct span number_where, const struct context *context, struct span where);

void te_optional(struct te_parse *p, struct span then, struct span otherwise);
/* Remembers what an optional block needs. Outside of one everything needed must simply be there. */
void te_require(struct te_parse *p, unsigned int kind, const char *class, struct te_set names);

#endif
