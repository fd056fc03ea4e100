/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building a policy: names and declarations. What cannot be judged before everything was read is left to
 * policy_finish(); a name used before its declaration is noted in `uses` and looked at again there.
 */
#include "model/policy.h"

#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

enum { MAX_PERMS = 32 };

/* ---- classes, permissions, initial SIDs ---------------------------------------------------------------- */

static struct object_class *class_new(struct policy *p, struct class *class)
{
    struct object_class *c = ARENA_NEW(p->arena, struct object_class);

    c->class = class;
    *LIST_PUSH(p->arena, &p->classes) = c;
    map_put(p->arena, &p->class_map, NULL, class->name, c);
    return c;
}

struct policy *policy_create(struct arena *a, struct names *n, struct diags *d, const struct model *model)
{
    struct policy *p = ARENA_NEW(a, struct policy);
    unsigned int i, j;

    p->arena = a;
    p->names = n;
    p->diags = d;
    p->model = model;
    for (i = 0; model && i < model->n_classes; i++) {
        struct class *class = model->classes[i];
        struct object_class *c = class_new(p, class);

        c->has_vector = true;
        for (j = 0; j < class->n_perms; j++)
            map_put(a, &c->perms, NULL, class->perms[j].name, &class->perms[j]);
    }
    for (i = 0; model && i < model->n_isids; i++) {
        LIST_PUSH(a, &p->sids)->isid = model->isids[i];
        map_put(a, &p->sid_map, NULL, model->isids[i]->name, model->isids[i]);
    }
    policy_declare_role(p, names_get(n, "object_r"), (struct span){ 0, 0, 0 });
    return p;
}

struct object_class *policy_find_class(const struct policy *p, const char *name)
{
    return map_get(&p->class_map, NULL, name);
}

struct perm *policy_find_perm(const struct object_class *c, const char *name)
{
    return map_get(&c->perms, NULL, name);
}

struct isid *policy_find_sid(const struct policy *p, const char *name)
{
    return map_get(&p->sid_map, NULL, name);
}

struct object_class *policy_class(struct policy *p, const char *name, struct span span)
{
    struct object_class *c = policy_find_class(p, name);

    if (!c)
        diag_add(p->diags, &RULE_UNKNOWN_NAME, span, "there is no class `%s`", name);
    return c;
}

uint32_t policy_perm(struct policy *p, struct object_class *c, const char *name, struct span span)
{
    struct perm *perm = policy_find_perm(c, name);
    struct diag *diag;

    if (perm)
        return UINT32_C(1) << perm->bit;
    diag = diag_add(p->diags, &RULE_UNKNOWN_NAME, span, "class `%s` has no permission `%s`", c->class->name, name);
    diag_note(p->diags, diag, c->class->span, "the class is declared here");
    return 0;
}

uint32_t policy_all_perms(const struct object_class *c)
{
    return c->class->n_perms >= MAX_PERMS ? UINT32_MAX : (UINT32_C(1) << c->class->n_perms) - 1;
}

struct object_class *policy_declare_class(struct policy *p, const char *name, struct span span)
{
    struct object_class *c = policy_find_class(p, name);
    struct class *class;

    if (c) {
        /* Xen's own list, read beside the database: the same names, each once. */
        if (!c->local && !c->declared) {
            c->declared = true;
            return c;
        }
        diag_note(p->diags, diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "class `%s` is declared twice", name),
                  c->class->span, "first here");
        return c;
    }
    class = ARENA_NEW(p->arena, struct class);
    class->name = name;
    class->span = span;
    class->number = p->classes.n + 1;
    class->perms = arena_array(p->arena, MAX_PERMS, sizeof(*class->perms));
    c = class_new(p, class);
    c->local = c->declared = true;
    return c;
}

struct common *policy_declare_common(struct policy *p, const char *name, struct span span)
{
    struct common *c = map_get(&p->common_map, NULL, name);

    if (c) {
        diag_note(p->diags, diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "common `%s` is declared twice", name),
                  c->span, "first here");
        return c;
    }
    c = ARENA_NEW(p->arena, struct common);
    c->name = name;
    c->span = span;
    *LIST_PUSH(p->arena, &p->commons) = c;
    return map_put(p->arena, &p->common_map, NULL, name, c);
}

