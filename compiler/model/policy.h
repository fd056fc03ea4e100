/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Flask policy as plain structs: everything a policydb for Xen can hold, and the calls that build one.
 *
 * Whoever writes policy (the .xsm front end, the checkpolicy dialect, the derivation from defaults, the reader
 * of binary policies) calls the builder; whoever reads it (back ends, proof, query, comparison) takes it const
 * after policy_finish().
 *
 * Names are interned in the run's names. Types, roles, users, booleans, sensitivities and categories may be used
 * before they are declared: asking for a name yields its one struct at once, and policy_finish() reports every
 * use of a name that nothing declared. Classes, their permissions and initial SIDs must be there first, because
 * an access vector is stored as bits; the hook database's are when the policy is created from its model.
 *
 * Mistakes become diagnostics, never return codes: a builder call that is wrong adds one and leaves a policy that
 * can be built on. A policy with errors must not be handed to a back end.
 *
 * Made for a million rules: a rule is one struct of fixed size, sets of one name are shared, and nothing is
 * looked for other than by hash.
 */
#ifndef XSMC_POLICY_H
#define XSMC_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bits.h"
#include "base/names.h"
#include "model/model.h"
#include "text/source.h"

struct diags;

/* A use of a name before its declaration; the kind says what `thing` points to. */
enum use_kind { USE_TYPE, USE_ROLE, USE_USER, USE_BOOLEAN, USE_SENSITIVITY, USE_CATEGORY };
struct policy_use {
    enum use_kind kind;
    void *thing;
    struct span span;
};

/* Where a thing comes from when nobody wrote it: shared by all that one operation brings about. */
struct origin {
    const char *text;               /* "evtchn_send: default anyone", as notes and CIL comments say it */
    const struct hook *hook;        /* or NULL */
    const struct row *row;          /* or NULL */
    struct span span;               /* the row or hook; rules that follow from it have their span here too */
};

/* ---- classes and initial SIDs ------------------------------------------------------------------------- */

/* Permissions several classes share (`common`, `inherits`); they come first in each class. */
struct common {
    const char *name;
    const char **perms;
    unsigned int n_perms, cap_perms;
    struct span span;
};

/* Where a new object takes a part of its context from. The hypervisor reads and ignores all of them. */
enum default_from { FROM_UNSET, FROM_SOURCE, FROM_TARGET };
enum default_range {
    RANGE_UNSET,
    RANGE_SOURCE_LOW, RANGE_SOURCE_HIGH, RANGE_SOURCE_LOW_HIGH,
    RANGE_TARGET_LOW, RANGE_TARGET_HIGH, RANGE_TARGET_LOW_HIGH,
};

/* A class of the model, or one that the policy declares itself; policy->classes[number - 1]. */
struct object_class {
    struct class *class;
    struct map perms;               /* name -> struct perm, inherited ones included */
    struct common *common;          /* or NULL */
    enum default_from user_from, role_from, type_from;
    enum default_range range_from;
    bool has_vector;                /* permissions were declared */
    bool local;                     /* the policy's own: not in the model it was created from */
    bool declared;                  /* by the policy as well */
    struct span vector_span;        /* where the policy opened the permission list */
    unsigned int n_seen;            /* permissions declared again by the policy */
};

/* One class and the permissions meant in it. */
struct access {
    struct class *class;
    uint32_t perms;
};

/* ---- types ----------------------------------------------------------------------------------------------- */

enum type_kind { KIND_UNDECLARED, KIND_TYPE, KIND_ATTRIBUTE, KIND_ALIAS };

struct type;

/*
 * A set of types as written: (the union of `in`, or all types, or all types but `in`) without `out`, and the
 * subject itself where `self` is set (objects of rules only).
 */
struct typeset {
    struct type **in, **out;        /* types and attributes; aliases too */
    unsigned int n_in, n_out;
    bool all;                       /* `*`: `in` is empty */
    bool complement;                /* `~{ ... }` */
    bool self;
    struct span span;
};

