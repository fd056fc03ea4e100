/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every pair of operations is asked everything on both sides. What differs becomes one change; pairs that differ in the
 * same way because of the same hook are told together.
 */
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/names.h"
#include "judge/effective.h"
#include "model/print.h"
#include "review/cases.h"
#include "review/match.h"
#include "review/words.h"

struct reviewer {
    struct changes *out;
    struct arena *arena;
    struct names *names;
    const struct model *old_model, *new_model;
    struct effective *old_side, *new_side;
    struct cases old, new;
    LIST(const char *) old_perms, new_perms;    /* that Flask asks in some case of the pair */
    LIST(const char *) keys;                    /* of the changes so far: what must agree to be told together */
    unsigned int first;                         /* the first change that is ours */
    bool wordless;
};

/* ---- what a stage says, answers aside ---- */

static void print_clauses(struct buf *out, const struct hook *h)
{
    unsigned int i;

    for (i = 0; i < h->n_defaults; i++) {
        const struct default_clause *c = &h->defaults[i];

        buf_printf(out, "%s %s ", c->also ? "also" : "default", print_action(c->action));
        print_label(out, c->on);
        if (c->when) {
            buf_puts(out, " when ");
            print_expr(out, c->when, PRINT_LANGUAGE);
        }
        print_guard(out, c->guard);
        buf_puts(out, "; ");
    }
}

/* The stage's own default and checks, as a text that is the same for the same. */
static void print_shape(struct buf *out, const struct stage *s, bool fixed)
{
    enum action action = stage_action(s, fixed);

    if (action != ACTION_UNSET)
        buf_puts(out, print_action(action));
    else
        print_clauses(out, s->hook);
    buf_puts(out, " | ");
    print_label(out, s->hook->subject);
    buf_puts(out, " -> ");
    print_label(out, s->hook->object);
    buf_puts(out, s->hook->object_reserved ? " or hypervisor | " : " | ");
    print_steps(out, stage_flask(s, fixed));
}

static const char *shape(struct reviewer *r, const struct stage *s, bool fixed)
{
    struct buf out = BUF_INIT;
    const char *text;

    print_shape(&out, s, fixed);
    text = names_get(r->names, buf_text(&out));
    buf_free(&out);
    return text;
}

/* How the way to an operation compares: the same; the same checks in other words; other checks. */
enum route { ROUTE_SAME, ROUTE_REWORDED, ROUTE_OTHER };

/* The default actions of a stage, conditions aside. */
static bool same_actions(const struct stage *s, const struct stage *t, bool fixed)
{
    enum action a = stage_action(s, fixed), b = stage_action(t, fixed);
    unsigned int i;

    if (a != b || a != ACTION_UNSET)
        return a == b;
    for (i = 0; i < s->hook->n_defaults && i < t->hook->n_defaults; i++)
        if (s->hook->defaults[i].action != t->hook->defaults[i].action)
            return false;
    return s->hook->n_defaults == t->hook->n_defaults;
}

static enum route compare_routes(struct reviewer *r, const struct operation_pair *p, bool fixed)
{
    enum route route = ROUTE_SAME;
    unsigned int i;

    if (!p->old || !p->new || p->old->n_stages != p->new->n_stages || p->old->asker != p->new->asker)
        return ROUTE_OTHER;
    if (strcmp(p->old->path, p->new->path))
        route = ROUTE_REWORDED;
    for (i = 0; i < p->old->n_stages; i++) {
        const struct stage *s = &p->old->stages[i], *t = &p->new->stages[i];

        if (match_hook(r->old_model, r->new_model, s->hook) != t->hook || !same_actions(s, t, fixed))
            return ROUTE_OTHER;
        if (shape(r, s, fixed) != shape(r, t, fixed))
            route = ROUTE_REWORDED;
    }
    return route;
}

/* ---- one pair ---- */

