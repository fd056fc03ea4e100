/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Evaluation by going back over choices. Whatever is not known yet when it is needed (the truth of a condition, which
 * domain an argument is, which permission a function picks) is chosen, the first possibility first; after the
 * evaluation the last choice is changed and everything runs again, until all are used up. Every choice is remembered as
 * a fact, so that it is made once in a case.
 */
#include "judge/effective.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/print.h"

struct pick {
    unsigned int chosen, n;
};

/* A hook being evaluated: a stage of the path, or what it does `as`. */
struct frame {
    const struct hook *hook;
    const int *bind;                /* argument -> variable or -1 */
    const struct stage *stage;      /* NULL inside `as` */
    unsigned int scope;
};

/* Things that live for one run, reused in the next. */
struct as_frame {
    int *bind;
    unsigned int cap;
    struct stage stage;
};

enum { DEEPEST_AS = 8 };

/* The scope of what is true in all stages. */
#define EVERYWHERE (~0u)

struct effective {
    struct arena *arena;
    const struct supposing *supposing;
    bool fixed;

    const struct operation *op;
    const struct actor *subject;
    const struct actor **vars;
    bool *decided;
    unsigned int vars_cap;
    bool impossible;                /* the choices contradict each other: no such case */

    LIST(struct pick) picks;
    unsigned int at;                /* how many picks this run has made */
    LIST(struct fact) facts;
    LIST(struct question) questions;
    LIST(struct sid *) nested;      /* inside SID_NEW */
    unsigned int n_nested;
    struct as_frame as[DEEPEST_AS];
    struct instance out;
};

struct effective *effective_create(struct arena *a, const struct supposing *s, bool fixed)
{
    struct effective *e = ARENA_NEW(a, struct effective);

    e->arena = a;
    e->supposing = s;
    e->fixed = fixed;
    return e;
}

/* ---- choices ---- */

static unsigned int pick(struct effective *e, unsigned int n)
{
    struct pick *p;

    if (e->at == e->picks.n)
        *LIST_PUSH(e->arena, &e->picks) = (struct pick){ 0, n };
    p = &e->picks.items[e->at++];
    return p->chosen;
}

/* Changes the last choice that has another possibility left. Returns whether there was one. */
static bool pick_next(struct effective *e)
{
    while (e->picks.n) {
        struct pick *p = &e->picks.items[e->picks.n - 1];

        if (++p->chosen < p->n)
            return true;
        e->picks.n--;
    }
    return false;
}

static void fact_add(struct effective *e, struct fact fact)
{
    *LIST_PUSH(e->arena, &e->facts) = fact;
}

/* ---- variables ---- */

static bool relation_possible(const struct operation *op, const struct role_var *v, const struct actor *subject,
                              enum relation r)
{
    (void)op;
    if (r == REL_NONE)
        return v->nullable;
    if ((r == REL_IO || r == REL_XEN) && !v->reserved)
        return false;
    return actor_related(subject, r);
}

bool effective_relation(const struct operation *op, enum domain_kind subject, enum relation r)
{
    if (!operation_asked_by(op, subject))
        return false;
    if (op->object < 0)
        return r == REL_HYPERVISOR;
    if (op->vars[op->object].subject)
        return r == REL_SELF;
    return r != REL_HYPERVISOR && relation_possible(op, &op->vars[op->object], actor_subject(subject), r);
}

static const struct actor *var_value(struct effective *e, int index);

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
    return &labels[pick(e, e->subject->kind == DOMAIN_BOOT ? n : n - 1)];
}

static const struct actor *var_value(struct effective *e, int index)
{
    const struct role_var *v = &e->op->vars[index];
    enum relation possible[N_RELATIONS];
    unsigned int n = 0, r;

    if (e->decided[index])
        return e->vars[index];
    e->decided[index] = true;
    if (v->subject)
        return e->vars[index] = e->subject;
    if (v->kind == VAR_LABEL)
        return e->vars[index] = created(e);
    for (r = 0; r < REL_HYPERVISOR; r++)
        if (relation_possible(e->op, v, e->subject, (enum relation)r))
            possible[n++] = (enum relation)r;
    return e->vars[index] = actor_related(e->subject, possible[pick(e, n)]);
}

