/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of names of a binary policy. Entries come in any order and refer to tables that follow, so each table is
 * read for its names first, which are declared in order of their values, and gone over again for the rest.
 */
#include "back/policydb-reader.h"

#include <string.h>

enum { TYPE_PRIMARY = 1, TYPE_IS_ATTRIBUTE = 2, MAX_SYMBOLS = 65535 };

/* ---- classes ------------------------------------------------------------------------------------------------------ */

/* Permissions `first`+1 .. `total`, into `names` by value. */
static void perms(struct reader *r, uint32_t n, uint32_t first, uint32_t total, const char **names)
{
    uint32_t i, len, value;

    if (total > 32 || n != total - first)
        reader_bad(r, "%u permissions of %u", n, total);
    for (i = 0; i < n; i++) {
        len = reader_u32(r);
        value = reader_u32(r);
        if (value <= first || value > total || names[value - 1])
            reader_bad(r, "permission %u of %u", value, total);
        names[value - 1] = reader_name(r, len);
    }
}

/* A common's permissions are kept beside it until the classes are read. */
struct common_read {
    struct common *common;
    const char *names[32];
    uint32_t n;
};

static struct map read_commons(struct reader *r)
{
    uint32_t nprim = reader_u32(r), n = reader_count(r, 16, "commons"), i, j, len;
    struct common_read **all = arena_array(r->arena, n, sizeof(*all));
    struct map commons = { NULL, 0, 0 };

    if (nprim != n)
        reader_bad(r, "%u commons of %u", n, nprim);
    for (i = 0; i < n; i++) {
        struct common_read *c = ARENA_NEW(r->arena, struct common_read);
        uint32_t value, total, own;
        const char *key;

        len = reader_u32(r);
        value = reader_u32(r);
        total = reader_u32(r);
        own = reader_u32(r);
        key = reader_name(r, len);
        if (!value || value > n || all[value - 1] || map_get(&commons, NULL, key))
            reader_bad(r, "common %u of %u", value, n);
        perms(r, own, 0, total, c->names);
        c->n = total;
        all[value - 1] = c;
        map_put(r->arena, &commons, NULL, key, c);
        c->common = (struct common *)(uintptr_t)key;    /* the name, until all are declared in order */
    }
    for (i = 0; i < n; i++) {
        all[i]->common = policy_declare_common(r->policy, (const char *)all[i]->common, r->span);
        for (j = 0; j < all[i]->n; j++)
            policy_common_perm(r->policy, all[i]->common, all[i]->names[j], r->span);
    }
    return commons;
}

static void skip_constraint(struct reader *r)
{
    uint32_t n, i;

    reader_u32(r);
    n = reader_count(r, 12, "parts of a constraint");
    for (i = 0; i < n; i++) {
        uint32_t kind = reader_u32(r);

        reader_take(r, 8);
        if (kind != 5)
            continue;
        reader_skip_bitmap(r);
        if (r->version >= 29) {
            reader_skip_bitmap(r);
            reader_skip_bitmap(r);
            reader_u32(r);
        }
    }
}

static void find_constraints(struct reader *r, unsigned int class, bool validate, uint32_t n)
{
    for (; n; n--) {
        *LIST_PUSH(r->arena, &r->constraints) = (struct constraint_read){ class, validate, r->at };
        skip_constraint(r);
    }
}

struct class_read {
    const char *name;
    const struct common_read *common;
    const char *perms[32];
    uint32_t n_perms;
    uint32_t from[4];
};

static void declare_class(struct reader *r, unsigned int value, const struct class_read *c)
{
    struct object_class *oc;
    unsigned int i;

    if (policy_find_class(r->policy, c->name))
        reader_bad(r, "two classes '%s'", c->name);
    oc = policy_declare_class(r->policy, c->name, r->span);
    policy_open_vector(r->policy, oc, r->span);
    if (c->common)
        policy_class_common(r->policy, oc, c->common->common->name, r->span);
    for (i = c->common ? c->common->n : 0; i < c->n_perms; i++)
        policy_class_perm(r->policy, oc, c->perms[i], r->span);
    if (c->from[0] > FROM_TARGET || c->from[1] > FROM_TARGET || c->from[2] > RANGE_TARGET_LOW_HIGH ||
        c->from[3] > FROM_TARGET)
        reader_bad(r, "unknown defaults of class '%s'", c->name);
    oc->user_from = c->from[0];
    oc->role_from = c->from[1];
    oc->range_from = c->from[2];
    oc->type_from = c->from[3];
    r->classes.items[value] = oc;
}

