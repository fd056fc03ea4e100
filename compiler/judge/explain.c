/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything is looked up by its name in the model; who may is read off the effective defaults (judge/summary.h). */
#include "judge/explain.h"

#include <string.h>

#include "base/buf.h"
#include "base/nearest.h"
#include "judge/check.h"
#include "judge/effective.h"
#include "judge/summary.h"
#include "model/print.h"
#include "text/diag.h"

enum { BITS = 32, MOST_LISTED = 40 };

struct explainer {
    struct buf *out;
    struct arena *arena;
    struct diags *diags;
    const struct model *model;
    struct operations ops;
    struct effective *effective;
    struct explained about;
};

static void put_place(struct explainer *x, struct span span)
{
    struct place place = source_place(diags_sources(x->diags), span);

    if (place.path)
        buf_printf(x->out, " (%s:%u)", place.path, place.line);
}

static void put_head(struct explainer *x, const char *kind, const char *name, const char *meaning, struct span span)
{
    buf_printf(x->out, "%s%s %s", x->out->len ? "\n" : "", kind, name);
    if (meaning)
        buf_printf(x->out, ": %s", meaning);
    put_place(x, span);
    buf_putc(x->out, '\n');
}

/* "    lead      " before a line that says something. */
static void put_lead(struct explainer *x, const char *lead)
{
    enum { COLUMN = 14 };

    buf_printf(x->out, "    %s", lead);
    buf_fill(x->out, ' ', strlen(lead) < COLUMN ? COLUMN - strlen(lead) : 1);
}

static void about_hook(struct explainer *x, const struct hook *h)
{
    unsigned int i;

    for (i = 0; i < x->about.hooks.n; i++)
        if (x->about.hooks.items[i] == h)
            return;
    *LIST_PUSH(x->arena, &x->about.hooks) = h;
}

static void put_default(struct explainer *x, const struct default_clause *c)
{
    buf_printf(x->out, "%s%s", c->also ? "also " : "", print_action(c->action));
    if (c->on) {
        buf_puts(x->out, " on ");
        print_label(x->out, c->on);
    }
    if (c->when) {
        buf_puts(x->out, " when ");
        print_expr(x->out, c->when, PRINT_LANGUAGE);
    }
    if (c->guard) {
        buf_puts(x->out, " if ");
        print_expr(x->out, c->guard, PRINT_LANGUAGE);
    }
    if (c->note)
        buf_printf(x->out, " (%s)", c->note);
}

static void put_defaults(struct explainer *x, const struct hook *h)
{
    unsigned int i;

    for (i = 0; i < h->n_defaults; i++) {
        put_lead(x, i ? "" : "by default");
        put_default(x, &h->defaults[i]);
        buf_putc(x->out, '\n');
    }
}

static void put_flask(struct explainer *x, const struct steps *steps)
{
    if (!steps || !steps->set)
        return;
    put_lead(x, "Flask");
    if (steps->n == 1 && steps->step[0].kind == STEP_PERMIT)
        buf_puts(x->out, "asks nothing");
    else
        print_steps(x->out, steps);
    buf_putc(x->out, '\n');
}

static void put_defect(struct explainer *x, const struct defect *d)
{
    if (!d)
        return;
    put_lead(x, "known defect");
    buf_printf(x->out, "%s\n", d->text);
}

static void put_reach(struct explainer *x, const struct operation *op)
{
    enum reach r = operation_reach(x->effective, op, NULL);

    put_lead(x, "who may");
    buf_puts(x->out, reach_asked_by(r));
    if (op->object >= 0 && r != REACH_ANYONE && r != REACH_NOBODY)
        buf_printf(x->out, "; the domain is %s", op->vars[op->object].name);
    buf_putc(x->out, '\n');
}

/* ---- operations ---- */

static void put_stage(struct explainer *x, const struct stage *s, unsigned int number)
{
    const struct row *r = s->row;

    buf_printf(x->out, "  %u. xsm_%s()%s%s", number, s->hook->name, s->key ? ", " : "", s->key ? s->key->name : "");
    put_place(x, stage_span(s));
    buf_putc(x->out, '\n');
    if (stage_action(s, false) != ACTION_UNSET) {
        put_lead(x, "by default");
        buf_printf(x->out, "%s\n", print_action(stage_action(s, false)));
    } else {
        put_defaults(x, s->hook);
    }
    put_flask(x, stage_flask(s, false));
    if (r && r->guard) {
        put_lead(x, "only if");
        print_expr(x->out, r->guard, PRINT_LANGUAGE);
        buf_putc(x->out, '\n');
    }
    put_defect(x, r ? r->defect : s->hook->defect);
    about_hook(x, s->hook);
}

static void explain_operation(struct explainer *x, const struct operation *op)
{
    const struct stage *last = operation_last(op);
    unsigned int i;

    put_head(x, "operation", op->path, last->row ? last->row->meaning : last->hook->meaning, op->span);
    put_reach(x, op);
    for (i = 0; i < op->n_stages; i++)
        put_stage(x, &op->stages[i], i + 1);
}

