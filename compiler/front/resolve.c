/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one linking pass: after all files are read every name is bound to its declaration, so that order and files
 * never matter. A name that cannot be bound is reported once, with the nearest known name as help, and stays NULL.
 */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "front/front.h"
#include "front/lists.h"
#include "text/rules.h"

/* Scopes of the one name table; permissions are scoped by their class, arguments by their hook, commands by their table. */
static const char scope_class, scope_isid, scope_hook, scope_indexed;

struct class *front_class(const struct front *f, const char *name)
{
    return map_get(&f->globals, &scope_class, names_get(f->names, name));
}

struct perm *front_perm(const struct front *f, const struct class *class, const char *name)
{
    return map_get(&f->globals, class, names_get(f->names, name));
}

struct isid *front_isid(const struct front *f, const char *name)
{
    return map_get(&f->globals, &scope_isid, names_get(f->names, name));
}

struct hook *front_hook(const struct front *f, const char *name)
{
    return map_get(&f->globals, &scope_hook, names_get(f->names, name));
}

/* ---- help for misspelt names ---- */

/*
 * How many of `n` names to go through for one that is not known: all, or none when this has been done for some millions of
 * names. By then the reader has other worries, and a text full of unknown names would take time by its square.
 */
static unsigned int searchable(struct front *f, unsigned int n)
{
    enum { MOST_SEARCHED = 5000000 };

    if (n > MOST_SEARCHED - f->lists->searched)
        return 0;
    f->lists->searched += n;
    return n;
}

static struct diag *unknown(struct front *f, struct span span, const char *what, const char *name,
                            const struct nearest *n)
{
    struct diag *d = diag_add(f->diags, &RULE_UNKNOWN_NAME, span, "there is no %s '%s'", what, name);

    if (n && n->best)
        diag_help(f->diags, d, "did you mean '%s'?", n->best);
    return d;
}

static void duplicate(struct front *f, struct span span, struct span first, const char *what, const char *name)
{
    diag_note(f->diags, diag_add(f->diags, &RULE_DUPLICATE_NAME, span, "%s '%s' is declared twice", what, name),
              first, "first here");
}

/* ---- look-ups that report ---- */

static struct class *bind_class(struct front *f, const char *name, struct span span)
{
    struct class *c = map_get(&f->globals, &scope_class, name);
    struct nearest n = nearest_to(name);
    unsigned int i, most;

    if (c)
        return c;
    most = searchable(f, f->lists->classes.n);
    for (i = 0; i < most; i++)
        nearest_try(&n, f->lists->classes.items[i]->name);
    unknown(f, span, "class", name, &n);
    return NULL;
}

static struct perm *bind_perm(struct front *f, struct class *class, const char *name, struct span span)
{
    struct perm *found = map_get(&f->globals, class, name);
    struct nearest n = nearest_to(name);
    struct diag *d;
    unsigned int i, most;

    if (found)
        return found;
    most = searchable(f, class->n_perms);
    for (i = 0; i < most; i++)
        nearest_try(&n, class->perms[i].name);
    d = diag_add(f->diags, &RULE_UNKNOWN_NAME, span, "class '%s' has no permission '%s'", class->name, name);
    diag_note(f->diags, d, class->span, "the class is declared here");
    most = searchable(f, f->lists->classes.n);
    for (i = 0; i < most; i++) {
        struct class *other = f->lists->classes.items[i];

        if ((other->continues == class || class->continues == other) && map_get(&f->globals, other, name)) {
            diag_help(f->diags, d, "'%s' is a permission of class '%s': write %s:%s", name, other->name,
                      other->name, name);
            return NULL;
        }
    }
    if (n.best)
        diag_help(f->diags, d, "did you mean '%s'?", n.best);
    return NULL;
}

static void bind_hook(struct front *f, struct hook_ref *ref)
{
    struct nearest n = nearest_to(ref->name);
    unsigned int i, most;

    ref->hook = map_get(&f->globals, &scope_hook, ref->name);
    if (ref->hook)
        return;
    most = searchable(f, f->lists->hooks.n);
    for (i = 0; i < most; i++)
        nearest_try(&n, f->lists->hooks.items[i]->name);
    unknown(f, ref->span, "hook", ref->name, &n);
}

static struct param *find_param(const struct front *f, const struct hook *h, const char *name)
{
    return map_get(&f->globals, h, name);
}

