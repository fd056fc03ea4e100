/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Castings are counted like an odometer over the members of a case, skipping those that cannot be. */
#include "judge/cast.h"

#include <string.h>

static unsigned int kind_count(const struct stock *stock, enum domain_kind kind)
{
    unsigned int i, n = 0;

    for (i = 0; i < stock->n_domains; i++)
        n += stock->domains[i].kind == kind;
    return n;
}

static unsigned int resource_count(const struct stock *stock, enum label_kind kind)
{
    unsigned int i, n = 0;

    for (i = 0; i < stock->n_resources; i++)
        n += stock->resources[i].kind == kind;
    return n;
}

static bool add_member(struct cast *c, const struct actor *a, enum label_kind resource)
{
    unsigned int i, n;

    for (i = 0; i < c->n_members; i++)
        if (c->members[i].actor == a && (a || c->members[i].resource == resource))
            return true;
    n = a ? kind_count(c->stock, a->kind) : resource_count(c->stock, resource);
    if (!n || c->n_members == CAST_MOST)
        return false;
    c->members[c->n_members++] = (struct cast_member){ a, resource, 0, n };
    return true;
}

static bool add_sid(struct cast *c, const struct sid *s)
{
    switch (s->kind) {
    case SID_OWN:
    case SID_CREATED:
        return add_member(c, s->a, LABEL_NONE);
    case SID_SEEN:
        return add_member(c, s->a, LABEL_NONE) && add_member(c, s->b, LABEL_NONE);
    case SID_NEW:
        return add_sid(c, s->from) && add_sid(c, s->to);
    case SID_RESOURCE:
        return add_member(c, NULL, s->resource);
    case SID_ISID:
        break;
    }
    return true;
}

/* A device model's target is of a type that it serves, and nothing else is asked of a casting. */
static bool cast_possible(const struct cast *c)
{
    unsigned int i, j;

    for (i = 0; i < c->n_members; i++) {
        const struct actor *a = c->members[i].actor;

        if (!a || !a->target)
            continue;
        for (j = 0; j < c->n_members; j++)
            if (c->members[j].actor == a->target &&
                !stock_serves(cast_domain(c, a), cast_domain(c, a->target)))
                return false;
    }
    return true;
}

static bool cast_step(struct cast *c)
{
    unsigned int i;

    for (i = 0; i < c->n_members; i++) {
        if (++c->members[i].chosen < c->members[i].n)
            return true;
        c->members[i].chosen = 0;
    }
    return false;
}

bool cast_first(struct cast *c, const struct stock *stock, const struct instance *in)
{
    unsigned int i;

    c->stock = stock;
    c->n_members = 0;
    if (!add_member(c, in->subject, LABEL_NONE))
        return false;
    for (i = 0; i < in->op->n_vars; i++)
        if (in->decided[i] && in->vars[i] && !add_member(c, in->vars[i], LABEL_NONE))
            return false;
    for (i = 0; i < in->n_questions; i++)
        if (!add_sid(c, &in->questions[i].subject) || !add_sid(c, &in->questions[i].object))
            return false;
    return cast_possible(c) || cast_next(c);
}

bool cast_next(struct cast *c)
{
    while (cast_step(c))
        if (cast_possible(c))
            return true;
    return false;
}

unsigned int cast_domain_index(const struct cast *c, const struct actor *a)
{
    unsigned int i, n = 0, chosen = 0;

    for (i = 0; i < c->n_members; i++)
        if (c->members[i].actor == a)
            chosen = c->members[i].chosen;
    for (i = 0; i < c->stock->n_domains; i++)
        if (c->stock->domains[i].kind == a->kind && n++ == chosen)
            break;
    return i;
}

const struct stock_domain *cast_domain(const struct cast *c, const struct actor *a)
{
    return &c->stock->domains[cast_domain_index(c, a)];
}

const char *cast_resource(const struct cast *c, enum label_kind kind)
{
    unsigned int i, n = 0, chosen = 0;

    for (i = 0; i < c->n_members; i++)
        if (!c->members[i].actor && c->members[i].resource == kind)
            chosen = c->members[i].chosen;
    for (i = 0; i < c->stock->n_resources; i++)
        if (c->stock->resources[i].kind == kind && n++ == chosen)
            return c->stock->resources[i].type;
    return NULL;
}

bool stock_serves(const struct stock_domain *dm, const struct stock_domain *guest)
{
    unsigned int i;

    for (i = 0; i < dm->n_serves; i++)
        if (dm->serves[i] == guest->type)
            return true;
    return false;
}

bool stock_decide(const void *with, const struct expr *e, const struct actor *about, bool *truth)
{
    const struct stock *stock = with;
    unsigned int i;

    for (i = 0; i < stock->n_supposes; i++) {
        const struct stock_suppose *s = &stock->supposes[i];

        if (s->field ? !about || e->name != s->name || !(s->kinds & ((uint32_t)1 << about->kind)) :
                       e->kind != EXPR_NAME || e->name != s->name)
            continue;
        *truth = s->truth;
        return true;
    }
    return false;
}

/* The names of a path, hooks and commands in order; NULL for `*`. Returns how many fit into `out`. */
static unsigned int path_names(const struct operation *op, const char **out, unsigned int room)
{
    unsigned int i, n = 0;

    for (i = 0; i < op->n_stages; i++) {
        const struct stage *s = &op->stages[i], *nest[16];
        unsigned int depth = 0;

        if (n < room)
            out[n++] = s->alias ? s->alias->name : s->hook->name;
        for (; s && s->row && depth < 16; s = s->outer)
            nest[depth++] = s;
        while (depth-- && n < room)
            out[n++] = nest[depth]->key ? nest[depth]->key->name : NULL;
    }
    return n;
}

bool stock_on_path(const struct stock_path *path, const struct operation *op)
{
    const char *names[128];
    unsigned int n = path_names(op, names, 128), at, i;

    for (at = 0; at + path->n <= n; at++) {
        for (i = 0; i < path->n && names[at + i] == path->names[i]; i++)
            continue;
        if (i == path->n)
            return true;
    }
    return false;
}