/* Whether the word names the operation: its path, a command on it, or HOOK/COMMAND. */
static bool names_operation(const struct operation *op, const char *what)
{
    unsigned int i;
    size_t len;

    if (!strcmp(op->path, what))
        return true;
    for (i = 0; i < op->n_stages; i++) {
        const struct stage *s = &op->stages[i];

        if (!s->key)
            continue;
        len = strlen(s->hook->name);
        if (!strcmp(s->key->name, what) ||
            (!strncmp(what, s->hook->name, len) && what[len] == '/' && !strcmp(what + len + 1, s->key->name)))
            return true;
    }
    return false;
}

/* ---- hooks ---- */

static unsigned int count_commands(const struct table *t)
{
    unsigned int n = 0, i;

    for (i = 0; t && i < t->n_rows; i++)
        n += t->rows[i].sub ? count_commands(t->rows[i].sub) : t->rows[i].n_keys;
    return n;
}

static void put_within(struct explainer *x, const struct hook *h)
{
    static const char *const words[] = {
        [WITHIN_ROWS] = "commands that defer to it", [WITHIN_HOOK] = "", [WITHIN_BOOT] = "Xen itself, while it boots",
        [WITHIN_HYPERVISOR] = "Xen itself", [WITHIN_HARDWARE] = "Xen, for the hardware domain",
    };
    unsigned int i, k;

    for (i = 0; i < h->n_within; i++) {
        const struct within *w = &h->within[i];

        put_lead(x, i ? "" : "called by");
        if (w->kind == WITHIN_HOOK)
            buf_printf(x->out, "what %s has allowed", w->hook.name);
        for (k = 0; k < w->n_commands; k++)
            buf_printf(x->out, " %s", w->commands[k].name);
        buf_printf(x->out, "%s\n", words[w->kind]);
    }
}

static void put_silo(struct explainer *x, const struct hook *h)
{
    if (h->silo.kind == SILO_UNSET)
        return;
    put_lead(x, "SILO");
    if (h->silo.kind == SILO_NONE) {
        buf_printf(x->out, "does not look at it: %s\n", h->silo.reason);
        return;
    }
    buf_puts(x->out, "allows it only with control, or if ");
    print_label(x->out, h->silo.a);
    buf_puts(x->out, " is ");
    print_label(x->out, h->silo.b);
    buf_putc(x->out, '\n');
}

static void explain_hook(struct explainer *x, const struct hook *h)
{
    struct buf head = BUF_INIT;
    unsigned int i, listed = 0;

    buf_printf(&head, "%s(", h->name);
    for (i = 0; i < h->n_params; i++) {
        buf_puts(&head, i ? ", " : "");
        print_param(&head, &h->params[i]);
    }
    buf_puts(&head, h->n_params ? ")" : "void)");
    put_head(x, h->kind == HOOK_ACCESS ? "hook" : h->kind == HOOK_LIFECYCLE ? "life-cycle hook" : "hook of Flask alone",
             buf_text(&head), h->meaning, h->span);
    buf_free(&head);
    if (h->guard) {
        put_lead(x, "only if");
        print_expr(x->out, h->guard, PRINT_LANGUAGE);
        buf_putc(x->out, '\n');
    }
    put_within(x, h);
    if (h->object) {
        put_lead(x, "it is about");
        print_label(x->out, h->object);
        buf_puts(x->out, h->object_reserved ? ", or one of Xen's own\n" : "\n");
    }
    put_defaults(x, h);
    put_flask(x, &h->flask);
    put_silo(x, h);
    if (h->flask_manual.reason) {
        put_lead(x, "hand-written");
        buf_printf(x->out, "in Flask: %s\n", h->flask_manual.reason);
    }
    if (h->dummy_manual.reason) {
        put_lead(x, "hand-written");
        buf_printf(x->out, "in the dummy policy: %s\n", h->dummy_manual.reason);
    }
    put_defect(x, h->defect);
    if (h->table || h->flask_table) {
        put_lead(x, "commands");
        buf_printf(x->out, "%u\n", count_commands(h->table ? h->table : h->flask_table));
    }
    about_hook(x, h);
    for (i = 0; i < x->ops.n; i++) {
        const struct operation *op = &x->ops.items[i];

        if (operation_last(op)->hook != h || listed++ >= MOST_LISTED)
            continue;
        buf_printf(x->out, "  %s: %s\n", op->path, reach_asked_by(operation_reach(x->effective, op, NULL)));
    }
    if (listed > MOST_LISTED)
        buf_printf(x->out, "  and %u more operations\n", listed - MOST_LISTED);
}

/* ---- classes and permissions ---- */

static bool check_asks(const struct check *c, const struct perm *perm)
{
    unsigned int i, k;

    for (i = 0; i < c->n_perms; i++) {
        const struct perm_use *u = &c->perms[i];

        if (u->perm == perm || (u->otherwise && u->otherwise->perm == perm))
            return true;
        for (k = 0; k < u->n_choices; k++)
            if (u->choices[k].perm == perm)
                return true;
    }
    return false;
}

