/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk: states go in at the top of a statement and come out below it; flow-call.c says what a call does to them. */
#include "audit/flow-inside.h"

#include <string.h>

/* No path is in any. */
static const struct states dead;

struct flow_reader *flow_reader_create(struct arena *a, struct names *names, const struct tree *t,
                                       struct body_reader *bodies, const struct flow_checks *checks)
{
    struct flow_reader *r = ARENA_NEW(a, struct flow_reader);

    *r = (struct flow_reader){ .arena = a, .names = names, .tree = t, .bodies = bodies, .checks = *checks };
    flow_calls_create(r);
    return r;
}

/* ---- what is known of the command ---- */

bool walk_is_subject(const struct walk *w, const char *text)
{
    unsigned int i;

    for (i = 0; text && i < w->n_subjects; i++)
        if (w->subjects[i] == text)
            return true;
    return false;
}

static bool word_end(char c)
{
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.');
}

/* `cmd&MASK`, and assignments inside the expression: the subject for all that matters. */
static bool is_subject_masked(const struct walk *w, const struct act *value)
{
    unsigned int i;

    if (!value)
        return false;
    if ((value->kind == ACT_MODIFY || value->kind == ACT_ASSIGN) && value->first)
        return is_subject_masked(w, value->first);
    for (i = 0; value->name && i < w->n_subjects; i++) {
        size_t len = strlen(w->subjects[i]);

        if (!strncmp(value->name, w->subjects[i], len) && (!value->name[len] || (word_end(value->name[len]) &&
            value->name[len] == '&')))
            return true;
    }
    return false;
}

static void add_subject(struct walk *w, const char *name)
{
    if (name && !walk_is_subject(w, name) && w->n_subjects < MOST_SUBJECTS)
        w->subjects[w->n_subjects++] = name;
}

enum truth {
    TRUTH_UNKNOWN,
    TRUTH_YES,
    TRUTH_NO,
};

static bool is_caller(const char *text)
{
    static const char *const callers[] = { "current->domain", "currd", "curr->domain", "v->domain", "current",
                                          "DOMID_SELF" };
    unsigned int i;

    for (i = 0; i < sizeof(callers) / sizeof(callers[0]); i++)
        if (!strcmp(text, callers[i]))
            return true;
    return false;
}

/* ---- conditions ---- */

static void walk_value(struct walk *w, const struct act *act, struct states *s);

static void drop_lookup(struct states *s)
{
    s->good.lookup = s->bad.lookup = NULL;
}

/* `ret`, `ret != 0`, `ret < 0`, `(ret = f())`: whether an error was stored, if the states are told apart by that variable. */
static bool is_error_test(const struct states *s, const struct act *act, bool *error_if_true)
{
    const char *text = act->kind == ACT_ASSIGN && act->first ? act->first->name : act->name;
    size_t len;

    if (!text || !s->variable)
        return false;
    len = strlen(s->variable);
    if (strncmp(text, s->variable, len))
        return false;
    text += len;
    *error_if_true = strcmp(text, "==0") && strcmp(text, ">=0");
    return !*text || !strcmp(text, "<0") || !strcmp(text, "!=0") || !*error_if_true;
}

/* Where the test says that there was an error: no path is left on which there was none. */
static void now_bad(struct states *s)
{
    s->bad = state_join(s->bad, s->good);
    s->good = dead.good;
}

/* The variable in `d`, `d` compared with NULL, or `(d = f())`. */
static bool is_domain_test(struct walk *w, const char *text)
{
    size_t n = 0;

    if (!text)
        return false;
    text += *text == '(';
    while (!word_end(text[n]))
        n++;
    if (!n || (text[n] && text[n] != '=' && text[n] != '!'))
        return false;
    return flow_is_domain(w, names_intern(w->reader->names, text, n));
}