/* The variable of an expression that is a domid or a label, or -1. */
static int expr_var(const struct effective *e, const struct frame *f, const struct expr *x)
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
    for (i = 0; i < e->facts.n; i++) {
        const struct fact *known = &e->facts.items[i];

        if (!known->choice && (new.about ? known->about == new.about && known->expr->name == x->name :
                                           known->scope == new.scope && expr_equal(known->expr, x)))
            return known->truth;
    }
    new.truth = given || !pick(e, 2);
    fact_add(e, new);
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

static bool eval(struct effective *e, const struct frame *f, const struct expr *x)
{
    const struct actor *a, *b;

    switch (x->kind) {
    case EXPR_NOT:
        return !eval(e, f, x->a);

    case EXPR_AND:
        return eval(e, f, x->a) && eval(e, f, x->b);

    case EXPR_OR:
        return eval(e, f, x->a) || eval(e, f, x->b);

    case EXPR_EQ:
    case EXPR_NE:
        if (eval_domain(e, f, x->a, &a) && eval_domain(e, f, x->b, &b))
            return same_domain(a, b) == (x->kind == EXPR_EQ);
        return eval_equal(e, f, x) == (x->kind == EXPR_EQ);

    case EXPR_CALL:
        if (x->n_args == 1 && !strcmp(x->name, "nospec"))
            return eval(e, f, x->args[0]);
        break;

    default:
        break;
    }
    if (eval_domain(e, f, x, &a))
        return a;
    return eval_fact(e, f, x, false);
}

/* A guard says when the hook or row is there at all: it holds where there is a question. */
static bool eval_guard(struct effective *e, const struct frame *f, const struct expr *x)
{
    if (!x)
        return true;
    if (x->kind == EXPR_AND)
        return eval_guard(e, f, x->a) && eval_guard(e, f, x->b);
    return is_config(x) ? eval_fact(e, f, x, true) : eval(e, f, x);
}

/* ---- the dummy policy ---- */

/* The domain a label stands for as the object of a default action; NULL if it is none. */
static const struct actor *target_of(struct effective *e, const struct frame *f, const struct label *l,
                                     enum action action)
{
    if (!l || action == ACTION_ANYONE || action == ACTION_CONTROL || action == ACTION_NOBODY)
        return NULL;
    if (l->kind == LABEL_CURRENT)
        return e->subject;
    if (l->kind != LABEL_DOMAIN && l->kind != LABEL_EXACT)
        return NULL;
    return l->param ? var_value(e, f->bind[l->param - f->hook->params]) : NULL;
}

static const struct actor *subject_of(struct effective *e, const struct frame *f)
{
    const struct label *l = f->hook->subject;

    if (!l || l->kind != LABEL_DOMAIN || !l->param)
        return e->subject;
    return var_value(e, f->bind[l->param - f->hook->params]);
}

/* Joins one more answer: the first refusal decides; while all allow, the strictest action is remembered. */
static void dummy_join(struct effective *e, bool allowed, enum action action, struct span where)
{
    if (!e->out.allowed)
        return;
    if (!allowed || action >= e->out.action) {
        e->out.action = action;
        e->out.deciding = where;
    }
    e->out.allowed = allowed;
}

static bool clause_holds(struct effective *e, const struct frame *f, const struct default_clause *c)
{
    return (!c->guard || eval(e, f, c->guard)) && (!c->when || eval(e, f, c->when));
}

static void dummy_stage(struct effective *e, const struct frame *f)
{
    const struct hook *h = f->hook;
    enum action action = stage_action(f->stage, e->fixed);
    bool decided = false, also = false;
    unsigned int i;

    if (action == ACTION_UNSET && !f->stage->row && e->fixed && h->defect && h->defect->fix_action != ACTION_UNSET)
        action = h->defect->fix_action;
    if (action != ACTION_UNSET) {
        dummy_join(e, actor_may(action, subject_of(e, f), target_of(e, f, h->object, action)), action, stage_span(f->stage));
        return;
    }
    for (i = 0; i < h->n_defaults; i++) {
        const struct default_clause *c = &h->defaults[i];

        also |= c->also;
        if ((decided && !c->also) || !clause_holds(e, f, c))
            continue;
        dummy_join(e, actor_may(c->action, subject_of(e, f),
                                target_of(e, f, c->on ? c->on : h->object, c->action)), c->action, c->span);
        decided = true;
    }
    if (!decided && !also)
        dummy_join(e, false, ACTION_UNSET, stage_span(f->stage));
}