struct type {
    const char *name;
    const char *meaning;            /* one sentence, or NULL */
    enum type_kind kind;
    struct span span;               /* of the declaration, or of the first use */
    struct type *real;              /* itself, or what an alias stands for (set by policy_finish()) */
    struct type **attributes;       /* of a type, as declared; may repeat */
    unsigned int n_attributes, cap_attributes;
    struct type **members;          /* of an attribute: its types, each once, by number (set by policy_finish()) */
    unsigned int n_members, cap_members;
    unsigned int number;            /* 0.. among types and attributes together, aliases have none */
    struct type *bounds;            /* the type that bounds this one, or NULL */
    struct span bounds_span;
    bool permissive;
    bool expand;                    /* an attribute that back ends should resolve into its types */
    bool open;                      /* an attribute declared by policy_open_attribute() only */
    const struct origin *origin;    /* or NULL: written */
    struct span permissive_span;
    unsigned int order;             /* of declaration */
    struct typeset alone;           /* the set of just this type */
    struct type *self_pointer;      /* what `alone` lists */
};

/* ---- roles and users ------------------------------------------------------------------------------------- */

struct role;

struct roleset {
    struct role **in, **out;
    unsigned int n_in, n_out;
    bool all, complement;
    struct span span;
};

struct role {
    const char *name;
    const char *meaning;
    bool declared;
    bool attribute;                 /* attribute_role: stands for its members, gone in the policydb */
    struct span span;
    LIST(const struct typeset *) types;
    LIST(struct role *) attributes; /* role attributes of this role */
    LIST(struct role *) dominates;  /* other roles this one dominates */
    LIST(struct role *) members;    /* of a role attribute (set by policy_finish()) */
    struct role *bounds;
    unsigned int order;             /* of declaration */
    unsigned int number;            /* 0.., object_r first; role attributes have none */
};

/* ROLE_ALLOW: a process in a role of `from` may change to one of `to`. ROLE_TRANSITION: on objects of `types`
   in `classes` it does, to `to`'s one role. */
enum role_rule_kind { ROLE_RULE_ALLOW, ROLE_RULE_TRANSITION };
struct role_rule {
    enum role_rule_kind kind;
    const struct roleset *from, *to;
    const struct typeset *types;
    struct class **classes;
    unsigned int n_classes;
    struct span span;
};

struct user {
    const char *name;
    const char *meaning;
    bool declared;
    struct span span;
    LIST(const struct roleset *) roles;
    const struct seclevel *level;   /* MLS: default level, or NULL */
    const struct secrange *range;   /* MLS: clearance, or NULL */
    struct user *bounds;
    unsigned int order;             /* of declaration */
    unsigned int number;            /* 0.. */
};

/* ---- MLS ------------------------------------------------------------------------------------------------- */

struct sensitivity {
    const char *name;
    bool declared;
    struct span span;
    struct sensitivity *real;       /* itself, or what an alias stands for */
    unsigned int rank;              /* 0.. lowest first, from `dominance` (set by policy_finish()) */
    bool ranked;
    const struct seclevel *level;   /* the categories it may have: `level s0:c0.c9;` */
};

struct category {
    const char *name;
    bool declared;
    struct span span;
    struct category *real;
    unsigned int number;            /* 0.. in order of declaration */
};

struct category_range {
    struct category *low, *high;    /* the same for a single one */
};

struct seclevel {
    struct sensitivity *sensitivity;
    struct category_range *ranges;
    unsigned int n_ranges;
    struct span span;
};

struct secrange {
    const struct seclevel *low, *high;  /* the same for a single level */
};

struct range_rule {
    const struct typeset *subjects, *objects;
    struct class **classes;
    unsigned int n_classes;
    const struct secrange *range;
    struct span span;
};

/* ---- booleans and conditional rules ------------------------------------------------------------------- */

struct boolean {
    const char *name;
    const char *meaning;
    bool declared;
    bool tunable;                   /* decided when the policy is built, gone in the policydb */
    bool value;
    struct span span;
    unsigned int order;             /* of declaration */
    unsigned int number;            /* 0.. ; tunables have none */
};

enum bool_op { BOOL_NAME, BOOL_NOT, BOOL_AND, BOOL_OR, BOOL_XOR, BOOL_EQ, BOOL_NEQ };
struct bool_expr {
    enum bool_op op;
    struct boolean *boolean;        /* BOOL_NAME */
    struct bool_expr *a, *b;
};