static void bind_expr(struct front *f, const struct hook *h, struct expr *e)
{
    unsigned int i;

    for (; e; e = e->b) {
        if (e->kind == EXPR_NAME && h)
            e->param = find_param(f, h, e->name);
        for (i = 0; i < e->n_args; i++)
            bind_expr(f, h, e->args[i]);
        bind_expr(f, h, e->a);
    }
}

static void bind_exprs(struct front *f, const struct hook *h, struct expr **list, unsigned int n)
{
    unsigned int i;

    for (i = 0; i < n; i++)
        bind_expr(f, h, list[i]);
}

static void bind_label(struct front *f, const struct hook *h, struct label *l)
{
    struct nearest n;
    unsigned int i, most;

    if (!l)
        return;
    switch (l->kind) {
    case LABEL_NONE:
    case LABEL_CURRENT:
        break;

    case LABEL_DOMAIN:
    case LABEL_EXACT:
    case LABEL_EVTCHN:
        if (l->n_args) {
            bind_exprs(f, h, l->args, l->n_args);
            break;
        }
        l->param = find_param(f, h, l->name);
        if (!l->param) {
            struct diag *d;

            n = nearest_to(l->name);
            most = searchable(f, h->n_params);
            for (i = 0; i < most; i++)
                nearest_try(&n, h->params[i].name);
            d = unknown(f, l->span, "argument", l->name, &n);
            diag_note(f->diags, d, h->span, "hook '%s' is declared here", h->name);
            l->kind = LABEL_NONE;
        } else if (l->kind == LABEL_DOMAIN && l->param->kind == PARAM_EVTCHN) {
            l->kind = LABEL_EVTCHN;
        } else if (l->param->kind != PARAM_DOMAIN && l->param->kind != PARAM_DOMID) {
            struct diag *d = diag_add(f->diags, &RULE_WRONG_KIND, l->span,
                                      "'%s' is neither a domain nor an event channel", l->name);

            diag_note(f->diags, d, l->param->span, "it is declared here");
            diag_help(f->diags, d, "say what it stands for: device(%s), irq(%s), label %s, ...", l->name, l->name,
                      l->name);
            l->kind = LABEL_NONE;
        }
        break;

    case LABEL_ISID:
        l->isid = map_get(&f->globals, &scope_isid, l->name);
        if (!l->isid) {
            n = nearest_to(l->name);
            most = searchable(f, f->lists->isids.n);
            for (i = 0; i < most; i++)
                nearest_try(&n, f->lists->isids.items[i]->name);
            unknown(f, l->span, "initial SID", l->name, &n);
            l->kind = LABEL_NONE;
        }
        break;

    case LABEL_SEEN:
        bind_label(f, h, l->from);
        bind_label(f, h, l->to);
        break;

    case LABEL_NEW:
        l->class = bind_class(f, l->name, l->span);
        bind_label(f, h, l->from);
        bind_label(f, h, l->to);
        break;

    case LABEL_ARG:
    case LABEL_DEVICE:
    case LABEL_IRQ:
    case LABEL_IOMEM:
    case LABEL_IOPORT:
    case LABEL_DTDEV:
        bind_exprs(f, h, l->args, l->n_args);
        break;
    }
}

static void bind_perm_use(struct front *f, const struct hook *h, struct class *class, struct perm_use *u)
{
    unsigned int i;

    for (; u; u = u->otherwise) {
        if (u->choose) {
            bind_exprs(f, h, u->choose_args, u->n_choose_args);
            for (i = 0; i < u->n_choices; i++)
                bind_perm_use(f, h, class, &u->choices[i]);
        } else {
            u->perm = bind_perm(f, class, u->name, u->span);
        }
        bind_expr(f, h, u->when);
    }
}

static void bind_steps(struct front *f, const struct hook *h, struct steps *s)
{
    unsigned int i, j;

    for (i = 0; i < s->n; i++) {
        struct step *step = &s->step[i];
        struct check *c = &step->check;

        bind_expr(f, h, step->when);
        bind_exprs(f, h, step->args, step->n_args);
        for (j = 0; j < step->n_hooks; j++)
            bind_hook(f, &step->hooks[j]);
        if (step->kind != STEP_CHECK)
            continue;
        bind_label(f, h, c->subject);
        bind_label(f, h, c->object);
        c->class = bind_class(f, c->class_name, step->span);
        c->perm_class = c->perm_class_name ? bind_class(f, c->perm_class_name, step->span) : c->class;
        if (c->perm_class)
            for (j = 0; j < c->n_perms; j++)
                bind_perm_use(f, h, c->perm_class, &c->perms[j]);
    }
}

