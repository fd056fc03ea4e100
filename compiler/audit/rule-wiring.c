/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on what belongs together: hypercalls' commands and Flask's cases, hooks and rows, guards, a tree and its database. */
#include <string.h>

#include "audit/audit-inside.h"

/* A command hook's commands: those of its callers, those of Flask, those of the dummy policy. */
struct wiring {
    const struct audit_hook *hook;
    struct flow_labels handled, flask, dummy;
};

static bool has_label(const struct flow_labels *labels, const char *name)
{
    unsigned int i;

    for (i = 0; i < labels->n; i++)
        if (labels->items[i].name == name)
            return true;
    return false;
}

struct find_call {
    struct span span;
    const struct act *found;
};

static bool visit_call(const struct act *act, void *data)
{
    struct find_call *find = data;

    if (act->kind == ACT_CALL && act->span.start == find->span.start && act->span.end == find->span.end)
        find->found = act;
    return !find->found;
}

/* The call as an act, NULL if the body could not be read there. */
static const struct act *act_of(const struct audit *a, const struct tree_call *call)
{
    struct find_call find = { .span = call->span };

    act_walk(body_of(a->bodies, call->function)->block, visit_call, &find);
    return find.found;
}

static void add_label(struct audit *a, struct flow_labels *to, const struct flow_label *l)
{
    if (!has_label(to, l->name))
        *(struct flow_label *)arena_push(a->arena, (void **)&to->items, &to->n, &to->cap, sizeof(*l)) = *l;
}

/* Whether the function gets to this call when it is asked for that command. */
static bool comes_to(struct audit *a, const struct tree_function *f, const char *subject, const char *command,
                     const struct act *call)
{
    const struct flow_result *flow = flow_of(a->calls, f, subject, command);
    unsigned int i;

    for (i = 0; i < flow->n_events; i++)
        if (flow->events[i]->act == call)
            return true;
    return false;
}

static void add_handled(struct audit *a, struct wiring *w, const struct tree_call *call)
{
    const struct act *act = act_of(a, call);
    const struct act *argument = act ? act_arg(act, (unsigned int)w->hook->command + w->hook->has_action) : NULL;
    struct flow_labels labels = { 0 };
    unsigned int i;

    if (!argument || !argument->name)
        return;
    if (flow_is_constant(argument->name)) {
        add_label(a, &w->handled, &(struct flow_label){ argument->name, argument, call->function });
        return;
    }
    flow_labels(a->calls, call->function, argument->name, &labels);
    for (i = 0; i < labels.n; i++)
        if (comes_to(a, call->function, argument->name, labels.items[i].name, act))
            add_label(a, &w->handled, &labels.items[i]);
}

static const char *list_of(const struct audit_hook *h)
{
    return h->flask ? h->flask->name : "Flask";
}

static void check_unwired(struct audit *a, const struct wiring *w)
{
    unsigned int i;

    for (i = 0; w->hook->flask && w->flask.n && i < w->handled.n; i++) {
        const struct flow_label *l = &w->handled.items[i];
        struct diag *d;

        if (has_label(&w->flask, l->name) || !hook_flask(a, w->hook, l->name).unknown)
            continue;
        d = diag_add(a->diags, &RULE_UNWIRED_COMMAND, l->act->span, "'%s' is handled here, but '%s' has no case for it",
                     l->name, list_of(w->hook));
        diag_declare(a->diags, d, l->in->name);
        diag_note(a->diags, d, w->hook->flask->name_span, "it would have to stand in here");
        diag_help(a->diags, d, "give it a permission of its own there, or that of a command with the same meaning");
    }
}

