/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what xen/xsm/flask/ss/policydb.c reads, in its order and with its checks. The bytes may be anything; the first
 * mistake ends the reading.
 */
#include "back/policydb-read.h"

#include <string.h>

#include "back/policydb-reader.h"
#include "text/diag.h"

enum {
    CONFIG_MLS = 1, CONFIG_REJECT = 2, CONFIG_ALLOW = 4,
    SYMBOLS = 8,
    RULE_ALLOWED = 1, RULE_AUDITALLOW = 2, RULE_AUDITDENY = 4, RULE_TRANSITION = 0x10, RULE_MEMBER = 0x20,
    RULE_CHANGE = 0x40, RULE_ENABLED = 0x8000,
    MAX_TYPE = 65535,
};

static const uint32_t MAGIC = 0xf97cff8c;
static const char TARGET[] = "XenFlask";

/* ---- constraints -------------------------------------------------------------------------------------------------------- */

static struct cexpr *comparison(struct reader *r, uint32_t kind, uint32_t attr, uint32_t op)
{
    static const uint32_t attributes[] = {
        [CX_USER] = 1, [CX_ROLE] = 2, [CX_TYPE] = 4, [CX_L1L2] = 32, [CX_L1H2] = 64, [CX_H1L2] = 128, [CX_H1H2] = 256,
        [CX_L1H1] = 512, [CX_L2H2] = 1024,
    };
    enum { TARGET_BIT = 8, THIRD_BIT = 16 };
    struct cexpr *c = ARENA_NEW(r->arena, struct cexpr);
    unsigned int i;

    c->op = kind == 4 ? CX_ATTR : CX_NAMES;
    c->whose = attr & THIRD_BIT ? 3 : attr & TARGET_BIT ? 2 : 1;
    if (op < 1 || op > 5)
        reader_bad(r, "comparison %u", op);
    c->compare = (enum cexpr_compare)(op - 1);
    attr &= ~(uint32_t)(TARGET_BIT | THIRD_BIT);
    for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (attributes[i] == attr)
            break;
    if (i > (kind == 4 ? CX_L2H2 : CX_TYPE))
        reader_bad(r, "comparison of attribute 0x%x", attr);
    c->attr = (enum cexpr_attr)i;
    if (kind == 4)
        return c;
    reader_bitmap(r, c->attr == CX_TYPE ? r->types.n : c->attr == CX_ROLE ? r->roles.n : r->users.n);
    if (c->attr == CX_TYPE) {
        c->types = reader_types(r);
    } else if (c->attr == CX_ROLE) {
        c->roles = reader_roles(r);
    } else {
        c->users = arena_array(r->arena, r->numbers.n, sizeof(*c->users));
        for (i = 0; i < r->numbers.n; i++)
            c->users[i] = reader_value(r, &r->users, r->numbers.items[i] + 1, "user");
        c->n_users = i;
    }
    if (r->version >= 29) {
        reader_skip_bitmap(r);
        reader_skip_bitmap(r);
        reader_u32(r);
    }
    return c;
}

static void read_constraint(struct reader *r, const struct constraint_read *from)
{
    enum { DEPTH = 5 };
    struct object_class *oc = r->classes.items[from->class];
    struct cexpr *stack[DEPTH], *c;
    unsigned int depth = 0;
    uint32_t bits, n, i;

    r->at = from->at;
    bits = reader_u32(r);
    n = reader_u32(r);
    for (i = 0; i < n; i++) {
        uint32_t kind = reader_u32(r), attr = reader_u32(r), op = reader_u32(r);

        if (kind == 4 || kind == 5) {
            if (depth == DEPTH)
                reader_bad(r, "a constraint nested too deeply");
            c = comparison(r, kind, attr, op);
            stack[depth++] = c;
            continue;
        }
        if (kind < 1 || kind > 3 || depth < (kind == 1 ? 1 : 2))
            reader_bad(r, "a constraint that is no expression");
        c = ARENA_NEW(r->arena, struct cexpr);
        c->op = kind == 1 ? CX_NOT : kind == 2 ? CX_AND : CX_OR;
        if (kind != 1)
            c->b = stack[--depth];
        c->a = stack[depth - 1];
        stack[depth - 1] = c;
    }
    if (depth != 1)
        reader_bad(r, "a constraint that is no expression");
    policy_add_constraint(r->policy, from->validate ? VALIDATETRANS : CONSTRAIN,
                          policy_access(r->policy, oc->class, from->validate ? 0 : bits & policy_all_perms(oc)), 1,
                          stack[0], r->span);
}

