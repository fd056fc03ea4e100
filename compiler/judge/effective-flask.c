/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Flask asks: the labels of domains and things, and the steps of a hook one after the other. */
#include "judge/evaluating.h"

static const struct sid *nest(struct effective *e, struct sid s)
{
    if (e->n_nested == e->nested.n)
        *LIST_PUSH(e->arena, &e->nested) = ARENA_NEW(e->arena, struct sid);
    *e->nested.items[e->n_nested] = s;
    return e->nested.items[e->n_nested++];
}

/* domain_target_sid() */
static struct sid sid_seen(const struct actor *a, const struct actor *b)
{
    return (struct sid){ .kind = SID_SEEN, .a = a, .b = b };
}

static struct sid sid_own(const struct actor *a)
{
    return (struct sid){ .kind = SID_OWN, .a = a };
}

/* The domain a label is, if it is one; marks the case impossible if that is no domain at all. */
static const struct actor *label_domain(struct effective *e, const struct frame *f, const struct label *l)
{
    const struct actor *a = NULL;
    int var = -1;

    if (l->kind == LABEL_CURRENT)
        return e->subject;
    if (l->param)
        var = f->bind[l->param - f->hook->params];
    else if (l->n_args)
        var = expr_var(e, f, l->args[0]);
    if (var >= 0)
        a = var_value(e, var);
    if (!a) {
        e->impossible = true;
        return e->subject;
    }
    return a;
}

/*
 * An event channel is labelled when it is made, by a transition from the domain that holds it to the one it leads to.
 * It belongs to the domain argument before it; it leads to the hook's other domain, or else to any.
 */
static struct sid sid_channel(struct effective *e, const struct frame *f, const struct label *l,
                              const struct class *class)
{
    const struct hook *h = f->hook;
    const struct actor *owner = NULL, *remote = NULL;
    unsigned int at = (unsigned int)(l->param - h->params), i;
    int holder = -1;

    for (i = at; i--; )
        if (h->params[i].kind == PARAM_DOMAIN) {
            owner = var_value(e, f->bind[i]);
            holder = (int)i;
            break;
        }
    for (i = 0; i < h->n_params && !remote; i++)
        if ((h->params[i].kind == PARAM_DOMAIN || h->params[i].kind == PARAM_DOMID) && (int)i != holder)
            remote = var_value(e, f->bind[i]);
    if (!owner) {
        e->impossible = true;
        owner = e->subject;
    }
    if (!remote) {
        static const enum relation ends[] = { REL_SELF, REL_TARGET, REL_CONTROL, REL_HARDWARE, REL_XENSTORE,
                                              REL_DEVICE_MODEL, REL_GUEST };
        unsigned int n = 0;
        const struct actor *possible[sizeof(ends) / sizeof(ends[0])];

        for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
            if ((possible[n] = actor_related(owner, ends[i])))
                n++;
        remote = possible[eval_pick(e, n)];
    }
    return (struct sid){ .kind = SID_NEW, .class = class, .from = nest(e, sid_own(owner)),
                         .to = nest(e, sid_seen(owner, remote)) };
}

/* `by`: the domain that is the subject of the check, or NULL; only as an object is a domain seen by it. */
static struct sid sid_of(struct effective *e, const struct frame *f, const struct label *l, const struct actor *by,
                         const struct class *class)
{
    const struct actor *a, *b;
    int var;

    switch (l->kind) {
    case LABEL_CURRENT:
    case LABEL_DOMAIN:
        a = label_domain(e, f, l);
        return by ? sid_seen(by, a) : sid_own(a);

    case LABEL_EXACT:
        return sid_own(label_domain(e, f, l));

    case LABEL_SEEN:
        a = label_domain(e, f, l->from);
        b = label_domain(e, f, l->to);
        return sid_seen(a, b);

    case LABEL_EVTCHN:
        return sid_channel(e, f, l, class);

    case LABEL_ISID:
        return (struct sid){ .kind = SID_ISID, .isid = l->isid };

    case LABEL_ARG:
        var = expr_var(e, f, l->args[0]);
        a = var >= 0 ? var_value(e, var) : NULL;
        if (!a)
            e->impossible = true;
        return (struct sid){ .kind = SID_CREATED, .a = a ? a : e->subject };

    case LABEL_NEW:
        a = l->from->kind == LABEL_DOMAIN || l->from->kind == LABEL_CURRENT ? label_domain(e, f, l->from) : NULL;
        return (struct sid){ .kind = SID_NEW, .class = l->class,
                             .from = nest(e, sid_of(e, f, l->from, NULL, class)),
                             .to = nest(e, sid_of(e, f, l->to, a, class)) };

    case LABEL_DEVICE:
    case LABEL_IRQ:
    case LABEL_IOMEM:
    case LABEL_IOPORT:
    case LABEL_DTDEV:
        return (struct sid){ .kind = SID_RESOURCE, .resource = l->kind };

    case LABEL_NONE:
        break;
    }
    e->impossible = true;
    return sid_own(e->subject);
}