static void walk_condition(struct walk *w, const struct act *act, struct states in, struct states *yes, struct states *no)
{
    struct states a, b;
    const char *left, *right;
    bool equal, error;

    switch (act->kind) {
    case ACT_AND:
        walk_condition(w, act_kid(act, 0), in, &a, no);
        walk_condition(w, act_kid(act, 1), a, yes, &b);
        *no = states_join(*no, b);
        return;
    case ACT_OR:
        walk_condition(w, act_kid(act, 0), in, yes, &b);
        walk_condition(w, act_kid(act, 1), b, &a, no);
        *yes = states_join(*yes, a);
        return;
    case ACT_NOT:
        walk_condition(w, act_kid(act, 0), in, no, yes);
        return;
    case ACT_CALL:
        walk_value(w, act, &in);
        *yes = *no = in;
        if (flow_is_privilege(w->reader, act->name))
            walk_privilege(w, yes, act, act->name);
        else if (flow_callee(w->reader, act->name) == CALLEE_SYSTEM)
            *yes = dead;
        else if (flow_returns_error(w->reader, act->name))
            now_bad(yes);
        return;
    default:
        walk_value(w, act, &in);
        *yes = *no = in;
        if (is_error_test(&in, act, &error)) {
            (error ? no : yes)->bad = dead.bad;
            now_bad(error ? yes : no);
        } else if (act->kind == ACT_VALUE && flow_comparison(w, act->name, &left, &right, &equal)) {
            /* Asked before, and nothing has been stored there since. */
            if (equal && in.good.refuted == act->name)
                yes->good = dead.good;
            if (equal && in.bad.refuted == act->name)
                yes->bad = dead.bad;
            if (equal)
                no->good.refuted = no->bad.refuted = act->name;
            if (w->command && (walk_is_subject(w, left) || walk_is_subject(w, right))) {
                const char *other = walk_is_subject(w, left) ? right : left;

                if (flow_is_constant(other))
                    *((other == w->command) == equal ? no : yes) = dead;
            } else if (is_caller(left) || is_caller(right)) {
                drop_lookup(equal ? yes : no);
            } else if (!strcmp(right, "NULL")) {
                if (is_domain_test(w, left))
                    drop_lookup(equal ? yes : no);
                walk_null(equal ? no : yes, left, false);
            }
        } else if (act->kind == ACT_VALUE && act->name) {
            if (is_domain_test(w, act->name))
                drop_lookup(no);    /* there is no such domain */
            walk_null(yes, act->name, false);
        } else if (is_domain_test(w, act->name)) {
            drop_lookup(no);
        }
    }
}

/* ---- values ---- */

static bool is_error(const struct walk *w, const struct act *value)
{
    const char *text = value ? value->name : NULL;

    if (value && value == w->failed)
        return true;

    /* Asked for again, from the beginning: nothing has come of it yet, no more than of an error. */
    if (value && value->kind == ACT_CALL && text)
        return !strcmp(text, "ERR_PTR") || !strcmp(text, "PTR_ERR") || !strcmp(text, "hypercall_create_continuation");
    return text && text[0] == '-' && text[1] == 'E' && ((text[2] >= 'A' && text[2] <= 'Z') || text[2] == '2');
}

/* The value is stored in a variable: the paths move to the state it tells of. */
static void walk_stored(struct walk *w, const char *to, const struct act *value, struct states *s)
{
    if (is_error(w, value)) {
        s->bad = state_join(s->good, s->bad);
        s->good = dead.good;
        s->variable = to;
    } else if (flow_is_status(to) && (!s->bad.live || s->variable == to)) {
        s->good = state_join(s->good, s->bad);
        s->bad = dead.bad;
        s->variable = to;
    }
    if (to && s->good.refuted && !strncmp(s->good.refuted, to, strlen(to)))
        s->good.refuted = NULL;
    if (to && s->bad.refuted && !strncmp(s->bad.refuted, to, strlen(to)))
        s->bad.refuted = NULL;
    if (to)
        walk_null(s, to, value && value->kind == ACT_VALUE && value->name && !strcmp(value->name, "NULL"));
    if (value && is_subject_masked(w, value))
        add_subject(w, to);
    flow_note_domain(w, to, value);
}

/* Evaluates a value and stores it; each side of a ? b : c by itself, since one may be an error. */
static void walk_store(struct walk *w, const char *to, const struct act *value, struct states *s)
{
    struct states yes, no;

    if (value->kind != ACT_CHOICE || !act_kid(value, 2)) {
        walk_value(w, value, s);
        walk_stored(w, to, value, s);
        return;
    }
    walk_condition(w, act_kid(value, 0), *s, &yes, &no);
    walk_store(w, to, act_kid(value, 1), &yes);
    walk_store(w, to, act_kid(value, 2), &no);
    *s = states_join(yes, no);
}

static void walk_assign(struct walk *w, const struct act *act, struct states *s)
{
    const struct act *to = act_kid(act, 0), *from = act_kid(act, 1);
    bool named = to && to->kind == ACT_VALUE && to->name, of_domain;

    if (from && named && act->kind == ACT_ASSIGN)
        walk_store(w, to->name, from, s);
    else if (from)
        walk_value(w, from, s);
    if (to && to->kind != ACT_VALUE)
        walk_value(w, to, s);
    if (!named)
        return;
    if (flow_is_shared(w, to->name, &of_domain))
        walk_change(w, s, act, to->name, of_domain);
}