/* ---- rules ---------------------------------------------------------------------------------------------------------------- */

static struct policy_rule *read_rule(struct reader *r)
{
    uint32_t subject = reader_u16(r), object = reader_u16(r), class = reader_u16(r), kind = reader_u16(r), data = reader_u32(r);
    struct type *s = reader_value(r, &r->types, subject, "type"), *o = reader_value(r, &r->types, object, "type"), *result;
    struct object_class *oc = reader_value(r, &r->classes, class, "class");
    enum rule_kind rule;

    switch (kind & ~(uint32_t)RULE_ENABLED) {
    case RULE_ALLOWED:
        rule = AV_ALLOW;
        break;
    case RULE_AUDITALLOW:
        rule = AV_AUDITALLOW;
        break;
    case RULE_AUDITDENY:
        rule = AV_DONTAUDIT;
        data = ~data;
        break;
    case RULE_TRANSITION:
        rule = TE_TRANSITION;
        break;
    case RULE_MEMBER:
        rule = TE_MEMBER;
        break;
    case RULE_CHANGE:
        rule = TE_CHANGE;
        break;
    default:
        reader_bad(r, "a rule of kind 0x%x", kind);
    }
    result = rule >= TE_TRANSITION ? reader_type(r, data) : NULL;
    return policy_add_rule(r->policy, rule, policy_just(s), policy_just(o),
                           policy_access(r->policy, oc->class, result ? 0 : data & policy_all_perms(oc)), 1, result,
                           r->span);
}

static struct bool_expr *read_bool_expr(struct reader *r)
{
    enum { DEPTH = 10 };
    static const enum bool_op ops[] = { BOOL_NAME, BOOL_NAME, BOOL_NOT, BOOL_OR, BOOL_AND, BOOL_XOR, BOOL_EQ, BOOL_NEQ };
    struct bool_expr *stack[DEPTH], *b;
    unsigned int depth = 0;
    uint32_t n = reader_count(r, 8, "parts of a condition"), i;

    for (i = 0; i < n; i++) {
        uint32_t kind = reader_u32(r), boolean = reader_u32(r);

        if (kind < 1 || kind > 7 || (kind == 1 ? depth == DEPTH : depth < (kind == 2 ? 1 : 2)))
            reader_bad(r, "a condition that is no expression");
        if (kind == 1) {
            stack[depth++] = policy_bool_expr(r->policy, BOOL_NAME, reader_value(r, &r->booleans, boolean, "boolean"), NULL,
                                              NULL);
            continue;
        }
        b = kind == 2 ? NULL : stack[--depth];
        stack[depth - 1] = policy_bool_expr(r->policy, ops[kind], NULL, stack[depth - 1], b);
    }
    if (depth != 1)
        reader_bad(r, "a condition that is no expression");
    return stack[0];
}

static void read_conditions(struct reader *r)
{
    uint32_t n = reader_count(r, 16, "conditions"), i, j, branch;

    for (i = 0; i < n; i++) {
        const struct condition *c;

        if (reader_u32(r) > 1)
            reader_bad(r, "a condition that is neither true nor false");
        c = policy_condition(r->policy, read_bool_expr(r), r->span);
        for (branch = 0; branch < 2; branch++)
            for (j = reader_count(r, 12, "rules"); j; j--) {
                struct policy_rule *rule = read_rule(r);

                rule->condition = c;
                rule->otherwise = branch;
            }
    }
}

static const struct roleset *one_role(struct reader *r, uint32_t value)
{
    struct roleset_builder b = { 0 };

    policy_roleset_add(r->policy, &b, reader_value(r, &r->roles, value, "role"), false);
    return policy_roleset(r->policy, &b, r->span);
}

/* What older versions mean when they name no class. */
static struct class *process_class(struct reader *r)
{
    const struct object_class *c = policy_find_class(r->policy, names_get(r->policy->names, "process"));

    if (!c)
        reader_bad(r, "a role transition, but no class 'process'");
    return c->class;
}

