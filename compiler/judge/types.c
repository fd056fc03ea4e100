/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types and transitions as Flask looks for them (xen/xsm/flask/hooks.c):
 *
 * - domain_create asks for the transition from a domain's label to itself, class domain: the label under which the
 *   domain sees itself, TYPE_self, so that what it may do to itself is not what it may do to its like.
 * - set_target asks for the transition from the target's label to the device model's, class domain: TYPE_target.
 * - evtchn_unbound and evtchn_interdomain ask for the transition from the holder's label to the remote domain's as the
 *   holder sees it, class event: TYPE_channel.
 *
 * The attributes are those of Xen's reference policy, so that policy written for one fits the other.
 */
#include "judge/types.h"

#include <string.h>

static struct type *attribute(struct policy *p, const char *name, const char *meaning, struct span span)
{
    struct type *t = policy_find_type(p, names_get(p->names, name));

    if (t && t->kind == KIND_ATTRIBUTE)
        return t;
    t = policy_declare_attribute(p, names_get(p->names, name), span);
    t->meaning = meaning;
    return t;
}

/* A type of that name; one that is declared elsewhere is taken as it is. */
static struct type *declare(struct policy *p, const char *name, const char *meaning, struct type *attr,
                            struct span span)
{
    struct type *t = policy_find_type(p, names_get(p->names, name));

    if (!t) {
        t = policy_declare_type(p, names_get(p->names, name), span);
        t->meaning = meaning;
    }
    policy_type_attribute(p, t, attr, span);
    return t;
}

static struct type *declare_more(struct policy *p, const struct stock_domain *d, const char *suffix,
                                 const char *meaning, struct type *attr)
{
    return declare(p, arena_printf(p->arena, "%s%s", d->type, suffix), arena_printf(p->arena, meaning, d->type), attr,
                   d->span);
}

static void transition(struct policy *p, struct type *from, const struct typeset *to, const char *class,
                       struct type *result, struct span span)
{
    struct object_class *c = policy_find_class(p, names_get(p->names, class));

    if (c)
        policy_add_rule(p, TE_TRANSITION, policy_just(from), to, policy_access(p, c->class, 0), 1, result, span);
}

struct family {
    struct type *domain, *domain_self, *domain_target, *event, *resource, *xen;
};

static struct family family(struct policy *p, struct span span)
{
    return (struct family){
        .domain = attribute(p, "domain_type", "every label of a domain", span),
        .domain_self = attribute(p, "domain_self_type", "domains as they see themselves", span),
        .domain_target = attribute(p, "domain_target_type", "domains as their device model sees them", span),
        .event = attribute(p, "event_type", "every label of an event channel", span),
        .resource = attribute(p, "resource_type", "every label of a device, interrupt, I/O memory or I/O port", span),
        .xen = attribute(p, "xen_type", "the hypervisor and what belongs to it", span),
    };
}

static bool is_served(const struct stock *stock, const struct stock_domain *d)
{
    unsigned int i;

    for (i = 0; i < stock->n_domains; i++)
        if (stock_serves(&stock->domains[i], d))
            return true;
    return false;
}

static void declare_domain(struct policy *p, const struct stock *stock, const struct family *f, unsigned int i,
                           struct domain_types *t)
{
    const struct stock_domain *d = &stock->domains[i];
    bool xen = d->kind >= DOMAIN_BOOT;

    t->own = declare(p, d->type, d->meaning, xen ? f->xen : f->domain, d->span);
    t->self = t->own;
    if (!d->alone && !xen) {
        t->self = declare_more(p, d, "_self", "a domain of type %s as it sees itself", f->domain);
        policy_type_attribute(p, t->self, f->domain_self, d->span);
        transition(p, t->own, policy_just(t->own), "domain", t->self, d->span);
    }
    if (is_served(stock, d)) {
        t->target = declare_more(p, d, "_target", "a domain of type %s as its device model sees it", f->domain);
        policy_type_attribute(p, t->target, f->domain_target, d->span);
    }
    if (d->kind < N_SUBJECT_KINDS)
        t->channel = declare_more(p, d, "_channel", "an event channel held by a domain of type %s", f->event);
}

struct domain_types *types_declare(struct policy *p, const struct stock *stock)
{
    struct domain_types *types = arena_array(p->arena, stock->n_domains, sizeof(*types));
    struct typeset_builder both;
    const struct typeset *remote;
    struct family f;
    unsigned int i, j;

    memset(&both, 0, sizeof(both));
    f = family(p, stock->domains[0].span);
    for (i = 0; i < stock->n_domains; i++)
        declare_domain(p, stock, &f, i, &types[i]);
    for (i = 0; i < stock->n_domains; i++)
        for (j = 0; j < stock->n_domains; j++)
            if (stock_serves(&stock->domains[i], &stock->domains[j]) && types[j].target)
                transition(p, types[j].own, policy_just(types[i].own), "domain", types[j].target,
                           stock->domains[i].span);
    policy_set_add(p, &both, f.domain, false);
    policy_set_add(p, &both, f.xen, false);
    remote = policy_typeset(p, &both, stock->domains[0].span);
    for (i = 0; i < stock->n_domains; i++)
        if (types[i].channel)
            transition(p, types[i].own, remote, "event", types[i].channel, stock->domains[i].span);
    for (i = 0; i < stock->n_resources; i++)
        declare(p, stock->resources[i].type, NULL, f.resource, stock->resources[i].span);
    return types;
}

struct domain_types *types_find(const struct policy *p, const struct stock *stock)
{
    struct domain_types *types = arena_array(p->arena, stock->n_domains, sizeof(*types));
    unsigned int i;

    for (i = 0; i < stock->n_domains; i++) {
        const struct stock_domain *d = &stock->domains[i];
        const char *const suffixes[] = { "", "_self", "_target", "_channel" };
        struct type *found[4];
        unsigned int j;

        for (j = 0; j < 4; j++)
            found[j] = policy_find_type(p, names_get(p->names, arena_printf(p->arena, "%s%s", d->type, suffixes[j])));
        types[i].own = found[0];
        types[i].self = d->alone || d->kind >= DOMAIN_BOOT ? found[0] : found[1];
        types[i].target = is_served(stock, d) ? found[2] : NULL;
        types[i].channel = d->kind < N_SUBJECT_KINDS ? found[3] : NULL;
    }
    return types;
}

struct type *types_of(const struct policy *p, const struct domain_types *types, const struct cast *c,
                      const struct sid *s)
{
    const struct domain_types *b;
    const char *name;

    switch (s->kind) {
    case SID_OWN:
    case SID_CREATED:
        return types[cast_domain_index(c, s->a)].own;

    case SID_SEEN:
        b = &types[cast_domain_index(c, s->b)];
        return s->a == s->b ? b->self : s->a->target == s->b && b->target ? b->target : b->own;

    case SID_ISID:
        if (s->isid->number - 1 < p->sids.n && p->sids.items[s->isid->number - 1].context)
            return p->sids.items[s->isid->number - 1].context->type;
        return NULL;

    case SID_NEW:
        return s->from->kind == SID_OWN ? types[cast_domain_index(c, s->from->a)].channel : NULL;

    case SID_RESOURCE:
        name = cast_resource(c, s->resource);
        return name ? policy_find_type(p, name) : NULL;
    }
    return NULL;
}