static void check_unhandled(struct audit *a, const struct wiring *w, const struct flow_labels *known, const char *who)
{
    unsigned int i;

    for (i = 0; w->handled.n && i < known->n; i++) {
        const struct flow_label *l = &known->items[i];
        struct diag *d;

        if (has_label(&w->handled, l->name))
            continue;
        d = diag_add(a->diags, &RULE_UNHANDLED_COMMAND, l->act->span,
                     "%s decides on '%s', which no caller of '%s' handles", who, l->name, w->hook->wrapper);
        diag_declare(a->diags, d, l->in->name);
    }
}

/* ---- guards ---- */

struct conditions {
    const char *items[16];
    unsigned int n;
};

static void add_condition(struct conditions *c, const char *text)
{
    unsigned int i;

    for (i = 0; i < c->n; i++)
        if (!strcmp(c->items[i], text))
            return;
    if (c->n < sizeof(c->items) / sizeof(c->items[0]))
        c->items[c->n++] = text;
}

/* Splits "a && b" at the top level: conditions that all have to hold. "defined(X)" becomes "X". */
static void split(struct audit *a, struct conditions *c, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "&&");
        size_t len = end ? (size_t)(end - text) : strlen(text);
        const char *one;

        if (strstr(text, "||"))
            len = strlen(text);
        while (len && (text[len - 1] == ' '))
            len--;
        one = names_intern(a->names, text, len);
        if (!strncmp(one, "defined(", 8) && one[len - 1] == ')')
            one = names_intern(a->names, one + 8, len - 9);
        add_condition(c, one);
        text += len;
        while (*text == ' ' || *text == '&')
            text++;
    }
}

static struct conditions conditions_of(struct audit *a, const struct tree_file *file, const struct tree_guard *guard)
{
    struct conditions c = { .n = 0 };

    for (; guard; guard = guard->up)
        /* These say which of two sets of hooks is seen, not which are built. */
        if (!strstr(guard->cond, "XSM_NO_WRAPPERS") && !strstr(guard->cond, "(CONFIG_XSM)"))
            split(a, &c, guard->cond);
    if (file->arch)
        add_condition(&c, !strcmp(file->arch, "x86") ? "CONFIG_X86" : !strcmp(file->arch, "arm") ? "CONFIG_ARM" : file->arch);
    return c;
}

/* A condition that `c` has and `other` has not, NULL if there is none. */
static const char *beyond(const struct conditions *c, const struct conditions *other)
{
    unsigned int i, k;

    for (i = 0; i < c->n; i++) {
        for (k = 0; k < other->n && strcmp(c->items[i], other->items[k]); k++)
            ;
        if (k == other->n)
            return c->items[i];
    }
    return NULL;
}

static void drift(struct audit *a, const struct audit_hook *h, const struct tree_file *file, const struct tree_guard *guard,
                  struct span span, const char *what, const struct conditions *dummy)
{
    struct conditions c = conditions_of(a, file, guard);
    const char *more = beyond(&c, dummy), *less = beyond(dummy, &c);
    struct diag *d;

    if (!more && !less)
        return;
    d = diag_add(a->diags, &RULE_GUARD_DRIFT, span, "%s of '%s' is built %s '%s', and its function in the dummy policy %s",
                 what, h->name, more ? "only with" : "without regard to", more ? more : less,
                 more ? "without regard to that" : "only with that");
    diag_note(a->diags, d, h->dummy->name_span, "the function");
}

static void check_guards(struct audit *a, const struct audit_hook *h)
{
    struct conditions dummy = conditions_of(a, h->dummy->file, h->dummy->guard);
    const struct tree_function *const *f;
    unsigned int i, n = tree_functions_named(a->tree, h->wrapper, &f);

    for (i = 0; i < n; i++)
        if (f[i] != h->dummy && f[i]->file != h->dummy->file && hooks_own_file(f[i]->file))
            drift(a, h, f[i]->file, f[i]->guard, f[i]->name_span, "the wrapper", &dummy);
    if (h->dummy_row)
        drift(a, h, h->dummy_row->file, h->dummy_row->guard, h->dummy_row->span, "the row in the dummy policy's table",
              &dummy);
    if (h->flask_row)
        drift(a, h, h->flask_row->file, h->flask_row->guard, h->flask_row->span, "the row in Flask's table", &dummy);
    if (h->silo_row)
        drift(a, h, h->silo_row->file, h->silo_row->guard, h->silo_row->span, "the row in SILO's table", &dummy);
}