static void walk_value(struct walk *w, const struct act *act, struct states *s)
{
    struct states yes, no;
    const struct act *kid;

    if (!states_live(s))
        return;
    switch (act->kind) {
    case ACT_AND:
    case ACT_OR:
    case ACT_NOT:
        walk_condition(w, act, *s, &yes, &no);
        *s = states_join(yes, no);
        break;
    case ACT_CHOICE:
        walk_condition(w, act_kid(act, 0), *s, &yes, &no);
        if (act_kid(act, 1))
            walk_value(w, act_kid(act, 1), &yes);
        if (act_kid(act, 2))
            walk_value(w, act_kid(act, 2), &no);
        *s = states_join(yes, no);
        break;
    case ACT_CALL:
        for (kid = act->first; kid; kid = kid->next)
            walk_value(w, kid, s);
        if (states_live(s))
            walk_call(w, act, s);
        break;
    case ACT_ASSIGN:
    case ACT_MODIFY:
        walk_assign(w, act, s);
        break;
    case ACT_VALUE:
        for (kid = act->first; kid; kid = kid->next)
            walk_value(w, kid, s);
        break;
    default:
        walk_statement(w, act, s);      /* a statement expression */
    }
}

/* ---- statements ---- */

static struct walk_label *label_find(struct walk *w, const char *name)
{
    struct walk_label *l;

    for (l = w->labels; l; l = l->next)
        if (l->name == name)
            return l;
    l = ARENA_NEW(w->reader->arena, struct walk_label);
    l->name = name;
    l->next = w->labels;
    w->labels = l;
    return l;
}

/* Whether a case of this switch, not of one inside it, has the command. */
static bool has_case(const struct act *act, const char *command)
{
    const struct act *kid;

    if (act->kind == ACT_CASE && act->name == command)
        return true;
    for (kid = act->first; kid; kid = kid->next)
        if (kid->kind != ACT_SWITCH && has_case(kid, command))
            return true;
    return false;
}

static void walk_switch(struct walk *w, const struct act *act, struct states *s)
{
    const struct act *subject = act_kid(act, 0), *body = act_kid(act, 1);
    struct walk_jump jump = { .up = w->jump, .is_switch = true };

    walk_value(w, subject, s);
    jump.entry = *s;
    jump.known = w->command && is_subject_masked(w, subject);
    jump.matched = jump.known && body && has_case(body, w->command);
    *s = dead;
    w->jump = &jump;
    if (body)
        walk_statement(w, body, s);
    w->jump = jump.up;
    /* Without a default, what no case is for goes on below. */
    if (!jump.saw_default && !jump.matched)
        *s = states_join(*s, jump.entry);
    *s = states_join(*s, jump.broken);
}

static void walk_case(struct walk *w, const struct act *act, struct states *s)
{
    struct walk_jump *jump = w->jump;

    while (jump && !jump->is_switch)
        jump = jump->up;
    if (!jump)
        return;
    if (act->kind == ACT_DEFAULT) {
        jump->saw_default = true;
        if (!jump->matched)
            *s = states_join(*s, jump->entry);
    } else if (!jump->known || act->name == w->command) {
        *s = states_join(*s, jump->entry);
    }
}

static void walk_loop(struct walk *w, const struct act *act, struct states *s)
{
    struct walk_jump jump = { .up = w->jump };
    const struct act *kid, *body = NULL;
    struct states entry = *s, yes, no;
    bool domains;

    for (kid = act->first; kid; kid = kid->next)
        if (!kid->next)
            body = kid;
    for (kid = act->first; kid && kid != body; kid = kid->next)
        if (kid->kind == ACT_DECLARE || states_live(s))
            walk_statement(w, kid, s);
    entry = *s;
    domains = flow_loops_over_domains(w, act);
    if (domains && states_live(s))
        walk_lookup(w, s, act->first, act->name);
    yes = *s;
    no = entry;
    w->jump = &jump;
    walk_statement(w, body, &yes);
    w->jump = jump.up;
    /* What holds for the domains that something was done to: those that were passed over do not count. */
    if (domains && states_live(&yes))
        *s = yes;
    else if (yes.good.live && yes.good.checked && !entry.good.checked)
        *s = states_join(yes, states_join(jump.broken, jump.continued));    /* nothing to do: nothing to check */
    else
        *s = states_join(states_join(no, yes), states_join(jump.broken, jump.continued));
}

static void walk_do(struct walk *w, const struct act *act, struct states *s)
{
    struct walk_jump jump = { .up = w->jump };
    const struct act *body = act_kid(act, 0), *condition = act_kid(act, 1);

    w->jump = &jump;
    if (body)
        walk_statement(w, body, s);
    w->jump = jump.up;
    *s = states_join(*s, jump.continued);
    if (condition)
        walk_value(w, condition, s);
    *s = states_join(*s, jump.broken);
}

