/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths are built from the inside out: the ways to a hook are the ways to each hook in front of it, prolonged by one
 * stage. What stands in front of a hook is what its `within` lists; without `within` there may be nothing before it,
 * and each row that says `then hook` of it is one more way.
 *
 * Variables are shared along a path: a domain argument of a stage is the domain of the like-named argument of the stage
 * before, unless `within` lists arguments; failing that, a subject is whoever asks, and an object is the object so far
 * unless another argument is that already.
 */
#include "judge/operation.h"

#include <string.h>

#include "base/arena.h"
#include "model/print.h"

/* A path so far, without its variables. */
struct way {
    const struct stage *stages;
    unsigned int n;
    const struct within **joints;   /* how each stage is joined to the one before; NULL: by names */
    enum asker asker;
};

typedef LIST(struct way) way_list;

/* A leaf of a table: the row that decides, and the rows it is nested in. */
typedef LIST(struct stage) stage_list;

struct deferral {
    const struct hook *hook;
    const struct stage *stage;      /* a stage that defers to it */
};

enum {
    LONGEST_WAY = 32,               /* stages */
    MOST_WAYS = 1000,               /* to one hook */
    MOST_STAGES = 1 << 22,          /* of all ways and operations together */
};

struct lister {
    struct arena *arena;
    const struct model *model;
    struct operations *out;
    stage_list *leaves;             /* by hook order */
    LIST(const struct stage *) *deferrals;  /* by hook order: stages that say `then hook` of it */
    way_list *ways;                 /* by hook order, once known */
    enum { UNKNOWN, BUSY, KNOWN } *state;
    LIST(const char *) parts;       /* of a path being joined */
    size_t path_length;             /* with a separator or end behind each */
    unsigned int depth;
    unsigned int n_stages;
};

/* ---- leaves and deferrals ---- */

static unsigned int leaf_count(const struct table *t)
{
    unsigned int i, n = 0;

    for (i = 0; i < t->n_rows; i++)
        n += t->rows[i].n_keys ? t->rows[i].n_keys : 1;
    return n;
}

static void leaves_of(struct lister *l, const struct hook *h, const struct table *t, const struct stage *outer,
                      stage_list *out)
{
    unsigned int i, j;

    LIST_RESERVE(l->arena, out, out->n + leaf_count(t));
    for (i = 0; i < t->n_rows; i++) {
        const struct row *r = &t->rows[i];

        for (j = 0; j < (r->n_keys ? r->n_keys : 1); j++) {
            struct stage s = { .hook = h, .row = r, .key = r->n_keys ? &r->keys[j] : NULL, .outer = outer };

            if (r->sub) {
                struct stage *nest = ARENA_NEW(l->arena, struct stage);

                *nest = s;
                leaves_of(l, h, r->sub, nest, out);
            } else {
                *LIST_PUSH(l->arena, out) = s;
            }
        }
    }
}

static const struct table *hook_table(const struct hook *h)
{
    return h->table ? h->table : h->flask_table;
}

/* A hook that says nothing but `as hook X` has X's commands and defaults, too (the 32-bit entry of xsm_op). */
static const struct hook *alias_of(const struct hook *h)
{
    if (hook_table(h) || h->n_defaults || h->flask.n != 1 || h->flask.step[0].kind != STEP_AS)
        return NULL;
    return h->flask.step[0].hooks[0].hook;
}

static void collect_leaves(struct lister *l, const struct hook *h)
{
    stage_list *out = &l->leaves[h->order];
    const struct hook *real = alias_of(h) ? alias_of(h) : h;
    unsigned int i;

    if (hook_table(real))
        leaves_of(l, real, hook_table(real), NULL, out);
    else
        *LIST_PUSH(l->arena, out) = (struct stage){ .hook = real };
    for (i = 0; real != h && i < out->n; i++)
        out->items[i].alias = h;
}