static void read_classes(struct reader *r, const struct map *commons)
{
    uint32_t nprim = reader_u32(r), n = reader_count(r, 24, "classes"), i;
    struct class_read *all;

    if (nprim != n)
        reader_bad(r, "%u classes of %u", n, nprim);
    r->classes = reader_values(r, n, "classes");
    all = arena_array(r->arena, n, sizeof(*all));
    for (i = 0; i < n; i++) {
        uint32_t len = reader_u32(r), common_len = reader_u32(r), value = reader_u32(r), total = reader_u32(r), own = reader_u32(r), n_constraints = reader_u32(r);
        const char *key = reader_name(r, len);
        struct class_read *c;

        if (!value || value > n || all[value - 1].name)
            reader_bad(r, "class %u of %u", value, n);
        c = &all[value - 1];
        c->name = key;
        if (common_len) {
            key = reader_name(r, common_len);
            c->common = map_get(commons, NULL, key);
            if (!c->common)
                reader_bad(r, "there is no common '%s'", key);
        }
        c->n_perms = total;
        if (c->common && c->common->n > total)
            reader_bad(r, "class '%s' has fewer permissions than its common", c->name);
        perms(r, own, c->common ? c->common->n : 0, total, c->perms);
        find_constraints(r, value - 1, false, n_constraints);
        find_constraints(r, value - 1, true, reader_count(r, 8, "constraints"));
        if (r->version >= 27) {
            c->from[0] = reader_u32(r);
            c->from[1] = reader_u32(r);
            c->from[2] = reader_u32(r);
        }
        if (r->version >= 28)
            c->from[3] = reader_u32(r);
    }
    for (i = 0; i < n; i++)
        declare_class(r, i, &all[i]);
}

/* ---- roles, types, users, booleans ----------------------------------------------------------------------------------- */

static struct symbol *symbols(struct reader *r, size_t size, const char *what, uint32_t *nprim, uint32_t *n)
{
    *nprim = reader_u32(r);
    *n = reader_count(r, size, what);
    if (*nprim > MAX_SYMBOLS)
        reader_bad(r, "%u %s", *nprim, what);
    return arena_array(r->arena, *n, sizeof(struct symbol));
}

/* Their order by value, in `order` the index plus one or 0. Aliases (`alias` marked) are left out. */
static uint32_t *by_value(struct reader *r, const struct symbol *s, uint32_t n, uint32_t nprim, const bool *alias,
                          const char *what)
{
    uint32_t *order = arena_array(r->arena, nprim, sizeof(*order)), i;

    for (i = 0; i < n; i++) {
        if (alias && alias[i])
            continue;
        if (!s[i].value || s[i].value > nprim || order[s[i].value - 1])
            reader_bad(r, "%s %u of %u", what, s[i].value, nprim);
        order[s[i].value - 1] = i + 1;
    }
    return order;
}

struct later {
    struct symbol *roles, *users;
    uint32_t n_roles, n_users;
};

