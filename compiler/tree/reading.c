/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The symbolic reading, statements. Statements are followed in their order with what is known of each variable. At a
 * condition that is open both sides are followed and what they know is joined again: permissions that only one side adds
 * become conditional. A check passes, for what comes after it is only reached if it did.
 */
#include "tree/reading.h"

#include <string.h>

#include "base/buf.h"
#include "tree/reading-inside.h"

/* How many statements and expressions one reading may look at, and how deep calls may be. */
enum { MOST_FUEL = 20000, MOST_CALLS = 6, MOST_NESTED = 60 };

enum flow { FLOW_NEXT, FLOW_END, FLOW_BREAK };

static enum flow statement(struct run *r, TSNode n, unsigned int nested);

bool run_is(TSNode n, const char *type)
{
    return !ts_node_is_null(n) && !strcmp(ts_node_type(n), type);
}

TSNode run_field(TSNode n, const char *name)
{
    return ts_node_child_by_field_name(n, name, (uint32_t)strlen(name));
}

const char *run_text(const struct run *r, TSNode n)
{
    return ts_node_is_null(n) ? "" : tree_text(r->w->tree, tree_node_span(r->file, n));
}

struct value *run_find(struct run *r, const char *name)
{
    unsigned int i;

    for (i = r->vars.n; i-- > 0;)
        if (r->vars.items[i].name == name)
            return &r->vars.items[i].value;
    return NULL;
}

void run_set(struct run *r, const char *name, struct value v)
{
    struct value *old = run_find(r, name);
    struct binding *b;

    if (old) {
        *old = v;
        return;
    }
    b = arena_push(r->w->arena, (void **)&r->vars.items, &r->vars.n, &r->vars.cap, sizeof(*b));
    b->name = name;
    b->value = v;
}

void run_incomplete(struct run *r, TSNode n, const char *what)
{
    if (r->out->incomplete || r->quiet)
        return;
    r->out->incomplete = what;
    r->out->where = tree_node_span(r->file, n);
}

bool run_enter(struct run *r, TSNode n)
{
    if (!*r->fuel || r->nested >= MOST_NESTED) {
        run_incomplete(r, n, "is too long to follow");
        return false;
    }
    --*r->fuel;
    r->nested++;
    return true;
}

void run_left(struct run *r)
{
    r->nested--;
}

struct reading_step *run_step(struct run *r, enum reading_kind kind, TSNode n)
{
    struct reading_step *s = arena_push(r->w->arena, (void **)&r->out->steps, &r->out->n, &r->cap, sizeof(*s));
    const struct tree_guard *g;
    bool said;

    s->kind = kind;
    s->when = r->when;
    s->span = tree_node_span(r->file, n);
    g = tree_guard_at(r->w->tree, s->span);
    if (g != r->function->guard)
        s->guard = tree_guard_text(r->w->tree, g, r->function->guard);
    if (s->guard && !tree_guard_expr(r->w->tree, g, r->function->guard, &said))
        s->guard = NULL;
    return s;
}

const struct tree_function *run_callee(const struct run *r, const char *name)
{
    const struct tree_function *const *list, *found = NULL;
    unsigned int i, n = tree_functions_named(r->w->tree, name, &list);

    for (i = 0; i < n; i++)
        if (list[i]->file == r->file)
            return list[i];
    for (i = 0; i < n; i++)
        if (!strncmp(list[i]->file->path, "xen/xsm/", 8))
            found = found ? NULL : list[i];
    return found;
}

static struct bindings copied(const struct run *r, const struct bindings *vars)
{
    struct bindings copy = { .items = arena_array(r->w->arena, vars->n, sizeof(*vars->items)), .n = vars->n, .cap = vars->n };

    if (vars->n)
        memcpy(copy.items, vars->items, vars->n * sizeof(*vars->items));
    return copy;
}

/* ---- statements ---- */

/* A path is over: whoever came by here is allowed. */
static void passed(struct run *r, unsigned int from, TSNode n)
{
    struct reading_step *last = r->out->n > from ? &r->out->steps[r->out->n - 1] : NULL;

    if (last && last->when == r->when && last->kind != READING_CHECK)
        last->ends = true;
    else
        run_step(r, READING_PERMIT, n)->ends = true;
}

