/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of dispatch tables: their commands, and the hooks they defer to. */
#include <string.h>

#include "base/buf.h"
#include "base/names.h"
#include "judge/checking.h"
#include "model/print.h"

/* ---- commands ---- */

struct listed {
    struct checking *c;
    struct map keys;                /* by table and command: the row_key */
};

static void one_key(struct listed *l, const struct table *t, const struct row_key *k)
{
    const struct table *outer;

    /* A table inside a row that switches over the same thing is the same table, for this. */
    for (outer = t; outer->parent && expr_equal(outer->parent->table->on, t->on); outer = outer->parent->table)
        continue;
    if (map_get(&l->keys, outer, k->name)) {
        const struct row_key *first = map_get(&l->keys, outer, k->name);

        finding_note(l->c, finding(l->c, &RULE_DUPLICATE_COMMAND, k->span, "command '%s' is listed again", k->name),
                     first->span, "first here");
        return;
    }
    map_put(l->c->arena, &l->keys, outer, k->name, (void *)k);
}

static void check_table(struct listed *l, const struct table *t)
{
    const struct row *star = NULL;
    unsigned int i, j;

    for (i = 0; t && i < t->n_rows; i++) {
        const struct row *r = &t->rows[i];

        if (r->star && star)
            finding_note(l->c, finding(l->c, &RULE_DUPLICATE_COMMAND, r->span, "there are two rows for all other commands"),
                         star->span, "first here");
        else if (r->star && i != t->n_rows - 1)
            finding(l->c, &RULE_MISPLACED_STAR, r->span, "'*' comes last: it is what no other row lists");
        if (r->star)
            star = r;
        for (j = 0; j < r->n_keys; j++)
            one_key(l, t, &r->keys[j]);
        check_table(l, r->sub);
    }
    if (t && !star)
        finding_help(l->c, finding(l->c, &RULE_NO_STAR, t->on->span, "nothing says what a command gets that is not listed"),
                     "end with a row `* control unknown \"...\";`");
}

void check_tables(struct checking *c)
{
    struct listed l = { .c = c };
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++) {
        check_table(&l, c->model->hooks[i]->table);
        check_table(&l, c->model->hooks[i]->flask_table);
    }
}

/* ---- actions ---- */

static void row_action(void *with, const struct hook *h, const struct row *r)
{
    struct checking *c = with;

    if (r->action == ACTION_UNSET)
        return;
    if (h->flask_table)
        finding_help(c, finding(c, &RULE_TWO_DEFAULTS, r->action_span, "a row of `flask on` has no default action"),
                     "write 'on' without 'flask' if the default differs by command");
    else if (h->n_defaults)
        finding_note(c, finding(c, &RULE_TWO_DEFAULTS, r->action_span, "the default is given twice, here and by the hook"),
                     h->defaults[0].span, "the hook's default");
}

void check_actions(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++)
        each_row(c->model->hooks[i], row_action, c);
}

/* ---- deferrals ---- */

static bool lists_rows(const struct hook *h, const struct hook *from)
{
    unsigned int i;

    for (i = 0; i < h->n_within; i++)
        if (h->within[i].kind == WITHIN_ROWS || (h->within[i].kind == WITHIN_HOOK && h->within[i].hook.hook == from))
            return true;
    return false;
}

/* Whether the guard needs this: one of the terms it joins with &&. */
static bool guard_has(const struct expr *guard, const struct expr *term)
{
    if (!guard)
        return false;
    if (guard->kind == EXPR_AND)
        return guard_has(guard->a, term) || guard_has(guard->b, term);
    return expr_equal(guard, term);
}

/* A term of `guard` that neither `a` nor `b` has, or NULL. */
static const struct expr *guard_missing(const struct expr *guard, const struct expr *a, const struct expr *b)
{
    const struct expr *missing;

    if (!guard)
        return NULL;
    if (guard->kind != EXPR_AND)
        return guard_has(a, guard) || guard_has(b, guard) ? NULL : guard;
    missing = guard_missing(guard->a, a, b);
    return missing ? missing : guard_missing(guard->b, a, b);
}

/* A row that defers to several hooks is there with any of them: only what all of them need counts. */
static bool all_need(const struct step *step, const struct expr *term)
{
    unsigned int i;

    for (i = 0; i < step->n_hooks; i++)
        if (!step->hooks[i].hook || !guard_has(step->hooks[i].hook->guard, term))
            return false;
    return true;
}

/* The loosest default a hook can come to by itself. */
static enum action loosest(const struct hook *h)
{
    enum action best = ACTION_UNSET;
    unsigned int i;

    for (i = 0; i < h->n_defaults; i++)
        if (!h->defaults[i].also && (best == ACTION_UNSET || h->defaults[i].action < best))
            best = h->defaults[i].action;
    for (i = 0; h->table && i < h->table->n_rows; i++)
        if (h->table->rows[i].action != ACTION_UNSET && (best == ACTION_UNSET || h->table->rows[i].action < best))
            best = h->table->rows[i].action;
    return best;
}

static bool checks_before(const struct steps *steps, const struct step *step)
{
    const struct step *s;

    for (s = steps->step; s < step; s++)
        if (s->kind == STEP_CHECK && !s->when)
            return true;
    return false;
}