void policy_common_perm(struct policy *p, struct common *c, const char *name, struct span span)
{
    if (map_get(&p->common_map, c, name)) {
        diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "common `%s` has permission `%s` twice", c->name, name);
        return;
    }
    map_put(p->arena, &p->common_map, c, name, c);
    if (c->n_perms == MAX_PERMS) {
        diag_add(p->diags, &RULE_TOO_MANY_PERMISSIONS, span, "common `%s` has more than %d permissions", c->name,
                 MAX_PERMS);
        return;
    }
    *(const char **)arena_push(p->arena, (void **)&c->perms, &c->n_perms, &c->cap_perms, sizeof(*c->perms)) = name;
}

bool policy_open_vector(struct policy *p, struct object_class *c, struct span span)
{
    if (c->has_vector && c->local) {
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "the permissions of class `%s` are given twice",
                           c->class->name),
                  c->class->span, "the class");
        return false;
    }
    c->has_vector = true;
    c->n_seen = 0;
    c->vector_span = span;
    return true;
}

void policy_class_perm(struct policy *p, struct object_class *c, const char *name, struct span span)
{
    struct class *class = c->class;
    struct perm *perm = policy_find_perm(c, name);
    struct diag *diag;

    if (!c->local) {
        if (perm && perm->bit == c->n_seen) {
            c->n_seen++;
            return;
        }
        diag = diag_add(p->diags, &RULE_CLASS_MISMATCH, span,
                        perm ? "permission `%s` of class `%s` is at another place than in the hook database"
                             : "permission `%s` of class `%s` is not in the hook database",
                        name, class->name);
        diag_note(p->diags, diag, perm ? perm->span : class->span, "the database has it here");
        c->n_seen++;
        return;
    }
    if (perm) {
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "class `%s` has permission `%s` twice", class->name,
                           name),
                  perm->span, "first here");
        return;
    }
    if (class->n_perms == MAX_PERMS) {
        diag_add(p->diags, &RULE_TOO_MANY_PERMISSIONS, span, "class `%s` has more than %d permissions", class->name,
                 MAX_PERMS);
        return;
    }
    perm = &class->perms[class->n_perms];
    *perm = (struct perm){ .name = name, .span = span, .class = class, .bit = class->n_perms };
    class->n_perms++;
    map_put(p->arena, &c->perms, NULL, name, perm);
}

void policy_class_common(struct policy *p, struct object_class *c, const char *common, struct span span)
{
    struct common *from = map_get(&p->common_map, NULL, common);
    unsigned int i;

    if (!from) {
        diag_add(p->diags, &RULE_UNKNOWN_NAME, span, "there is no common `%s`", common);
        return;
    }
    if (c->local)
        c->common = from;
    for (i = 0; i < from->n_perms; i++)
        policy_class_perm(p, c, from->perms[i], span);
}

void policy_declare_sid(struct policy *p, const char *name, struct span span)
{
    struct isid *isid = policy_find_sid(p, name);

    if (isid) {
        struct sid_context *s = &p->sids.items[isid->number - 1];

        if (!s->local && !s->declared) {
            s->declared = true;
            return;
        }
        diag_note(p->diags, diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "initial SID `%s` is declared twice", name),
                  isid->span, "first here");
        return;
    }
    isid = ARENA_NEW(p->arena, struct isid);
    *isid = (struct isid){ .name = name, .span = span, .number = p->sids.n + 1 };
    *LIST_PUSH(p->arena, &p->sids) = (struct sid_context){ .isid = isid, .local = true, .declared = true };
    map_put(p->arena, &p->sid_map, NULL, name, isid);
}

/* ---- names that may be used first and declared later --------------------------------------------------- */

static void use(struct policy *p, enum use_kind kind, void *thing, struct span span)
{
    *LIST_PUSH(p->arena, &p->uses) = (struct policy_use){ kind, thing, span };
}

