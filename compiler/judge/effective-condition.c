/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions and the domains they are about. Whatever is not known yet (which domain an argument is, whether something is
 * true) is picked, and then remembered for the rest of the case.
 */
#include <string.h>

#include "judge/evaluating.h"
#include "model/print.h"

/* The scope of what is true in all stages. */
#define EVERYWHERE (~0u)

/* ---- variables ---- */

bool var_possible(const struct role_var *v, const struct actor *subject, enum relation r)
{
    if (r == REL_NONE)
        return v->nullable;
    if ((r == REL_IO || r == REL_XEN) && !v->reserved)
        return false;
    return actor_related(subject, r);
}

/*
 * A label that is handed in. Where a domain is created with it, it is that domain's. Elsewhere it is of any kind, but
 * the hypervisor alone builds the first domain.
 */
static const struct actor *created(struct effective *e)
{
    const struct actor *object;
    static const struct actor labels[] = {
        { .kind = DOMAIN_GUEST }, { .kind = DOMAIN_DEVICE_MODEL }, { .kind = DOMAIN_XENSTORE },
        { .kind = DOMAIN_HARDWARE }, { .kind = DOMAIN_CONTROL },
    };
    unsigned int n = sizeof(labels) / sizeof(labels[0]);

    if (e->op->object >= 0) {
        object = var_value(e, e->op->object);
        if (!object || object == e->subject || object == e->subject->target)
            e->impossible = true;
        return object;
    }
    return &labels[eval_pick(e, e->subject->kind == DOMAIN_BOOT ? n : n - 1)];
}

const struct actor *var_value(struct effective *e, int index)
{
    const struct role_var *v = &e->op->vars[index];
    enum relation possible[N_RELATIONS];
    unsigned int n = 0, r;

    if (e->decided[index])
        return e->vars[index];
    e->decided[index] = true;
    *LIST_PUSH(e->arena, &e->known_vars) = index;
    if (v->subject)
        return e->vars[index] = e->subject;
    if (v->kind == VAR_LABEL)
        return e->vars[index] = created(e);
    for (r = 0; r < REL_HYPERVISOR; r++)
        if (var_possible(v, e->subject, (enum relation)r))
            possible[n++] = (enum relation)r;
    return e->vars[index] = actor_related(e->subject, possible[eval_pick(e, n)]);
}

int expr_var(const struct effective *e, const struct frame *f, const struct expr *x)
{
    unsigned int i;

    if (x->kind == EXPR_NAME && x->param && f->bind[x->param - f->hook->params] >= 0)
        return f->bind[x->param - f->hook->params];
    for (i = 0; i < e->op->n_vars; i++)
        if (e->op->vars[i].expr && expr_equal(e->op->vars[i].expr, x))
            return (int)i;
    return -1;
}

/* ---- conditions ---- */

/* An expression that is a domain. Returns whether it is; *who may be NULL. */
static bool eval_domain(struct effective *e, const struct frame *f, const struct expr *x, const struct actor **who)
{
    static const struct actor io = { .kind = DOMAIN_IO }, xen = { .kind = DOMAIN_XEN };
    int var;

    if (x->kind == EXPR_CURRENT) {
        *who = e->subject;
        return true;
    }
    if (x->kind == EXPR_CALL && x->n_args == 1 && !strcmp(x->name, "nospec"))
        return eval_domain(e, f, x->args[0], who);
    var = expr_var(e, f, x);
    if (var >= 0 && e->op->vars[var].kind == VAR_DOMAIN) {
        *who = var_value(e, var);
        return true;
    }
    if (x->kind != EXPR_NAME || x->param)
        return false;
    if (!strcmp(x->name, "NULL"))
        *who = NULL;
    else if (!strcmp(x->name, "DOMID_SELF"))
        *who = e->subject;
    else if (!strcmp(x->name, "dom_io") || !strcmp(x->name, "DOMID_IO"))
        *who = &io;
    else if (!strcmp(x->name, "dom_xen") || !strcmp(x->name, "DOMID_XEN"))
        *who = &xen;
    else
        return false;
    return true;
}

static bool same_domain(const struct actor *a, const struct actor *b)
{
    if (a && b && (a->kind == DOMAIN_IO || a->kind == DOMAIN_XEN))
        return a->kind == b->kind;
    return a == b;
}