/*
 * `if (expr) { ... } else { ... }`; rules point here and say which branch they stand in. policy_finish() takes leading
 * `!` off the expression, `flipped` then says that the branches are the other way round, and conditions that ask the
 * same are one in the policydb: `same` is the first of them.
 */
struct condition {
    struct bool_expr *expr;
    struct span span;
    bool flipped;
    bool tunable, value;            /* decided now, and how; value: with the booleans as declared */
    const struct condition *same;
    unsigned int number;            /* 0.. of those that are their own `same`; what tunables decide has none */
};

/* ---- rules ------------------------------------------------------------------------------------------------ */

enum rule_kind {
    AV_ALLOW, AV_AUDITALLOW, AV_DONTAUDIT, AV_NEVERALLOW,   /* access vectors */
    TE_TRANSITION, TE_MEMBER, TE_CHANGE,                    /* what type a new or relabelled object gets */
};

struct policy_rule {
    uint8_t kind;                   /* enum rule_kind */
    bool otherwise;                 /* in the else branch of `condition` */
    bool live;                      /* counts: false in the branch of a tunable not taken (policy_finish()) */
    unsigned int n_access;
    const struct access *access;    /* AV_*: classes and permissions; TE_*: classes, perms 0 */
    const struct typeset *subjects, *objects;
    struct type *result;            /* TE_*: the type that results */
    const struct condition *condition;  /* or NULL: always */
    struct span span;
    const char *reason;             /* in words, or NULL */
    const struct origin *origin;    /* NULL: written */
};

/* ---- constraints ------------------------------------------------------------------------------------------- */

enum cexpr_op {
    CX_NOT, CX_AND, CX_OR,
    CX_ATTR,        /* the subject's `attr` against the object's */
    CX_NAMES,       /* the `attr` of `whose` against names */
};
enum cexpr_attr {
    CX_USER, CX_ROLE, CX_TYPE,
    CX_L1L2, CX_L1H2, CX_H1L2, CX_H1H2, CX_L1H1, CX_L2H2,   /* CX_ATTR only */
};
enum cexpr_compare { CX_EQ, CX_NEQ, CX_DOM, CX_DOMBY, CX_INCOMP };

struct cexpr {
    enum cexpr_op op;
    enum cexpr_attr attr;
    enum cexpr_compare compare;
    unsigned int whose;             /* 1 subject (old context), 2 object (new context), 3 the asking process */
    struct cexpr *a, *b;
    const struct typeset *types;    /* CX_NAMES of CX_TYPE */
    const struct roleset *roles;    /* CX_NAMES of CX_ROLE */
    struct user **users;            /* CX_NAMES of CX_USER */
    unsigned int n_users;
    struct span span;
};

enum constraint_kind { CONSTRAIN, MLSCONSTRAIN, VALIDATETRANS, MLSVALIDATETRANS };
struct constraint {
    enum constraint_kind kind;
    const struct access *access;    /* classes; perms 0 for *VALIDATETRANS */
    unsigned int n_access;
    const struct cexpr *expr;
    const char *reason;
    struct span span;
};

/* ---- contexts ------------------------------------------------------------------------------------------------ */

struct context {
    struct user *user;
    struct role *role;
    struct type *type;
    const struct secrange *range;   /* NULL without MLS */
    struct span span;
};

struct sid_context {
    struct isid *isid;
    const struct context *context;
    struct span span;
    bool local, declared;           /* as in struct object_class */
};

enum resource_kind { RESOURCE_PIRQ, RESOURCE_IOMEM, RESOURCE_IOPORT, RESOURCE_PCI, RESOURCE_DTDEV, N_RESOURCES };

/* The label of a device resource: pirqcon, iomemcon (page frames), ioportcon, pcidevicecon, devicetreecon. */
struct resource {
    uint64_t low, high;             /* the same for a single one; 0 for RESOURCE_DTDEV */
    const char *path;               /* RESOURCE_DTDEV, else NULL */
    const struct context *context;
    struct span span;
};

/* What the policy says of classes and permissions it does not know. */
enum handle_unknown { UNKNOWN_UNSET, UNKNOWN_DENY, UNKNOWN_ALLOW, UNKNOWN_REJECT };

struct policycap {
    const char *name;
    struct span span;
};

/* ---- the policy ---------------------------------------------------------------------------------------------- */