static void check_command_guards(struct audit *a, const struct wiring *w)
{
    unsigned int i, k;

    for (i = 0; i < w->flask.n; i++) {
        const struct flow_label *flask = &w->flask.items[i];
        struct conditions there = conditions_of(a, flask->in->file, tree_guard_at(a->tree, flask->act->span));

        for (k = 0; k < w->handled.n; k++) {
            const struct flow_label *here = &w->handled.items[k];
            struct conditions c = conditions_of(a, here->in->file, tree_guard_at(a->tree, here->act->span));
            const char *more = here->name == flask->name ? beyond(&there, &c) : NULL;
            struct diag *d;

            if (!more)
                continue;
            d = diag_add(a->diags, &RULE_GUARD_DRIFT, flask->act->span,
                         "Flask's case for '%s' is built only with '%s', its handler without regard to that", flask->name, more);
            diag_declare(a->diags, d, flask->in->name);
            diag_note(a->diags, d, here->act->span, "handled here");
        }
    }
}

/* ---- rows ---- */

static void check_rows(struct audit *a)
{
    unsigned int i, with_flask = 0, with_dummy = 0;

    for (i = 0; i < a->n_hooks; i++) {
        with_flask += a->hooks[i].flask_row != NULL;
        with_dummy += a->hooks[i].dummy_row != NULL;
    }
    for (i = 0; i < a->n_hooks; i++) {
        const struct audit_hook *h = &a->hooks[i];
        struct diag *d;

        if (with_flask && !h->flask_row && !h->listed) {
            d = diag_add(a->diags, &RULE_MISSING_ROW, h->dummy->name_span, "Flask's table has no row for the hook '%s'",
                         h->name);
            if (h->flask)
                diag_note(a->diags, d, h->flask->name_span, "this function is never called");
            diag_help(a->diags, d, "add `.%s = flask_%s,` to the struct xsm_ops in xsm/flask/hooks.c", h->name, h->name);
        }
        if (with_dummy && !h->dummy_row && !h->listed) {
            d = diag_add(a->diags, &RULE_MISSING_ROW, h->dummy->name_span,
                         "the dummy policy's table has no row for the hook '%s'", h->name);
            diag_help(a->diags, d, "add `.%s = xsm_%s,` to dummy_ops in xsm/dummy.c", h->name, h->name);
        }
        check_guards(a, h);
    }
}

static void check_dead(struct audit *a, const struct audit_hook *h)
{
    if (h->access && !h->n_calls)
        diag_add(a->diags, &RULE_DEAD_HOOK, a->rows_only && h->described ? h->described->span : h->dummy->name_span,
                 "nobody calls '%s'", h->wrapper);
}

/* ---- the database ---- */

static bool in_table(const struct table *t, const char *command)
{
    unsigned int i, k;

    for (i = 0; t && i < t->n_rows; i++)
        for (k = 0; k < t->rows[i].n_keys; k++)
            if (!strcmp(t->rows[i].keys[k].name, command))
                return true;
    return false;
}