static void read_roles(struct reader *r, struct later *later)
{
    uint32_t nprim, n, i, *order, len;
    struct symbol *s = symbols(r, 12, "roles", &nprim, &n);

    for (i = 0; i < n; i++) {
        len = reader_u32(r);
        s[i].value = reader_u32(r);
        s[i].bounds = reader_u32(r);
        s[i].name = reader_name(r, len);
        s[i].more = r->at;
        reader_skip_bitmap(r);
        reader_skip_bitmap(r);
    }
    order = by_value(r, s, n, nprim, NULL, "role");
    r->roles = reader_values(r, nprim, "roles");
    if (!nprim || !order[0] || strcmp(s[order[0] - 1].name, "object_r"))
        reader_bad(r, "its first role is not object_r");
    for (i = 0; i < nprim; i++) {
        if (!order[i])
            continue;
        if (map_get(&r->policy->role_map, NULL, s[order[i] - 1].name) && i)
            reader_bad(r, "two roles '%s'", s[order[i] - 1].name);
        r->roles.items[i] = policy_declare_role(r->policy, s[order[i] - 1].name, r->span);
    }
    later->roles = s;
    later->n_roles = n;
}

static void finish_roles(struct reader *r, const struct later *later)
{
    uint32_t i, j;

    for (i = 0; i < later->n_roles; i++) {
        const struct symbol *s = &later->roles[i];
        struct role *role = r->roles.items[s->value - 1];

        r->at = s->more;
        reader_bitmap(r, r->roles.n);
        /* Every role dominates itself, but object_r does not: libsepol leaves it without any. */
        for (j = 0; j < r->numbers.n; j++)
            if (r->numbers.items[j] != s->value - 1 || !r->numbers.items[j])
                policy_role_dominates(r->policy, role, reader_value(r, &r->roles, r->numbers.items[j] + 1, "role"), r->span);
        reader_bitmap(r, r->types.n);
        if (r->numbers.n)
            policy_role_types(r->policy, role, reader_types(r));
        if (s->bounds)
            role->bounds = reader_value(r, &r->roles, s->bounds, "role");
    }
}

static void read_types(struct reader *r)
{
    uint32_t nprim, n, i, *order, len;
    struct symbol *s = symbols(r, 16, "types", &nprim, &n);
    bool *alias = arena_array(r->arena, n, sizeof(*alias));

    for (i = 0; i < n; i++) {
        len = reader_u32(r);
        s[i].value = reader_u32(r);
        s[i].properties = reader_u32(r);
        s[i].bounds = reader_u32(r);
        s[i].name = reader_name(r, len);
        if (s[i].properties & ~(uint32_t)(TYPE_PRIMARY | TYPE_IS_ATTRIBUTE))
            reader_bad(r, "type '%s' has properties 0x%x", s[i].name, s[i].properties);
        alias[i] = !(s[i].properties & TYPE_PRIMARY);
    }
    order = by_value(r, s, n, nprim, alias, "type");
    r->types = reader_values(r, nprim, "types");
    for (i = 0; i < nprim; i++) {
        const struct symbol *t;

        if (!order[i])
            reader_bad(r, "there is no type %u", i + 1);
        t = &s[order[i] - 1];
        if (policy_find_type(r->policy, t->name))
            reader_bad(r, "two types '%s'", t->name);
        r->types.items[i] = t->properties & TYPE_IS_ATTRIBUTE ? policy_declare_attribute(r->policy, t->name, r->span)
                                                              : policy_declare_type(r->policy, t->name, r->span);
    }
    for (i = 0; i < n; i++) {
        if (alias[i]) {
            if (policy_find_type(r->policy, s[i].name))
                reader_bad(r, "two types '%s'", s[i].name);
            policy_declare_alias(r->policy, reader_type(r, s[i].value), s[i].name, r->span);
        } else if (s[i].bounds) {
            policy_type_bounds(r->policy, reader_type(r, s[i].bounds), reader_type(r, s[i].value), r->span);
        }
    }
}

static void skip_range(struct reader *r)
{
    uint32_t n = reader_u32(r);

    if (n < 1 || n > 2)
        reader_bad(r, "a range of %u levels", n);
    reader_take(r, 4 * n);
    reader_skip_bitmap(r);
    if (n == 2)
        reader_skip_bitmap(r);
}

