/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See hooks.h. */
#include "audit/hooks.h"

#include <string.h>

#include "audit/audit-inside.h"

static bool begins(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

bool hooks_own_file(const struct tree_file *file)
{
    return begins(file->path, "xen/xsm/") || begins(file->path, "xen/include/xsm/");
}

const struct audit_hook *hook_of(const struct audit *a, const char *wrapper)
{
    return map_get(&a->hooks_by_wrapper, NULL, wrapper);
}

/* The row `.name = ...` of an xsm_ops in a file whose path begins so, or NULL. */
static const struct tree_pointer *row_of(const struct audit *a, const char *name, const char *path)
{
    const struct tree_pointer *const *p;
    unsigned int i, n = tree_pointers_of(a->tree, name, &p);

    for (i = 0; i < n; i++)
        if (p[i]->type && strstr(p[i]->type, "xsm_ops") && begins(p[i]->file->path, path))
            return p[i];
    return NULL;
}

static const struct tree_function *function_in(const struct audit *a, const char *name, const char *path)
{
    const struct tree_function *const *f;
    unsigned int i, n = tree_functions_named(a->tree, name, &f);

    for (i = 0; i < n; i++)
        if (begins(f[i]->file->path, path))
            return f[i];
    return NULL;
}

/* The parameter that the function has a switch over whose cases are constants; -1 if there is none. */
static int switched_over(const struct audit *a, const struct tree_function *f, const char **subject)
{
    unsigned int i, k;

    for (i = 0; f && i < f->n_switches; i++) {
        const struct tree_switch *s = f->switches[i];
        const char *on = tree_text(a->tree, s->on);
        bool constants = s->n_cases && s->cases[0]->n_labels && s->cases[0]->labels[0].name &&
                         s->cases[0]->labels[0].name[0] >= 'A' && s->cases[0]->labels[0].name[0] <= 'Z';

        for (k = 0; constants && k < f->n_params; k++)
            if (f->params[k].name && !strcmp(f->params[k].name, on)) {
                *subject = f->params[k].name;
                return (int)k;
            }
    }
    return -1;
}

static void read_calls(struct audit *a, struct audit_hook *h)
{
    const struct tree_call *const *calls;
    unsigned int i, n = tree_calls_of(a->tree, h->wrapper, &calls);

    h->calls = arena_array(a->arena, n, sizeof(*h->calls));
    for (i = 0; i < n; i++)
        if (!calls[i]->indirect && calls[i]->function && !hooks_own_file(calls[i]->function->file))
            h->calls[h->n_calls++] = calls[i];
}

const struct hook *hook_named(const struct audit *a, const char *name)
{
    unsigned int i;

    for (i = 0; a->model && i < a->model->n_hooks; i++)
        if (!strcmp(a->model->hooks[i]->name, name))
            return a->model->hooks[i];
    return NULL;
}

/* Whether the list that macros make the tables of has it: include/xsm/hooks.h of newer trees. */
static bool is_in_list(const struct audit *a, const char *name)
{
    const struct tree_file *file = tree_file_at(a->tree, "xen/include/xsm/hooks.h");
    const char *at = file ? file->text : NULL;
    size_t len = strlen(name);

    while (at && (at = strstr(at, name))) {
        if (at[-1] == ' ' && (at[len] == ',' || at[len] == ')'))
            return true;
        at += len;
    }
    return false;
}

static void read_hook(struct audit *a, struct audit_hook *h, const struct tree_function *dummy)
{
    const char *name = dummy->name + strlen("xsm_");
    unsigned int i;

    *h = (struct audit_hook){ .name = names_get(a->names, name), .wrapper = dummy->name, .dummy = dummy };
    h->dummy_row = row_of(a, h->name, "xen/xsm/dummy");
    h->flask_row = row_of(a, h->name, "xen/xsm/flask/");
    h->silo_row = row_of(a, h->name, "xen/xsm/silo");
    h->flask = function_in(a, h->flask_row ? h->flask_row->target : arena_printf(a->arena, "flask_%s", name),
                           "xen/xsm/flask/");
    h->silo = function_in(a, h->silo_row ? h->silo_row->target : arena_printf(a->arena, "silo_%s", name), "xen/xsm/");
    for (i = 0; i < dummy->n_calls; i++) {
        const struct tree_call *call = &dummy->calls[i];

        if (call->callee && !strcmp(call->callee, "XSM_ASSERT_ACTION") && call->n_args == 1) {
            h->has_action = true;
            h->action = names_get(a->names, tree_text(a->tree, call->args[0]));
            h->action_span = call->args[0];
        }
    }
    h->listed = is_in_list(a, h->name);
    h->access = h->has_action || begins(name, "argo_");
    h->command = switched_over(a, h->flask, &h->subject);
    i = (unsigned int)switched_over(a, dummy, &h->dummy_subject);
    if (h->command < 0)
        h->command = (int)i;
    read_calls(a, h);
    h->described = hook_named(a, h->name);
}

/* ---- what counts as a check, in the three kinds of code ---- */

static const void *find_hook(void *context, const char *callee)
{
    const struct audit_hook *h = hook_of(context, callee);

    return h && h->access ? h : NULL;
}

/* Whether the dummy policy, too, lets everybody have this command without a word: then that is what is wanted. */
static bool is_open(struct audit *a, const struct audit_hook *h, const char *command)
{
    const char *action = hook_action(a, h, command);
    const struct flow_result *flow;

    if (action || !command)
        return action && !strcmp(action, "XSM_HOOK") && command;
    flow = flow_of(a->dummy, h->dummy, h->dummy_subject, command);
    return !flow->n_events;
}

/* Flask lets everybody pass here: a later check is meant to decide. */
static bool hook_is_empty(void *context, const void *check, const struct act *call, const char *command)
{
    const struct audit_hook *h = check;
    const char *known = h->command >= 0 && flow_is_constant(command) ? command : NULL;
    struct flask_answer answer;

    (void)call;
    if (!h->flask)
        return false;
    answer = hook_flask(context, h, known);
    return !answer.asks && !answer.unknown && !is_open(context, h, known);
}

static int hook_command(void *context, const void *check)
{
    const struct audit_hook *h = check;

    (void)context;
    return h->command < 0 ? -1 : h->command + h->has_action;
}

static bool enter_hypervisor(void *context, const struct tree_function *f)
{
    (void)context;
    return !hooks_own_file(f->file);
}

static const char asking[] = "asking", not_knowing[] = "not knowing", defaulting[] = "defaulting";

static const void *find_question(void *context, const char *callee)
{
    (void)context;
    if (!strcmp(callee, "avc_has_perm") || !strcmp(callee, "avc_has_perm_noaudit"))
        return asking;
    return strcmp(callee, "avc_unknown_permission") ? NULL : not_knowing;
}

static const void *find_default(void *context, const char *callee)
{
    (void)context;
    return strcmp(callee, "xsm_default_action") ? NULL : defaulting;
}

static bool never_empty(void *context, const void *check, const struct act *call, const char *command)
{
    (void)context, (void)check, (void)call, (void)command;
    return false;
}

static int no_command(void *context, const void *check)
{
    (void)context, (void)check;
    return -1;
}

static bool enter_flask(void *context, const struct tree_function *f)
{
    (void)context;
    return begins(f->file->path, "xen/xsm/flask/") && !begins(f->file->path, "xen/xsm/flask/ss/");
}

static bool enter_nothing(void *context, const struct tree_function *f)
{
    (void)context, (void)f;
    return false;
}

struct flask_answer hook_flask(struct audit *a, const struct audit_hook *h, const char *command)
{
    struct flask_answer answer = { 0 };
    unsigned int i;

    if (!h->flask)
        return answer;
    answer.flow = flow_of(a->flask, h->flask, command ? h->subject : NULL, command);
    for (i = 0; i < answer.flow->n_events; i++) {
        const struct flow_event *e = answer.flow->events[i];

        if (e->kind != FLOW_CHECK)
            continue;
        answer.asks = answer.asks || e->check == asking;
        answer.unknown = answer.unknown || e->check == not_knowing;
    }
    return answer;
}

const char *hook_action(struct audit *a, const struct audit_hook *h, const char *command)
{
    const struct flow_result *flow;
    const char *action = NULL;
    unsigned int i;

    if (h->action && strcmp(h->action, "XSM_OTHER"))
        return h->action;
    flow = flow_of(a->dummy, h->dummy, command ? h->dummy_subject : NULL, command);
    for (i = 0; i < flow->n_events; i++) {
        const struct act *argument = act_arg(flow->events[i]->act, 0);

        if (flow->events[i]->kind != FLOW_CHECK || !argument)
            continue;
        if (action && action != argument->name)
            return NULL;
        action = argument->name;
    }
    return action;
}

/* Where SILO lists any of its functions, those that it does not list are not its rules. */
static void drop_unlisted(struct audit *a)
{
    unsigned int i;
    bool lists = false;

    for (i = 0; i < a->n_hooks; i++)
        lists = lists || a->hooks[i].silo_row;
    for (i = 0; i < a->n_hooks && lists; i++)
        if (!a->hooks[i].silo_row)
            a->hooks[i].silo = NULL;
}

void hooks_read(struct audit *a)
{
    const struct tree_function *const *f;
    unsigned int i, n = tree_functions(a->tree, &f);
    struct flow_checks checks = {
        .find = find_hook, .empty = hook_is_empty, .command = hook_command, .enter = enter_hypervisor, .context = a,
    };
    struct flow_checks questions = {
        .find = find_question, .empty = never_empty, .command = no_command, .enter = enter_flask, .context = a,
    };
    struct flow_checks defaults = {
        .find = find_default, .empty = never_empty, .command = no_command, .enter = enter_nothing, .context = a,
    };

    a->hooks = arena_array(a->arena, n, sizeof(*a->hooks));
    for (i = 0; i < n; i++)
        if (begins(f[i]->file->path, "xen/include/xsm/dummy") && begins(f[i]->name, "xsm_") &&
            strcmp(f[i]->name, "xsm_default_action") && !map_get(&a->hooks_by_wrapper, NULL, f[i]->name)) {
            read_hook(a, &a->hooks[a->n_hooks], f[i]);
            map_put(a->arena, &a->hooks_by_wrapper, NULL, f[i]->name, &a->hooks[a->n_hooks]);
            a->n_hooks++;
        }
    drop_unlisted(a);
    a->flask = flow_reader_create(a->arena, a->names, a->tree, a->bodies, &questions);
    a->dummy = flow_reader_create(a->arena, a->names, a->tree, a->bodies, &defaults);
    a->calls = flow_reader_create(a->arena, a->names, a->tree, a->bodies, &checks);
}