static bool operation_asks(const struct operation *op, const struct perm *perm)
{
    const struct steps *s = stage_flask(operation_last(op), false);
    unsigned int i;

    for (i = 0; s && i < s->n; i++)
        if (s->step[i].kind == STEP_CHECK && check_asks(&s->step[i].check, perm))
            return true;
    return false;
}

static void explain_perm(struct explainer *x, const struct perm *p)
{
    unsigned int i, n = 0;

    put_head(x, "permission", arena_printf(x->arena, "%s:%s", p->class->name, p->name), p->meaning, p->span);
    put_lead(x, "number");
    buf_printf(x->out, "bit %u of class %u\n", p->bit, p->class->number);
    put_lead(x, "asked for by");
    for (i = 0; i < x->ops.n; i++) {
        const struct operation *op = &x->ops.items[i];

        if (!operation_asks(op, p))
            continue;
        if (n++)
            put_lead(x, "");
        buf_printf(x->out, "%s: by default %s", op->path, reach_asked_by(operation_reach(x->effective, op, NULL)));
        put_place(x, op->span);
        buf_putc(x->out, '\n');
        about_hook(x, operation_last(op)->hook);
    }
    if (!n)
        buf_puts(x->out, "nothing\n");
}

static void explain_class(struct explainer *x, const struct class *c)
{
    unsigned int i;

    put_head(x, "class", c->name, c->meaning, c->span);
    put_lead(x, "number");
    buf_printf(x->out, "%u; %u permissions, %u bits are free\n", c->number, c->n_perms, BITS - c->n_perms);
    if (c->continues) {
        put_lead(x, "continues");
        buf_printf(x->out, "%s\n", c->continues->name);
    }
    for (i = 0; i < c->n_perms; i++)
        buf_printf(x->out, "  %s%s%s\n", c->perms[i].name, c->perms[i].meaning ? ": " : "",
                   c->perms[i].meaning ? c->perms[i].meaning : "");
}

static bool names_perm(const struct perm *p, const char *what)
{
    size_t len = strlen(p->class->name);

    return !strcmp(p->name, what) ||
           (!strncmp(what, p->class->name, len) && what[len] == ':' && !strcmp(what + len + 1, p->name));
}

static void explain_rule(struct explainer *x, const struct rule *r)
{
    put_head(x, "rule", r->id, r->summary, (struct span){ 0, 0, 0 });
    put_lead(x, "level");
    buf_printf(x->out, "%s%s\n", level_name(r->level), check_waivable(r) ? "; a waiver can take it back, with a reason" : "");
    put_lead(x, "why");
    buf_printf(x->out, "%s\n", r->why);
    *LIST_PUSH(x->arena, &x->about.rules) = r;
}

struct explained explain(struct buf *out, struct arena *a, struct diags *d, const struct model *m, const char *what)
{
    struct explainer x = { .out = out, .arena = a, .diags = d, .model = m };
    unsigned int i, k;

    x.ops = operations_list(a, m);
    x.effective = effective_create(a, NULL, false);
    for (i = 0; i < m->n_hooks; i++)
        if (!strcmp(m->hooks[i]->name, what))
            explain_hook(&x, m->hooks[i]);
    for (i = 0; i < x.ops.n; i++)
        if (names_operation(&x.ops.items[i], what) && strcmp(operation_last(&x.ops.items[i])->hook->name, what))
            explain_operation(&x, &x.ops.items[i]);
    for (i = 0; i < m->n_classes; i++) {
        if (!strcmp(m->classes[i]->name, what))
            explain_class(&x, m->classes[i]);
        for (k = 0; k < m->classes[i]->n_perms; k++)
            if (names_perm(&m->classes[i]->perms[k], what))
                explain_perm(&x, &m->classes[i]->perms[k]);
    }
    if (rule_find(what))
        explain_rule(&x, rule_find(what));
    return x.about;
}

void explain_nearest(struct nearest *n, struct arena *a, const struct model *m)
{
    struct operations ops = operations_list(a, m);
    unsigned int i, k;

    for (i = 0; i < m->n_hooks; i++)
        nearest_try(n, m->hooks[i]->name);
    for (i = 0; i < ops.n; i++) {
        nearest_try(n, ops.items[i].path);
        if (operation_last(&ops.items[i])->key)
            nearest_try(n, operation_last(&ops.items[i])->key->name);
    }
    for (i = 0; i < m->n_classes; i++)
        for (k = 0; k < m->classes[i]->n_perms; k++) {
            nearest_try(n, m->classes[i]->perms[k].name);
            nearest_try(n, arena_printf(a, "%s:%s", m->classes[i]->name, m->classes[i]->perms[k].name));
        }
    for (i = 0; i < n_rules; i++)
        nearest_try(n, rules[i]->id);
}