static void read_users(struct reader *r, struct later *later)
{
    uint32_t nprim, n, i, *order, len;
    struct symbol *s = symbols(r, 12, "users", &nprim, &n);

    for (i = 0; i < n; i++) {
        len = reader_u32(r);
        s[i].value = reader_u32(r);
        s[i].bounds = reader_u32(r);
        s[i].name = reader_name(r, len);
        s[i].more = r->at;
        reader_skip_bitmap(r);
        skip_range(r);
        reader_u32(r);
        reader_skip_bitmap(r);
    }
    order = by_value(r, s, n, nprim, NULL, "user");
    r->users = reader_values(r, nprim, "users");
    for (i = 0; i < nprim; i++) {
        if (!order[i])
            reader_bad(r, "there is no user %u", i + 1);
        if (map_get(&r->policy->user_map, NULL, s[order[i] - 1].name))
            reader_bad(r, "two users '%s'", s[order[i] - 1].name);
        r->users.items[i] = policy_declare_user(r->policy, s[order[i] - 1].name, r->span);
    }
    later->users = s;
    later->n_users = n;
}

static void read_booleans(struct reader *r)
{
    uint32_t nprim, n, i, *order, len;
    struct symbol *s = symbols(r, 12, "booleans", &nprim, &n);

    for (i = 0; i < n; i++) {
        s[i].value = reader_u32(r);
        s[i].state = reader_u32(r);
        len = reader_u32(r);
        s[i].name = reader_name(r, len);
        if (s[i].state > 1)
            reader_bad(r, "boolean '%s' is %u", s[i].name, s[i].state);
    }
    order = by_value(r, s, n, nprim, NULL, "boolean");
    r->booleans = reader_values(r, nprim, "booleans");
    for (i = 0; i < nprim; i++) {
        if (!order[i])
            reader_bad(r, "there is no boolean %u", i + 1);
        if (map_get(&r->policy->boolean_map, NULL, s[order[i] - 1].name))
            reader_bad(r, "two booleans '%s'", s[order[i] - 1].name);
        r->booleans.items[i] = policy_declare_boolean(r->policy, s[order[i] - 1].name, s[order[i] - 1].state, false,
                                                      r->span);
    }
}

/* ---- MLS -------------------------------------------------------------------------------------------------------------- */

/* The categories whose numbers were read last, as a level. */
static const struct seclevel *level_read(struct reader *r, uint32_t sensitivity)
{
    LIST(struct category_range) ranges = { NULL, 0, 0 };
    unsigned int i;

    for (i = 0; i < r->numbers.n; i++) {
        struct category *c = reader_value(r, &r->categories, r->numbers.items[i] + 1, "category");

        if (i && r->numbers.items[i] == r->numbers.items[i - 1] + 1)
            ranges.items[ranges.n - 1].high = c;
        else
            *LIST_PUSH(r->arena, &ranges) = (struct category_range){ c, c };
    }
    return policy_level(r->policy, reader_value(r, &r->sensitivities, sensitivity, "sensitivity"), ranges.items, ranges.n,
                        r->span);
}

const struct secrange *reader_range(struct reader *r)
{
    uint32_t n = reader_u32(r), low, high;
    const struct seclevel *l;

    if (n < 1 || n > 2)
        reader_bad(r, "a range of %u levels", n);
    low = high = reader_u32(r);
    if (n == 2)
        high = reader_u32(r);
    reader_bitmap(r, r->policy->mls ? r->categories.n : 0);
    l = r->policy->mls ? level_read(r, low) : NULL;
    if (n == 2) {
        reader_bitmap(r, r->policy->mls ? r->categories.n : 0);
        return l ? policy_range(r->policy, l, level_read(r, high)) : NULL;
    }
    return l ? policy_range(r->policy, l, l) : NULL;
}

static void finish_users(struct reader *r, const struct later *later)
{
    uint32_t i, sensitivity;

    for (i = 0; i < later->n_users; i++) {
        const struct symbol *s = &later->users[i];
        struct user *user = r->users.items[s->value - 1];
        const struct secrange *clearance;

        r->at = s->more;
        reader_bitmap(r, r->roles.n);
        if (r->numbers.n)
            policy_user_roles(r->policy, user, reader_roles(r));
        clearance = reader_range(r);
        sensitivity = reader_u32(r);
        reader_bitmap(r, r->policy->mls ? r->categories.n : 0);
        if (clearance)
            policy_user_range(r->policy, user, level_read(r, sensitivity), clearance, r->span);
        if (s->bounds)
            user->bounds = reader_value(r, &r->users, s->bounds, "user");
    }
}

