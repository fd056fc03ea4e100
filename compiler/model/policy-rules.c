/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building a policy: sets, expressions, rules, contexts. Everything is stored as written and judged at the end. */
#include "model/policy.h"

#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

void policy_set_add(struct policy *p, struct typeset_builder *b, struct type *t, bool out)
{
    if (out)
        *LIST_PUSH(p->arena, &b->out) = t;
    else
        *LIST_PUSH(p->arena, &b->in) = t;
}

static void *copy(struct policy *p, const void *items, unsigned int n, size_t size)
{
    void *to = arena_array(p->arena, n, size);

    if (n)
        memcpy(to, items, n * size);
    return to;
}

const struct typeset *policy_typeset(struct policy *p, struct typeset_builder *b, struct span span)
{
    const struct typeset *done;

    if (b->in.n == 1 && !b->out.n && !b->all && !b->complement && !b->self) {
        done = &b->in.items[0]->alone;
    } else if (b->self && !b->in.n && !b->out.n && !b->all && !b->complement) {
        done = policy_self(p);
    } else {
        struct typeset *s = ARENA_NEW(p->arena, struct typeset);

        s->in = copy(p, b->in.items, b->in.n, sizeof(*s->in));
        s->n_in = b->in.n;
        s->out = copy(p, b->out.items, b->out.n, sizeof(*s->out));
        s->n_out = b->out.n;
        s->all = b->all;
        s->complement = b->complement;
        s->self = b->self;
        s->span = span;
        done = s;
    }
    b->in.n = b->out.n = 0;
    b->all = b->complement = b->self = false;
    return done;
}

const struct typeset *policy_just(struct type *t)
{
    return &t->alone;
}

const struct typeset *policy_self(struct policy *p)
{
    if (!p->self) {
        struct typeset *s = ARENA_NEW(p->arena, struct typeset);

        s->self = true;
        p->self = s;
    }
    return p->self;
}

void policy_roleset_add(struct policy *p, struct roleset_builder *b, struct role *r, bool out)
{
    if (out)
        *LIST_PUSH(p->arena, &b->out) = r;
    else
        *LIST_PUSH(p->arena, &b->in) = r;
}

const struct roleset *policy_roleset(struct policy *p, struct roleset_builder *b, struct span span)
{
    struct roleset *s = ARENA_NEW(p->arena, struct roleset);

    s->in = copy(p, b->in.items, b->in.n, sizeof(*s->in));
    s->n_in = b->in.n;
    s->out = copy(p, b->out.items, b->out.n, sizeof(*s->out));
    s->n_out = b->out.n;
    s->all = b->all;
    s->complement = b->complement;
    s->span = span;
    b->in.n = b->out.n = 0;
    b->all = b->complement = false;
    return s;
}

const struct seclevel *policy_level(struct policy *p, struct sensitivity *sensitivity,
                                    const struct category_range *ranges, unsigned int n, struct span span)
{
    struct seclevel *l = ARENA_NEW(p->arena, struct seclevel);

    l->sensitivity = sensitivity;
    l->ranges = copy(p, ranges, n, sizeof(*ranges));
    l->n_ranges = n;
    l->span = span;
    return l;
}

const struct secrange *policy_range(struct policy *p, const struct seclevel *low, const struct seclevel *high)
{
    struct secrange *r = ARENA_NEW(p->arena, struct secrange);

    r->low = low;
    r->high = high;
    return r;
}

const struct context *policy_context(struct policy *p, struct user *user, struct role *role, struct type *type,
                                     const struct secrange *range, struct span span)
{
    struct context *c = ARENA_NEW(p->arena, struct context);

    *c = (struct context){ user, role, type, range, span };
    return c;
}

struct bool_expr *policy_bool_expr(struct policy *p, enum bool_op op, struct boolean *boolean, struct bool_expr *a,
                                   struct bool_expr *b)
{
    struct bool_expr *e = ARENA_NEW(p->arena, struct bool_expr);

    *e = (struct bool_expr){ op, boolean, a, b };
    return e;
}

struct condition *policy_condition(struct policy *p, struct bool_expr *expr, struct span span)
{
    struct condition *c = ARENA_NEW(p->arena, struct condition);

    *c = (struct condition){ .expr = expr, .span = span, .number = p->conditions.n };
    *LIST_PUSH(p->arena, &p->conditions) = c;
    return c;
}

const struct condition *policy_condition_of(const struct policy_rule *r, bool *otherwise)
{
    if (!r->condition || r->condition->tunable)
        return NULL;
    *otherwise = r->otherwise != r->condition->flipped;
    return r->condition->same;
}

const struct access *policy_access(struct policy *p, struct class *class, uint32_t perms)
{
    /* The map is keyed by pointers; an access vector of the class serves as one. */
    const char *key = (const char *)(uintptr_t)perms;
    struct access *a = map_get(&p->access_map, class, key);

    if (!a) {
        a = ARENA_NEW(p->arena, struct access);
        *a = (struct access){ class, perms };
        map_put(p->arena, &p->access_map, class, key, a);
    }
    return a;
}

