/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on the paths of commands: what happens before a check, and what without one. */
#include <string.h>

#include "audit/audit-inside.h"

enum { MOST_LISTED = 20 };

const char *audit_place(const struct audit *a, struct span span)
{
    const struct tree_file *file = tree_file_of(a->tree, span);
    struct place p = source_place(a->sources, span);

    return arena_printf(a->arena, "%s:%u", file ? file->path : p.path, p.line);
}

void audit_trail(struct audit *a, struct diag *diag, const struct flow_event *e)
{
    const struct flow_step *step;

    for (step = e->via; step; step = step->next)
        diag_note(a->diags, diag, step->call->span, "called here, in '%s'", step->in->name);
}

/* What to call a command in a message. */
static const char *command_name(const struct command *c)
{
    return c->name ? c->name : c->of->name;
}

/* One finding for all commands that come the same way: the check and what is before it. */
struct late {
    const struct flow_event *check, *before, *deferred;
    LIST(const struct command *) commands;
};

struct lates {
    struct audit *audit;
    LIST(struct late) list;
};

static void add_late(struct lates *l, const struct command *c, const struct flow_event *check, const struct flow_event *before)
{
    struct late *late = NULL;
    unsigned int i;

    for (i = 0; i < l->list.n && !late; i++)
        if (l->list.items[i].check->act == check->act && l->list.items[i].before->act == before->act &&
            !l->list.items[i].deferred == !check->deferred)
            late = &l->list.items[i];
    if (!late) {
        late = LIST_PUSH(l->audit->arena, &l->list);
        late->check = check;
        late->before = before;
        late->deferred = check->deferred;
    }
    for (i = 0; i < late->commands.n; i++)
        if (command_name(late->commands.items[i]) == command_name(c))
            return;
    *LIST_PUSH(l->audit->arena, &late->commands) = c;
}

/* "'A' and 3 other commands" */
static const char *names_of(struct audit *a, const struct command *const *c, unsigned int n)
{
    if (n == 1)
        return arena_printf(a->arena, "'%s'", command_name(c[0]));
    if (n == 2)
        return arena_printf(a->arena, "'%s' and '%s'", command_name(c[0]), command_name(c[1]));
    return arena_printf(a->arena, "'%s' and %u other commands", command_name(c[0]), n - 1);
}

static void note_others(struct audit *a, struct diag *d, const struct command *const *c, unsigned int n)
{
    unsigned int i;

    for (i = 1; n > 2 && i < n && i < MOST_LISTED; i++)
        diag_note(a->diags, d, c[i]->span, "'%s' comes this way, too", command_name(c[i]));
}

static void report_late(struct audit *a, const struct late *late)
{
    const struct flow_event *before = late->before;
    const char *what = before->kind == FLOW_LOCK ? "is locked" : "is changed";
    const char *name = before->what[0] == '&' ? before->what + 1 : before->what;
    struct diag *d;

    if (before->act->kind == ACT_CALL && before->kind == FLOW_CHANGE)
        what = "has been called";
    if (late->deferred)
        d = diag_add(a->diags, &RULE_DEFERRED_CHECK, late->check->act->span,
                     "Flask lets %s through to '%s', before which '%s' %s", names_of(a, late->commands.items, late->commands.n), late->check->what, name, what);
    else
        d = diag_add(a->diags, &RULE_LATE_CHECK, late->check->act->span, "%s: '%s' comes after '%s' %s", names_of(a, late->commands.items, late->commands.n),
                     late->check->what, name, what);
    diag_declare(a->diags, d, late->check->in->name);
    diag_note(a->diags, d, before->act->span, "'%s' %s here", name, what);
    if (late->check->change && late->check->change != before)
        diag_note(a->diags, d, late->check->change->act->span, "'%s' is changed here", late->check->change->what);
    if (late->deferred)
        diag_note(a->diags, d, late->deferred->act->span, "the check before it, which Flask passes over");
    audit_trail(a, d, late->check);
    note_others(a, d, late->commands.items, late->commands.n);
}

static void check_late(struct lates *l, const struct command *c)
{
    unsigned int i;

    for (i = 0; i < c->flow->n_events; i++) {
        const struct flow_event *e = c->flow->events[i];

        if (e->kind != FLOW_CHECK || e->empty || e->checked)
            continue;
        if (e->lock || e->change)
            add_late(l, c, e, e->lock ? e->lock : e->change);
    }
}

/* One finding for all commands that end with the same thing unchecked. */
struct unchecked {
    const struct flow_event *event;
    LIST(const struct command *) commands;
};

struct uncheckeds {
    struct audit *audit;
    LIST(struct unchecked) list;
};

static void add_unchecked(struct uncheckeds *l, const struct command *c, const struct flow_event *e)
{
    struct unchecked *u = NULL;
    unsigned int i;

    for (i = 0; i < l->list.n && !u; i++)
        if (l->list.items[i].event->act == e->act)
            u = &l->list.items[i];
    if (!u) {
        u = LIST_PUSH(l->audit->arena, &l->list);
        u->event = e;
    }
    for (i = 0; i < u->commands.n; i++)
        if (command_name(u->commands.items[i]) == command_name(c))
            return;
    *LIST_PUSH(l->audit->arena, &u->commands) = c;
}

