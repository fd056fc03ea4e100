/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two passes. The first goes over every case and grants what the allowed ones need, in the tree as it is and as its
 * defects should be. The second looks at the refused ones: where all that Flask asks is granted, some permission is
 * shared, and the policy must have said what holds. That is rare, so the first pass notes down what refused cases ask,
 * and the second goes only where all of some note came to be granted.
 */
#include "judge/derive.h"

#include <string.h>

#include "base/buf.h"
#include "judge/cast.h"
#include "judge/distinct.h"
#include "judge/grants.h"
#include "judge/types.h"
#include "model/print.h"
#include "text/diag.h"
#include "text/rules.h"

/* A question of a refused case: what it needs of a grant. */
struct noted {
    unsigned int grant;             /* index */
    uint32_t bits;
    bool last;                      /* of its case */
};

/* What is evaluated at a time, with the notes on it. */
struct cell {
    const struct operation *op;
    enum domain_kind kind;
    enum relation relation;
    unsigned int first, end;        /* in the notes */
    bool unknown;                   /* not all was noted down */
};

/* Notes are a help; there is no need to fill memory with them. */
enum { MOST_NOTED = 1 << 20 };

struct derivation {
    struct policy *policy;
    const struct model *model;
    const struct stock *stock;
    const struct domain_types *types;
    struct operations ops;
    struct grants grants;
    LIST(struct noted) noted;
    LIST(struct cell) cells;
    struct effective *side;         /* for looking at other operations meanwhile */
    struct distinct *distinct;
    bool *resolve_used;             /* by index of the statement */
    struct map reported;            /* (operation, permissions): once is enough */
};

/* ---- granting ---- */

static void grant_cast(struct derivation *d, const struct instance *in, const struct cast *c)
{
    unsigned int i;

    for (i = 0; i < in->n_questions; i++) {
        const struct question *q = &in->questions[i];
        struct type *s = types_of(d->policy, d->types, c, &q->subject), *o = types_of(d->policy, d->types, c, &q->object);

        if (s && o)
            grants_add(&d->grants, s, o, q->class, q->bits, in->op, in->action);
    }
}

/* What is asked of something without a type is never granted, and neither is the rest of the case. */
static void note_cast(struct derivation *d, const struct instance *in, const struct cast *c)
{
    struct cell *cell = &d->cells.items[d->cells.n - 1];
    unsigned int i, before = d->noted.n;
    struct grant *grant;

    if (cell->unknown || d->noted.n + in->n_questions > MOST_NOTED) {
        cell->unknown = true;
        return;
    }
    for (i = 0; i < in->n_questions; i++) {
        const struct question *q = &in->questions[i];
        struct type *s = types_of(d->policy, d->types, c, &q->subject), *o = types_of(d->policy, d->types, c, &q->object);

        if (!s || !o) {
            d->noted.n = before;
            return;
        }
        grant = grants_find(&d->grants, s, o, q->class, true);
        *LIST_PUSH(d->policy->arena, &d->noted) =
            (struct noted){ (unsigned int)(grant - d->grants.items.items), q->bits, i + 1 == in->n_questions };
    }
}

static void grant_case(void *with, const struct instance *in)
{
    struct derivation *d = with;
    struct cast c;

    if (!in->n_questions || (!in->allowed && in->ending != END_ALLOWED) || !cast_first(&c, d->stock, in))
        return;
    do {
        if (in->allowed)
            grant_cast(d, in, &c);
        else
            note_cast(d, in, &c);
    } while (cast_next(&c));
}

/* The same in the tree without its defects. */
static void grant_fixed_case(void *with, const struct instance *in)
{
    struct derivation *d = with;
    struct cast c;

    if (!in->allowed || !in->n_questions || !cast_first(&c, d->stock, in))
        return;
    do
        grant_cast(d, in, &c);
    while (cast_next(&c));
}

/* ---- what is granted and should not be ---- */

static struct grant *granted(struct derivation *d, const struct cast *c, const struct question *q)
{
    struct type *s = types_of(d->policy, d->types, c, &q->subject), *o = types_of(d->policy, d->types, c, &q->object);
    struct grant *g = s && o ? grants_find(&d->grants, s, o, q->class, false) : NULL;

    return g && !(q->bits & ~(g->bits & ~g->removed)) ? g : NULL;
}

static bool all_granted(struct derivation *d, const struct cast *c, const struct instance *in)
{
    unsigned int i;

    for (i = 0; i < in->n_questions; i++)
        if (!granted(d, c, &in->questions[i]))
            return false;
    return true;
}

/* Whether some `resolve ... like` covers the case, or a plain one says that its permissions are given up. */
static bool resolved(struct derivation *d, const struct cast *c, const struct instance *in)
{
    unsigned int i, j, covering;

    for (covering = 2; covering--; ) {
        for (i = 0; i < d->stock->n_resolves; i++) {
            const struct stock_resolve *r = &d->stock->resolves[i];

            if ((r->like.n != 0) != covering)
                continue;
            for (j = 0; j < in->n_questions; j++) {
                uint32_t bits = resolve_bits(r, &in->questions[j]);

                if (!bits || (covering && !resolve_covers(r, d->side, &d->ops, in)))
                    continue;
                d->resolve_used[i] = true;
                if (!covering)
                    granted(d, c, &in->questions[j])->removed |= bits;
                return true;
            }
        }
    }
    return false;
}