static void collect_deferrals(struct lister *l, const struct hook *h)
{
    stage_list *leaves = &l->leaves[h->order];
    unsigned int i, j, k;

    for (i = 0; i < leaves->n; i++) {
        const struct steps *steps = stage_flask(&leaves->items[i], false);

        for (j = 0; j < steps->n; j++) {
            if (steps->step[j].kind != STEP_THEN)
                continue;
            for (k = 0; k < steps->step[j].n_hooks; k++)
                if (steps->step[j].hooks[k].hook)
                    *LIST_PUSH(l->arena, &l->deferrals[steps->step[j].hooks[k].hook->order]) = &leaves->items[i];
        }
    }
}

/* Whether every case of this stage goes on to another hook, so that it is no operation by itself. */
static bool always_defers(const struct stage *s)
{
    const struct steps *steps = stage_flask(s, false);

    return steps->n && steps->step[steps->n - 1].kind == STEP_THEN && !steps->step[steps->n - 1].when;
}

/* ---- ways ---- */

static const way_list *ways_to(struct lister *l, const struct hook *h);

/* Prolongs every way to the hook of `s` by `s`. */
static void ways_behind(struct lister *l, const struct stage *s, const struct within *joint, way_list *out)
{
    const way_list *before = ways_to(l, s->hook);
    unsigned int i;

    for (i = 0; i < before->n; i++) {
        const struct way *w = &before->items[i];
        struct stage *stages;
        const struct within **joints;

        if (w->n >= LONGEST_WAY || out->n >= MOST_WAYS || l->n_stages + w->n + 1 > MOST_STAGES) {
            l->out->cut = s->hook;
            return;
        }
        l->n_stages += w->n + 1;
        stages = arena_array(l->arena, w->n + 1, sizeof(*stages));
        joints = arena_array(l->arena, w->n + 2, sizeof(*joints));

        if (w->n) {
            memcpy(stages, w->stages, w->n * sizeof(*stages));
            memcpy(joints, w->joints, (w->n + 1) * sizeof(*joints));
        }
        stages[w->n] = *s;
        joints[w->n + 1] = joint;
        *LIST_PUSH(l->arena, out) = (struct way){ stages, w->n + 1, joints, w->asker };
    }
}

/* Whether the commands lead to this leaf, from the outermost table in; fewer commands lead to all below. */
static bool leaf_matches(const struct stage *leaf, const struct row_key *commands, unsigned int n)
{
    const struct stage *path[16], *s;
    unsigned int depth = 0, i;

    for (s = leaf; s && depth < 16; s = s->outer)
        path[depth++] = s;
    if (n > depth)
        return false;
    for (i = 0; i < n; i++) {
        s = path[depth - 1 - i];
        if (!s->key || s->key->name != commands[i].name)
            return false;
    }
    return true;
}

static void add_way(struct lister *l, way_list *out, enum asker asker, const struct within *joint)
{
    const struct within **joints = arena_array(l->arena, 1, sizeof(*joints));

    joints[0] = joint;
    *LIST_PUSH(l->arena, out) = (struct way){ NULL, 0, joints, asker };
}

static void ways_by_rows(struct lister *l, const struct hook *h, way_list *out)
{
    unsigned int i;

    for (i = 0; i < l->deferrals[h->order].n; i++)
        ways_behind(l, l->deferrals[h->order].items[i], NULL, out);
}

static void ways_by_within(struct lister *l, const struct hook *h, const struct within *w, way_list *out)
{
    const stage_list *leaves;
    unsigned int i;

    switch (w->kind) {
    case WITHIN_ROWS:
        ways_by_rows(l, h, out);
        break;

    case WITHIN_BOOT:
        add_way(l, out, ASKED_BY_BOOT, w);
        break;

    case WITHIN_HYPERVISOR:
        add_way(l, out, ASKED_BY_HYPERVISOR, w);
        break;

    case WITHIN_HARDWARE:
        add_way(l, out, ASKED_BY_HARDWARE, w);
        break;

    case WITHIN_HOOK:
        if (!w->hook.hook)
            break;
        leaves = &l->leaves[w->hook.hook->order];
        for (i = 0; i < leaves->n; i++)
            if (leaf_matches(&leaves->items[i], w->commands, w->n_commands))
                ways_behind(l, &leaves->items[i], w, out);
        break;
    }
}