static void walk_return(struct walk *w, const struct act *act, struct states *s)
{
    const struct act *value = act->first;
    bool error;

    if (value) {
        walk_value(w, value, s);
        error = is_error(w, value) || (value->name && (!strcmp(value->name, "NULL") || !strcmp(value->name, "false")));
        if (!error) {
            w->flow->end = state_join(w->flow->end, s->good);
            /* Success all the same, whatever was put into a variable before. */
            if (value->kind == ACT_CALL || (value->name && !strcmp(value->name, "0")))
                w->flow->end = state_join(w->flow->end, s->bad);
        }
    } else {
        w->flow->end = state_join(w->flow->end, s->good);
    }
    *s = dead;
}

static void walk_jump_out(struct walk *w, const struct act *act, struct states *s)
{
    struct walk_jump *jump = w->jump;

    while (jump && act->kind == ACT_CONTINUE && jump->is_switch)
        jump = jump->up;
    if (jump && act->kind == ACT_CONTINUE)
        jump->continued = states_join(jump->continued, *s);
    else if (jump)
        jump->broken = states_join(jump->broken, *s);
    *s = dead;
}

void walk_statement(struct walk *w, const struct act *act, struct states *s)
{
    struct states yes, no;
    struct walk_label *label;
    const struct act *kid;

    if (w->depth++ > DEEPEST_NESTING) {
        w->depth--;
        return;
    }
    switch (act->kind) {
    case ACT_BLOCK:
        for (kid = act->first; kid; kid = kid->next)
            walk_statement(w, kid, s);
        break;
    case ACT_IF:
        yes = no = dead;
        if (states_live(s))
            walk_condition(w, act_kid(act, 0), *s, &yes, &no);
        /* What cannot be reached is walked all the same: a case of the switch around may be inside. */
        if (act_kid(act, 1))
            walk_statement(w, act_kid(act, 1), &yes);
        if (act_kid(act, 2))
            walk_statement(w, act_kid(act, 2), &no);
        *s = act_kid(act, 1) && flow_remembers_check(w, act) ? yes : states_join(yes, no);
        break;
    case ACT_SWITCH:
        walk_switch(w, act, s);
        break;
    case ACT_CASE:
    case ACT_DEFAULT:
        walk_case(w, act, s);
        break;
    case ACT_LOOP:
        walk_loop(w, act, s);
        break;
    case ACT_DO:
        walk_do(w, act, s);
        break;
    case ACT_RETURN:
        walk_return(w, act, s);
        break;
    case ACT_BREAK:
    case ACT_CONTINUE:
        walk_jump_out(w, act, s);
        break;
    case ACT_GOTO:
        label = label_find(w, act->name);
        label->states = states_join(label->states, *s);
        *s = dead;
        break;
    case ACT_LABEL:
        *s = states_join(*s, label_find(w, act->name)->states);
        break;
    case ACT_DECLARE:
        if (act->first && states_live(s) && !act->is_static)
            walk_store(w, act->name, act->first, s);
        break;
    default:
        walk_value(w, act, s);
    }
    w->depth--;
}

/* ---- functions ---- */

struct flow_result *flow_walk(struct flow_reader *r, const struct tree_function *f, const char *subject, const char *command,
                       unsigned int domains, unsigned int nulls, unsigned int level, const char *arch)
{
    const char *here = f->file->arch ? f->file->arch : arch;
    const char *key = names_get(r->names, arena_printf(r->arena, "%s|%s|%x|%x|%u|%s", subject ? subject : "",
                                                       command ? command : "", domains, nulls, level, here ? here : ""));
    struct flow_result *flow = map_get(&r->flows, f, key);
    struct walk w = { .reader = r, .function = f, .command = command, .level = level, .arch = here,
                      .given_domains = domains };
    struct states s = { .good = { .live = true } };
    unsigned int i;

    if (flow)
        return flow;
    flow = w.flow = ARENA_NEW(r->arena, struct flow_result);
    flow->function = f;
    flow->busy = true;
    map_put(r->arena, &r->flows, f, key, flow);
    if (subject)
        add_subject(&w, subject);
    flow_locals(&w, domains);
    for (i = 0; i < f->n_params && i < 32; i++)
        if (nulls >> i & 1)
            walk_null(&s, f->params[i].name, true);
    walk_statement(&w, w.body->block, &s);
    flow->end = state_join(flow->end, s.good);
    flow->busy = false;
    return flow;
}

const struct flow_result *flow_of(struct flow_reader *r, const struct tree_function *f, const char *subject, const char *command)
{
    return flow_walk(r, f, subject, command, 0, 0, 0, NULL);
}
