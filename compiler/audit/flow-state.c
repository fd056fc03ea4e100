/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States of paths: what they become where paths meet, and when something happens. */
#include "audit/flow-inside.h"

struct flow_state state_join(struct flow_state a, struct flow_state b)
{
    if (!a.live)
        return b;
    if (!b.live)
        return a;
    return (struct flow_state){
        .live = true, .checked = a.checked && b.checked, .lock = a.lock ? a.lock : b.lock,
        .change = a.change ? a.change : b.change, .lookup = a.lookup ? a.lookup : b.lookup,
        .deferred = a.deferred ? a.deferred : b.deferred, .null = a.null ? a.null : b.null,
        .refuted = a.refuted == b.refuted ? a.refuted : NULL,
    };
}

struct states states_join(struct states a, struct states b)
{
    return (struct states){ state_join(a.good, b.good), state_join(a.bad, b.bad), a.bad.live ? a.variable : b.variable };
}

bool states_live(const struct states *s)
{
    return s->good.live || s->bad.live;
}

static void each_state(struct walk *w, struct states *s, void (*change)(struct flow_state *, const struct flow_event *),
                       const struct flow_event *e)
{
    (void)w;
    if (s->good.live)
        change(&s->good, e);
    if (s->bad.live)
        change(&s->bad, e);
}

static void now_checked(struct flow_state *s, const struct flow_event *e)
{
    (void)e;
    s->checked = true;
    s->lock = s->change = s->lookup = s->deferred = NULL;
}

static void now_locked(struct flow_state *s, const struct flow_event *e)
{
    if (!s->checked && !s->lock)
        s->lock = e;
}

static void now_changed(struct flow_state *s, const struct flow_event *e)
{
    if (!s->checked && !s->change)
        s->change = e;
}

/* Only where it may be another domain than the caller. */
static void now_changed_domain(struct flow_state *s, const struct flow_event *e)
{
    if (s->lookup)
        now_changed(s, e);
}

static void now_looked_up(struct flow_state *s, const struct flow_event *e)
{
    if (!s->checked && !s->lookup)
        s->lookup = e;
}

static void now_deferred(struct flow_state *s, const struct flow_event *e)
{
    if (!s->checked && !s->deferred)
        s->deferred = e;
}

struct flow_event *walk_new_event(struct walk *w, enum flow_kind kind, const char *what, const struct act *act,
                                  const struct states *s)
{
    struct flow_result *flow = w->flow;
    struct flow_event *e = ARENA_NEW(w->reader->arena, struct flow_event);

    *e = (struct flow_event){ .kind = kind, .what = what, .in = w->function, .act = act };
    e->checked = (!s->good.live || s->good.checked) && (!s->bad.live || s->bad.checked);
    *(struct flow_event **)arena_push(w->reader->arena, (void **)&flow->events, &flow->n_events, &flow->cap_events,
                                      sizeof(e)) = e;
    return e;
}

struct flow_event *walk_event(struct walk *w, enum flow_kind kind, const char *what, const struct act *act,
                              const struct states *s)
{
    struct flow_result *flow = w->flow;
    unsigned int i;

    for (i = 0; i < flow->n_events; i++)
        if (flow->events[i]->act == act && flow->events[i]->kind == kind && flow->events[i]->what == what &&
            !flow->events[i]->via)
            return flow->events[i];
    return walk_new_event(w, kind, what, act, s);
}

void walk_lock(struct walk *w, struct states *s, const struct act *act, const char *what)
{
    each_state(w, s, now_locked, walk_event(w, FLOW_LOCK, what, act, s));
}

void walk_unlock(struct states *s, const char *what)
{
    if (s->good.lock && s->good.lock->what == what)
        s->good.lock = NULL;
    if (s->bad.lock && s->bad.lock->what == what)
        s->bad.lock = NULL;
}

void walk_change(struct walk *w, struct states *s, const struct act *act, const char *what, bool of_domain)
{
    struct flow_event *e = walk_event(w, FLOW_CHANGE, what, act, s);

    e->of_domain = of_domain;
    each_state(w, s, of_domain && !w->given_domains ? now_changed_domain : now_changed, e);
}

void walk_lookup(struct walk *w, struct states *s, const struct act *act, const char *what)
{
    each_state(w, s, now_looked_up, walk_event(w, FLOW_LOOKUP, what, act, s));
}

void walk_privilege(struct walk *w, struct states *s, const struct act *act, const char *what)
{
    walk_event(w, FLOW_PRIVILEGE, what, act, s);
    each_state(w, s, now_checked, NULL);
}

static const struct flow_event *before(const struct flow_event *good, const struct flow_event *bad)
{
    return good ? good : bad;
}

void walk_check(struct walk *w, struct states *s, const struct act *act, const void *check, const char *what)
{
    const struct flow_checks *c = &w->reader->checks;
    int which = c->command(c->context, check);
    const struct act *argument = which < 0 ? NULL : act_arg(act, (unsigned int)which);
    const char *text = argument ? argument->name : NULL;
    struct flow_event *e = walk_event(w, FLOW_CHECK, what, act, s);
    unsigned int i;

    e->check = check;
    for (i = 0; (argument = act_arg(act, i)); i++)
        if (argument->name && (argument->name == s->good.null || argument->name == s->bad.null))
            e->null = i + 1;
    e->command = text;
    e->empty = c->empty(c->context, check, act, walk_is_subject(w, text) ? w->command : text);
    e->lock = before(e->lock, before(s->good.lock, s->bad.lock));
    e->change = before(e->change, before(s->good.change, s->bad.change));
    e->lookup = before(e->lookup, before(s->good.lookup, s->bad.lookup));
    e->deferred = before(e->deferred, before(s->good.deferred, s->bad.deferred));
    each_state(w, s, e->empty ? now_deferred : now_checked, e);
}

static void set_null(struct flow_state *s, const char *name, bool is_null)
{
    if (is_null && s->live)
        s->null = name;
    else if (s->null == name)
        s->null = NULL;
}

void walk_null(struct states *s, const char *name, bool is_null)
{
    set_null(&s->good, name, is_null);
    set_null(&s->bad, name, is_null);
}