/* The action of a row, or of the row its table is nested in. */
static enum action row_says(const struct row *r)
{
    while (r && r->action == ACTION_UNSET)
        r = r->table->parent;
    return r ? r->action : ACTION_UNSET;
}

static void check_deferral(struct checking *c, const struct hook *h, const struct row *row, const struct steps *steps,
                           const struct step *step, const struct hook_ref *ref)
{
    const struct hook *to = ref->hook;
    const struct expr *missing = guard_missing(to->guard, h->guard, row ? row->guard : NULL);
    enum action action = row_says(row);
    struct buf text = BUF_INIT;

    if (missing && all_need(step, missing)) {
        print_expr(&text, missing, PRINT_LANGUAGE);
        finding_note(c, finding(c, &RULE_GUARD_MISMATCH, ref->span, "without %s this defers to hook '%s', which is not there",
                                buf_text(&text), to->name), to->span, "declared here");
        buf_free(&text);
    }
    if (!to->n_within) {
        finding_help(c, finding(c, &RULE_UNPLACED_HOOK, to->span, "hook '%s' is deferred to, but does not say where it is "
                                "called from", to->name),
                     "write `within rows;` if nothing but such rows leads to it");
        if (action != ACTION_UNSET && loosest(to) < action && loosest(to) != ACTION_UNSET && !checks_before(steps, step)) {
            struct diag *d = finding(c, &RULE_LOOSE_DEFERRAL, ref->span,
                                     "this row says %s, but under Flask it is as open as hook '%s', which can be called "
                                     "by itself and says %s", print_action(action), to->name, print_action(loosest(to)));

            finding_note(c, d, to->span, "declared here");
            finding_help(c, d, "let the row ask for something of its own before 'then', or say where the hook is called from");
        }
    } else if (!lists_rows(to, h)) {
        finding_note(c, finding(c, &RULE_WITHIN_MISMATCH, ref->span, "hook '%s' says that it is not called from here",
                                to->name), to->within[0].span, "it lists its callers here");
    }
}

static void steps_deferrals(void *with, const struct hook *h, const struct row *row, const struct steps *steps, bool fix)
{
    struct checking *c = with;
    unsigned int i, j;

    for (i = 0; i < steps->n && !fix; i++)
        for (j = 0; j < steps->step[i].n_hooks; j++)
            if (steps->step[i].kind == STEP_THEN && steps->step[i].hooks[j].hook)
                check_deferral(c, h, row, steps, &steps->step[i], &steps->step[i].hooks[j]);
}

void check_deferrals(struct checking *c)
{
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++)
        each_steps(c->model->hooks[i], steps_deferrals, c);
}

/* ---- cycles ---- */

/* Longer chains are too long for operations, too, and are found there. */
enum { DEEPEST = 1000 };

struct cycle_search {
    struct checking *c;
    unsigned int depth;
    enum { FRESH, OPEN, DONE } *state;      /* by hook order */
};

static void cycle_visit(struct cycle_search *s, const struct hook *h);

static void cycle_steps(void *with, const struct hook *h, const struct row *row, const struct steps *steps, bool fix)
{
    struct cycle_search *s = with;
    unsigned int i, j;

    (void)row;
    (void)fix;
    for (i = 0; i < steps->n; i++) {
        for (j = 0; j < steps->step[i].n_hooks; j++) {
            const struct hook_ref *ref = &steps->step[i].hooks[j];

            if (!ref->hook)
                continue;
            if (s->state[ref->hook->order] == OPEN)
                finding(s->c, &RULE_CYCLE, ref->span, "from hook '%s' this leads back to '%s'", h->name, ref->name);
            else
                cycle_visit(s, ref->hook);
        }
    }
}

/* `then` and `as` lead on, `within` leads back: followed the other way round it is another circle, and is found as such. */
static void cycle_visit(struct cycle_search *s, const struct hook *h)
{
    if (s->state[h->order] == DONE || s->depth == DEEPEST)
        return;
    s->depth++;
    s->state[h->order] = OPEN;
    each_steps(h, cycle_steps, s);
    s->state[h->order] = DONE;
    s->depth--;
}

static void within_visit(struct cycle_search *s, const struct hook *h)
{
    unsigned int i;

    if (s->state[h->order] == DONE || s->depth == DEEPEST)
        return;
    s->depth++;
    s->state[h->order] = OPEN;
    for (i = 0; i < h->n_within; i++) {
        const struct hook *to = h->within[i].kind == WITHIN_HOOK ? h->within[i].hook.hook : NULL;

        if (to && s->state[to->order] == OPEN)
            finding(s->c, &RULE_CYCLE, h->within[i].span, "hook '%s' cannot come before itself", to->name);
        else if (to)
            within_visit(s, to);
    }
    s->state[h->order] = DONE;
    s->depth--;
}

void check_cycles(struct checking *c)
{
    struct cycle_search s = { c, 0, arena_array(c->arena, c->model->n_hooks, sizeof(*s.state)) };
    unsigned int i;

    for (i = 0; i < c->model->n_hooks; i++)
        cycle_visit(&s, c->model->hooks[i]);
    memset(s.state, 0, c->model->n_hooks * sizeof(*s.state));
    for (i = 0; i < c->model->n_hooks; i++)
        within_visit(&s, c->model->hooks[i]);
}