static void report(struct derivation *d, const struct cast *c, const struct instance *in)
{
    const struct question *q = &in->questions[in->n_questions - 1];
    const struct need *why = grants_why(&d->grants, granted(d, c, q), q->bits);
    struct buf text = BUF_INIT;
    const char *asked;
    struct diag *diag;

    question_print(&text, q);
    asked = names_get(d->policy->names, buf_text(&text));
    if (!map_get(&d->reported, in->op, asked)) {
        map_put(d->policy->arena, &d->reported, in->op, asked, (void *)q->step);
        diag = diag_add(d->policy->diags, &RULE_SHARED_PERMISSION, in->op->span,
                        "'%s' (%s) and '%s' (%s) share %s: %s cannot be refused the first on %s and allowed the second",
                        in->op->path, print_action(in->action), why->op->path, print_action(why->action),
                        buf_text(&text), cast_domain(c, in->subject)->type, relation_name(in->relation));
        diag_note(d->policy->diags, diag, why->op->span, "the second");
        diag_help(d->policy->diags, diag, "write `resolve %s \"reason\";` in the policy: the stricter answer then holds for both",
                  buf_text(&text));
    }
    buf_free(&text);
}

static void refuse_case(void *with, const struct instance *in)
{
    struct derivation *d = with;
    struct cast c;

    /*
     * Where nothing is asked, or the same as for another object of the same operation, no rule can help: `xsmc check`
     * finds those in the database.
     */
    if (in->allowed || in->ending != END_ALLOWED || !in->n_questions || !cast_first(&c, d->stock, in))
        return;
    do {
        if (all_granted(d, &c, in) && !resolved(d, &c, in) && !indistinct(d->distinct, in))
            report(d, &c, in);
    } while (cast_next(&c));
}

/* ---- all of it ---- */

/* Once an operation, though it is met for every kind and relation. */
static void report_cut(struct derivation *d, const struct operation *op)
{
    if (map_get(&d->reported, d, op->path))
        return;
    map_put(d->policy->arena, &d->reported, d, op->path, (void *)op);
    diag_add(d->policy->diags, &RULE_TOO_MANY_CASES, op->span, "'%s' has too many cases to derive rules from", op->path);
}

static void grant_all(struct derivation *d, struct effective *e)
{
    unsigned int i, kind, r;

    for (i = 0; i < d->ops.n; i++) {
        for (kind = 0; kind < N_SUBJECT_KINDS; kind++) {
            for (r = 0; r < N_RELATIONS; r++) {
                const struct operation *op = &d->ops.items[i];

                if (!effective_relation(op, (enum domain_kind)kind, (enum relation)r))
                    continue;
                *LIST_PUSH(d->policy->arena, &d->cells) =
                    (struct cell){ op, (enum domain_kind)kind, (enum relation)r, d->noted.n, d->noted.n, false };
                if (!effective_each(e, op, (enum domain_kind)kind, (enum relation)r, grant_case, d))
                    report_cut(d, op);
                d->cells.items[d->cells.n - 1].end = d->noted.n;
            }
        }
    }
}

static void grant_fixed(struct derivation *d, struct effective *e)
{
    unsigned int i, kind, r;

    for (i = 0; i < d->ops.n; i++)
        for (kind = 0; operation_fixed(&d->ops.items[i]) && kind < N_SUBJECT_KINDS; kind++)
            for (r = 0; r < N_RELATIONS; r++)
                if (!effective_each(e, &d->ops.items[i], (enum domain_kind)kind, (enum relation)r, grant_fixed_case, d))
                    report_cut(d, &d->ops.items[i]);
}

/* Whether all of some note is granted. */
static bool some_granted(const struct derivation *d, const struct cell *cell)
{
    bool all = true;
    unsigned int i;

    for (i = cell->first; i < cell->end; i++) {
        const struct noted *n = &d->noted.items[i];

        all &= !(n->bits & ~d->grants.items.items[n->grant].bits);
        if (n->last && all)
            return true;
        all |= n->last;
    }
    return cell->unknown;
}

static void refuse_all(struct derivation *d, struct effective *e)
{
    unsigned int i;

    for (i = 0; i < d->cells.n; i++) {
        const struct cell *cell = &d->cells.items[i];

        if (some_granted(d, cell))
            effective_each(e, cell->op, cell->kind, cell->relation, refuse_case, d);
    }
}

static void report_unused(const struct derivation *d)
{
    unsigned int i;

    for (i = 0; i < d->stock->n_resolves; i++)
        if (!d->resolve_used[i])
            diag_add(d->policy->diags, &RULE_UNUSED_RESOLVE, d->stock->resolves[i].span,
                     "there is nothing to resolve: no operation that is refused asks only for what others need");
}

void derive(struct policy *p, const struct model *m)
{
    struct derivation d = { .policy = p, .model = m, .stock = m->stock };
    struct supposing supposing = { stock_decide, m->stock };
    struct effective *as_is;

    if (!m->stock || !m->stock->n_domains)
        return;
    d.types = types_declare(p, m->stock);
    d.ops = operations_list(p->arena, m);
    if (d.ops.cut)
        diag_add(p->diags, &RULE_TOO_MANY_CASES, d.ops.cut->span,
                 "there are too many ways to hook '%s', or too long ones", d.ops.cut->name);
    as_is = effective_create(p->arena, &supposing, false);
    d.side = effective_create(p->arena, &supposing, false);
    d.distinct = distinct_create(p->arena, &supposing, false);
    d.resolve_used = arena_array(p->arena, m->stock->n_resolves, sizeof(*d.resolve_used));
    grants_init(&d.grants, p->arena);
    grant_all(&d, as_is);
    grant_fixed(&d, effective_create(p->arena, &supposing, true));
    refuse_all(&d, as_is);
    report_unused(&d);
    grants_emit(&d.grants, p);
}
