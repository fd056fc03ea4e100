/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of a policy, once all are known: what is undeclared is reported, types, roles, users and booleans are
 * numbered, aliases and attributes filled, and bounds found that names alone express.
 */
#include "model/finish.h"

#include <stdlib.h>
#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

enum {
    MAX_TYPES = 65535,          /* avtab keys have 16 bits (ss/avtab.h) */
    MAX_BOUNDS = 3,             /* POLICYDB_BOUNDS_MAXDEPTH less one, ss/policydb.h */
};

static void check_uses(struct policy *p)
{
    unsigned int i;

    for (i = 0; i < p->uses.n; i++) {
        const struct policy_use *u = &p->uses.items[i];
        const char *what = NULL, *name = NULL;

        switch (u->kind) {
        case USE_TYPE:
            if (((struct type *)u->thing)->kind == KIND_UNDECLARED) {
                what = "type or attribute";
                name = ((struct type *)u->thing)->name;
            }
            break;
        case USE_ROLE:
            if (!((struct role *)u->thing)->declared) {
                what = "role";
                name = ((struct role *)u->thing)->name;
            }
            break;
        case USE_USER:
            if (!((struct user *)u->thing)->declared) {
                what = "user";
                name = ((struct user *)u->thing)->name;
            }
            break;
        case USE_BOOLEAN:
            if (!((struct boolean *)u->thing)->declared) {
                what = "boolean";
                name = ((struct boolean *)u->thing)->name;
            }
            break;
        case USE_SENSITIVITY:
            if (!((struct sensitivity *)u->thing)->declared) {
                what = "sensitivity";
                name = ((struct sensitivity *)u->thing)->name;
            }
            break;
        case USE_CATEGORY:
            if (!((struct category *)u->thing)->declared) {
                what = "category";
                name = ((struct category *)u->thing)->name;
            }
            break;
        }
        if (what)
            diag_add(p->diags, &RULE_UNKNOWN_NAME, u->span, "there is no %s '%s'", what, name);
    }
}

/* The type behind a name, or NULL with a diagnostic if it is an attribute. Undeclared ones were reported. */
struct type *policy_plain_type(struct policy *p, struct type *t, struct span span, const char *what)
{
    if (t->real->kind == KIND_ATTRIBUTE) {
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_WRONG_KIND, span, "%s must be one type, '%s' is an attribute", what, t->name),
                  t->real->span, "the attribute");
        return NULL;
    }
    return t->real->kind == KIND_TYPE ? t->real : NULL;
}

static void bind_aliases(struct policy *p)
{
    unsigned int i, steps;

    for (i = 0; i < p->types.n; i++) {
        struct type *t = p->types.items[i], *to = t->real;

        if (t->kind != KIND_ALIAS)
            continue;
        for (steps = 0; to->kind == KIND_ALIAS && steps <= p->types.n; steps++)
            to = to->real;
        if (to->kind == KIND_ALIAS) {
            diag_add(p->diags, &RULE_WRONG_KIND, t->span, "alias '%s' stands for itself", t->name);
            t->real = t;
        } else {
            t->real = to;
            policy_plain_type(p, t, t->span, "what an alias stands for");
        }
    }
}

static int by_order(const void *a, const void *b)
{
    const struct type *x = *(struct type *const *)a, *y = *(struct type *const *)b;

    return (x->order > y->order) - (x->order < y->order);
}

/* Numbers follow declaration, whatever was mentioned first: equal policies get equal numbers. */
static void number_types(struct policy *p)
{
    unsigned int i;

    p->numbered = arena_array(p->arena, p->types.n, sizeof(*p->numbered));
    for (i = 0; i < p->types.n; i++)
        if (p->types.items[i]->kind == KIND_TYPE || p->types.items[i]->kind == KIND_ATTRIBUTE)
            p->numbered[p->n_numbered++] = p->types.items[i];
    qsort(p->numbered, p->n_numbered, sizeof(*p->numbered), by_order);
    p->all_types = bits_create(p->arena, p->n_numbered);
    for (i = 0; i < p->n_numbered; i++) {
        p->numbered[i]->number = i;
        if (p->numbered[i]->kind == KIND_TYPE)
            bits_set(&p->all_types, i);
    }
    if (p->n_numbered > MAX_TYPES)
        diag_add(p->diags, &RULE_POLICY_LIMIT, p->numbered[MAX_TYPES]->span,
                 "%u types and attributes, a binary policy holds %d", p->n_numbered, MAX_TYPES);
}

/* Types are visited by number, so members come sorted; a repetition is always the one before. */
static void fill_attributes(struct policy *p)
{
    unsigned int i, j;

    for (i = 0; i < p->n_numbered; i++) {
        struct type *t = p->numbered[i];

        for (j = 0; j < t->n_attributes; j++) {
            struct type *a = t->attributes[j]->real;

            if (t->kind != KIND_TYPE || (a->kind != KIND_ATTRIBUTE && a->kind != KIND_UNDECLARED)) {
                struct diag *d = diag_add(p->diags, &RULE_WRONG_KIND, t->kind == KIND_TYPE ? t->span : a->span,
                                          t->kind == KIND_TYPE ? "'%s' is given to a type but is no attribute"
                                                               : "attribute '%s' cannot have attributes",
                                          t->kind == KIND_TYPE ? a->name : t->name);

                diag_note(p->diags, d, t->kind == KIND_TYPE ? a->span : t->span, "declared here");
                continue;
            }
            if (a->n_members && a->members[a->n_members - 1] == t)
                continue;
            *(struct type **)arena_push(p->arena, (void **)&a->members, &a->n_members, &a->cap_members,
                                        sizeof(*a->members)) = t;
        }
    }
}