static const way_list *ways_to(struct lister *l, const struct hook *h)
{
    static const way_list none = { NULL, 0, 0 };
    way_list *out = &l->ways[h->order];
    unsigned int i;

    if (l->state[h->order] == BUSY) {
        l->out->cyclic = true;
        return &none;
    }
    if (l->state[h->order] == KNOWN)
        return out;
    if (l->depth == LONGEST_WAY) {
        l->out->cut = h;
        return &none;
    }
    l->depth++;
    l->state[h->order] = BUSY;
    if (h->n_within) {
        for (i = 0; i < h->n_within && out->n < MOST_WAYS; i++)
            ways_by_within(l, h, &h->within[i], out);
        if (i < h->n_within)
            l->out->cut = h;
    } else {
        add_way(l, out, ASKED_BY_ANYONE, NULL);
        ways_by_rows(l, h, out);
    }
    l->state[h->order] = KNOWN;
    l->depth--;
    return out;
}

/* ---- variables ---- */

struct binder {
    struct arena *arena;
    struct operation *op;
    LIST(struct role_var) vars;
};

static bool is_domain_param(const struct param *p)
{
    return p->kind == PARAM_DOMAIN || p->kind == PARAM_DOMID;
}

static int var_add(struct binder *b, const char *name, unsigned int stage)
{
    *LIST_PUSH(b->arena, &b->vars) = (struct role_var){ .name = name, .stage = stage };
    return (int)b->vars.n - 1;
}

/* The argument of `h` that a label means, or -1. */
static int label_param(const struct hook *h, const struct label *l)
{
    if (!l || (l->kind != LABEL_DOMAIN && l->kind != LABEL_EXACT) || !l->param)
        return -1;
    return (int)(l->param - h->params);
}

/* The variable of the stage before that an argument stands for, or -1. */
static int bound_before(const struct stage *before, const struct within *joint, const struct param *p)
{
    unsigned int k;

    for (k = 0; k < before->hook->n_params; k++)
        if (joint && joint->args_given ? k < joint->n_args && joint->args[k]->param == p :
                                         before->hook->params[k].name == p->name)
            return before->bind[k];
    return -1;
}

/* `by hardware(current, ...)`: that argument is whoever asks. */
static bool is_current(const struct stage *before, const struct within *joint, unsigned int param)
{
    return !before && joint && joint->args_given && param < joint->n_args &&
           joint->args[param]->kind == EXPR_CURRENT;
}

static void bind_stage(struct binder *b, unsigned int i, const struct within *joint)
{
    const struct stage *s = &b->op->stages[i], *before = i ? s - 1 : NULL;
    const struct hook *h = s->hook;
    int subject = label_param(h, h->subject), object = label_param(h, h->object);
    bool taken = false;
    unsigned int j;

    for (j = 0; j < h->n_params; j++) {
        s->bind[j] = before && is_domain_param(&h->params[j]) ? bound_before(before, joint, &h->params[j]) : -1;
        if (s->bind[j] >= 0 && s->bind[j] == b->op->object)
            taken = true;
    }
    for (j = 0; j < h->n_params; j++) {
        if (s->bind[j] >= 0 || !is_domain_param(&h->params[j]))
            continue;
        if (before && (int)j == object && !taken && b->op->object >= 0) {
            s->bind[j] = b->op->object;
        } else {
            s->bind[j] = var_add(b, h->params[j].name, i);
            b->vars.items[s->bind[j]].subject = (int)j == subject || is_current(before, joint, j);
        }
    }
    if (object >= 0 && (!b->vars.items[s->bind[object]].subject || is_current(before, joint, (unsigned int)object))) {
        b->op->object = s->bind[object];
        if (h->object_reserved)
            b->vars.items[b->op->object].reserved = true;
    }
}

