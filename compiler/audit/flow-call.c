/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a call does: it is one of the functions known by name (below), or its definitions are walked and what happens in
 * them happens here. A name that is defined more than once, or a member of a struct that several functions are assigned to,
 * may be any of them.
 */
#include <string.h>

#include "audit/flow-inside.h"

enum {
    FOLLOWED_BLINDLY = 2,       /* calls deep into what leads to no check */
    FOLLOWED_CHECKED = 4,       /* calls deep once there was a check: what comes later is only told of */
    FOLLOWED = 10,
    DEEPEST_LOOKUP = 3,
    MOST_EVENTS = 400,
};

/* ---- names ---- */

static bool has_name(const struct walk_names *set, const char *name)
{
    unsigned int i;

    for (i = 0; i < set->n; i++)
        if (set->items[i] == name)
            return true;
    return false;
}

bool flow_is_domain(const struct walk *w, const char *name)
{
    return has_name(&w->domains, name);
}

static void add_name(struct walk *w, struct walk_names *set, const char *name)
{
    if (name && !has_name(set, name))
        *(const char **)arena_push(w->reader->arena, (void **)&set->items, &set->n, &set->cap, sizeof(name)) = name;
}

static bool note_local(const struct act *act, void *data)
{
    struct walk *w = data;

    if (act->kind == ACT_DECLARE)
        add_name(w, act->is_static ? &w->statics : &w->locals, act->name);
    return true;
}