struct policy {
    struct arena *arena;
    struct names *names;
    struct diags *diags;
    const struct model *model;      /* the hook database it was created from, or NULL */

    LIST(struct object_class *) classes;    /* by number */
    LIST(struct common *) commons;
    LIST(struct sid_context) sids;          /* by number; context NULL until given */
    LIST(struct type *) types;              /* as first met; all kinds */
    LIST(struct role *) roles;
    LIST(struct user *) users;
    LIST(struct boolean *) booleans;
    LIST(struct condition *) conditions;
    LIST(struct policy_rule) rules;
    LIST(struct role_rule) role_rules;
    LIST(struct range_rule) range_rules;
    LIST(struct constraint) constraints;
    LIST(struct resource) resources[N_RESOURCES];   /* sorted by policy_finish() */
    LIST(struct policycap) policycaps;
    enum handle_unknown handle_unknown;

    bool mls;
    LIST(struct sensitivity *) sensitivities;
    LIST(struct category *) categories;

    /* set by policy_finish() */
    struct type **numbered;                 /* types and attributes by number */
    unsigned int n_numbered;
    struct bits all_types;                  /* which of them are types */
    unsigned int n_roles, n_users, n_booleans, n_conditions;
    struct map condition_map;
    bool finished;

    /* the builder's own */
    struct map class_map, common_map, sid_map, type_map, role_map, user_map, boolean_map, sensitivity_map, category_map;
    LIST(struct policy_use) uses;           /* of names not declared at the time */
    unsigned int n_ranked;                  /* sensitivities that have a rank */
    unsigned int n_categories;              /* without aliases */
    unsigned int n_declared;
    struct map access_map;
    const struct typeset *self;
    struct span unknown_span;
};

/* ---- building: names --------------------------------------------------------------------------------------- */

/*
 * An empty policy with the classes, permissions and initial SIDs of `model` (NULL: none; a policy in the
 * checkpolicy dialect brings its own). The role object_r is there from the start.
 */
struct policy *policy_create(struct arena *a, struct names *n, struct diags *d, const struct model *model);

/* The one struct of a name, made when first asked for. `name` is interned; `span` is this use of it. */
struct type *policy_type(struct policy *p, const char *name, struct span span);
struct role *policy_role(struct policy *p, const char *name, struct span span);
struct user *policy_user(struct policy *p, const char *name, struct span span);
struct boolean *policy_boolean(struct policy *p, const char *name, struct span span);
struct sensitivity *policy_sensitivity(struct policy *p, const char *name, struct span span);
struct category *policy_category(struct policy *p, const char *name, struct span span);

/* What is declared by that name, or NULL, without a diagnostic. */
struct object_class *policy_find_class(const struct policy *p, const char *name);
struct perm *policy_find_perm(const struct object_class *c, const char *name);
struct type *policy_find_type(const struct policy *p, const char *name);
struct isid *policy_find_sid(const struct policy *p, const char *name);
/* Class and permission by name; a diagnostic at `span` and NULL (0) if there is none. */
struct object_class *policy_class(struct policy *p, const char *name, struct span span);
uint32_t policy_perm(struct policy *p, struct object_class *c, const char *name, struct span span);
/* Every permission of the class. */
uint32_t policy_all_perms(const struct object_class *c);

/* ---- building: declarations ---------------------------------------------------------------------------------- */

/*
 * Declare classes, permissions and initial SIDs. What the model has already may be declared again by a policy
 * that carries Xen's own lists: it must then agree in order, and is not local.
 */
struct object_class *policy_declare_class(struct policy *p, const char *name, struct span span);
struct common *policy_declare_common(struct policy *p, const char *name, struct span span);
void policy_common_perm(struct policy *p, struct common *c, const char *name, struct span span);
/* Opens the permission list of a class; false (with a diagnostic) if it was open before and disagrees. */
bool policy_open_vector(struct policy *p, struct object_class *c, struct span span);
void policy_class_common(struct policy *p, struct object_class *c, const char *common, struct span span);
void policy_class_perm(struct policy *p, struct object_class *c, const char *name, struct span span);
void policy_declare_sid(struct policy *p, const char *name, struct span span);

/*
 * Declare types, attributes and aliases. A second declaration of a name is an error with a note at the first.
 * The struct is returned in any case.
 */
