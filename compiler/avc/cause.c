/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every case of every operation is evaluated as the proof does it, cast with the policy's types where it has `domain`
 * statements, and its questions are written down instead of asked.
 */
#include "avc/cause.h"

#include "judge/cast.h"
#include "judge/types.h"

struct collector {
    struct avc_causes *causes;
    const struct policy *policy;
    const struct stock *stock;
    const struct domain_types *types;
    enum relation relation;
    unsigned int instance;
};

static void add(struct collector *c, const struct instance *in, const struct cast *cast)
{
    unsigned int i;

    for (i = 0; i < in->n_questions; i++) {
        const struct question *q = &in->questions[i];

        *LIST_PUSH(c->policy->arena, &c->causes->uses) = (struct avc_use){
            .op = in->op,
            .subject = cast ? types_of(c->policy, c->types, cast, &q->subject) : NULL,
            .object = cast ? types_of(c->policy, c->types, cast, &q->object) : NULL,
            .class = q->class, .bits = q->bits, .kind = in->subject->kind, .relation = c->relation,
            .allowed = in->allowed, .reached = in->ending != END_REFUSED, .instance = c->instance,
        };
    }
    c->instance++;
}

static void collect(void *with, const struct instance *in)
{
    struct collector *c = with;
    struct cast cast;

    if (!c->stock) {
        add(c, in, NULL);
        return;
    }
    if (!cast_first(&cast, c->stock, in))
        return;
    do
        add(c, in, &cast);
    while (cast_next(&cast));
}

struct avc_causes *avc_causes_create(struct policy *p, const struct model *m)
{
    const struct stock *stock = m->stock && m->stock->n_domains ? m->stock : NULL;
    struct supposing supposing = { stock_decide, stock };
    struct effective *e = effective_create(p->arena, stock ? &supposing : NULL, false);
    struct operations ops = operations_list(p->arena, m);
    struct collector c = { .causes = ARENA_NEW(p->arena, struct avc_causes), .policy = p, .stock = stock };
    unsigned int i, kind, relation;

    c.causes->typed = stock != NULL;
    if (stock)
        c.types = types_find(p, stock);
    for (i = 0; i < ops.n; i++)
        for (kind = 0; kind < N_SUBJECT_KINDS; kind++) {
            if (!operation_asked_by(&ops.items[i], kind))
                continue;
            for (relation = 0; relation < N_RELATIONS; relation++) {
                if (!effective_relation(&ops.items[i], kind, relation))
                    continue;
                c.relation = relation;
                effective_each(e, &ops.items[i], kind, relation, collect, &c);
            }
        }
    return c.causes;
}