static void report_unchecked(struct audit *a, const struct unchecked *u)
{
    const struct flow_event *e = u->event;
    const char *names = names_of(a, u->commands.items, u->commands.n);
    struct diag *d;

    if (e->kind == FLOW_LOOKUP)
        d = diag_add(a->diags, &RULE_UNCHECKED_DOMAIN, e->act->span,
                     "%s: another domain is had through '%s', without a check on every path", names, e->what);
    else
        d = diag_add(a->diags, &RULE_UNCHECKED_STATE, e->act->span, "%s: '%s' is changed, without a check on every path", names,
                     e->what);
    diag_declare(a->diags, d, e->in->name);
    audit_trail(a, d, e);
    note_others(a, d, u->commands.items, u->commands.n);
}

static void check_end(struct uncheckeds *l, const struct command *c)
{
    const struct flow_state *end = &c->flow->end;
    struct audit *a = l->audit;
    struct diag *d;

    if (!end->live || end->checked)
        return;
    if (end->deferred) {
        d = diag_add(a->diags, &RULE_LOST_DEFERRAL, c->span, "Flask lets '%s' through at '%s', and not every path has a later check",
                     command_name(c), end->deferred->what);
        diag_declare(a->diags, d, c->of->function->name);
        diag_note(a->diags, d, end->deferred->act->span, "the check that Flask passes over");
        return;
    }
    if (end->lookup)
        add_unchecked(l, c, end->lookup);
    if (end->change && !(end->lookup && end->change->of_domain))
        add_unchecked(l, c, end->change);
}

/* ---- one hook, two meanings ---- */

struct uses {
    const struct flow_event *behind, *alone;    /* behind another check, or not */
    const struct command *behind_of, *alone_of;
};

/* A call that no command comes to, NULL if there is none: an interrupt, a trap, the hypervisor's own doing. */
static const struct tree_call *elsewhere(const struct audit_hook *h, const struct map *reached)
{
    unsigned int i;

    for (i = 0; i < h->n_calls; i++)
        if (!map_get(reached, NULL, (const char *)(h->calls[i]->function->file->text + h->calls[i]->span.start)))
            return h->calls[i];
    return NULL;
}

/* A check that leaves the default decision to one before it must not stand alone anywhere. */
static void check_meanings(struct audit *a)
{
    struct uses *uses = arena_array(a->arena, a->n_hooks, sizeof(*uses));
    struct map reached = { 0 };     /* calls, by where they stand in the text */
    unsigned int i, k;

    for (i = 0; i < a->commands.n; i++) {
        const struct command *c = &a->commands.items[i];

        for (k = 0; k < c->flow->n_events; k++) {
            const struct flow_event *e = c->flow->events[k];
            const struct audit_hook *h = e->kind == FLOW_CHECK ? e->check : NULL;
            struct uses *u = h ? &uses[h - a->hooks] : NULL;

            if (h)
                map_put(a->arena, &reached, NULL, e->in->file->text + e->act->span.start, a);
            if (!h || !h->action || strcmp(h->action, "XSM_HOOK"))
                continue;
            if (!e->checked && !e->deferred && !u->alone) {
                u->alone = e;
                u->alone_of = c;
            } else if (e->deferred && !u->behind) {
                u->behind = e;
                u->behind_of = c;
            }
        }
    }
    for (i = 0; i < a->n_hooks; i++) {
        const struct uses *u = &uses[i];
        const struct tree_call *call = u->behind ? elsewhere(&a->hooks[i], &reached) : NULL;
        struct diag *d;

        if (call) {
            d = diag_add(a->diags, &RULE_TWO_MEANINGS, call->span,
                         "no hypercall leads to this '%s', whose default is that everybody may; for '%s' it stands behind '%s'",
                         a->hooks[i].wrapper, command_name(u->behind_of), u->behind->deferred->what);
            diag_declare(a->diags, d, call->function->name);
            diag_note(a->diags, d, u->behind->act->span, "called for '%s' here", command_name(u->behind_of));
            diag_help(a->diags, d, "give each its own hook");
        }
        if (!u->behind || !u->alone)
            continue;
        d = diag_add(a->diags, &RULE_TWO_MEANINGS, u->alone->act->span,
                     "for '%s' nothing is asked before '%s', whose default is that everybody may; for '%s' it stands behind '%s'",
                     command_name(u->alone_of), u->alone->what, command_name(u->behind_of), u->behind->deferred->what);
        diag_declare(a->diags, d, u->alone->in->name);
        diag_note(a->diags, d, u->behind->act->span, "called for '%s' here", command_name(u->behind_of));
        diag_help(a->diags, d, "give each its own hook");
    }
}

void audit_paths(struct audit *a)
{
    struct lates l = { .audit = a };
    struct uncheckeds u = { .audit = a };
    unsigned int i;

    for (i = 0; i < a->commands.n; i++) {
        check_late(&l, &a->commands.items[i]);
        check_end(&u, &a->commands.items[i]);
    }
    for (i = 0; i < l.list.n; i++)
        report_late(a, &l.list.items[i]);
    for (i = 0; i < u.list.n; i++)
        report_unchecked(a, &u.list.items[i]);
    check_meanings(a);
}
