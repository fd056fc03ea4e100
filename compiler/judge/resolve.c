/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a `resolve` statement is about. */
#include "judge/cast.h"
#include "judge/derive.h"

struct covering {
    const struct stock_resolve *resolve;
    bool found;
};

uint32_t resolve_bits(const struct stock_resolve *r, const struct question *q)
{
    return r->class == q->class ? r->perms & q->bits : 0;
}

static void cover_try(void *with, const struct instance *i)
{
    struct covering *c = with;
    unsigned int j;

    if (c->found || !i->allowed || i->ending != END_ALLOWED)
        return;
    for (j = 0; j < i->n_questions; j++)
        if (resolve_bits(c->resolve, &i->questions[j]))
            c->found = true;
}

bool resolve_covers(const struct stock_resolve *r, struct effective *e, const struct operations *ops,
                    const struct instance *refused)
{
    struct covering c = { .resolve = r };
    unsigned int i;

    if (!r->like.n || !(r->relations & (uint32_t)1 << refused->relation) || !stock_on_path(&r->of, refused->op))
        return false;
    for (i = 0; i < ops->n && !c.found; i++)
        if (stock_on_path(&r->like, &ops->items[i]))
            effective_each(e, &ops->items[i], refused->subject->kind, refused->relation, cover_try, &c);
    return c.found;
}