/* The one permission a function picks: the same each time it is called with the same arguments in a case. */
static const struct perm *chosen(struct effective *e, const struct frame *f, const struct perm_use *u)
{
    unsigned int i, j;

    for (i = 0; i < e->facts.n; i++) {
        const struct fact *known = &e->facts.items[i];

        if (!known->choice || known->chooser != u->choose)
            continue;
        for (j = 0; j < u->n_choices; j++)
            if (u->choices[j].name == known->choice)
                return u->choices[j].perm;
    }
    i = eval_pick(e, u->n_choices);
    eval_fact_add(e, (struct fact){ .chooser = u->choose, .choice = u->choices[i].name, .scope = f->scope });
    return u->choices[i].perm;
}

static uint32_t bits_of(struct effective *e, const struct frame *f, const struct perm_use *u)
{
    const struct perm *p;

    for (; u; u = u->otherwise) {
        if (u->when && !eval_condition(e, f, u->when))
            continue;
        p = u->choose ? u->n_choices ? chosen(e, f, u) : NULL : u->perm;
        return p && p->bit < 32 ? (uint32_t)1 << p->bit : 0;
    }
    return 0;
}

static void flask_check(struct effective *e, const struct frame *f, const struct step *step)
{
    const struct check *c = &step->check;
    const struct label *s = c->subject ? c->subject : f->hook->subject, *o = c->object ? c->object : f->hook->object;
    static const struct label current = { .kind = LABEL_CURRENT };
    const struct actor *by;
    struct question *q;
    uint32_t bits = 0;
    unsigned int i;

    if (!s)
        s = &current;
    for (i = 0; i < c->n_perms; i++)
        bits |= bits_of(e, f, &c->perms[i]);
    if (!bits || !c->class)
        return;
    if (!o) {
        e->impossible = true;
        return;
    }
    by = s->kind == LABEL_CURRENT || s->kind == LABEL_DOMAIN || s->kind == LABEL_EXACT ? label_domain(e, f, s) : NULL;
    q = LIST_PUSH(e->arena, &e->questions);
    q->subject = by ? sid_own(by) : sid_of(e, f, s, NULL, c->class);
    q->object = sid_of(e, f, o, by, c->class);
    q->class = c->class;
    q->bits = bits;
    q->names = c->perm_class;
    q->step = step;
}

/* `as hook A(args)`: A's checks on these arguments, or on the like-named ones. */
static enum flow flask_as(struct effective *e, const struct frame *f, const struct step *step, const struct stage *next,
                          unsigned int depth)
{
    const struct hook *h = step->hooks[0].hook;
    const struct steps *steps;
    struct as_frame *mine;
    enum flow flow = FLOW_ON;
    struct frame inner;
    unsigned int i, j;
    int *bind;

    if (!h || depth == DEEPEST_AS) {
        e->impossible = true;
        return FLOW_ALLOWED;
    }
    mine = &e->as[depth];
    if (h->n_params > mine->cap) {
        mine->cap = h->n_params * 2;
        mine->bind = arena_array(e->arena, mine->cap, sizeof(*mine->bind));
    }
    bind = mine->bind;
    for (i = 0; i < h->n_params; i++) {
        bind[i] = -1;
        if (step->args_given) {
            if (i < step->n_args)
                bind[i] = expr_var(e, f, step->args[i]);
            continue;
        }
        for (j = 0; j < f->hook->n_params; j++)
            if (f->hook->params[j].name == h->params[i].name)
                bind[i] = f->bind[j];
    }
    inner = (struct frame){ .hook = h, .bind = bind, .scope = f->scope };
    steps = &h->flask;
    if (h->table || h->flask_table) {
        const struct table *t = h->table ? h->table : h->flask_table;

        if (!t->n_rows)
            return FLOW_ALLOWED;
        mine->stage = (struct stage){ .hook = h, .row = &t->rows[eval_pick(e, t->n_rows)] };
        inner.stage = &mine->stage;
        steps = stage_flask(&mine->stage, e->fixed);
    }
    for (i = 0; i < steps->n && !e->impossible && flow == FLOW_ON; i++)
        flow = flask_step(e, &inner, &steps->step[i], next, depth + 1);
    return flow;
}

/* Whether `then` leads to the next stage; one that `within` put there comes in any case. */
static bool defers_to(const struct step *step, const struct stage *next)
{
    unsigned int i;

    if (next->listed)
        return true;
    for (i = 0; i < step->n_hooks; i++)
        if (step->hooks[i].hook == next->hook)
            return true;
    return false;
}

enum flow flask_step(struct effective *e, const struct frame *f, const struct step *step, const struct stage *next,
                     unsigned int depth)
{
    if (step->when && !eval_condition(e, f, step->when))
        return FLOW_ON;
    switch (step->kind) {
    case STEP_CHECK:
        flask_check(e, f, step);
        break;

    case STEP_PERMIT:
        return FLOW_ALLOWED;

    case STEP_REFUSE:
        return FLOW_REFUSED;

    case STEP_UNKNOWN:
        e->out.unknown = step->text;
        return FLOW_UNKNOWN;

    case STEP_THEN:
        return next && defers_to(step, next) ? FLOW_ALLOWED : FLOW_ELSEWHERE;

    case STEP_AS:
        return flask_as(e, f, step, next, depth);
    }
    return FLOW_ON;
}
