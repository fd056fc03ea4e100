/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of checks, and what waivers take back. Each check looks at the whole model; none of them changes it. */
#include "judge/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "judge/checking.h"
#include "judge/waive.h"

/* A check finds by one or more rules, all of which can be waived. */
struct check_row {
    void (*run)(struct checking *c);
    const struct rule *rules[4];
};

static const struct check_row checks[] = {
    { .run = check_defaults, .rules = { &RULE_NO_DEFAULT } },
    { .run = check_clauses, .rules = { &RULE_DEAD_CLAUSE } },
    { .run = check_silo, .rules = { &RULE_NO_SILO } },
    { .run = check_manual, .rules = { &RULE_TOO_MUCH_MANUAL, &RULE_UNDECLARED_CHECKS } },
    { .run = check_lifecycle, .rules = { &RULE_LIFECYCLE_CHECK } },
    { .run = check_defects, .rules = { &RULE_NO_FIX } },
    { .run = check_tables, .rules = { &RULE_DUPLICATE_COMMAND, &RULE_NO_STAR, &RULE_MISPLACED_STAR } },
    { .run = check_actions, .rules = { &RULE_TWO_DEFAULTS } },
    { .run = check_deferrals, .rules = { &RULE_UNPLACED_HOOK, &RULE_WITHIN_MISMATCH, &RULE_LOOSE_DEFERRAL,
                                         &RULE_GUARD_MISMATCH } },
    { .run = check_cycles, .rules = { &RULE_CYCLE } },
    { .run = check_asked, .rules = { &RULE_NO_FLASK } },
    { .run = check_steps, .rules = { &RULE_DEAD_STEP, &RULE_NO_OBJECT } },
    { .run = check_classes, .rules = { &RULE_WRONG_CLASS } },
    { .run = check_channels, .rules = { &RULE_NO_OWNER } },
    { .run = check_unused, .rules = { &RULE_UNUSED_PERMISSION, &RULE_UNUSED_CLASS, &RULE_UNUSED_SID } },
    { .run = check_meanings, .rules = { &RULE_NO_SENTENCE } },
    { .run = check_cases, .rules = { &RULE_UNASKED, &RULE_INDISTINCT } },
};

enum { N_CHECKS = sizeof(checks) / sizeof(checks[0]) };

bool check_waivable(const struct rule *rule)
{
    unsigned int i, j;

    for (i = 0; i < N_CHECKS; i++)
        for (j = 0; j < 4; j++)
            if (checks[i].rules[j] == rule)
                return true;
    return false;
}

bool waived(struct checking *c, const struct rule *rule, struct span where)
{
    const struct waiver *w = waiver_find(c->waivers, rule, where);

    if (w)
        c->waiver_used[w - c->model->waivers] = true;
    return w;
}

struct diag *finding(struct checking *c, const struct rule *rule, struct span where, const char *format, ...)
{
    char text[512];
    va_list ap;

    if (waived(c, rule, where))
        return NULL;
    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    return diag_add(c->diags, rule, where, "%s", text);
}

void finding_note(struct checking *c, struct diag *d, struct span where, const char *format, ...)
{
    char text[512];
    va_list ap;

    if (!d)
        return;
    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    diag_note(c->diags, d, where, "%s", text);
}

void finding_help(struct checking *c, struct diag *d, const char *format, ...)
{
    char text[512];
    va_list ap;

    if (!d)
        return;
    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    diag_help(c->diags, d, "%s", text);
}

/* ---- walking ---- */

static void rows_of(const struct hook *h, const struct table *t,
                    void (*each)(void *, const struct hook *, const struct row *), void *with)
{
    unsigned int i;

    for (i = 0; t && i < t->n_rows; i++) {
        each(with, h, &t->rows[i]);
        rows_of(h, t->rows[i].sub, each, with);
    }
}

void each_row(const struct hook *h, void (*each)(void *with, const struct hook *h, const struct row *row), void *with)
{
    rows_of(h, h->table, each, with);
    rows_of(h, h->flask_table, each, with);
}

struct steps_walk {
    void (*each)(void *, const struct hook *, const struct row *, const struct steps *, bool);
    void *with;
};

static void row_steps(void *with, const struct hook *h, const struct row *r)
{
    struct steps_walk *w = with;

    if (r->flask.set)
        w->each(w->with, h, r, &r->flask, false);
    if (r->defect && r->defect->fix_flask.set)
        w->each(w->with, h, r, &r->defect->fix_flask, true);
}

void each_steps(const struct hook *h, void (*each)(void *with, const struct hook *h, const struct row *row,
                                                   const struct steps *steps, bool fix), void *with)
{
    struct steps_walk w = { each, with };

    if (h->flask.set)
        each(with, h, NULL, &h->flask, false);
    if (h->defect && h->defect->fix_flask.set)
        each(with, h, NULL, &h->defect->fix_flask, true);
    each_row(h, row_steps, &w);
}

/* ---- waivers ---- */

static void check_waivers(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_waivers; i++) {
        const struct waiver *w = &c->model->waivers[i];
        const struct rule *rule = rule_find(w->rule);

        if (!rule)
            diag_help(c->diags, diag_add(c->diags, &RULE_UNKNOWN_NAME, w->span, "there is no rule '%s'", w->rule),
                      "`xsmc check --list` shows them");
        else if (!check_waivable(rule))
            diag_help(c->diags, diag_add(c->diags, &RULE_WRONG_KIND, w->span, "'%s' cannot be waived", w->rule),
                      "only what `xsmc check` finds in a database can be taken back");
        else if (!c->waiver_used[i])
            diag_add(c->diags, &RULE_UNUSED_WAIVER, w->span, "'%s' finds nothing here", w->rule);
    }
}

void check(struct arena *a, struct diags *d, const struct model *m)
{
    struct checking c = { .arena = a, .diags = d, .model = m };
    unsigned int i;

    c.waivers = waivers_list(a, m);
    c.waiver_used = arena_array(a, m->n_waivers, sizeof(*c.waiver_used));
    c.ops = operations_list(a, m);
    if (c.ops.cut)
        diag_add(d, &RULE_TOO_MANY_CASES, c.ops.cut->span, "there are too many ways to hook '%s', or too long ones",
                 c.ops.cut->name);
    for (i = 0; i < N_CHECKS; i++)
        checks[i].run(&c);
    check_waivers(&c);
}