static int role_by_order(const void *a, const void *b)
{
    const struct role *x = *(struct role *const *)a, *y = *(struct role *const *)b;

    return (x->order > y->order) - (x->order < y->order);
}

static int user_by_order(const void *a, const void *b)
{
    const struct user *x = *(struct user *const *)a, *y = *(struct user *const *)b;

    return (x->order > y->order) - (x->order < y->order);
}

static int boolean_by_order(const void *a, const void *b)
{
    const struct boolean *x = *(struct boolean *const *)a, *y = *(struct boolean *const *)b;

    return (x->order > y->order) - (x->order < y->order);
}

static void number_others(struct policy *p)
{
    unsigned int i, j;

    if (p->roles.n)
        qsort(p->roles.items, p->roles.n, sizeof(*p->roles.items), role_by_order);
    if (p->users.n)
        qsort(p->users.items, p->users.n, sizeof(*p->users.items), user_by_order);
    if (p->booleans.n)
        qsort(p->booleans.items, p->booleans.n, sizeof(*p->booleans.items), boolean_by_order);
    for (i = 0; i < p->roles.n; i++)
        if (p->roles.items[i]->declared && !p->roles.items[i]->attribute)
            p->roles.items[i]->number = p->n_roles++;
    for (i = 0; i < p->roles.n; i++) {
        struct role *r = p->roles.items[i];

        for (j = 0; j < r->attributes.n; j++) {
            struct role *a = r->attributes.items[j];

            if (r->attribute || (a->declared && !a->attribute))
                diag_add(p->diags, &RULE_WRONG_KIND, r->span, r->attribute ? "role attribute '%s' cannot have attributes"
                                                                          : "'%s' is no role attribute",
                         r->attribute ? r->name : a->name);
            else if (!a->members.n || a->members.items[a->members.n - 1] != r)
                *LIST_PUSH(p->arena, &a->members) = r;
        }
    }
    for (i = 0; i < p->users.n; i++)
        if (p->users.items[i]->declared)
            p->users.items[i]->number = p->n_users++;
    for (i = 0; i < p->booleans.n; i++)
        if (p->booleans.items[i]->declared && !p->booleans.items[i]->tunable)
            p->booleans.items[i]->number = p->n_booleans++;
}

/* The name before the last dot, interned; NULL if there is no dot. */
static const char *name_above(struct policy *p, const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot ? names_intern(p->names, name, (size_t)(dot - name)) : NULL;
}

static void orphan(struct policy *p, const char *what, const char *name, const char *above, struct span span)
{
    diag_help(p->diags, diag_add(p->diags, &RULE_UNKNOWN_NAME, span, "there is no %s '%s'", what, above),
              "the name '%s' says that it is bounded by that", name);
}

/* libsepol reads `a.b` as bounded by `a` (hierarchy_add_bounds() in hierarchy.c). */
static void bind_dots(struct policy *p)
{
    const char *above;
    unsigned int i;

    for (i = 0; i < p->types.n; i++) {
        struct type *t = p->types.items[i];

        above = t->bounds || t->kind == KIND_ALIAS ? NULL : name_above(p, t->name);
        if (above && !(t->bounds = policy_find_type(p, above)))
            orphan(p, "type", t->name, above, t->span);
        if (above)
            t->bounds_span = t->span;
    }
    for (i = 0; i < p->roles.n; i++) {
        struct role *r = p->roles.items[i];

        above = r->bounds || r->attribute ? NULL : name_above(p, r->name);
        if (above && !(r->bounds = map_get(&p->role_map, NULL, above)))
            orphan(p, "role", r->name, above, r->span);
    }
    for (i = 0; i < p->users.n; i++) {
        struct user *u = p->users.items[i];

        above = u->bounds ? NULL : name_above(p, u->name);
        if (above && !(u->bounds = map_get(&p->user_map, NULL, above)))
            orphan(p, "user", u->name, above, u->span);
    }
}

static void too_deep(struct policy *p, const char *what, const char *name, struct span span)
{
    diag_add(p->diags, &RULE_POLICY_LIMIT, span, "%s '%s' is bounded through more than %d others, or by itself", what,
             name, MAX_BOUNDS);
}

/* policydb_bounds_sanity_check() of ss/policydb.c. */
static void check_bounds_depth(struct policy *p)
{
    unsigned int i, depth;

    for (i = 0; i < p->types.n; i++) {
        const struct type *t = p->types.items[i], *at = t;

        for (depth = 0; at->bounds && depth <= MAX_BOUNDS; depth++)
            at = at->bounds->real;
        if (depth > MAX_BOUNDS)
            too_deep(p, "type", t->name, t->bounds_span);
    }
    for (i = 0; i < p->roles.n; i++) {
        const struct role *r = p->roles.items[i], *at = r;

        for (depth = 0; at->bounds && depth <= MAX_BOUNDS; depth++)
            at = at->bounds;
        if (depth > MAX_BOUNDS)
            too_deep(p, "role", r->name, r->span);
    }
    for (i = 0; i < p->users.n; i++) {
        const struct user *u = p->users.items[i], *at = u;

        for (depth = 0; at->bounds && depth <= MAX_BOUNDS; depth++)
            at = at->bounds;
        if (depth > MAX_BOUNDS)
            too_deep(p, "user", u->name, u->span);
    }
}

void policy_bind(struct policy *p)
{
    check_uses(p);
    bind_aliases(p);
    number_types(p);
    fill_attributes(p);
    number_others(p);
    bind_dots(p);
    check_bounds_depth(p);
}