static void read_role_rules(struct reader *r)
{
    uint32_t n = reader_count(r, r->version >= 26 ? 16 : 12, "role transitions");

    for (; n; n--) {
        uint32_t role = reader_u32(r), type = reader_u32(r), to = reader_u32(r);
        struct class **classes = ARENA_NEW(r->arena, struct class *);

        *classes = r->version >= 26 ? reader_class(r, reader_u32(r)) : process_class(r);
        policy_role_transition(r->policy, one_role(r, role), policy_just(reader_type(r, type)), classes, 1,
                               reader_value(r, &r->roles, to, "role"), r->span);
    }
    for (n = reader_count(r, 8, "role allow rules"); n; n--) {
        const struct roleset *from = one_role(r, reader_u32(r));

        policy_role_allow(r->policy, from, one_role(r, reader_u32(r)), r->span);
    }
    if (r->version >= 25 && reader_u32(r))
        reader_bad(r, "it has transitions by the name of a file, which Xen does not know");
}

static void read_ranges(struct reader *r)
{
    uint32_t n = reader_count(r, 24, "range transitions");

    for (; n; n--) {
        uint32_t subject = reader_u32(r), object = reader_u32(r), class = reader_u32(r);
        struct class **classes = ARENA_NEW(r->arena, struct class *);
        const struct secrange *to = reader_range(r);

        *classes = reader_class(r, class);
        if (!to)
            reader_bad(r, "a range transition without MLS");
        policy_add_range(r->policy, policy_just(reader_type(r, subject)), policy_just(reader_type(r, object)), classes, 1, to,
                         r->span);
    }
}

/* ---- labels ---------------------------------------------------------------------------------------------------------------- */

static const struct context *context(struct reader *r)
{
    uint32_t user = reader_u32(r), role = reader_u32(r), type = reader_u32(r);
    const struct secrange *levels = reader_range(r);

    return policy_context(r->policy, reader_value(r, &r->users, user, "user"), reader_value(r, &r->roles, role, "role"),
                          reader_type(r, type), levels, r->span);
}

static void read_sids(struct reader *r, const struct model *model)
{
    enum { MAX_SID = 255 };
    const struct context *contexts[MAX_SID + 1] = { NULL };
    uint32_t n = reader_count(r, 4, "initial SIDs"), number, most = 0;
    const char *sid;

    for (; n; n--) {
        number = reader_u32(r);
        if (!number || number > MAX_SID || contexts[number])
            reader_bad(r, "initial SID %u", number);
        contexts[number] = context(r);
        if (number > most)
            most = number;
    }
    for (number = 1; number <= most; number++) {
        if (model && number <= model->n_isids)
            sid = model->isids[number - 1]->name;
        else
            sid = names_get(r->policy->names, arena_printf(r->arena, "sid%u", number));
        policy_declare_sid(r->policy, sid, r->span);
        if (contexts[number])
            policy_sid_context(r->policy, sid, contexts[number], r->span);
    }
}

static void read_resources(struct reader *r, enum resource_kind kind)
{
    static const size_t size[] = {
        [RESOURCE_PIRQ] = 4, [RESOURCE_IOPORT] = 8, [RESOURCE_IOMEM] = 8, [RESOURCE_PCI] = 4, [RESOURCE_DTDEV] = 4,
    };
    uint32_t n = reader_count(r, size[kind], "labels of resources");

    for (; n; n--) {
        uint64_t low = 0, high = 0;
        const char *path = NULL;

        if (kind == RESOURCE_DTDEV) {
            path = reader_name(r, reader_u32(r));
        } else if (kind == RESOURCE_IOMEM && r->version >= VERSION_NEW) {
            low = reader_u64(r);
            high = reader_u64(r);
        } else {
            low = high = reader_u32(r);
            if (kind == RESOURCE_IOMEM || kind == RESOURCE_IOPORT)
                high = reader_u32(r);
        }
        policy_add_resource(r->policy, kind, low, high, path, context(r), r->span);
    }
}

/* ---- the whole ---------------------------------------------------------------------------------------------------------------- */

static void read_attributes(struct reader *r)
{
    uint32_t i, j;

    for (i = 0; i < r->types.n; i++) {
        struct type *t = r->types.items[i];

        reader_bitmap(r, r->types.n);
        for (j = 0; j < r->numbers.n; j++) {
            struct type *a = r->types.items[r->numbers.items[j]];

            if (a == t)
                continue;
            if (a->kind != KIND_ATTRIBUTE || t->kind != KIND_TYPE)
                reader_bad(r, "'%s' is no attribute for '%s'", a->name, t->name);
            policy_type_attribute(r->policy, t, a, r->span);
        }
    }
}