/* A domid or label that is an expression: the same text is the same thing all along the path. */
static void bind_label_expr(struct binder *b, unsigned int stage, const struct label *l)
{
    const struct expr *e;
    unsigned int i;
    int var;

    if (!l)
        return;
    bind_label_expr(b, stage, l->from);
    bind_label_expr(b, stage, l->to);
    if ((l->kind != LABEL_ARG && l->kind != LABEL_EXACT) || !l->n_args)
        return;
    e = l->args[0];
    for (i = 0; i < b->vars.n; i++)
        if (b->vars.items[i].expr && expr_equal(b->vars.items[i].expr, e))
            return;
    var = var_add(b, e->name, stage);
    b->vars.items[var].expr = e;
    b->vars.items[var].kind = l->kind == LABEL_ARG ? VAR_LABEL : VAR_DOMAIN;
}

/* A condition that asks whether a domain is there at all. */
static void find_nullable(struct binder *b, const struct stage *s, const struct expr *e, bool truth)
{
    unsigned int i;

    if (!e)
        return;
    switch (e->kind) {
    case EXPR_NAME:
        if (truth && e->param && s->bind[e->param - s->hook->params] >= 0)
            b->vars.items[s->bind[e->param - s->hook->params]].nullable = true;
        break;

    case EXPR_NOT:
    case EXPR_AND:
    case EXPR_OR:
        find_nullable(b, s, e->a, true);
        find_nullable(b, s, e->b, true);
        break;

    case EXPR_CALL:
        for (i = 0; i < e->n_args; i++)
            find_nullable(b, s, e->args[i], truth && !strcmp(e->name, "nospec"));
        break;

    default:
        break;
    }
}

static void bind_steps(struct binder *b, unsigned int stage, const struct steps *steps)
{
    const struct stage *s = &b->op->stages[stage];
    unsigned int i;

    for (i = 0; i < steps->n; i++) {
        find_nullable(b, s, steps->step[i].when, true);
        bind_label_expr(b, stage, steps->step[i].check.subject);
        bind_label_expr(b, stage, steps->step[i].check.object);
    }
}

static void bind_vars(struct binder *b, const struct way *w)
{
    struct operation *op = b->op;
    unsigned int i, j;

    op->object = -1;
    for (i = 0; i < op->n_stages; i++) {
        const struct stage *s = &op->stages[i];

        bind_stage(b, i, w->joints[i]);
        for (j = 0; j < s->hook->n_defaults; j++)
            find_nullable(b, s, s->hook->defaults[j].when, true);
        bind_steps(b, i, stage_flask(s, false));
        bind_steps(b, i, stage_flask(s, true));
    }
    op->vars = b->vars.items;
    op->n_vars = b->vars.n;
}

/* ---- operations ---- */

static void path_add(struct lister *l, const char *part)
{
    *LIST_PUSH(l->arena, &l->parts) = part;
    l->path_length += strlen(part) + 1;
}

static const char *path_of(struct lister *l, const struct operation *op)
{
    static const char *const askers[] = {
        [ASKED_BY_ANYONE] = "", [ASKED_BY_BOOT] = "(boot)", [ASKED_BY_HYPERVISOR] = "(hypervisor)",
        [ASKED_BY_HARDWARE] = "(hardware)",
    };
    char *path, *at;
    unsigned int i;

    l->parts.n = 0;
    l->path_length = 0;
    if (askers[op->asker][0])
        path_add(l, askers[op->asker]);
    for (i = 0; i < op->n_stages; i++) {
        const struct stage *s = &op->stages[i], *nest[16];
        unsigned int depth = 0;

        path_add(l, s->alias ? s->alias->name : s->hook->name);
        for (; s && s->row && depth < 16; s = s->outer)
            nest[depth++] = s;
        while (depth--)
            path_add(l, nest[depth]->key ? nest[depth]->key->name : "*");
    }
    path = at = arena_alloc(l->arena, l->path_length);
    for (i = 0; i < l->parts.n; i++) {
        at = stpcpy(at, l->parts.items[i]);
        *at++ = i + 1 < l->parts.n ? '/' : '\0';
    }
    return path;
}