static void bind_defect(struct front *f, const struct hook *h, struct defect *d)
{
    if (d)
        bind_steps(f, h, &d->fix_flask);
}

static void bind_table(struct front *f, struct hook *h, struct table *t, struct row *parent)
{
    unsigned int i;

    if (!t)
        return;
    t->hook = h;
    t->parent = parent;
    bind_expr(f, h, t->on);
    for (i = 0; i < t->n_rows; i++) {
        struct row *r = &t->rows[i];

        r->table = t;
        bind_steps(f, h, &r->flask);
        bind_expr(f, NULL, r->guard);
        bind_defect(f, h, r->defect);
        bind_table(f, h, r->sub, r);
    }
}

/* The row of `t` for a command, or NULL. A table is indexed when it is first asked. */
static const struct row *find_row(struct front *f, const struct table *t, const char *command)
{
    unsigned int i, j;

    if (!t)
        return NULL;
    if (!map_get(&f->globals, &scope_indexed, (const char *)t)) {
        map_put(f->arena, &f->globals, &scope_indexed, (const char *)t, (void *)t);
        for (i = 0; i < t->n_rows; i++)
            for (j = 0; j < t->rows[i].n_keys; j++)
                map_put(f->arena, &f->globals, t, t->rows[i].keys[j].name, &t->rows[i]);
    }
    return map_get(&f->globals, t, command);
}

static void bind_within(struct front *f, const struct hook *h, struct within *w)
{
    const struct table *t;
    unsigned int i;

    bind_exprs(f, h, w->args, w->n_args);
    if (w->kind != WITHIN_HOOK) {
        if (w->args_given && w->n_args != h->n_params)
            diag_add(f->diags, &RULE_WRONG_KIND, w->span, "'%s' takes %u arguments, not %u", h->name, h->n_params,
                     w->n_args);
        return;
    }
    bind_hook(f, &w->hook);
    if (!w->hook.hook)
        return;
    t = w->hook.hook->table ? w->hook.hook->table : w->hook.hook->flask_table;
    for (i = 0; i < w->n_commands; i++) {
        const struct row *r = find_row(f, t, w->commands[i].name);

        if (!r) {
            struct diag *d = unknown(f, w->commands[i].span, "command", w->commands[i].name, NULL);

            diag_note(f->diags, d, w->hook.hook->span, "hook '%s' lists none of that name", w->hook.name);
            return;
        }
        t = r->sub;
    }
    if (w->args_given && w->n_args != w->hook.hook->n_params)
        diag_note(f->diags, diag_add(f->diags, &RULE_WRONG_KIND, w->span, "'%s' takes %u arguments, not %u",
                                     w->hook.name, w->hook.hook->n_params, w->n_args),
                  w->hook.hook->span, "declared here");
}

static void bind_one_hook(struct front *f, struct hook *h)
{
    unsigned int i;

    for (i = 0; i < h->n_params; i++) {
        struct param *first = map_put(f->arena, &f->globals, h, h->params[i].name, &h->params[i]);

        if (first != &h->params[i])
            duplicate(f, h->params[i].span, first->span, "argument", first->name);
    }
    bind_label(f, h, h->subject);
    bind_label(f, h, h->object);
    for (i = 0; i < h->n_within; i++)
        bind_within(f, h, &h->within[i]);
    for (i = 0; i < h->n_defaults; i++) {
        bind_label(f, h, h->defaults[i].on);
        bind_expr(f, h, h->defaults[i].when);
    }
    bind_steps(f, h, &h->flask);
    bind_table(f, h, h->table, NULL);
    bind_table(f, h, h->flask_table, NULL);
    bind_label(f, h, h->silo.a);
    bind_label(f, h, h->silo.b);
    bind_defect(f, h, h->defect);
}

/* ---- declarations ---- */

/* Appends the permissions of an extension to those of its class, in the order in which extensions stand. */
static void extend_class(struct front *f, const struct extension *e)
{
    struct class *c = bind_class(f, e->class_name, e->span);
    struct perm *perms;
    unsigned int i, n;

    if (!c)
        return;
    n = c->n_perms + e->n_perms;
    perms = arena_array(f->arena, n, sizeof(*perms));
    for (i = 0; i < n; i++) {
        perms[i] = i < c->n_perms ? c->perms[i] : e->perms[i - c->n_perms];
        perms[i].class = c;
        perms[i].bit = i;
    }
    c->perms = perms;
    c->n_perms = n;
}