static void declared_twice(struct policy *p, const char *what, const char *name, struct span span, struct span first)
{
    diag_note(p->diags, diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "%s `%s` is declared twice", what, name), first,
              "first here");
}

static struct type *type_get(struct policy *p, const char *name, struct span span)
{
    struct type *t = map_get(&p->type_map, NULL, name);

    if (t)
        return t;
    t = ARENA_NEW(p->arena, struct type);
    t->name = name;
    t->span = span;
    t->real = t;
    t->self_pointer = t;
    t->alone = (struct typeset){ .in = &t->self_pointer, .n_in = 1, .span = span };
    *LIST_PUSH(p->arena, &p->types) = t;
    map_put(p->arena, &p->type_map, NULL, name, t);
    return t;
}

struct type *policy_type(struct policy *p, const char *name, struct span span)
{
    struct type *t = type_get(p, name, span);

    if (t->kind == KIND_UNDECLARED)
        use(p, USE_TYPE, t, span);
    return t;
}

struct type *policy_find_type(const struct policy *p, const char *name)
{
    struct type *t = map_get(&p->type_map, NULL, name);

    return t && t->kind != KIND_UNDECLARED ? t : NULL;
}

static struct type *type_declare(struct policy *p, const char *name, enum type_kind kind, struct span span)
{
    struct type *t = type_get(p, name, span);

    if (t->kind != KIND_UNDECLARED) {
        declared_twice(p, t->kind == kind ? (kind == KIND_TYPE ? "type" : kind == KIND_ALIAS ? "alias" : "attribute")
                                          : "type, attribute or alias",
                       name, span, t->span);
        return t;
    }
    t->kind = kind;
    t->span = t->alone.span = span;
    t->order = ++p->n_declared;
    return t;
}

struct type *policy_declare_type(struct policy *p, const char *name, struct span span)
{
    return type_declare(p, name, KIND_TYPE, span);
}

struct type *policy_declare_attribute(struct policy *p, const char *name, struct span span)
{
    struct type *t = map_get(&p->type_map, NULL, name);

    if (!t || !t->open)
        return type_declare(p, name, KIND_ATTRIBUTE, span);
    t->open = false;
    return t;
}

struct type *policy_open_attribute(struct policy *p, const char *name, struct span span)
{
    struct type *t = map_get(&p->type_map, NULL, name);

    if (t && t->kind == KIND_ATTRIBUTE)
        return t;
    t = type_declare(p, name, KIND_ATTRIBUTE, span);
    t->open = t->kind == KIND_ATTRIBUTE;
    return t;
}

void policy_declare_alias(struct policy *p, struct type *real, const char *name, struct span span)
{
    struct type *t = map_get(&p->type_map, NULL, name);

    /* The same alias again is harmless, and common in policies put together from modules. */
    if (t && t->kind == KIND_ALIAS && t->real == real)
        return;
    t = type_declare(p, name, KIND_ALIAS, span);
    if (t->kind == KIND_ALIAS)
        t->real = real;
}

void policy_type_attribute(struct policy *p, struct type *type, struct type *attribute, struct span span)
{
    (void)span;
    *(struct type **)arena_push(p->arena, (void **)&type->attributes, &type->n_attributes, &type->cap_attributes,
                                sizeof(*type->attributes)) = attribute;
}

void policy_expand_attribute(struct policy *p, struct type *attribute, bool expand, struct span span)
{
    (void)p;
    (void)span;
    attribute->expand = expand;
}

void policy_type_bounds(struct policy *p, struct type *parent, struct type *child, struct span span)
{
    if (child->bounds && child->bounds != parent)
        diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "type `%s` is bounded by `%s` already", child->name,
                 child->bounds->name);
    else
        child->bounds = parent;
    child->bounds_span = span;
}

void policy_permissive(struct policy *p, struct type *type, struct span span)
{
    (void)p;
    if (!type->permissive)
        type->permissive_span = span;
    type->permissive = true;
}

static struct role *role_get(struct policy *p, const char *name, struct span span)
{
    struct role *r = map_get(&p->role_map, NULL, name);