/* libsepol's names of policy capabilities, by number; Xen reads but does not use them. */
static const char *const capabilities[] = {
    "network_peer_controls", "open_perms", "extended_socket_class", "always_check_network", "cgroup_seclabel",
    "nnp_nosuid_transition", "genfs_seclabel_symlinks", "ioctl_skip_cloexec",
};

static void read_head(struct reader *r)
{
    uint32_t len, config, n_symbols, n_labels;

    if (reader_u32(r) != MAGIC)
        reader_bad(r, "it does not begin like a binary policy");
    len = reader_u32(r);
    if (len != sizeof(TARGET) - 1 || memcmp(reader_take(r, len), TARGET, len))
        reader_bad(r, "it is for another system than Xen");
    r->version = reader_u32(r);
    if (r->version != VERSION_OLD && r->version != VERSION_NEW)
        reader_bad(r, "it has version %u, Xen reads %d and %d", r->version, VERSION_OLD, VERSION_NEW);
    config = reader_u32(r);
    if (config & CONFIG_MLS)
        policy_enable_mls(r->policy);
    policy_handle_unknown(r->policy, config & CONFIG_ALLOW ? UNKNOWN_ALLOW : config & CONFIG_REJECT ? UNKNOWN_REJECT
                                                                                                   : UNKNOWN_DENY, r->span);
    n_symbols = reader_u32(r);
    n_labels = reader_u32(r);
    if (n_symbols != SYMBOLS || n_labels != (r->version >= VERSION_NEW ? 6 : 5))
        reader_bad(r, "it has %u tables of names and %u of labels", n_symbols, n_labels);
}

static void read_policy(struct reader *r, const struct model *model)
{
    uint32_t i, *permissive, n_permissive;
    const unsigned char *resume;

    read_head(r);
    reader_bitmap(r, sizeof(capabilities) / sizeof(capabilities[0]));
    for (i = 0; i < r->numbers.n; i++)
        policy_add_policycap(r->policy, names_get(r->policy->names, capabilities[r->numbers.items[i]]), r->span);
    reader_bitmap(r, MAX_TYPE + 1);
    n_permissive = r->numbers.n;
    permissive = arena_array(r->arena, n_permissive, sizeof(*permissive));
    if (n_permissive)
        memcpy(permissive, r->numbers.items, n_permissive * sizeof(*permissive));

    reader_names(r);
    resume = r->at;
    for (i = 0; i < r->constraints.n; i++)
        read_constraint(r, &r->constraints.items[i]);
    for (i = 0; i < n_permissive; i++)
        policy_permissive(r->policy, reader_type(r, permissive[i]), r->span);
    r->at = resume;

    for (i = reader_count(r, 12, "rules"); i; i--)
        read_rule(r);
    read_conditions(r);
    read_role_rules(r);
    read_sids(r, model);
    read_resources(r, RESOURCE_PIRQ);
    read_resources(r, RESOURCE_IOPORT);
    read_resources(r, RESOURCE_IOMEM);
    read_resources(r, RESOURCE_PCI);
    if (r->version >= VERSION_NEW)
        read_resources(r, RESOURCE_DTDEV);
    if (reader_u32(r))
        reader_bad(r, "it has labels of file systems, which Xen does not know");
    read_ranges(r);
    read_attributes(r);
    if (r->at != r->end)
        reader_bad(r, "%zu bytes are left over", (size_t)(r->end - r->at));
}

bool policydb_is(const void *data, size_t len)
{
    static const unsigned char magic[] = { 0x8c, 0xff, 0x7c, 0xf9 };

    return len >= sizeof(magic) && !memcmp(data, magic, sizeof(magic));
}

struct policy *policydb_load(struct arena *a, struct names *n, struct diags *d, uint32_t file, const void *data,
                             size_t len, const struct model *model)
{
    unsigned int errors = diags_count(d, LEVEL_ERROR);
    struct reader *r = ARENA_NEW(a, struct reader);

    r->policy = policy_create(a, n, d, NULL);
    r->arena = a;
    r->start = r->at = data;
    r->end = r->start + len;
    r->span.file = file;
    if (setjmp(r->bad))
        return NULL;
    read_policy(r, model);
    policy_finish(r->policy);
    return diags_count(d, LEVEL_ERROR) == errors ? r->policy : NULL;
}
