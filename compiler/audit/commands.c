/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypercalls and their commands. A hypercall is a constant __HYPERVISOR_NAME of the public headers with a function do_NAME.
 * Its commands are the cases of a switch: of all expressions that it, or what it calls with the same expression, switches
 * over, the one with most cases. A hypercall without such an expression, and without a check, may leave that to a function of
 * its own file.
 */
#include <stdio.h>
#include <string.h>

#include "audit/audit-inside.h"

/* What the search for a subject has found so far. */
struct subject_search {
    struct audit *audit;
    const struct tree_function *function;
    struct dispatcher *to;
};

/* By Xen's convention: cmd, op, op->cmd, op.op. */
static bool names_command(const char *subject)
{
    size_t len = strlen(subject);

    return (len >= 3 && !strcmp(subject + len - 3, "cmd")) || (len >= 2 && !strcmp(subject + len - 2, "op"));
}

static void try_subject(struct subject_search *s, const char *subject)
{
    struct flow_labels labels = { 0 };

    if (!subject || subject == s->to->subject || !names_command(subject))
        return;
    flow_labels(s->audit->calls, s->function, subject, &labels);
    if (labels.n > s->to->labels.n) {
        s->to->function = s->function;
        s->to->subject = subject;
        s->to->labels = labels;
    }
}

static bool visit_switch(const struct act *act, void *data)
{
    const struct act *on = act->kind == ACT_SWITCH ? act->first : NULL;

    while (on && (on->kind == ACT_ASSIGN || on->kind == ACT_MODIFY))
        on = on->first;
    if (on)
        try_subject(data, on->name);
    return true;
}

static void find_subject(struct audit *a, const struct tree_function *f, struct dispatcher *to)
{
    struct subject_search s = { a, f, to };
    unsigned int i;

    for (i = 0; i < f->n_params; i++)
        if (!strchr(f->params[i].type, '*') && !strstr(f->params[i].type, "HANDLE"))
            try_subject(&s, f->params[i].name);
    act_walk(body_of(a->bodies, f)->block, visit_switch, &s);
}

static void add_dispatcher(struct audit *a, const char *name, const struct tree_function *f)
{
    struct dispatcher *d;
    unsigned int i, k, n;
    const struct tree_function *const *inner;

    for (i = 0; i < a->dispatchers.n; i++)
        if (a->dispatchers.items[i].function == f)
            return;
    d = LIST_PUSH(a->arena, &a->dispatchers);
    *d = (struct dispatcher){ .name = name, .function = f };
    find_subject(a, f, d);
    for (i = 0; !d->labels.n && i < f->n_calls; i++)
        if (f->calls[i].callee && hook_of(a, f->calls[i].callee))
            return;
    for (i = 0; !d->labels.n && i < f->n_calls; i++) {
        n = f->calls[i].callee ? tree_functions_named(a->tree, f->calls[i].callee, &inner) : 0;
        for (k = 0; k < n; k++)
            if (inner[k]->file == f->file && inner[k] != f)
                find_subject(a, inner[k], d);
    }
}

static void add_commands(struct audit *a, const struct dispatcher *d)
{
    unsigned int i;

    for (i = 0; i < d->labels.n; i++) {
        const struct flow_label *l = &d->labels.items[i];

        *LIST_PUSH(a->arena, &a->commands) = (struct command){
            .of = d, .name = l->name, .span = l->act->span,
            .flow = flow_of(a->calls, d->function, d->subject, l->name),
        };
    }
    if (!d->labels.n)
        *LIST_PUSH(a->arena, &a->commands) = (struct command){
            .of = d, .span = d->function->name_span, .flow = flow_of(a->calls, d->function, NULL, NULL),
        };
}

void commands_read(struct audit *a)
{
    static const char prefix[] = "__HYPERVISOR_";
    static const char *const names[] = { "do_%s", "do_arm_%s", "compat_%s" };
    const struct tree_macro *const *macros;
    const struct tree_function *const *f;
    unsigned int i, k, m, n = tree_macros(a->tree, &macros), n_f;

    for (i = 0; i < n; i++) {
        const char *name = macros[i]->name + strlen(prefix);

        if (strncmp(macros[i]->name, prefix, strlen(prefix)) || macros[i]->has_params)
            continue;
        for (k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
            char function[128];

            snprintf(function, sizeof(function), names[k], name);
            n_f = tree_functions_named(a->tree, function, &f);
            for (m = 0; m < n_f; m++)
                if (!f[m]->is_static && !hooks_own_file(f[m]->file))
                    add_dispatcher(a, names_get(a->names, k < 2 ? name : function), f[m]);
        }
    }
    for (i = 0; i < a->dispatchers.n; i++)
        add_commands(a, &a->dispatchers.items[i]);
}