static enum flow returned(struct run *r, TSNode n)
{
    TSNode what = ts_node_named_child_count(n) ? ts_node_named_child(n, 0) : (TSNode){ 0 };
    struct value v;

    if (ts_node_is_null(what) || run_is(what, "comment"))
        return FLOW_END;
    v = run_value(r, what);
    r->result = v;
    if (r->depth || r->quiet)
        return FLOW_END;
    if (v.kind == VALUE_NUMBER && strcmp(v.text, "0")) {
        struct reading_step *s;

        if (!r->out->n && !r->when)
            r->out->returned = run_text(r, what);
        s = run_step(r, READING_REFUSE, n);
        s->text = v.text;
        s->ends = true;
    } else if (!r->out->n && !r->when && v.kind != VALUE_VERDICT) {
        r->out->returned = run_text(r, what);
        if (v.kind == VALUE_NUMBER)
            run_step(r, READING_PERMIT, n)->ends = true;
        else if (strcmp(r->out->returned, "NULL"))
            run_incomplete(r, n, "returns what no check has said");
    }
    return FLOW_END;
}

static void pend(struct run *r, const char *when, struct value v)
{
    struct pending *p = arena_push(r->w->arena, (void **)&r->pending, &r->n_pending, &r->cap_pending, sizeof(*p));

    p->when = when;
    p->value = v;
}

/* After `if ( cond )` whose sides left the variables in `a` and `b`. */
static void join(struct run *r, TSNode n, const char *cond, const struct bindings *a, const struct bindings *b)
{
    unsigned int i;

    r->vars = *b;
    for (i = 0; i < a->n; i++) {
        struct value *other = run_find(r, a->items[i].name), v;

        if (!other) {
            run_set(r, a->items[i].name, a->items[i].value);
            continue;
        }
        v = run_joined(r, cond, &a->items[i].value, other);
        if (v.kind == VALUE_NONE && (other->kind == VALUE_LABEL || other->kind == VALUE_OWN || other->kind == VALUE_TEXT)) {
            run_incomplete(r, n, "picks a label by a condition");
            v = *other;
        }
        *run_find(r, a->items[i].name) = v;
    }
}

static enum flow if_statement(struct run *r, TSNode n, unsigned int nested)
{
    TSNode then = run_field(n, "consequence"), other = run_field(n, "alternative");
    const char *text, *old = r->when, *not;
    struct bindings before, a;
    enum truth t = run_truth(r, run_field(n, "condition"), &text);
    unsigned int from;
    enum flow f, g = FLOW_NEXT;
    struct value result;

    if (run_is(other, "else_clause"))
        other = ts_node_named_child_count(other) ? ts_node_named_child(other, 0) : (TSNode){ 0 };
    if (t != IS_OPEN) {
        then = t == IS_TRUE ? then : other;
        return ts_node_is_null(then) ? FLOW_NEXT : statement(r, then, nested);
    }
    if (!text)
        run_incomplete(r, n, "depends on what cannot be said");
    before = copied(r, &r->vars);
    from = r->out->n;
    r->when = run_and(r, old, text);
    f = statement(r, then, nested);
    if (f == FLOW_END && text && !r->depth && !r->quiet)
        passed(r, from, n);
    while (!text && r->out->n > from && r->out->steps[r->out->n - 1].kind != READING_CHECK)
        r->out->n--;        /* how it ends when nobody can say when */
    result = r->result;
    a = r->vars;
    r->vars = copied(r, &before);
    not = text ? run_not(r, text) : NULL;
    r->when = f == FLOW_END && (!r->depth || r->out->n == from) ? old : run_and(r, old, not);
    from = r->out->n;
    if (!ts_node_is_null(other))
        g = statement(r, other, nested);
    if (f == FLOW_BREAK || g == FLOW_BREAK)
        run_incomplete(r, n, "leaves a case on a condition");
    if (f == FLOW_END && g == FLOW_END && text) {
        if (r->depth)
            pend(r, text, result);
        return FLOW_END;
    }
    if (g == FLOW_END && text && !r->depth && !r->quiet)
        passed(r, from, n);
    if (f != FLOW_END || (r->depth && r->out->n > from))
        r->when = old;
    if (f == FLOW_END && text) {
        if (r->depth)
            pend(r, text, result);
    } else if (g == FLOW_END && text) {
        if (r->depth)
            pend(r, not, r->result);
        r->vars = a;
    } else {
        struct bindings b = r->vars;

        join(r, n, text, &a, &b);
    }
    return FLOW_NEXT;
}