/* ---- Flask ---- */

/* How a list of steps ended. */
enum flow { FLOW_ON, FLOW_ALLOWED, FLOW_REFUSED, FLOW_UNKNOWN, FLOW_ELSEWHERE };

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
        remote = possible[pick(e, n)];
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
    i = pick(e, u->n_choices);
    fact_add(e, (struct fact){ .chooser = u->choose, .choice = u->choices[i].name, .scope = f->scope });
    return u->choices[i].perm;
}

static uint32_t bits_of(struct effective *e, const struct frame *f, const struct perm_use *u)
{
    const struct perm *p;

    for (; u; u = u->otherwise) {
        if (u->when && !eval(e, f, u->when))
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
    struct question q = { .class = c->class, .names = c->perm_class, .step = step };
    const struct actor *by;
    unsigned int i;

    if (!s)
        s = &current;
    for (i = 0; i < c->n_perms; i++)
        q.bits |= bits_of(e, f, &c->perms[i]);
    if (!q.bits || !c->class)
        return;
    if (!o) {
        e->impossible = true;
        return;
    }
    by = s->kind == LABEL_CURRENT || s->kind == LABEL_DOMAIN || s->kind == LABEL_EXACT ? label_domain(e, f, s) : NULL;
    q.subject = by ? sid_own(by) : sid_of(e, f, s, NULL, c->class);
    q.object = sid_of(e, f, o, by, c->class);
    *LIST_PUSH(e->arena, &e->questions) = q;
}

static enum flow flask_steps(struct effective *e, const struct frame *f, const struct steps *steps,
                             const struct stage *next, unsigned int depth);

/* `as hook A(args)`: A's checks on these arguments, or on the like-named ones. */
static enum flow flask_as(struct effective *e, const struct frame *f, const struct step *step, const struct stage *next,
                          unsigned int depth)
{
    const struct hook *h = step->hooks[0].hook;
    const struct steps *steps;
    struct as_frame *mine;
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
        mine->stage = (struct stage){ .hook = h, .row = &t->rows[pick(e, t->n_rows)] };
        inner.stage = &mine->stage;
        steps = stage_flask(&mine->stage, e->fixed);
    }
    return flask_steps(e, &inner, steps, next, depth + 1);
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

static enum flow flask_steps(struct effective *e, const struct frame *f, const struct steps *steps,
                             const struct stage *next, unsigned int depth)
{
    unsigned int i;

    for (i = 0; i < steps->n && !e->impossible; i++) {
        const struct step *step = &steps->step[i];

        if (step->when && !eval(e, f, step->when))
            continue;
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
    }
    return FLOW_ON;
}

/* ---- a run ---- */

static void flask_stage(struct effective *e, const struct frame *f, const struct stage *next)
{
    switch (flask_steps(e, f, stage_flask(f->stage, e->fixed), next, 0)) {
    case FLOW_ON:
    case FLOW_ALLOWED:
        break;

    case FLOW_REFUSED:
        e->out.ending = END_REFUSED;
        break;

    case FLOW_UNKNOWN:
        e->out.ending = END_UNKNOWN;
        break;

    case FLOW_ELSEWHERE:
        e->impossible = true;
        break;
    }
}

static void run(struct effective *e)
{
    const struct operation *op = e->op;
    unsigned int i;

    e->out.allowed = true;
    e->out.action = ACTION_UNSET;
    e->out.ending = END_ALLOWED;
    e->out.unknown = NULL;
    for (i = 0; i < op->n_stages && !e->impossible && e->out.ending == END_ALLOWED; i++) {
        const struct stage *s = &op->stages[i];
        struct frame f = { .hook = s->hook, .bind = s->bind, .stage = s, .scope = i };

        if (!eval_guard(e, &f, s->hook->guard) || (s->row && !eval_guard(e, &f, s->row->guard))) {
            e->impossible = true;
            break;
        }
        dummy_stage(e, &f);
        flask_stage(e, &f, i + 1 < op->n_stages ? s + 1 : NULL);
    }
    /* Behind a refusal of Flask the dummy policy's answer still counts in full. */
    for (; i < op->n_stages && !e->impossible; i++) {
        struct frame f = { .hook = op->stages[i].hook, .bind = op->stages[i].bind, .stage = &op->stages[i], .scope = i };

        dummy_stage(e, &f);
    }
}

bool effective_each(struct effective *e, const struct operation *op, enum domain_kind subject, enum relation r,
                    void (*each)(void *with, const struct instance *i), void *with)
{
    enum { MOST_CASES = 1 << 14 };
    unsigned int n = 0;

    if (!effective_relation(op, subject, r))
        return true;
    if (op->n_vars > e->vars_cap) {
        e->vars_cap = op->n_vars * 2;
        e->vars = arena_array(e->arena, e->vars_cap, sizeof(*e->vars));
        e->decided = arena_array(e->arena, e->vars_cap, sizeof(*e->decided));
    }
    e->op = op;
    e->subject = actor_subject(subject);
    e->picks.n = 0;
    do {
        if (n++ == MOST_CASES)
            return false;
        memset(e->decided, 0, e->vars_cap * sizeof(*e->decided));
        if (op->object >= 0) {
            e->vars[op->object] = actor_related(e->subject, r);
            e->decided[op->object] = true;
        }
        e->at = 0;
        e->facts.n = 0;
        e->questions.n = 0;
        e->n_nested = 0;
        e->impossible = false;
        run(e);
        if (e->impossible)
            continue;
        e->out.op = op;
        e->out.subject = e->subject;
        e->out.relation = r;
        e->out.vars = e->vars;
        e->out.decided = e->decided;
        e->out.facts = e->facts.items;
        e->out.n_facts = e->facts.n;
        e->out.questions = e->questions.items;
        e->out.n_questions = e->questions.n;
        each(with, &e->out);
    } while (pick_next(e));
    return true;
}

/* ---- showing ---- */

void instance_print_facts(struct buf *out, const struct instance *in)
{
    const char *comma = "";
    unsigned int i;

    for (i = 0; i < in->op->n_vars; i++) {
        const struct role_var *v = &in->op->vars[i];

        if (!in->decided[i] || v->subject || (int)i == in->op->object)
            continue;
        buf_puts(out, comma);
        if (v->expr)
            print_expr(out, v->expr, PRINT_LANGUAGE);
        else
            buf_puts(out, v->name);
        buf_printf(out, " is %s", v->kind == VAR_LABEL ? domain_kind_name(in->vars[i]->kind) :
                                  relation_name(actor_relation(in->subject, in->vars[i])));
        comma = ", ";
    }
    for (i = 0; i < in->n_facts; i++) {
        const struct fact *f = &in->facts[i];
        bool plain = f->choice || f->expr->kind == EXPR_NAME || f->expr->kind == EXPR_CALL || f->expr->kind == EXPR_ARROW ||
                     f->expr->kind == EXPR_DOT;

        if (f->given)
            continue;
        buf_puts(out, comma);
        comma = ", ";
        if (f->choice) {
            buf_printf(out, "%s() is %s", f->chooser, f->choice);
            continue;
        }
        if (!f->truth)
            buf_puts(out, plain ? "!" : "!(");
        print_expr(out, f->expr, PRINT_LANGUAGE);
        if (!f->truth && !plain)
            buf_putc(out, ')');
    }
}

void question_print(struct buf *out, const struct question *q)
{
    bool several = q->bits & (q->bits - 1);
    const char *comma = "";
    unsigned int i;

    buf_printf(out, "%s:%s", q->class->name, several ? "{ " : "");
    for (i = 0; i < 32; i++) {
        if (!(q->bits & ((uint32_t)1 << i)))
            continue;
        if (i < q->class->n_perms)
            buf_printf(out, "%s%s", comma, q->class->perms[i].name);
        else
            buf_printf(out, "%sbit %u", comma, i);
        comma = ", ";
    }
    if (several)
        buf_puts(out, " }");
}