    if (r)
        return r;
    r = ARENA_NEW(p->arena, struct role);
    r->name = name;
    r->span = span;
    *LIST_PUSH(p->arena, &p->roles) = r;
    return map_put(p->arena, &p->role_map, NULL, name, r);
}

struct role *policy_role(struct policy *p, const char *name, struct span span)
{
    struct role *r = role_get(p, name, span);

    if (!r->declared)
        use(p, USE_ROLE, r, span);
    return r;
}

static struct role *role_declare(struct policy *p, const char *name, bool attribute, struct span span)
{
    struct role *r = role_get(p, name, span);

    if (r->declared && (r->attribute != attribute || attribute)) {
        declared_twice(p, r->attribute && attribute ? "role attribute" : "role or role attribute", name, span, r->span);
        return r;
    }
    if (!r->declared) {
        r->span = span;
        r->order = ++p->n_declared;
    }
    r->declared = true;
    r->attribute = attribute;
    return r;
}

struct role *policy_declare_role(struct policy *p, const char *name, struct span span)
{
    return role_declare(p, name, false, span);
}

struct role *policy_declare_role_attribute(struct policy *p, const char *name, struct span span)
{
    return role_declare(p, name, true, span);
}

void policy_role_types(struct policy *p, struct role *role, const struct typeset *types)
{
    *LIST_PUSH(p->arena, &role->types) = types;
}

void policy_role_attribute(struct policy *p, struct role *role, struct role *attribute, struct span span)
{
    (void)span;
    *LIST_PUSH(p->arena, &role->attributes) = attribute;
}

void policy_role_dominates(struct policy *p, struct role *role, struct role *other, struct span span)
{
    (void)span;
    *LIST_PUSH(p->arena, &role->dominates) = other;
}

void policy_role_allow(struct policy *p, const struct roleset *from, const struct roleset *to, struct span span)
{
    *LIST_PUSH(p->arena, &p->role_rules) =
        (struct role_rule){ .kind = ROLE_RULE_ALLOW, .from = from, .to = to, .span = span };
}

void policy_role_transition(struct policy *p, const struct roleset *from, const struct typeset *types,
                            struct class **classes, unsigned int n_classes, struct role *to, struct span span)
{
    struct roleset *result = ARENA_NEW(p->arena, struct roleset);

    result->in = ARENA_NEW(p->arena, struct role *);
    *result->in = to;
    result->n_in = 1;
    result->span = span;
    *LIST_PUSH(p->arena, &p->role_rules) =
        (struct role_rule){ .kind = ROLE_RULE_TRANSITION, .from = from, .to = result, .types = types,
                            .classes = classes, .n_classes = n_classes, .span = span };
}

static struct user *user_get(struct policy *p, const char *name, struct span span)
{
    struct user *u = map_get(&p->user_map, NULL, name);

    if (u)
        return u;
    u = ARENA_NEW(p->arena, struct user);
    u->name = name;
    u->span = span;
    *LIST_PUSH(p->arena, &p->users) = u;
    return map_put(p->arena, &p->user_map, NULL, name, u);
}

struct user *policy_user(struct policy *p, const char *name, struct span span)
{
    struct user *u = user_get(p, name, span);

    if (!u->declared)
        use(p, USE_USER, u, span);
    return u;
}

struct user *policy_declare_user(struct policy *p, const char *name, struct span span)
{
    struct user *u = user_get(p, name, span);

    if (!u->declared) {
        u->span = span;
        u->order = ++p->n_declared;
    }
    u->declared = true;
    return u;
}

void policy_user_roles(struct policy *p, struct user *user, const struct roleset *roles)
{
    *LIST_PUSH(p->arena, &user->roles) = roles;
}

void policy_user_range(struct policy *p, struct user *user, const struct seclevel *level,
                       const struct secrange *range, struct span span)
{
    if (user->range) {
        diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "user `%s` has a level and range already", user->name);
        return;
    }
    user->level = level;
    user->range = range;
}

static struct boolean *boolean_get(struct policy *p, const char *name, struct span span)
{
    struct boolean *b = map_get(&p->boolean_map, NULL, name);