struct type *policy_declare_type(struct policy *p, const char *name, struct span span);
struct type *policy_declare_attribute(struct policy *p, const char *name, struct span span);
/* An attribute that may be declared any number of times in this way, and once by policy_declare_attribute(). */
struct type *policy_open_attribute(struct policy *p, const char *name, struct span span);
void policy_declare_alias(struct policy *p, struct type *real, const char *name, struct span span);
/* The type gets an attribute; `span` is where that is said. Doing it twice is once. */
void policy_type_attribute(struct policy *p, struct type *type, struct type *attribute, struct span span);
/* Whether back ends should resolve the attribute into its types; a matter of layout, not of meaning. */
void policy_expand_attribute(struct policy *p, struct type *attribute, bool expand, struct span span);
void policy_type_bounds(struct policy *p, struct type *parent, struct type *child, struct span span);
void policy_permissive(struct policy *p, struct type *type, struct span span);

/* A role may be declared any number of times. */
struct role *policy_declare_role(struct policy *p, const char *name, struct span span);
struct role *policy_declare_role_attribute(struct policy *p, const char *name, struct span span);
void policy_role_types(struct policy *p, struct role *role, const struct typeset *types);
void policy_role_attribute(struct policy *p, struct role *role, struct role *attribute, struct span span);
void policy_role_dominates(struct policy *p, struct role *role, struct role *other, struct span span);
void policy_role_allow(struct policy *p, const struct roleset *from, const struct roleset *to, struct span span);
/* `classes` may be none: then class `process`, as in the checkpolicy dialect. */
void policy_role_transition(struct policy *p, const struct roleset *from, const struct typeset *types,
                            struct class **classes, unsigned int n_classes, struct role *to, struct span span);

/* A user may be declared any number of times: roles add up, level and range must be given once. */
struct user *policy_declare_user(struct policy *p, const char *name, struct span span);
void policy_user_roles(struct policy *p, struct user *user, const struct roleset *roles);
void policy_user_range(struct policy *p, struct user *user, const struct seclevel *level,
                       const struct secrange *range, struct span span);

struct boolean *policy_declare_boolean(struct policy *p, const char *name, bool value, bool tunable,
                                       struct span span);

/* MLS. Sensitivities get their rank from the order of policy_dominance() calls, lowest first. */
void policy_enable_mls(struct policy *p);
struct sensitivity *policy_declare_sensitivity(struct policy *p, const char *name, struct span span);
void policy_sensitivity_alias(struct policy *p, struct sensitivity *real, const char *name, struct span span);
void policy_dominance(struct policy *p, struct sensitivity *next, struct span span);
struct category *policy_declare_category(struct policy *p, const char *name, struct span span);
void policy_category_alias(struct policy *p, struct category *real, const char *name, struct span span);
/* Which categories the sensitivity of `level` may have. */
void policy_declare_level(struct policy *p, const struct seclevel *level);

/* ---- building: sets and expressions ---------------------------------------------------------------------------- */

/* A set in the making; zero it, add, and hand it to policy_typeset(). */
struct typeset_builder {
    LIST(struct type *) in, out;
    bool all, complement, self;
};
void policy_set_add(struct policy *p, struct typeset_builder *b, struct type *t, bool out);
/* The finished set; shared if it is one type and nothing else. The builder can be used again after. */
const struct typeset *policy_typeset(struct policy *p, struct typeset_builder *b, struct span span);
/* The set of one type. */
const struct typeset *policy_just(struct type *t);
/* The set of the subject itself, `self`. */
const struct typeset *policy_self(struct policy *p);

struct roleset_builder {
    LIST(struct role *) in, out;
    bool all, complement;
};
void policy_roleset_add(struct policy *p, struct roleset_builder *b, struct role *r, bool out);
const struct roleset *policy_roleset(struct policy *p, struct roleset_builder *b, struct span span);

/* A level of `sensitivity` with `n` category ranges, which are copied; a range between two levels. */
const struct seclevel *policy_level(struct policy *p, struct sensitivity *sensitivity,
                                    const struct category_range *ranges, unsigned int n, struct span span);
const struct secrange *policy_range(struct policy *p, const struct seclevel *low, const struct seclevel *high);
/* `range` is NULL without MLS. */
const struct context *policy_context(struct policy *p, struct user *user, struct role *role, struct type *type,
                                     const struct secrange *range, struct span span);