static void check_described(struct audit *a, const struct wiring *w)
{
    const struct hook *h = w->hook->described;
    const struct table *t = h ? (h->table ? h->table : h->flask_table) : NULL;
    unsigned int i, k;
    struct diag *d;

    if (!t || !w->handled.n)
        return;
    for (i = 0; i < w->handled.n; i++)
        if (!in_table(h->table, w->handled.items[i].name) && !in_table(h->flask_table, w->handled.items[i].name)) {
            d = diag_add(a->diags, &RULE_UNDESCRIBED, w->handled.items[i].act->span,
                         "the database has no row for '%s'", w->handled.items[i].name);
            diag_note(a->diags, d, h->span, "it would stand in the table of '%s'", h->name);
            diag_help(a->diags, d, "`xsmc new command %s/%s` begins one", h->name, w->handled.items[i].name);
        }
    for (i = 0; i < t->n_rows; i++)
        for (k = 0; k < t->rows[i].n_keys; k++) {
            const char *key = names_get(a->names, t->rows[i].keys[k].name);

            /* What Flask and the dummy policy know is the database's own word where they are generated. */
            if (!has_label(&w->handled, key) && (a->rows_only || (!has_label(&w->flask, key) && !has_label(&w->dummy, key))))
                diag_add(a->diags, &RULE_STALE_ROW, t->rows[i].keys[k].span, "the tree handles no '%s'", key);
        }
}

static void check_hooks_described(struct audit *a)
{
    unsigned int i;

    for (i = 0; a->model && i < a->n_hooks; i++)
        if (!a->hooks[i].described)
            diag_add(a->diags, &RULE_UNDESCRIBED, a->hooks[i].dummy->name_span,
                     "the database does not describe the hook '%s'", a->hooks[i].name);
    for (i = 0; a->model && i < a->model->n_hooks; i++) {
        const char *wrapper = names_get(a->names, arena_printf(a->arena, "xsm_%s", a->model->hooks[i]->name));

        if (!hook_of(a, wrapper))
            diag_add(a->diags, &RULE_STALE_ROW, a->model->hooks[i]->span, "the tree has no hook '%s'",
                     a->model->hooks[i]->name);
    }
}

/* Calls of what is no function and no macro either, and so must be meant for a hook. */
static void check_calls_described(struct audit *a, const struct tree_function *f)
{
    const struct tree_function *const *functions;
    const struct tree_macro *const *macros;
    unsigned int i;

    for (i = 0; !hooks_own_file(f->file) && i < f->n_calls; i++) {
        const char *callee = f->calls[i].callee;
        struct diag *d;

        if (!callee || f->calls[i].indirect || strncmp(callee, "xsm_", 4) || hook_named(a, callee + 4) ||
            tree_functions_named(a->tree, callee, &functions) || tree_macros_named(a->tree, callee, &macros))
            continue;
        d = diag_add(a->diags, &RULE_UNDESCRIBED, f->calls[i].callee_span,
                     "'%s' is called here, and the database has no hook '%s'", callee, callee + 4);
        diag_declare(a->diags, d, f->name);
        diag_help(a->diags, d, "`xsmc new hook %s` begins one", callee + 4);
    }
}

void audit_wiring(struct audit *a)
{
    const struct tree_function *const *functions;
    unsigned int n = tree_functions(a->tree, &functions);
    unsigned int i, k;

    for (i = 0; i < a->n_hooks; i++) {
        const struct audit_hook *h = &a->hooks[i];
        struct wiring w = { .hook = h };

        if (!h->access || h->command < 0)
            continue;
        for (k = 0; k < h->n_calls; k++)
            add_handled(a, &w, h->calls[k]);
        if (h->flask && h->subject)
            flow_labels(a->flask, h->flask, h->subject, &w.flask);
        if (h->dummy_subject)
            flow_labels(a->dummy, h->dummy, h->dummy_subject, &w.dummy);
        check_described(a, &w);
        if (a->rows_only)
            continue;
        check_unwired(a, &w);
        check_unhandled(a, &w, &w.flask, "Flask");
        check_unhandled(a, &w, &w.dummy, "the dummy policy");
        check_command_guards(a, &w);
    }
    if (!a->rows_only)
        check_rows(a);
    for (i = 0; i < a->n_hooks; i++)
        check_dead(a, &a->hooks[i]);
    for (i = 0; a->model && i < n; i++)
        check_calls_described(a, functions[i]);
    check_hooks_described(a);
}