static enum flow sequence(struct run *r, TSNode n, unsigned int first, unsigned int nested)
{
    unsigned int i, k = ts_node_named_child_count(n);
    enum flow f = FLOW_NEXT;

    for (i = first; i < k && f == FLOW_NEXT; i++)
        f = statement(r, ts_node_named_child(n, i), nested);
    return f;
}

/* The statements of a case: behind its value. */
static enum flow case_body(struct run *r, TSNode n, unsigned int nested)
{
    return sequence(r, n, ts_node_is_null(run_field(n, "value")) ? 0 : 1, nested);
}

static void open_switch(struct run *r, const char *text, TSNode body)
{
    unsigned int i, k = ts_node_named_child_count(body);

    r->out->open_on = text;
    r->out->open_labels = arena_array(r->w->arena, k, sizeof(*r->out->open_labels));
    for (i = 0; i < k; i++) {
        TSNode value = run_field(ts_node_named_child(body, i), "value");

        if (!ts_node_is_null(value))
            r->out->open_labels[r->out->n_open_labels++] = names_get(r->w->names, run_text(r, value));
    }
}

static enum flow switch_statement(struct run *r, TSNode n, unsigned int nested)
{
    TSNode body = run_field(n, "body"), on = run_bare(run_field(n, "condition"));
    unsigned int i, k = ts_node_named_child_count(body), start = k;
    const char *text = run_expr(r, on), *selected = NULL;
    enum flow f = FLOW_NEXT;
    struct bindings before;

    for (i = 0; text && i < r->n_choices; i++)
        if (!strcmp(text, r->choices[i].selector))
            selected = r->choices[i].selected;
    if (!selected) {        /* every case by itself, as if any could be meant */
        if (text && !r->out->open_on)
            open_switch(r, text, body);
        run_incomplete(r, n, "depends on a value that is no argument");
        before = copied(r, &r->vars);
        for (i = 0; i < k; i++) {
            case_body(r, ts_node_named_child(body, i), nested);
            r->vars = copied(r, &before);
        }
        return FLOW_NEXT;
    }
    for (i = 0; i < k; i++) {
        TSNode c = ts_node_named_child(body, i), value = run_field(c, "value");

        if (!run_is(c, "case_statement"))
            continue;
        if (ts_node_is_null(value) ? start == k : !strcmp(run_text(r, value), selected))
            start = i;
        if (!ts_node_is_null(value) && start == i)
            break;
    }
    for (i = start; i < k && f == FLOW_NEXT; i++)
        f = case_body(r, ts_node_named_child(body, i), nested);
    return f == FLOW_BREAK ? FLOW_NEXT : f;
}

/* Members of variables for the audit record, which decide nothing. */
static bool is_audit(const char *text)
{
    return !strncmp(text, "ad.", 3) || !strncmp(text, "ad->", 4);
}

static void assign(struct run *r, TSNode n)
{
    TSNode left = run_bare(run_field(n, "left")), right = run_field(n, "right");
    const char *text = run_text(r, left), *op = run_text(r, ts_node_child(n, 1));
    struct value v, *old;

    if (run_is(right, "assignment_expression")) {       /* a = b = c */
        if (!run_enter(r, n))
            return;
        assign(r, right);
        run_left(r);
        v = run_value(r, run_field(right, "left"));
    } else {
        v = run_value(r, right);
    }
    if (is_audit(text) || (run_is(left, "pointer_expression") && is_audit(text + 1)))
        return;
    old = run_find(r, names_get(r->w->names, text));
    if (!strcmp(op, "|=") && v.kind == VALUE_PERMS && old && (old->kind == VALUE_PERMS || old->kind == VALUE_NUMBER)) {
        struct perm_part *p = arena_array(r->w->arena, old->n_parts + v.n_parts, sizeof(*p));

        if (old->n_parts)
            memcpy(p, old->parts, old->n_parts * sizeof(*p));
        memcpy(p + old->n_parts, v.parts, v.n_parts * sizeof(*p));
        *old = (struct value){ .kind = VALUE_PERMS, .parts = p, .n_parts = old->n_parts + v.n_parts };
        return;
    }
    if (strcmp(op, "=")) {
        run_incomplete(r, n, "computes");
        return;
    }
    if (run_is(left, "identifier")) {
        run_set(r, names_get(r->w->names, text), v);
    } else if (run_is(left, "field_expression") && run_is(run_field(left, "argument"), "identifier") &&
               !strchr(text, '>') && run_find(r, names_get(r->w->names, run_text(r, run_field(left, "argument"))))) {
        run_set(r, names_get(r->w->names, text), v);
    } else {
        run_incomplete(r, n, "changes what it was given");
        run_set(r, names_get(r->w->names, text), v);
    }
}