static void add_operation(struct lister *l, const struct way *w, const struct stage *last)
{
    struct operation *op = LIST_PUSH(l->arena, l->out);
    struct stage *stages = arena_array(l->arena, w->n + 1, sizeof(*stages));
    struct binder b = { .arena = l->arena, .op = op };
    unsigned int i;

    if (w->n)
        memcpy(stages, w->stages, w->n * sizeof(*stages));
    stages[w->n] = *last;
    for (i = 0; i <= w->n; i++) {
        stages[i].listed = i && w->joints[i];
        stages[i].bind = arena_array(l->arena, stages[i].hook->n_params, sizeof(int));
    }
    *op = (struct operation){ .stages = stages, .n_stages = w->n + 1, .asker = w->asker, .span = stage_span(last),
                              .number = l->out->n - 1 };
    bind_vars(&b, w);
    op->path = path_of(l, op);
}

/* How many operations end with a hook. Its ways are listed, if they were not. */
static uint64_t count_operations(struct lister *l, const struct hook *h)
{
    const stage_list *leaves = &l->leaves[h->order];
    uint64_t n = 0;
    unsigned int i;

    for (i = 0; i < leaves->n; i++)
        n += !always_defers(&leaves->items[i]);
    return n * ways_to(l, h)->n;
}

/* The joint of the new last stage belongs to the way to it. */
static void add_operations(struct lister *l, const struct hook *h)
{
    const way_list *ways = ways_to(l, h);
    const stage_list *leaves = &l->leaves[h->order];
    unsigned int i, j;

    for (i = 0; i < ways->n; i++) {
        for (j = 0; j < leaves->n; j++) {
            if (always_defers(&leaves->items[j]))
                continue;
            if (l->n_stages + ways->items[i].n + 1 > MOST_STAGES) {
                l->out->cut = h;
                return;
            }
            l->n_stages += ways->items[i].n + 1;
            add_operation(l, &ways->items[i], &leaves->items[j]);
        }
    }
}

struct operations operations_list(struct arena *a, const struct model *m)
{
    struct operations out = { NULL, 0, 0, false, NULL };
    struct lister l = { .arena = a, .model = m, .out = &out };
    uint64_t n = 0;
    unsigned int i;

    l.leaves = arena_array(a, m->n_hooks, sizeof(*l.leaves));
    l.deferrals = arena_array(a, m->n_hooks, sizeof(*l.deferrals));
    l.ways = arena_array(a, m->n_hooks, sizeof(*l.ways));
    l.state = arena_array(a, m->n_hooks, sizeof(*l.state));
    for (i = 0; i < m->n_hooks; i++)
        if (m->hooks[i]->kind != HOOK_LIFECYCLE)
            collect_leaves(&l, m->hooks[i]);
    for (i = 0; i < m->n_hooks; i++)
        collect_deferrals(&l, m->hooks[i]);
    for (i = 0; i < m->n_hooks; i++)
        if (m->hooks[i]->kind != HOOK_LIFECYCLE)
            n += count_operations(&l, m->hooks[i]);
    LIST_RESERVE(a, &out, n < MOST_STAGES ? (unsigned int)n : MOST_STAGES);
    for (i = 0; i < m->n_hooks; i++)
        if (m->hooks[i]->kind != HOOK_LIFECYCLE)
            add_operations(&l, m->hooks[i]);
    return out;
}

const char *operation_meaning(const struct operation *op)
{
    const struct stage *last = operation_last(op), *first = &op->stages[0];

    if (last->row && last->row->meaning)
        return last->row->meaning;
    if (first->row && first->row->meaning && strcmp(first->row->meaning, ""))
        return first->row->meaning;
    return last->hook->meaning ? last->hook->meaning : op->path;
}