    if (b)
        return b;
    b = ARENA_NEW(p->arena, struct boolean);
    b->name = name;
    b->span = span;
    *LIST_PUSH(p->arena, &p->booleans) = b;
    return map_put(p->arena, &p->boolean_map, NULL, name, b);
}

struct boolean *policy_boolean(struct policy *p, const char *name, struct span span)
{
    struct boolean *b = boolean_get(p, name, span);

    if (!b->declared)
        use(p, USE_BOOLEAN, b, span);
    return b;
}

struct boolean *policy_declare_boolean(struct policy *p, const char *name, bool value, bool tunable, struct span span)
{
    struct boolean *b = boolean_get(p, name, span);

    if (b->declared) {
        declared_twice(p, "boolean", name, span, b->span);
        return b;
    }
    b->declared = true;
    b->span = span;
    b->value = value;
    b->tunable = tunable;
    b->order = ++p->n_declared;
    return b;
}

/* ---- MLS ------------------------------------------------------------------------------------------------- */

void policy_enable_mls(struct policy *p)
{
    p->mls = true;
}

static struct sensitivity *sensitivity_get(struct policy *p, const char *name, struct span span)
{
    struct sensitivity *s = map_get(&p->sensitivity_map, NULL, name);

    if (s)
        return s;
    s = ARENA_NEW(p->arena, struct sensitivity);
    s->name = name;
    s->span = span;
    s->real = s;
    *LIST_PUSH(p->arena, &p->sensitivities) = s;
    return map_put(p->arena, &p->sensitivity_map, NULL, name, s);
}

struct sensitivity *policy_sensitivity(struct policy *p, const char *name, struct span span)
{
    struct sensitivity *s = sensitivity_get(p, name, span);

    if (!s->declared)
        use(p, USE_SENSITIVITY, s, span);
    return s;
}

struct sensitivity *policy_declare_sensitivity(struct policy *p, const char *name, struct span span)
{
    struct sensitivity *s = sensitivity_get(p, name, span);

    if (s->declared) {
        declared_twice(p, "sensitivity", name, span, s->span);
        return s;
    }
    s->declared = true;
    s->span = span;
    return s;
}

void policy_sensitivity_alias(struct policy *p, struct sensitivity *real, const char *name, struct span span)
{
    struct sensitivity *s = policy_declare_sensitivity(p, name, span);

    if (s != real)
        s->real = real;
}

void policy_dominance(struct policy *p, struct sensitivity *next, struct span span)
{
    next = next->real;
    if (next->ranked) {
        declared_twice(p, "in the dominance, sensitivity", next->name, span, next->span);
        return;
    }
    next->ranked = true;
    next->rank = p->n_ranked++;
}

static struct category *category_get(struct policy *p, const char *name, struct span span)
{
    struct category *c = map_get(&p->category_map, NULL, name);

    if (c)
        return c;
    c = ARENA_NEW(p->arena, struct category);
    c->name = name;
    c->span = span;
    c->real = c;
    *LIST_PUSH(p->arena, &p->categories) = c;
    return map_put(p->arena, &p->category_map, NULL, name, c);
}

struct category *policy_category(struct policy *p, const char *name, struct span span)
{
    struct category *c = category_get(p, name, span);

    if (!c->declared)
        use(p, USE_CATEGORY, c, span);
    return c;
}

struct category *policy_declare_category(struct policy *p, const char *name, struct span span)
{
    struct category *c = category_get(p, name, span);

    if (c->declared) {
        declared_twice(p, "category", name, span, c->span);
        return c;
    }
    c->declared = true;
    c->span = span;
    c->number = p->n_categories++;
    return c;
}

void policy_category_alias(struct policy *p, struct category *real, const char *name, struct span span)
{
    struct category *c = category_get(p, name, span);

    if (c->declared) {
        declared_twice(p, "category", name, span, c->span);
        return;
    }
    c->declared = true;
    c->span = span;
    c->real = real;
}

void policy_declare_level(struct policy *p, const struct seclevel *level)
{
    struct sensitivity *s = level->sensitivity->real;

    if (s->level)
        declared_twice(p, "level", s->name, level->span, s->level->span);
    else
        s->level = level;
}