struct bool_expr *policy_bool_expr(struct policy *p, enum bool_op op, struct boolean *boolean,
                                   struct bool_expr *a, struct bool_expr *b);
struct condition *policy_condition(struct policy *p, struct bool_expr *expr, struct span span);

/* ---- building: rules --------------------------------------------------------------------------------------------- */

/*
 * Adds a rule and returns it, so that the caller can set condition, otherwise, reason and origin; the pointer is
 * good until the next rule is added. `access` must live as long as the policy (policy_access() makes one).
 */
struct policy_rule *policy_add_rule(struct policy *p, enum rule_kind kind, const struct typeset *subjects,
                                    const struct typeset *objects, const struct access *access,
                                    unsigned int n_access, struct type *result, struct span span);
/* One class and its permissions, shared between equal ones. */
const struct access *policy_access(struct policy *p, struct class *class, uint32_t perms);
/* The common case: an allow rule between two types; returned as by policy_add_rule(). */
struct policy_rule *policy_allow(struct policy *p, struct type *subject, struct type *object, struct class *class,
                                 uint32_t perms, struct span span, const struct origin *origin);

struct constraint *policy_add_constraint(struct policy *p, enum constraint_kind kind, const struct access *access,
                                         unsigned int n_access, const struct cexpr *expr, struct span span);
void policy_add_range(struct policy *p, const struct typeset *subjects, const struct typeset *objects,
                      struct class **classes, unsigned int n_classes, const struct secrange *range,
                      struct span span);
/* Gives an initial SID its context. */
void policy_sid_context(struct policy *p, const char *sid, const struct context *context, struct span span);
void policy_add_resource(struct policy *p, enum resource_kind kind, uint64_t low, uint64_t high, const char *path,
                         const struct context *context, struct span span);
void policy_add_policycap(struct policy *p, const char *name, struct span span);
void policy_handle_unknown(struct policy *p, enum handle_unknown unknown, struct span span);

/* ---- finishing --------------------------------------------------------------------------------------------------- */

/*
 * Binds aliases, numbers types, roles, users and booleans in order of declaration, fills attributes, decides
 * tunables, sorts resources, and reports what is undeclared, of the wrong kind, contradictory, or more than a
 * policydb or the hypervisor can hold. Nothing may be added afterwards.
 */
void policy_finish(struct policy *p);

/* ---- reading ------------------------------------------------------------------------------------------------------- */

/* The numbers of the types in a set, attributes expanded and `self` left out; `out` is overwritten. */
void policy_expand(const struct policy *p, const struct typeset *set, struct bits *out);
/* The numbers of the roles in a set, role attributes expanded; and of the types a role may have. */
void policy_expand_roles(const struct policy *p, const struct roleset *set, struct bits *out);
void policy_expand_role_types(const struct policy *p, const struct role *role, struct bits *out);
/* The category numbers of a level. */
void policy_expand_categories(const struct policy *p, const struct seclevel *level, struct bits *out);
/* The condition a rule depends on, as the policydb has it, and in `otherwise` the branch; NULL: none, it always counts. */
const struct condition *policy_condition_of(const struct policy_rule *r, bool *otherwise);
/* What the condition says with the booleans as declared. */
bool policy_bool_value(const struct bool_expr *e);
/* The names of the permissions in an access vector, in order of bits, to `names` (room for 32); their number. */
unsigned int policy_perm_names(const struct policy *p, const struct class *class, uint32_t perms,
                               const char **names);
/* "allow", "type_transition", ... */
const char *policy_rule_word(enum rule_kind kind);
/* "pirqcon", "iomemcon", ... */
const char *policy_resource_word(enum resource_kind kind);
/* "allow", "deny" (also if nothing is said) or "reject". */
const char *policy_unknown_word(enum handle_unknown unknown);
/* What a new object of a class takes from where: "user", "role", "type" or "range" from "source", "target low", ... */
struct class_default {
    const char *part, *from;
};
enum { CLASS_DEFAULTS = 4 };
/* Those of the class, to `out` (room for CLASS_DEFAULTS); their number. */
unsigned int policy_class_defaults(const struct object_class *c, struct class_default *out);

#endif