void flow_locals(struct walk *w, unsigned int domains)
{
    const struct tree_function *f = w->function;
    unsigned int i;

    w->body = body_of(w->reader->bodies, f);
    for (i = 0; i < f->n_params; i++) {
        add_name(w, &w->locals, f->params[i].name);
        if (i < 32 && (domains >> i & 1))
            add_name(w, &w->domains, f->params[i].name);
    }
    act_walk(w->body->block, note_local, w);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The variable that an expression like `*a->b[1].c` begins with, interned; NULL if it is another kind of expression. */
static const char *root_of(const struct walk *w, const char *text)
{
    size_t n = 0;

    if (!text)
        return NULL;
    while (*text == '*' || *text == '(' || *text == '&')
        text++;
    while (is_word(text[n]))
        n++;
    if (!n || (text[0] >= '0' && text[0] <= '9'))
        return NULL;
    return names_intern(w->reader->names, text, n);
}

bool flow_is_constant(const char *text)
{
    const char *c;

    if (!text || !((*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9')))
        return false;
    for (c = text; is_word(*c); c++)
        ;
    return !*c;
}

static bool is_global(const struct walk *w, const char *text)
{
    const char *root = root_of(w, text);

    if (!root || has_name(&w->locals, root) || strchr(text, '(') || !strcmp(root, "current"))
        return false;
    return root[0] >= 'a' && root[0] <= 'z';
}

bool flow_is_shared(const struct walk *w, const char *text, bool *of_domain)
{
    const char *root = root_of(w, text);

    *of_domain = root && has_name(&w->domains, root);
    if (!root || (*text == '*' && !has_name(&w->statics, root) && has_name(&w->locals, root)))
        return false;
    if (*of_domain)
        return strstr(text, "->");
    return is_global(w, text);
}

void flow_note_domain(struct walk *w, const char *to, const struct act *value)
{
    if (!value || !to)
        return;
    if (value->kind == ACT_CALL ? flow_callee(w->reader, value->name) == CALLEE_LOOKUP
                                : value->kind == ACT_VALUE && has_name(&w->domains, value->name))
        add_name(w, &w->domains, to);
}

bool flow_loops_over_domains(struct walk *w, const struct act *loop)
{
    const struct act *head = loop->first;

    if (!loop->name || strncmp(loop->name, "for_each_domain", 15))
        return false;
    if (head && head->kind == ACT_VALUE && head->name)
        add_name(w, &w->domains, names_intern(w->reader->names, head->name, strcspn(head->name, ",")));
    return true;
}

/* ---- following ---- */

/* How the callee calls what the caller calls `subject`; NULL if it does not get it. */
const char *flow_handed_on(const struct walk *w, const struct act *call, const struct tree_function *f,
                             unsigned int first, const char *subject)
{
    const struct flow_reader *r = w->reader;
    unsigned int i;

    for (i = 0; i < f->n_params; i++) {
        const struct act *argument = act_arg(call, first + i);
        const char *text = argument ? argument->name : NULL, *param = f->params[i].name;
        size_t len = text ? strlen(text) : 0;

        if (!text || !param)
            continue;
        if (text == subject)
            return param;
        if (!strncmp(subject, text, len) && !strncmp(subject + len, "->", 2))
            return names_get(r->names, arena_printf(r->arena, "%s%s", param, subject + len));
        if (text[0] == '&' && !strncmp(subject, text + 1, len - 1) && subject[len - 1] == '.')
            return names_get(r->names, arena_printf(r->arena, "%s->%s", param, subject + len));
    }
    return NULL;
}

static struct flow_event *import(struct walk *w, const struct act *call, const struct flow_event *e,
                                 const struct states *s)
{
    struct flow_result *flow = w->flow;
    struct flow_step *step;
    struct flow_event *copy;
    unsigned int i;

    for (i = 0; i < flow->n_events; i++)
        if (flow->events[i]->act == e->act && flow->events[i]->kind == e->kind && flow->events[i]->what == e->what &&
            flow->events[i]->via && flow->events[i]->via->call == call)
            return flow->events[i];
    if (flow->n_events >= MOST_EVENTS)
        return NULL;
    copy = walk_new_event(w, e->kind, e->what, e->act, s);
    step = ARENA_NEW(w->reader->arena, struct flow_step);
    *step = (struct flow_step){ .in = w->function, .call = call, .next = e->via };
    copy->via = step;
    copy->in = e->in;
    copy->check = e->check;
    copy->command = e->command;
    copy->empty = e->empty;
    copy->null = e->null;
    copy->of_domain = e->of_domain;
    copy->checked = copy->checked || e->checked;
    return copy;
}

static const struct flow_event *imported(const struct walk *w, const struct flow_event *e)
{
    const struct flow_step *step;
    unsigned int i, deep = 0;

    for (i = 0; e && i < w->flow->n_events; i++)
        if (w->flow->events[i]->act == e->act && w->flow->events[i]->kind == e->kind) {
            for (step = w->flow->events[i]->via; step; step = step->next)
                deep++;
            /* Deeper, it is the hypervisor's own business whom it looks up. */
            return e->kind == FLOW_LOOKUP && deep > DEEPEST_LOOKUP ? NULL : w->flow->events[i];
        }
    return NULL;
}

static const struct flow_event *earlier(const struct flow_event *a, const struct flow_event *b, const struct flow_event *c)
{
    return a ? a : b ? b : c;
}

static void state_after(const struct walk *w, struct flow_state *s, const struct flow_state *end)
{
    if (!s->live || s->checked || !end->live)
        return;
    if (end->checked) {
        *s = (struct flow_state){ .live = true, .checked = true, .null = s->null, .refuted = s->refuted };
        return;
    }
    s->lock = s->lock ? s->lock : imported(w, end->lock);
    if (!s->change && end->change && (!end->change->of_domain || s->lookup || w->given_domains))
        s->change = imported(w, end->change);
    s->lookup = s->lookup ? s->lookup : imported(w, end->lookup);
    s->deferred = s->deferred ? s->deferred : imported(w, end->deferred);
}

/* Returns whether the function can succeed, as far as is known. */
static bool follow(struct walk *w, const struct act *call, const struct tree_function *f, unsigned int first,
                   struct states *s)
{
    const char *subject = NULL;
    const struct flow_result *flow;
    unsigned int i, domains = 0, nulls = 0;

    for (i = 0; w->command && i < w->n_subjects && !subject; i++)
        subject = flow_handed_on(w, call, f, first, w->subjects[i]);
    for (i = 0; i < f->n_params && i < 32; i++) {
        const struct act *argument = act_arg(call, first + i);

        if (!argument || !argument->name)
            continue;
        if (has_name(&w->domains, argument->name))
            domains |= 1u << i;
        if (argument->name == s->good.null || argument->name == s->bad.null)
            nulls |= 1u << i;
    }
    flow = flow_walk(w->reader, f, subject, subject ? w->command : NULL, domains, nulls, w->level + 1, w->arch);
    if (flow->busy)
        return true;
    for (i = 0; i < flow->n_events; i++) {
        const struct flow_event *e = flow->events[i];
        bool checked = (!s->good.live || s->good.checked) && (!s->bad.live || s->bad.checked);
        struct flow_event *copy;

        if (checked && (e->kind == FLOW_LOCK || e->kind == FLOW_CHANGE))
            continue;
        copy = import(w, call, e, s);
        if (!copy || e->kind != FLOW_CHECK || e->checked || checked)
            continue;
        copy->lock = earlier(copy->lock, imported(w, e->lock), earlier(s->good.lock, s->bad.lock, NULL));
        copy->change = earlier(copy->change, imported(w, e->change), earlier(s->good.change, s->bad.change, NULL));
        copy->lookup = earlier(copy->lookup, imported(w, e->lookup), earlier(s->good.lookup, s->bad.lookup, NULL));
        copy->deferred = earlier(copy->deferred, imported(w, e->deferred),
                                 earlier(s->good.deferred, s->bad.deferred, NULL));
    }
    state_after(w, &s->good, &flow->end);
    state_after(w, &s->bad, &flow->end);
    return flow->end.live;
}

static bool both_live(const struct flow_state *a, const struct flow_state *b)
{
    return a->live && b->live;
}

/* After one of several functions: what holds after each. */
static void either(struct flow_state *to, const struct flow_state *other)
{
    if (!both_live(to, other))
        return;
    to->checked = to->checked && other->checked;
    to->lock = to->lock ? to->lock : other->lock;
    to->change = to->change ? to->change : other->change;
    to->lookup = to->lookup ? to->lookup : other->lookup;
    to->deferred = to->deferred ? to->deferred : other->deferred;
}

struct candidates {
    const struct tree_function *f[MOST_TARGETS];
    unsigned int n;
};

static void add_candidates(const struct walk *w, struct candidates *c, const char *name)
{
    const struct tree_function *const *f;
    const struct flow_reader *r = w->reader;
    unsigned int i, n = tree_functions_named(r->tree, name, &f);
    bool here = false;

    /* A static function of this file hides those of others. */
    for (i = 0; i < n; i++)
        here = here || (f[i]->is_static && f[i]->file == w->function->file);
    for (i = 0; i < n && c->n < MOST_TARGETS; i++)
        if ((!here || f[i]->file == w->function->file) && (here || !f[i]->is_static || f[i]->is_inline) &&
            (!w->arch || !f[i]->file->arch || w->arch == f[i]->file->arch) && r->checks.enter(r->checks.context, f[i]))
            c->f[c->n++] = f[i];
}

static bool worth_following(const struct walk *w, const char *name, const struct states *s)
{
    bool checked = (!s->good.live || s->good.checked) && (!s->bad.live || s->bad.checked);

    if (!map_get(&w->reader->reaching, NULL, name))
        return w->level < FOLLOWED_BLINDLY;
    return w->level < (checked ? FOLLOWED_CHECKED : FOLLOWED);
}

static void call_function(struct walk *w, const struct act *call, const char *name, bool indirect, unsigned int first,
                          struct states *s)
{
    const struct flow_reader *r = w->reader;
    struct states before = *s, after = { 0 };
    struct candidates c = { .n = 0 };
    unsigned int i;
    bool some = false;

    if (indirect) {
        const struct tree_pointer *const *p;
        unsigned int n = tree_pointers_of(r->tree, name, &p);

        for (i = 0; i < n && n <= MOST_TARGETS; i++)
            if (worth_following(w, p[i]->target, s))
                add_candidates(w, &c, p[i]->target);
        if (!n || n > MOST_TARGETS)
            walk_event(w, FLOW_LOST, name, call, s);
    } else if (worth_following(w, name, s)) {
        add_candidates(w, &c, name);
    }
    for (i = 0; i < c.n; i++) {
        struct states one = before;
        bool succeeds = follow(w, call, c.f[i], first, &one);

        /* One that only fails, such as another architecture's, says nothing about what holds after success. */
        if (!i || (succeeds && !some)) {
            after = one;
        } else if (succeeds || !some) {
            either(&after.good, &one.good);
            either(&after.bad, &one.bad);
        }
        some = some || succeeds;
    }
    if (c.n)
        *s = after;
    if (c.n && !some)
        w->failed = call;
}

/* The member that `a->b.c` ends with, NULL if it is a plain name. */
static const char *member_of(const struct walk *w, const char *text)
{
    const char *dot = strrchr(text, '.'), *arrow = strstr(text, "->"), *next;

    while (arrow && (next = strstr(arrow + 2, "->")))
        arrow = next;
    if (arrow && (!dot || arrow > dot))
        return names_get(w->reader->names, arrow + 2);
    return dot ? names_get(w->reader->names, dot + 1) : NULL;
}

/* ERROR_EXIT(-EINVAL) and its like: a macro that leaves with an error. */
static bool macro_jumps(struct flow_reader *r, const char *name)
{
    static const char yes[] = "yes", no[] = "no";
    const struct tree_macro *const *m;
    const char *known_already = map_get(&r->jumping, NULL, name);
    unsigned int i, n;

    if (!known_already) {
        known_already = no;
        n = *name >= 'A' && *name <= 'Z' ? tree_macros_named(r->tree, name, &m) : 0;
        for (i = 0; i < n; i++)
            if (m[i]->has_params && strstr(tree_text(r->tree, m[i]->body), "goto "))
                known_already = yes;
        map_put(r->arena, &r->jumping, NULL, name, (void *)known_already);
    }
    return known_already == yes;
}

void walk_call(struct walk *w, const struct act *call, struct states *s)
{
    const struct flow_checks *c = &w->reader->checks;
    const struct act *argument = act_arg(call, 0);
    const char *name = call->name, *text = argument ? argument->name : NULL, *member;
    enum callee callee = flow_callee(w->reader, name);
    unsigned int first = 0, i;
    const void *check;

    if (!name)
        return;
    for (i = 0; (argument = act_arg(call, i)); i++)
        if (argument->name && argument->name[0] == '&')     /* stored into */
            walk_null(s, names_get(w->reader->names, argument->name + 1), false);
    argument = act_arg(call, 0);
    check = c->find(c->context, name);
    if (check) {
        walk_check(w, s, call, check, name);
        return;
    }
    switch (callee) {
    case CALLEE_LOCK:
        if (text && is_global(w, text))
            walk_lock(w, s, call, text);
        return;
    case CALLEE_UNLOCK:
        if (text)
            walk_unlock(s, text);
        return;
    case CALLEE_LOOKUP:
        walk_lookup(w, s, call, name);
        return;
    case CALLEE_LOOKUP_OUT:
        argument = act_arg(call, 1);
        if (argument && argument->name && argument->name[0] == '&')
            add_name(w, &w->domains, names_get(w->reader->names, argument->name + 1));
        walk_lookup(w, s, call, name);
        return;
    case CALLEE_PRIVILEGE:
        walk_event(w, FLOW_PRIVILEGE, name, call, s);
        return;
    case CALLEE_CHANGE:
        if (has_name(&w->domains, text))
            walk_change(w, s, call, name, true);
        return;
    case CALLEE_STOP:
    case CALLEE_SYSTEM:
        return;
    case CALLEE_CALL_FIRST:
        name = text;
        first = 1;
        break;
    case CALLEE_CALL_SECOND:
        argument = act_arg(call, 1);
        name = argument ? argument->name : NULL;
        if (name)
            call_function(w, call, name, true, 2, s);
        return;
    default:
        break;
    }
    if (!name)
        return;
    if (macro_jumps(w->reader, name)) {
        *s = (struct states){ 0 };
        return;
    }
    member = member_of(w, name);
    call_function(w, call, member ? member : name, member, first, s);
}
