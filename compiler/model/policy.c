/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building a policy: names and declarations. What cannot be judged before everything was read is left to
 * policy_finish(); a name used before its declaration is noted in `uses` and looked at again there.
 */
#include "model/policy.h"

#include "text/diag.h"
#include "text/rules.h"

static void use(struct policy *p, enum use_kind kind, void *thing, struct span span)
{
    *LIST_PUSH(p->arena, &p->uses) = (struct policy_use){ kind, thing, span };
}

static void declared_twice(struct policy *p, const char *what, const char *name, struct span span, struct span first)
{
    diag_note(p->diags, diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "%s '%s' is declared twice", what, name), first,
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
        diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "type '%s' is bounded by '%s' already", child->name,
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
        diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "user '%s' has a level and range already", user->name);
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
