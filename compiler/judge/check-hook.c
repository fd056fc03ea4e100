/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of hooks as such: their defaults, SILO, hand-written bodies, defects. */
#include "judge/checking.h"
#include "model/print.h"

/* Whether the hook does nothing but `as hook X`, and so has X's default. */
static bool is_alias(const struct hook *h)
{
    return h->flask.n == 1 && h->flask.step[0].kind == STEP_AS;
}

static bool has_own_default(const struct hook *h)
{
    return h->n_defaults || (h->kind == HOOK_FLASK_ONLY && is_alias(h));
}

static void row_default(void *with, const struct hook *h, const struct row *r)
{
    struct checking *c = with;
    const struct table *t;

    if (h->n_defaults || r->sub || h->flask_table)
        return;
    for (t = r->table; r->action == ACTION_UNSET && t->parent; t = t->parent->table)
        r = t->parent;
    if (r->action == ACTION_UNSET)
        finding_help(c, finding(c, &RULE_NO_DEFAULT, r->span, "nobody says who may do this by default"),
                     "write 'anyone', 'self-or-target', 'device-model', 'xenstore', 'control' or 'nobody' behind it");
}

void check_defaults(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++) {
        const struct hook *h = c->model->hooks[i];

        if (h->kind == HOOK_LIFECYCLE)
            continue;
        if (h->table)
            each_row(h, row_default, c);
        else if (!has_own_default(h))
            finding_help(c, finding(c, &RULE_NO_DEFAULT, h->span, "hook '%s' has no default", h->name),
                         "write `default control;`, or who else may");
    }
}

void check_clauses(struct checking *c)
{
    unsigned int i, j;

    for (i = 0; i < c->model->n_hooks; i++) {
        const struct hook *h = c->model->hooks[i];
        const struct default_clause *last = NULL;

        for (j = 0; j < h->n_defaults; j++) {
            const struct default_clause *d = &h->defaults[j];

            if (d->also && !j)
                finding(c, &RULE_DEAD_CLAUSE, d->span, "'also' has nothing before it to join");
            if (last && !d->also)
                finding_note(c, finding(c, &RULE_DEAD_CLAUSE, d->span, "this default can never decide"), last->span,
                             "this one always does");
            if (!d->also && !d->when && !d->guard && !last)
                last = d;
        }
        if (h->n_defaults && !last && !h->defaults[h->n_defaults - 1].also && !h->table)
            finding_help(c, finding(c, &RULE_NO_DEFAULT, h->span, "hook '%s' has no default when no condition holds",
                                    h->name),
                         "end with a 'default' without a condition");
    }
}

void check_silo(struct checking *c)
{
    unsigned int i, j;

    for (i = 0; i < c->model->n_hooks; i++) {
        const struct hook *h = c->model->hooks[i];
        const struct param *first = NULL;

        if (h->kind != HOOK_ACCESS || h->silo.kind != SILO_UNSET)
            continue;
        for (j = 0; j < h->n_params; j++) {
            const struct param *p = &h->params[j];

            if (p->kind != PARAM_DOMAIN && p->kind != PARAM_DOMID)
                continue;
            if (!first) {
                first = p;
                continue;
            }
            finding_help(c, finding(c, &RULE_NO_SILO, h->span, "hook '%s' is about two domains, '%s' and '%s', and does "
                                    "not say what SILO does", h->name, first->name, p->name),
                         "write `silo %s, %s;` if it opens a channel between them, else `silo none \"reason\";`",
                         first->name, p->name);
            break;
        }
    }
}

void check_manual(struct checking *c)
{
    enum { MOST = 20 };
    unsigned int i, n = 0;

    for (i = 0; i < c->model->n_hooks; i++) {
        const struct hook *h = c->model->hooks[i];
        struct span where = h->flask_manual.reason ? h->flask_manual.span : h->dummy_manual.span;

        if (!h->flask_manual.reason && !h->dummy_manual.reason)
            continue;
        if (++n == MOST + 1)
            finding_help(c, finding(c, &RULE_TOO_MUCH_MANUAL, where, "this is hook number %u with a hand-written body", n),
                         "let the language say what the body does; ask for what it cannot say");
        if (h->flask_manual.reason && h->kind != HOOK_LIFECYCLE && !h->flask.set && !h->table && !h->flask_table)
            finding_help(c, finding(c, &RULE_UNDECLARED_CHECKS, where, "the hand-written body of '%s' declares no checks",
                                    h->name),
                         "write with 'flask' what it asks, as for any other hook");
    }
}

void check_lifecycle(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++) {
        const struct hook *h = c->model->hooks[i];

        if (h->kind == HOOK_LIFECYCLE && (h->flask.set || h->table || h->flask_table || h->n_defaults || h->n_within ||
                                          h->silo.kind != SILO_UNSET))
            finding_help(c, finding(c, &RULE_LIFECYCLE_CHECK, h->span, "life-cycle hook '%s' checks something", h->name),
                         "a hook that can refuse is a 'hook'");
    }
}

static void row_defect(void *with, const struct hook *h, const struct row *r)
{
    struct checking *c = with;

    (void)h;
    if (r->defect && r->defect->fix_action == ACTION_UNSET && !r->defect->fix_flask.set)
        finding_help(c, finding(c, &RULE_NO_FIX, r->defect->span, "a defect without a fix"),
                     "write `fix { ... }` behind it");
}

void check_defects(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++) {
        const struct hook *h = c->model->hooks[i];

        if (h->defect && h->defect->fix_action == ACTION_UNSET && !h->defect->fix_flask.set)
            finding_help(c, finding(c, &RULE_NO_FIX, h->defect->span, "a defect without a fix"),
                         "write `fix { ... }` behind it");
        each_row(h, row_defect, c);
    }
}