static bool is_config(const struct expr *x)
{
    return x->kind == EXPR_NAME && !x->param && !strncmp(x->name, "CONFIG_", 7);
}

/* Something that is true or not, and nobody knows: decided once in a case. `given`: it has to be true. */
static bool eval_fact(struct effective *e, const struct frame *f, const struct expr *x, bool given)
{
    struct fact new = { .expr = x, .scope = is_config(x) ? EVERYWHERE : f->scope, .given = given };
    unsigned int i;
    bool truth;

    if ((x->kind == EXPR_ARROW || x->kind == EXPR_DOT) && !eval_domain(e, f, x->a, &new.about))
        new.about = NULL;
    if (e->supposing && e->supposing->decide(e->supposing->with, x, new.about, &truth))
        return truth;
    e->work += e->facts.n;
    for (i = 0; i < e->facts.n; i++) {
        const struct fact *known = &e->facts.items[i];

        if (!known->choice && (new.about ? known->about == new.about && known->expr->name == x->name :
                                           known->scope == new.scope && expr_equal(known->expr, x)))
            return known->truth;
    }
    new.truth = given || !eval_pick(e, 2);
    eval_fact_add(e, new);
    return new.truth;
}

/*
 * Whether x->a == x->b (x is == or !=): known where a row was taken for the one side, and at most one constant can be
 * equal to it.
 */
static bool eval_equal(struct effective *e, const struct frame *f, const struct expr *x)
{
    const struct stage *s;
    unsigned int i;

    for (s = f->stage; s && s->row; s = s->outer) {
        const struct table *t = s->row->table;
        const struct expr *constant = expr_equal(t->on, x->a) ? x->b : expr_equal(t->on, x->b) ? x->a : NULL;

        if (!constant || constant->kind != EXPR_NAME || constant->param)
            continue;
        if (s->key)
            return s->key->name == constant->name;
        for (i = 0; i < t->n_rows; i++) {
            unsigned int k;

            for (k = 0; k < t->rows[i].n_keys; k++)
                if (t->rows[i].keys[k].name == constant->name)
                    return false;
        }
    }
    e->work += e->facts.n;
    for (i = 0; i < e->facts.n; i++) {
        const struct fact *known = &e->facts.items[i];

        bool equal;

        if (known->choice || known->scope != f->scope ||
            (known->expr->kind != EXPR_EQ && known->expr->kind != EXPR_NE) || !expr_equal(known->expr->a, x->a))
            continue;
        equal = known->truth == (known->expr->kind == EXPR_EQ);
        if (expr_equal(known->expr->b, x->b))
            return equal;
        if (equal)
            return false;
    }
    return eval_fact(e, f, x, false) == (x->kind == EXPR_EQ);
}

bool eval_condition(struct effective *e, const struct frame *f, const struct expr *x)
{
    const struct actor *a, *b;

    switch (x->kind) {
    case EXPR_NOT:
        return !eval_condition(e, f, x->a);

    case EXPR_AND:
        return eval_condition(e, f, x->a) && eval_condition(e, f, x->b);

    case EXPR_OR:
        return eval_condition(e, f, x->a) || eval_condition(e, f, x->b);

    case EXPR_EQ:
    case EXPR_NE:
        if (eval_domain(e, f, x->a, &a) && eval_domain(e, f, x->b, &b))
            return same_domain(a, b) == (x->kind == EXPR_EQ);
        return eval_equal(e, f, x) == (x->kind == EXPR_EQ);

    case EXPR_CALL:
        if (x->n_args == 1 && !strcmp(x->name, "nospec"))
            return eval_condition(e, f, x->args[0]);
        break;

    default:
        break;
    }
    if (eval_domain(e, f, x, &a))
        return a;
    return eval_fact(e, f, x, false);
}

bool eval_guard(struct effective *e, const struct frame *f, const struct expr *x)
{
    if (!x)
        return true;
    if (x->kind == EXPR_AND)
        return eval_guard(e, f, x->a) && eval_guard(e, f, x->b);
    return is_config(x) ? eval_fact(e, f, x, true) : eval_condition(e, f, x);
}