/* libsepol's expansion counts aliases of levels and categories as if they had a number. */
static uint32_t without_aliases(const bool *alias, uint32_t n)
{
    uint32_t i, count = 0;

    for (i = 0; i < n; i++)
        count += !alias[i];
    return count;
}

static void read_sensitivities(struct reader *r, struct symbol **all, uint32_t *n)
{
    uint32_t nprim, i, *order, len;
    struct symbol *s = *all = symbols(r, 24, "sensitivities", &nprim, n);
    bool *alias = arena_array(r->arena, *n, sizeof(*alias));

    for (i = 0; i < *n; i++) {
        len = reader_u32(r);
        s[i].properties = reader_u32(r);
        s[i].name = reader_name(r, len);
        alias[i] = s[i].properties;
        s[i].value = reader_u32(r);
        s[i].more = r->at;
        reader_skip_bitmap(r);
    }
    order = by_value(r, s, *n, nprim, alias, "sensitivity");
    nprim = without_aliases(alias, *n);
    r->sensitivities = reader_values(r, nprim, "sensitivities");
    /* checkpolicy counts aliases as well, which leaves holes. */
    for (i = 0; i < nprim; i++) {
        struct sensitivity *sens;

        if (!order[i])
            continue;
        sens = policy_declare_sensitivity(r->policy, s[order[i] - 1].name, r->span);
        policy_dominance(r->policy, sens, r->span);
        r->sensitivities.items[i] = sens;
    }
    for (i = 0; i < *n; i++)
        if (alias[i])
            policy_sensitivity_alias(r->policy, reader_value(r, &r->sensitivities, s[i].value, "sensitivity"), s[i].name,
                                     r->span);
}

static void read_categories(struct reader *r)
{
    uint32_t nprim, n, i, *order, len;
    struct symbol *s = symbols(r, 12, "categories", &nprim, &n);
    bool *alias = arena_array(r->arena, n, sizeof(*alias));

    for (i = 0; i < n; i++) {
        len = reader_u32(r);
        s[i].value = reader_u32(r);
        s[i].properties = reader_u32(r);
        s[i].name = reader_name(r, len);
        alias[i] = s[i].properties;
    }
    order = by_value(r, s, n, nprim, alias, "category");
    nprim = without_aliases(alias, n);
    r->categories = reader_values(r, nprim, "categories");
    for (i = 0; i < nprim; i++) {
        if (!order[i])
            continue;       /* an alias, as above */
        r->categories.items[i] = policy_declare_category(r->policy, s[order[i] - 1].name, r->span);
    }
    for (i = 0; i < n; i++)
        if (alias[i])
            policy_category_alias(r->policy, reader_value(r, &r->categories, s[i].value, "category"), s[i].name, r->span);
}

static void finish_sensitivities(struct reader *r, const struct symbol *s, uint32_t n)
{
    uint32_t i;

    for (i = 0; i < n; i++) {
        r->at = s[i].more;
        reader_bitmap(r, r->categories.n);
        if (!s[i].properties)
            policy_declare_level(r->policy, level_read(r, s[i].value));
    }
}

/* ---- all of them -------------------------------------------------------------------------------------------------------- */

void reader_names(struct reader *r)
{
    struct later later = { 0 };
    struct symbol *sensitivities;
    const unsigned char *resume;
    uint32_t n_sensitivities;
    struct map commons;

    commons = read_commons(r);
    read_classes(r, &commons);
    read_roles(r, &later);
    read_types(r);
    read_users(r, &later);
    read_booleans(r);
    read_sensitivities(r, &sensitivities, &n_sensitivities);
    read_categories(r);

    resume = r->at;
    finish_sensitivities(r, sensitivities, n_sensitivities);
    finish_roles(r, &later);
    finish_users(r, &later);
    r->at = resume;
}