struct policy_rule *policy_add_rule(struct policy *p, enum rule_kind kind, const struct typeset *subjects,
                                    const struct typeset *objects, const struct access *access,
                                    unsigned int n_access, struct type *result, struct span span)
{
    struct policy_rule *r = LIST_PUSH(p->arena, &p->rules);

    r->kind = (uint8_t)kind;
    r->live = true;
    r->subjects = subjects;
    r->objects = objects;
    r->access = access;
    r->n_access = n_access;
    r->result = result;
    r->span = span;
    return r;
}

struct policy_rule *policy_allow(struct policy *p, struct type *subject, struct type *object, struct class *class,
                                 uint32_t perms, struct span span, const struct origin *origin)
{
    struct policy_rule *r = policy_add_rule(p, AV_ALLOW, &subject->alone, &object->alone,
                                            policy_access(p, class, perms), 1, NULL, span);

    r->origin = origin;
    return r;
}

struct constraint *policy_add_constraint(struct policy *p, enum constraint_kind kind, const struct access *access,
                                         unsigned int n_access, const struct cexpr *expr, struct span span)
{
    struct constraint *c = LIST_PUSH(p->arena, &p->constraints);

    *c = (struct constraint){ .kind = kind, .access = access, .n_access = n_access, .expr = expr, .span = span };
    return c;
}

void policy_add_range(struct policy *p, const struct typeset *subjects, const struct typeset *objects,
                      struct class **classes, unsigned int n_classes, const struct secrange *range, struct span span)
{
    *LIST_PUSH(p->arena, &p->range_rules) =
        (struct range_rule){ subjects, objects, classes, n_classes, range, span };
}

void policy_sid_context(struct policy *p, const char *sid, const struct context *context, struct span span)
{
    struct isid *isid = policy_find_sid(p, sid);
    struct sid_context *s;

    if (!isid) {
        diag_add(p->diags, &RULE_UNKNOWN_NAME, span, "there is no initial SID '%s'", sid);
        return;
    }
    s = &p->sids.items[isid->number - 1];
    if (s->context) {
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "initial SID '%s' has a context already", sid),
                  s->span, "given here");
        return;
    }
    s->context = context;
    s->span = span;
}

void policy_add_resource(struct policy *p, enum resource_kind kind, uint64_t low, uint64_t high, const char *path,
                         const struct context *context, struct span span)
{
    *LIST_PUSH(p->arena, &p->resources[kind]) = (struct resource){ low, high, path, context, span };
}

void policy_add_policycap(struct policy *p, const char *name, struct span span)
{
    *LIST_PUSH(p->arena, &p->policycaps) = (struct policycap){ name, span };
}

void policy_handle_unknown(struct policy *p, enum handle_unknown unknown, struct span span)
{
    if (p->handle_unknown != UNKNOWN_UNSET && p->handle_unknown != unknown) {
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_CONFLICTING_RULES, span, "what is unknown is handled in two ways"),
                  p->unknown_span, "and differently here");
        return;
    }
    p->handle_unknown = unknown;
    p->unknown_span = span;
}

const char *policy_rule_word(enum rule_kind kind)
{
    static const char *const words[] = {
        [AV_ALLOW] = "allow",
        [AV_AUDITALLOW] = "auditallow",
        [AV_DONTAUDIT] = "dontaudit",
        [AV_NEVERALLOW] = "neverallow",
        [TE_TRANSITION] = "type_transition",
        [TE_MEMBER] = "type_member",
        [TE_CHANGE] = "type_change",
    };

    return words[kind];
}

const char *policy_resource_word(enum resource_kind kind)
{
    static const char *const words[] = {
        [RESOURCE_PIRQ] = "pirqcon", [RESOURCE_IOMEM] = "iomemcon", [RESOURCE_IOPORT] = "ioportcon",
        [RESOURCE_PCI] = "pcidevicecon", [RESOURCE_DTDEV] = "devicetreecon",
    };

    return words[kind];
}

const char *policy_unknown_word(enum handle_unknown unknown)
{
    static const char *const words[] = {
        [UNKNOWN_UNSET] = "deny", [UNKNOWN_DENY] = "deny", [UNKNOWN_ALLOW] = "allow", [UNKNOWN_REJECT] = "reject",
    };

    return words[unknown];
}

unsigned int policy_class_defaults(const struct object_class *c, struct class_default *out)
{
    static const char *const froms[] = { "", "source", "target" };
    static const char *const ranges[] = {
        "", "source low", "source high", "source low-high", "target low", "target high", "target low-high",
    };
    unsigned int n = 0;

    if (c->user_from)
        out[n++] = (struct class_default){ "user", froms[c->user_from] };
    if (c->role_from)
        out[n++] = (struct class_default){ "role", froms[c->role_from] };
    if (c->type_from)
        out[n++] = (struct class_default){ "type", froms[c->type_from] };
    if (c->range_from)
        out[n++] = (struct class_default){ "range", ranges[c->range_from] };
    return n;
}