static void note_perms(struct reviewer *r)
{
    unsigned int i;

    for (i = 0; i < r->old.atoms.n; i++)
        *LIST_PUSH(r->arena, &r->old_perms) = r->old.atoms.items[i].perm;
    for (i = 0; i < r->new.atoms.n; i++)
        *LIST_PUSH(r->arena, &r->new_perms) = r->new.atoms.items[i].perm;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static unsigned int sort_unique(const char **items, unsigned int n)
{
    unsigned int i, kept = 0;

    if (n)
        qsort(items, n, sizeof(*items), by_text);
    for (i = 0; i < n; i++)
        if (!kept || items[kept - 1] != items[i])
            items[kept++] = items[i];
    return kept;
}

/* What the pair's two lists of permissions have alone and in common. */
static void flask_perms(struct reviewer *r, struct flask_change *f)
{
    unsigned int i = 0, j = 0;

    r->old_perms.n = sort_unique(r->old_perms.items, r->old_perms.n);
    r->new_perms.n = sort_unique(r->new_perms.items, r->new_perms.n);
    f->dropped = arena_array(r->arena, r->old_perms.n, sizeof(*f->dropped));
    f->kept = arena_array(r->arena, r->old_perms.n, sizeof(*f->kept));
    f->added = arena_array(r->arena, r->new_perms.n, sizeof(*f->added));
    while (i < r->old_perms.n || j < r->new_perms.n) {
        const char *p = i < r->old_perms.n ? r->old_perms.items[i] : NULL;
        const char *q = j < r->new_perms.n ? r->new_perms.items[j] : NULL;
        int order = !p ? 1 : !q ? -1 : strcmp(p, q);

        if (order < 0)
            f->dropped[f->n_dropped++] = p;
        else if (order > 0)
            f->added[f->n_added++] = q;
        else
            f->kept[f->n_kept++] = p;
        i += order <= 0;
        j += order >= 0;
    }
    f->objects = !f->n_dropped && !f->n_added;
}

static void collect(struct reviewer *r, struct cases *c, struct effective *e, const struct operation *op, bool unchecked,
                    enum domain_kind kind, enum relation rel)
{
    if (op)
        cases_collect(c, e, op, kind, rel);
    else
        cases_constant(c, unchecked);
    (void)r;
}

/* How it ends when everything is granted, where that is the same in all cases; "" where it is not. */
static const char *ending_name(const struct cases *c, const char *before)
{
    static const char *const names[] = { [END_ALLOWED] = "allowed", [END_REFUSED] = "refused", [END_UNKNOWN] = "unknown" };
    unsigned int i;

    for (i = 0; i < c->items.n; i++) {
        const char *name = names[c->items.items[i].ending];

        if (before && strcmp(before, name))
            return "";
        before = name;
    }
    return before;
}

static void add_answer(struct reviewer *r, struct change *c, const struct comparison *x, const struct outcome *o,
                       bool allowed, enum domain_kind kind, enum relation rel)
{
    struct answer_change *a;

    if (!o->n)
        return;
    a = LIST_PUSH(r->arena, &c->answers);
    a->subject = kind;
    a->relation = rel;
    a->allowed = allowed;
    a->build = literals_text(r->arena, o->build, o->n_build);
    if (o->n == x->n)
        return;
    a->when = literals_text(r->arena, o->when, o->n_when);
    if (!a->when && !a->build)
        a->when = "in some cases";
}

/* The condition under which Flask's question changed; kept as long as all say the same. */
static void note_flask(struct reviewer *r, struct change *c, const struct comparison *x, bool first)
{
    unsigned int g;

    for (g = GRADE_MOVED; g < N_GRADES; g++) {
        const char *build;

        if (!x->flask[g].n)
            continue;
        build = literals_text(r->arena, x->flask[g].build, x->flask[g].n_build);
        if (c->flask.grade == GRADE_SAME && first)
            c->flask.build = build;
        else if (!build || !c->flask.build || strcmp(build, c->flask.build))
            c->flask.build = NULL;
        if (g > c->flask.grade)
            c->flask.grade = (enum grade)g;
    }
}

static bool is_possible(const struct operation *op, enum domain_kind kind, enum relation rel)
{
    return op && effective_relation(op, kind, rel);
}

/* An operation without an object answers for every relation the other side knows. */
static bool is_asked(const struct operation_pair *p, enum domain_kind kind, enum relation rel)
{
    bool old_any = p->old && p->old->object < 0, new_any = p->new && p->new->object < 0;

    if (rel == REL_HYPERVISOR && p->old && p->new && old_any != new_any)
        return false;
    return is_possible(p->old, kind, rel) || is_possible(p->new, kind, rel);
}

static enum grade answers_grade(const struct change *c)
{
    enum grade g = GRADE_SAME;
    unsigned int i;

    for (i = 0; i < c->answers.n; i++) {
        enum grade own = c->answers.items[i].allowed ? GRADE_LOOSER : GRADE_STRICTER;

        if (own > g)
            g = own;
    }
    return g;
}

/* The innermost stage of the side that differs from the other side's; the last one if none does. */
static const struct stage *cause(struct reviewer *r, const struct operation *op, const struct operation *other, bool fixed)
{
    unsigned int i, j;

    for (i = op->n_stages; other && i--; ) {
        const char *own = shape(r, &op->stages[i], fixed);
        bool same = false;

        for (j = 0; j < other->n_stages; j++)
            same |= other->stages[j].hook->name == op->stages[i].hook->name && shape(r, &other->stages[j], fixed) == own;
        if (!same)
            return &op->stages[i];
    }
    return operation_last(op);
}

/* What has to agree for two pairs to be told together. */
static const char *change_key(struct reviewer *r, const struct change *c, const struct hook *because)
{
    struct buf out = BUF_INIT;
    const char *text;
    unsigned int i;

    buf_printf(&out, "%s %d %d %d", because->name, (int)c->grade, (int)c->before, (int)c->after);
    for (i = 0; i < c->answers.n; i++) {
        const struct answer_change *a = &c->answers.items[i];

        buf_printf(&out, "|%d %d %d %s %s", (int)a->subject, (int)a->relation, a->allowed, a->when ? a->when : "",
                   a->build ? a->build : "");
    }
    buf_printf(&out, "|%d %d %s", (int)c->flask.grade, c->flask.objects, c->flask.build ? c->flask.build : "");
    for (i = 0; c->flask.grade != GRADE_SAME && i < c->flask.n_dropped; i++)
        buf_printf(&out, "-%s", c->flask.dropped[i]);
    for (i = 0; c->flask.grade != GRADE_SAME && i < c->flask.n_added; i++)
        buf_printf(&out, "+%s", c->flask.added[i]);
    buf_printf(&out, "|%s %s", c->flask.ends_old ? c->flask.ends_old : "", c->flask.ends_new ? c->flask.ends_new : "");
    text = names_get(r->names, buf_text(&out));
    buf_free(&out);
    return text;
}

static bool span_equal(struct span a, struct span b)
{
    return a.file == b.file && a.start == b.start && a.end == b.end;
}

/* Adds the change, or the pair to one that is the same. */
static void add_change(struct reviewer *r, struct change *c, const struct operation_pair *p, bool fixed)
{
    const struct operation *op = operation_told(p);
    const struct stage *old = p->old ? cause(r, p->old, p->new, fixed) : NULL;
    const struct stage *new = p->new ? cause(r, p->new, p->old, fixed) : NULL;
    const char *key = change_key(r, c, (new ? new : old)->hook);
    unsigned int i;

    for (i = 0; i < r->keys.n; i++)
        if (r->keys.items[i] == key) {
            struct change *known = &r->out->items.items[r->first + i];

            *LIST_PUSH(r->arena, &known->pairs) = *p;
            /* Several rows, or one hook behind several: the hook is what they have in common. */
            if (old && !span_equal(known->place.old, stage_span(old)))
                known->place.old = old->hook->span;
            if (new && !span_equal(known->place.new, stage_span(new)))
                known->place.new = new->hook->span;
            return;
        }
    *LIST_PUSH(r->arena, &r->keys) = key;
    c->about = ABOUT_OPERATION;
    c->name = op->path;
    if (old)
        c->place.old = stage_span(old);
    if (new)
        c->place.new = stage_span(new);
    *LIST_PUSH(r->arena, &c->pairs) = *p;
    *LIST_PUSH(r->arena, &r->out->items) = *c;
}

static void review_pair(struct reviewer *r, const struct operation_pair *p, bool fixed)
{
    struct change c = { .grade = GRADE_SAME };
    unsigned int kind, rel, differing = 0;
    enum route route;

    r->old_perms.n = r->new_perms.n = 0;
    for (kind = 0; kind < N_SUBJECT_KINDS; kind++)
        for (rel = 0; rel < N_RELATIONS; rel++) {
            struct comparison x;

            if (!is_asked(p, (enum domain_kind)kind, (enum relation)rel))
                continue;
            collect(r, &r->old, r->old_side, p->old, false, (enum domain_kind)kind, (enum relation)rel);
            collect(r, &r->new, r->new_side, p->new, true, (enum domain_kind)kind, (enum relation)rel);
            if (p->old && !r->old.items.n)
                cases_constant(&r->old, false);
            if (p->new && !r->new.items.n)
                cases_constant(&r->new, false);
            note_perms(r);
            if (p->old)
                c.flask.ends_old = ending_name(&r->old, c.flask.ends_old);
            if (p->new)
                c.flask.ends_new = ending_name(&r->new, c.flask.ends_new);
            cases_compare(&x, &r->old, &r->new, actor_subject((enum domain_kind)kind));
            add_answer(r, &c, &x, &x.looser, true, (enum domain_kind)kind, (enum relation)rel);
            add_answer(r, &c, &x, &x.stricter, false, (enum domain_kind)kind, (enum relation)rel);
            note_flask(r, &c, &x, !differing);
            differing += c.flask.grade != GRADE_SAME;
            c.incomplete |= x.incomplete;
        }
    flask_perms(r, &c.flask);
    c.grade = answers_grade(&c);
    if (c.flask.grade > c.grade && p->old && p->new)
        c.grade = c.flask.grade;
    if (!p->new && c.flask.n_dropped)
        c.grade = GRADE_LOOSER;
    if (!p->old || !p->new)
        c.flask.grade = GRADE_SAME;
    route = compare_routes(r, p, fixed);
    c.rerouted = route == ROUTE_OTHER;
    c.incomplete &= route != ROUTE_SAME;
    if (c.incomplete)
        c.grade = GRADE_LOOSER;
    if (c.grade == GRADE_SAME && route != ROUTE_SAME)
        c.grade = c.rerouted ? GRADE_MOVED : GRADE_TEXT;
    if (c.grade == GRADE_SAME || (c.grade == GRADE_TEXT && r->wordless))
        return;
    c.before = p->old ? operation_reach(r->old_side, p->old, NULL) : REACH_NOBODY;
    c.after = p->new ? operation_reach(r->new_side, p->new, NULL) : REACH_ANYONE;
    add_change(r, &c, p, fixed);
}

void review_operations(struct changes *c, struct names *n, const struct model *old, const struct model *new,
                       const struct match *m, bool fixed, bool wordless)
{
    struct reviewer r = { .wordless = wordless, .out = c, .arena = c->arena, .names = n, .old_model = old, .new_model = new,
                          .first = c->items.n };
    unsigned int i;

    r.old_side = effective_create(c->arena, NULL, fixed);
    r.new_side = effective_create(c->arena, NULL, fixed);
    cases_init(&r.old, c->arena, n);
    cases_init(&r.new, c->arena, n);
    for (i = 0; i < m->pairs.n; i++)
        review_pair(&r, &m->pairs.items[i], fixed);
    for (i = r.first; i < c->items.n; i++)
        words_fill(c->arena, &c->items.items[i], old, new);
}
