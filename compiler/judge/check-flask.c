/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of what Flask asks. */
#include "judge/checking.h"

/* ---- is anything asked at all ---- */

static void row_asked(void *with, const struct hook *h, const struct row *r)
{
    struct checking *c = with;

    (void)h;
    if (!r->sub && !r->flask.set)
        finding_help(c, finding(c, &RULE_NO_FLASK, r->span, "nothing says what Flask does here"),
                     "write the permission it asks, `then hook ...`, 'permit', 'refuse' or `unknown \"...\"`");
}

void check_asked(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++) {
        const struct hook *h = c->model->hooks[i];

        if (h->kind == HOOK_LIFECYCLE)
            continue;
        if (h->table || h->flask_table)
            each_row(h, row_asked, c);
        else if (!h->flask.set)
            finding_help(c, finding(c, &RULE_NO_FLASK, h->span, "hook '%s' does not say what Flask asks", h->name),
                         "write `flask CLASS:PERMISSION;`");
    }
}

/* ---- steps ---- */

static bool ends(const struct step *s)
{
    return s->kind != STEP_CHECK && !s->when;
}

static void steps_dead(void *with, const struct hook *h, const struct row *row, const struct steps *steps, bool fix)
{
    struct checking *c = with;
    unsigned int i;

    (void)row;
    (void)fix;
    for (i = 0; i < steps->n; i++) {
        const struct step *s = &steps->step[i];

        if (i && ends(s - 1)) {
            finding_note(c, finding(c, &RULE_DEAD_STEP, s->span, "this step is never reached"), s[-1].span,
                         "this one always ends it");
            return;
        }
        if (s->kind == STEP_CHECK && !s->check.object && !h->object)
            finding_help(c, finding(c, &RULE_NO_OBJECT, s->span, "this asks about nothing"),
                         "give the hook an 'object', or write `-> OBJECT` here");
    }
}

void check_steps(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++)
        each_steps(c->model->hooks[i], steps_dead, c);
}

/* ---- classes ---- */

static void steps_classes(void *with, const struct hook *h, const struct row *row, const struct steps *steps, bool fix)
{
    struct checking *c = with;
    const struct defect *defect = row ? row->defect : h->defect;
    unsigned int i;

    for (i = 0; i < steps->n; i++) {
        const struct check *k = &steps->step[i].check;

        if (steps->step[i].kind == STEP_CHECK && k->perm_class != k->class && (fix || !defect))
            finding_help(c, finding(c, &RULE_WRONG_CLASS, steps->step[i].span,
                                    "a permission of class '%s' is asked for in class '%s', where its bit means another",
                                    k->perm_class_name, k->class_name),
                         "write %s:..., or, if the tree really does this, mark it 'defect'", k->perm_class_name);
    }
}

void check_classes(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++)
        each_steps(c->model->hooks[i], steps_classes, c);
}

/* ---- event channels ---- */

static void label_owner(struct checking *c, const struct hook *h, const struct label *l)
{
    const struct param *p;

    if (!l)
        return;
    label_owner(c, h, l->from);
    label_owner(c, h, l->to);
    if (l->kind != LABEL_EVTCHN)
        return;
    for (p = l->param; p > h->params; p--)
        if (p[-1].kind == PARAM_DOMAIN)
            return;
    finding_help(c, finding(c, &RULE_NO_OWNER, l->span, "nobody knows whose event channel '%s' is", l->name),
                 "the domain that holds it is the domain argument before it");
}

static void steps_owner(void *with, const struct hook *h, const struct row *row, const struct steps *steps, bool fix)
{
    struct checking *c = with;
    unsigned int i;

    (void)row;
    (void)fix;
    for (i = 0; i < steps->n; i++) {
        if (steps->step[i].kind != STEP_CHECK)
            continue;
        label_owner(c, h, steps->step[i].check.subject);
        label_owner(c, h, steps->step[i].check.object ? steps->step[i].check.object : h->object);
    }
}

void check_channels(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++)
        each_steps(c->model->hooks[i], steps_owner, c);
}