static void declare_classes(struct front *f)
{
    unsigned int i, j;

    for (i = 0; i < f->lists->classes.n; i++) {
        struct class *c = f->lists->classes.items[i], *first;

        first = map_put(f->arena, &f->globals, &scope_class, c->name, c);
        if (first != c)
            duplicate(f, c->span, first->span, "class", c->name);
    }
    for (i = 0; i < f->lists->extensions.n; i++)
        extend_class(f, &f->lists->extensions.items[i]);
    for (i = 0; i < f->lists->classes.n; i++) {
        struct class *c = f->lists->classes.items[i];

        for (j = 0; j < c->n_perms; j++) {
            struct perm *p = map_put(f->arena, &f->globals, c, c->perms[j].name, &c->perms[j]);

            if (p != &c->perms[j])
                duplicate(f, c->perms[j].span, p->span, "permission", p->name);
        }
        if (c->n_perms > 32) {
            struct diag *d = diag_add(f->diags, &RULE_TOO_MANY_PERMISSIONS, c->perms[32].span,
                                      "'%s' is permission number 33 of class '%s'", c->perms[32].name, c->name);

            diag_help(f->diags, d, "declare `class %s2 continues %s { ... }` for the rest", c->name, c->name);
        }
    }
    for (i = 0; i < f->lists->classes.n; i++) {
        struct class *c = f->lists->classes.items[i];

        if (c->continues_name)
            c->continues = bind_class(f, c->continues_name, c->span);
    }
}

static void declare_isids(struct front *f)
{
    unsigned int i;

    for (i = 0; i < f->lists->isids.n; i++) {
        struct isid *s = f->lists->isids.items[i], *first;

        first = map_put(f->arena, &f->globals, &scope_isid, s->name, s);
        if (first != s)
            duplicate(f, s->span, first->span, "initial SID", s->name);
    }
}

static void declare_hooks(struct front *f)
{
    unsigned int i;

    for (i = 0; i < f->lists->hooks.n; i++) {
        struct hook *h = f->lists->hooks.items[i], *first;

        first = map_put(f->arena, &f->globals, &scope_hook, h->name, h);
        if (first != h)
            duplicate(f, h->span, first->span, "hook", h->name);
    }
}

static int by_order(const void *x, const void *y)
{
    const struct hook *a = *(struct hook *const *)x, *b = *(struct hook *const *)y;

    return a->order < b->order ? -1 : a->order > b->order;
}

/* The layout's hooks first, in its order, then the others as they came. */
static void order_hooks(struct front *f)
{
    struct layout *l = &f->model->layout;
    unsigned int i, n = f->lists->hooks.n;

    for (i = 0; i < n; i++)
        f->lists->hooks.items[i]->order = l->n + i;
    for (i = 0; i < l->n; i++) {
        bind_hook(f, &l->hooks[i]);
        if (!l->hooks[i].hook)
            continue;
        if (l->hooks[i].hook->order < l->n)
            duplicate(f, l->hooks[i].span, l->hooks[l->hooks[i].hook->order].span, "in the layout, hook",
                      l->hooks[i].name);
        else
            l->hooks[i].hook->order = i;
    }
    qsort(f->lists->hooks.items, n, sizeof(*f->lists->hooks.items), by_order);
    for (i = 0; i < n; i++)
        f->lists->hooks.items[i]->order = i;
}

void front_resolve(struct front *f)
{
    struct model *m = f->model;
    unsigned int i;

    declare_classes(f);
    declare_isids(f);
    declare_hooks(f);
    for (i = 0; i < f->lists->hooks.n; i++)
        bind_one_hook(f, f->lists->hooks.items[i]);
    if (f->lists->hooks.n)
        order_hooks(f);

    m->classes = f->lists->classes.items;
    m->n_classes = f->lists->classes.n;
    m->isids = f->lists->isids.items;
    m->n_isids = f->lists->isids.n;
    m->hooks = f->lists->hooks.items;
    m->n_hooks = f->lists->hooks.n;
    m->waivers = f->lists->waivers.items;
    m->n_waivers = f->lists->waivers.n;
}
