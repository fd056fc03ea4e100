/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on what hooks are called with, on what becomes of their answers, and on SILO. */
#include <string.h>

#include "audit/audit-inside.h"

static bool is_domain(const struct tree_param *p)
{
    return p->type && strstr(p->type, "struct domain *");
}

/* ---- NULL ---- */

struct null_test {
    const char *param;
    bool tested;
};

static bool is_test_of(const struct act *act, const char *param)
{
    size_t len = strlen(param);

    if (!act || !act->name)
        return false;
    return act->name == param || (!strncmp(act->name, param, len) && (!strcmp(act->name + len, "==NULL") ||
                                                                      !strcmp(act->name + len, "!=NULL")));
}

static bool visit_test(const struct act *act, void *data)
{
    struct null_test *t = data;
    const struct act *kid;

    if (act->kind == ACT_IF || act->kind == ACT_NOT || act->kind == ACT_CHOICE)
        t->tested = t->tested || is_test_of(act->first, t->param);
    if (act->kind == ACT_AND || act->kind == ACT_OR)
        for (kid = act->first; kid; kid = kid->next)
            t->tested = t->tested || is_test_of(kid, t->param);
    return !t->tested;
}

/* Whether the function looks into the parameter at all, or hands it on, without a test for NULL. */
static bool needs_domain(struct audit *a, const struct tree_function *f, unsigned int param)
{
    struct null_test t = { .param = param < f->n_params ? f->params[param].name : NULL };
    const struct body *body = body_of(a->bodies, f);

    if (!t.param)
        return false;
    act_walk(body->block, visit_test, &t);
    return !t.tested;
}

struct used {
    const char *param;
    bool used;
};

static bool visit_use(const struct act *act, void *data)
{
    struct used *u = data;
    size_t len = strlen(u->param);

    if (act->name == u->param || (act->name && !strncmp(act->name, u->param, len) && !strncmp(act->name + len, "->", 2)))
        u->used = true;
    return !u->used;
}

static bool uses(struct audit *a, const struct tree_function *f, unsigned int param)
{
    struct used u = { .param = param < f->n_params ? f->params[param].name : NULL };

    if (u.param)
        act_walk(body_of(a->bodies, f)->block, visit_use, &u);
    return u.used;
}

static void check_null(struct audit *a, const struct audit_hook *h)
{
    unsigned int i, k;

    for (i = 0; h->flask && i < h->n_calls; i++)
        for (k = 0; k < h->dummy->n_params; k++) {
            const struct tree_call *call = h->calls[i];
            unsigned int at = k + h->has_action;
            struct diag *d;

            if (!is_domain(&h->dummy->params[k]) || at >= call->n_args ||
                strcmp(tree_text(a->tree, call->args[at]), "NULL") || !uses(a, h->flask, k) ||
                !needs_domain(a, h->flask, k))
                continue;
            d = diag_add(a->diags, &RULE_NULL_OBJECT, call->args[at], "'%s' is called with NULL for '%s', and '%s' looks into it",
                         h->wrapper, h->dummy->params[k].name ? h->dummy->params[k].name : "a domain", h->flask->name);
            diag_declare(a->diags, d, call->function->name);
            diag_note(a->diags, d, h->flask->name_span, "the function");
        }
}

/* Whether Flask's questions about this command name the parameter. */
static bool asks_about(struct audit *a, const struct audit_hook *h, const char *command, unsigned int param)
{
    struct flask_answer answer = hook_flask(a, h, command);
    struct used u = { .param = param < h->flask->n_params ? h->flask->params[param].name : NULL };
    unsigned int i;

    for (i = 0; u.param && i < answer.flow->n_events; i++) {
        const struct flow_event *e = answer.flow->events[i];

        if (e->kind == FLOW_CHECK)
            act_walk(e->via ? e->via->call : e->act, visit_use, &u);
    }
    return u.used;
}

/* A domain that one path of a command leaves NULL, and a check that looks into it. */
static void check_null_path(struct audit *a, const struct command *c, const struct flow_event *e)
{
    const struct audit_hook *h = e->check;
    unsigned int param = e->null - 1 - h->has_action;
    const char *command = h->command >= 0 && c->name && !e->via ? c->name : NULL;
    struct diag *d;

    if (param >= h->dummy->n_params || !is_domain(&h->dummy->params[param]) || !h->flask ||
        !asks_about(a, h, command, param) || !needs_domain(a, h->flask, param))
        return;
    d = diag_add(a->diags, &RULE_NULL_OBJECT, e->act->span, "'%s': '%s' is called with NULL for '%s' on some path, and '%s' looks into it",
                 c->name ? c->name : c->of->name, h->wrapper,
                 h->dummy->params[param].name ? h->dummy->params[param].name : "a domain", h->flask->name);
    diag_declare(a->diags, d, e->in->name);
    audit_trail(a, d, e);
    diag_note(a->diags, d, h->flask->name_span, "the function");
}