static void declare(struct run *r, TSNode n)
{
    unsigned int i, k = ts_node_named_child_count(n);

    for (i = 0; i < k; i++) {
        TSNode d = ts_node_named_child(n, i), name = d;
        bool init = run_is(d, "init_declarator");
        struct value v = { .kind = VALUE_NONE };

        if (run_is(d, "storage_class_specifier") && !strcmp(run_text(r, d), "static"))
            run_incomplete(r, n, "remembers what happened before");
        if (init)
            name = run_field(d, "declarator");
        while (run_is(name, "pointer_declarator") || run_is(name, "array_declarator"))
            name = run_field(name, "declarator");
        if (!run_is(name, "identifier") || (!init && ts_node_eq(run_field(n, "type"), d)))
            continue;
        if (init)
            v = run_value(r, run_field(d, "value"));
        else if (run_is(name, "identifier") && name.id == d.id && !run_is(run_field(n, "type"), "primitive_type") &&
                 !run_is(run_field(n, "type"), "sized_type_specifier"))
            v = (struct value){ .kind = VALUE_TEXT, .text = run_text(r, d) };   /* a struct: known by its members */
        run_set(r, names_get(r->w->names, run_text(r, name)), v);
    }
}

static void expression(struct run *r, TSNode n)
{
    struct value v;

    n = run_bare(n);
    if (run_is(n, "assignment_expression")) {
        assign(r, n);
    } else if (run_is(n, "call_expression")) {
        unsigned int before = r->out->n;

        v = run_value(r, n);
        if (v.kind == VALUE_TEXT && r->out->n == before)
            run_incomplete(r, n, "calls what may do anything");
    } else if (!run_is(n, "identifier")) {
        run_incomplete(r, n, "computes");
    }
}

/* To a label between the function's own statements, where it cleans up and returns; any other jump just ends. */
static enum flow jump(struct run *r, TSNode n, unsigned int nested)
{
    TSNode body = run_field(tree_function_node(r->function), "body");
    const char *to = ts_node_named_child_count(n) ? run_text(r, ts_node_named_child(n, 0)) : "";
    unsigned int i, k = ts_node_is_null(body) ? 0 : ts_node_named_child_count(body);

    for (i = 0; i < k; i++) {
        TSNode c = ts_node_named_child(body, i);

        if (run_is(c, "labeled_statement") && ts_node_start_byte(c) > ts_node_start_byte(n) &&
            !strcmp(run_text(r, ts_node_named_child(c, 0)), to)) {
            sequence(r, body, i, nested);
            break;
        }
    }
    return FLOW_END;
}

static enum flow statement(struct run *r, TSNode n, unsigned int nested)
{
    if (!*r->fuel || nested > MOST_NESTED) {
        run_incomplete(r, n, "is too long to follow");
        return FLOW_END;
    }
    --*r->fuel;
    nested++;
    if (run_is(n, "compound_statement"))
        return sequence(r, n, 0, nested);
    if (run_is(n, "return_statement"))
        return returned(r, n);
    if (run_is(n, "if_statement"))
        return if_statement(r, n, nested);
    if (run_is(n, "switch_statement"))
        return switch_statement(r, n, nested);
    if (run_is(n, "break_statement"))
        return FLOW_BREAK;
    if (run_is(n, "goto_statement"))
        return jump(r, n, nested);
    if (run_is(n, "declaration"))
        declare(r, n);
    else if (run_is(n, "expression_statement") && ts_node_named_child_count(n))
        expression(r, ts_node_named_child(n, 0));
    else if (run_is(n, "labeled_statement"))
        return sequence(r, n, 1, nested);
    else if (run_is(n, "for_statement") || run_is(n, "while_statement") || run_is(n, "do_statement")) {
        run_incomplete(r, n, "loops");
        if (!ts_node_is_null(run_field(n, "body")))
            statement(r, run_field(n, "body"), nested);
    } else if (run_is(n, "ERROR")) {
        run_incomplete(r, n, "holds what is no C that can be read");
    }
    return FLOW_NEXT;
}