/* ---- void * ---- */

static void check_untyped(struct audit *a, const struct audit_hook *h)
{
    unsigned int k;

    for (k = 0; h->access && k < h->dummy->n_params; k++) {
        const struct tree_param *p = &h->dummy->params[k];
        struct diag *d;

        if (!p->type || (strcmp(p->type, "void *") && strcmp(p->type, "const void *")))
            continue;
        d = diag_add(a->diags, &RULE_UNTYPED_ARGUMENT, p->span, "the hook '%s' takes '%s', which can point to anything", h->name,
                     p->name ? p->name : "a void *");
        diag_declare(a->diags, d, h->dummy->name);
        diag_help(a->diags, d, "give it the type that Flask takes it for");
    }
}

/* ---- answers ---- */

struct answers {
    struct audit *audit;
    const struct tree_function *function;
};

static void check_statement(struct answers *s, const struct act *act)
{
    const struct audit_hook *h;
    struct diag *d;

    if (!act || act->kind != ACT_CALL || !act->name)
        return;
    h = hook_of(s->audit, act->name);
    if (!h || !h->access)
        return;
    d = diag_add(s->audit->diags, &RULE_IGNORED_ANSWER, act->span, "nobody looks at what '%s' answers", act->name);
    diag_declare(s->audit->diags, d, s->function->name);
}

static bool visit_answers(const struct act *act, void *data)
{
    const struct act *kid;

    switch (act->kind) {
    case ACT_BLOCK:
        for (kid = act->first; kid; kid = kid->next)
            check_statement(data, kid);
        break;
    case ACT_IF:
        check_statement(data, act_kid(act, 1));
        check_statement(data, act_kid(act, 2));
        break;
    default:
        break;
    }
    return true;
}

static void check_answers(struct audit *a)
{
    struct map seen = { 0 };
    unsigned int i, k;

    for (i = 0; i < a->n_hooks; i++)
        for (k = 0; k < a->hooks[i].n_calls; k++) {
            struct answers s = { a, a->hooks[i].calls[k]->function };

            if (map_get(&seen, s.function, s.function->name))
                continue;
            map_put(a->arena, &seen, s.function, s.function->name, a);
            act_walk(body_of(a->bodies, s.function)->block, visit_answers, &s);
        }
}

/* ---- SILO ---- */

static void check_silo(struct audit *a, const struct audit_hook *h)
{
    const struct hook *row = h->described;
    unsigned int i, domains = 0;
    bool domid = false;
    struct diag *d;

    for (i = 0; i < h->dummy->n_params; i++) {
        domains += is_domain(&h->dummy->params[i]);
        domid = domid || (h->dummy->params[i].type && !strcmp(h->dummy->params[i].type, "domid_t"));
    }
    if (!h->access || h->silo || domains + domid < 2)
        return;
    /* What only a privileged domain may ask for is no channel between guests. */
    if (h->action && strcmp(h->action, "XSM_HOOK") && !(domid && !strcmp(h->action, "XSM_TARGET")))
        return;
    if (row && row->silo.kind == SILO_NONE)
        return;
    d = diag_add(a->diags, &RULE_MISSING_SILO, h->dummy->name_span, "the hook '%s' is between two domains, and SILO has no rule for it",
                 h->name);
    if (row && row->silo.kind == SILO_PAIR)
        diag_note(a->diags, d, row->silo.span, "the database says that it has");
    diag_help(a->diags, d, "add it to xsm/silo.c; or say in the database why there need be none: `silo none \"reason\"`");
}

void audit_arguments(struct audit *a)
{
    unsigned int i, k;

    for (i = 0; i < a->commands.n; i++)
        for (k = 0; k < a->commands.items[i].flow->n_events; k++)
            if (a->commands.items[i].flow->events[k]->null)
                check_null_path(a, &a->commands.items[i], a->commands.items[i].flow->events[k]);

    for (i = 0; i < a->n_hooks; i++) {
        check_null(a, &a->hooks[i]);
        check_untyped(a, &a->hooks[i]);
        check_silo(a, &a->hooks[i]);
    }
    check_answers(a);
}