/* ---- functions ---- */

struct value run_call(struct run *r, const struct tree_function *f, const struct value *args, unsigned int n)
{
    struct run inner = *r;
    struct value v;
    unsigned int i;

    if (r->depth >= MOST_CALLS || !*r->fuel || f->n_params > n)
        return (struct value){ .kind = VALUE_NONE };
    inner.depth++;
    inner.file = f->file;
    inner.function = f;
    inner.vars = (struct bindings){ 0 };
    inner.pending = NULL;
    inner.n_pending = inner.cap_pending = 0;
    inner.result = (struct value){ .kind = VALUE_NONE };
    for (i = 0; i < r->vars.n; i++)         /* what pointers among the arguments lead to */
        if (strchr(r->vars.items[i].name, '.'))
            run_set(&inner, r->vars.items[i].name, r->vars.items[i].value);
    for (i = 0; i < f->n_params; i++)
        if (f->params[i].name)
            run_set(&inner, f->params[i].name, args[i]);
    statement(&inner, run_field(tree_function_node(f), "body"), 0);
    r->cap = inner.cap;
    v = inner.result;
    for (i = inner.n_pending; i-- > 0;)
        v = run_joined(r, inner.pending[i].when, &inner.pending[i].value, &v);
    for (i = 0; i < f->n_params; i++)
        if (args[i].kind == VALUE_PARTS) {
            const struct value *set = run_find(&inner, args[i].text);

            if (set && set->kind != VALUE_PARTS && set->kind != VALUE_NONE)
                run_set(r, args[i].text, *set);
        }
    return v;
}

static struct run begun(const struct reading_world *w, const struct tree_function *f, const char *const *names,
                        unsigned int n_names, unsigned int *fuel, struct reading *out)
{
    struct run r = { .w = w, .out = out, .file = f->file, .function = f, .fuel = fuel };
    unsigned int i;

    for (i = 0; i < f->n_params; i++)
        if (f->params[i].name)
            run_set(&r, f->params[i].name, (struct value){ .kind = VALUE_TEXT,
                                                           .text = i < n_names ? names[i] : f->params[i].name });
    return r;
}

struct reading reading_of(const struct reading_world *w, const struct tree_function *f, const char *const *names,
                          unsigned int n_names, const struct reading_choice *choices, unsigned int n_choices)
{
    struct reading out = { .steps = NULL };
    unsigned int fuel = MOST_FUEL;
    struct run r = begun(w, f, names, n_names, &fuel, &out);
    TSNode n = tree_function_node(f);

    r.choices = choices;
    r.n_choices = n_choices;
    if (f->broken)
        run_incomplete(&r, n, "holds what is no C that can be read");
    if (!ts_node_is_null(n))
        statement(&r, run_field(n, "body"), 0);
    return out;
}

const char *reading_text(const struct reading_world *w, const struct tree_function *f, const char *const *names,
                         unsigned int n_names, struct span expression_span)
{
    struct reading out = { .steps = NULL };
    unsigned int fuel = MOST_FUEL;
    struct run r = begun(w, f, names, n_names, &fuel, &out);
    TSNode n = tree_node_at(w->tree, expression_span), body = run_field(tree_function_node(f), "body");
    unsigned int i, k = ts_node_is_null(body) ? 0 : ts_node_named_child_count(body);

    r.quiet = true;
    for (i = 0; i < k; i++)     /* const unsigned int cmd = op->cmd; */
        if (run_is(ts_node_named_child(body, i), "declaration") &&
            ts_node_end_byte(ts_node_named_child(body, i)) <= expression_span.start)
            declare(&r, ts_node_named_child(body, i));
    return ts_node_is_null(n) ? NULL : run_expr(&r, run_bare(n));
}
