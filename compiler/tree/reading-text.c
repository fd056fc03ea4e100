/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbolic reading, expressions as text of the language, and conditions: what is known of them, and their texts. */
#include <string.h>

#include "base/buf.h"
#include "tree/inside.h"
#include "tree/reading-inside.h"

TSNode run_bare(TSNode n)
{
    for (;;) {
        if (run_is(n, "parenthesized_expression") && ts_node_named_child_count(n))
            n = ts_node_named_child(n, 0);
        else if (run_is(n, "cast_expression"))
            n = run_field(n, "value");
        else
            return n;
    }
}

static const char *name_of(const struct run *r, TSNode n)
{
    return names_get(r->w->names, run_text(r, n));
}

/* ---- as text ---- */

static const char *call_text(struct run *r, TSNode n)
{
    TSNode list = run_field(n, "arguments");
    const char *name = run_text(r, run_field(n, "function"));
    unsigned int i, k = ts_node_is_null(list) ? 0 : ts_node_named_child_count(list);
    struct buf out = BUF_INIT;

    if (!strcmp(name, "evaluate_nospec"))
        name = "nospec";
    if (k == 1 && (!strcmp(name, "likely") || !strcmp(name, "unlikely")))
        return run_expr(r, ts_node_named_child(list, 0));
    if (!run_is(run_field(n, "function"), "identifier"))
        return NULL;
    buf_printf(&out, "%s(", name);
    for (i = 0; i < k; i++) {
        const char *arg = run_expr(r, ts_node_named_child(list, i));

        if (!arg) {
            buf_free(&out);
            return NULL;
        }
        buf_printf(&out, "%s%s", i ? ", " : "", arg);
    }
    buf_putc(&out, ')');
    return tree_taken(r->w->arena, &out);
}

static const char *field_text(struct run *r, TSNode n)
{
    TSNode base = run_field(n, "argument");
    const char *a, *whole = run_text(r, n), *field = run_text(r, run_field(n, "field"));
    struct value v;

    if (!strcmp(whole, "current->domain"))
        return "current";
    v = run_value(r, n);
    if (v.kind == VALUE_TEXT && v.text)
        return v.text;
    if (v.kind != VALUE_NONE)
        return NULL;
    a = run_expr(r, base);
    return a ? arena_printf(r->w->arena, "%s%s%s", a, strchr(whole, '>') && ts_node_child_count(n) > 1 &&
                            ts_node_end_byte(ts_node_child(n, 1)) - ts_node_start_byte(ts_node_child(n, 1)) == 2 ? "->" : ".",
                            field) : NULL;
}

static const char *binary_text(struct run *r, TSNode n)
{
    static const char *const known[] = { "==", "!=", "<", "<=", ">", ">=", "&&", "||", "&" };
    const char *op = run_text(r, ts_node_child(n, 1));
    const char *a = run_expr(r, run_field(n, "left")), *b = run_expr(r, run_field(n, "right"));
    size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (!strcmp(op, known[i]))
            return a && b ? arena_printf(r->w->arena, "%s %s %s", a, op, b) : NULL;
    return NULL;
}

static const char *expr_text(struct run *r, TSNode n)
{
    const char *a;

    if (run_is(n, "parenthesized_expression") && ts_node_named_child_count(n) == 1) {
        a = run_expr(r, ts_node_named_child(n, 0));
        return a ? arena_printf(r->w->arena, "(%s)", a) : NULL;
    }
    if (run_is(n, "cast_expression"))
        return run_expr(r, run_field(n, "value"));
    if (run_is(n, "identifier")) {
        const struct value *v = run_find(r, name_of(r, n));

        if (!v)
            return run_text(r, n);
        return v->kind == VALUE_TEXT || (v->kind == VALUE_NUMBER && !strcmp(v->text, "0")) ? v->text : NULL;
    }
    if (run_is(n, "number_literal") || run_is(n, "null") || run_is(n, "true") || run_is(n, "false"))
        return run_text(r, n);
    if (run_is(n, "call_expression"))
        return call_text(r, n);
    if (run_is(n, "field_expression"))
        return field_text(r, n);
    if (run_is(n, "binary_expression"))
        return binary_text(r, n);
    if (run_is(n, "unary_expression") && !strcmp(run_text(r, ts_node_child(n, 0)), "!")) {
        a = run_expr(r, run_field(n, "argument"));
        return a ? arena_printf(r->w->arena, "!%s", a) : NULL;
    }
    return NULL;
}

const char *run_expr(struct run *r, TSNode n)
{
    const char *text;

    if (ts_node_is_null(n) || !run_enter(r, n))
        return NULL;
    text = expr_text(r, n);
    run_left(r);
    return text;
}

const char *run_and(const struct run *r, const char *a, const char *b)
{
    const char *x, *y;

    if (!a || !b)
        return a ? a : b;
    x = strstr(a, "||") && a[0] != '(' ? arena_printf(r->w->arena, "(%s)", a) : a;
    y = strstr(b, "||") && b[0] != '(' ? arena_printf(r->w->arena, "(%s)", b) : b;
    return arena_printf(r->w->arena, "%s && %s", x, y);
}

/* Whether a text is one operand, so that ! binds to all of it. */
static bool is_operand(const char *text)
{
    int depth = 0;

    for (; *text; text++) {
        depth += *text == '(';
        depth -= *text == ')';
        if (!depth && (*text == ' ' || (*text == '!' && text[1] == '=')))
            return false;
    }
    return true;
}

const char *run_not(const struct run *r, const char *a)
{
    const char *op;

    if (a[0] == '!' && is_operand(a + 1))
        return a[1] == '(' ? arena_text(r->w->arena, a + 2, strlen(a) - 3) : a + 1;
    if (!strstr(a, "&&") && !strstr(a, "||")) {     /* a == b as a != b */
        op = strstr(a, " == ");
        if (!op)
            op = strstr(a, " != ");
        if (op && !strchr(op + 4, ' ') && !memchr(a, ' ', (size_t)(op - a)))
            return arena_printf(r->w->arena, "%.*s %s %s", (int)(op - a), a, op[1] == '=' ? "!=" : "==", op + 4);
    }
    return is_operand(a) ? arena_printf(r->w->arena, "!%s", a) : arena_printf(r->w->arena, "!(%s)", a);
}

/* ---- conditions ---- */

static enum truth value_truth(const struct value *v)
{
    switch (v->kind) {
    case VALUE_VERDICT: return IS_FALSE;
    case VALUE_NUMBER: return strcmp(v->text, "0") ? IS_TRUE : IS_FALSE;
    case VALUE_PERMS: case VALUE_SSID: return IS_TRUE;
    case VALUE_TEXT: return v->looked_up ? IS_TRUE : IS_OPEN;
    default: return IS_OPEN;
    }
}

/* selector == constant, for the constant that is asked about. */
static enum truth selected(struct run *r, TSNode a, TSNode b, bool equal)
{
    const char *x, *y;
    unsigned int i;

    if (!r->n_choices)
        return IS_OPEN;
    x = run_expr(r, a);
    y = run_expr(r, b);
    for (i = 0; x && y && i < r->n_choices; i++) {
        const struct reading_choice *c = &r->choices[i];

        if (!strcmp(x, c->selector) || !strcmp(y, c->selector))
            return !strcmp(strcmp(x, c->selector) ? x : y, c->selected) == equal ? IS_TRUE : IS_FALSE;
    }
    return IS_OPEN;
}

static enum truth comparison(struct run *r, TSNode n, const char *op, const char **text)
{
    TSNode a = run_field(n, "left"), b = run_field(n, "right");
    bool equal = !strcmp(op, "==");
    enum truth t = IS_OPEN;

    if (equal || !strcmp(op, "!=")) {
        struct value v;

        t = selected(r, run_bare(a), run_bare(b), equal);
        if (t != IS_OPEN)
            return t;
        v = run_value(r, a);
        if (v.kind == VALUE_TEXT && v.looked_up && !strcmp(run_text(r, b), "NULL"))
            return equal ? IS_FALSE : IS_TRUE;
        if (v.kind == VALUE_VERDICT && !strcmp(run_text(r, b), "0"))
            return equal ? IS_TRUE : IS_FALSE;
    } else if (!strcmp(run_text(r, b), "0") && (op[0] == '<' || op[0] == '>')) {
        struct value v = run_value(r, a);
        bool negative = v.kind == VALUE_NUMBER && strcmp(v.text, "0");

        if (v.kind == VALUE_VERDICT || v.kind == VALUE_NUMBER)      /* rv < 0 */
            return (op[0] == '<' ? negative : !negative && op[1]) || (op[0] == '<' && op[1]) ? IS_TRUE : IS_FALSE;
    }
    *text = run_expr(r, n);
    return IS_OPEN;
}

static enum truth truth(struct run *r, TSNode n, const char **text)
{
    if (run_is(n, "parenthesized_expression") && ts_node_named_child_count(n) == 1)
        return run_truth(r, ts_node_named_child(n, 0), text);
    if (run_is(n, "unary_expression") && !strcmp(run_text(r, ts_node_child(n, 0)), "!")) {
        const char *inner;
        enum truth t = run_truth(r, run_field(n, "argument"), &inner);

        if (t != IS_OPEN)
            return t == IS_TRUE ? IS_FALSE : IS_TRUE;
        *text = inner ? run_not(r, inner) : NULL;
        return IS_OPEN;
    }
    if (run_is(n, "binary_expression")) {
        const char *op = run_text(r, ts_node_child(n, 1)), *a, *b;
        bool and = !strcmp(op, "&&");
        enum truth s, t;

        if (!and && strcmp(op, "||"))
            return comparison(r, n, op, text);
        s = run_truth(r, run_field(n, "left"), &a);
        if (s == (and ? IS_FALSE : IS_TRUE))
            return s;
        t = run_truth(r, run_field(n, "right"), &b);
        if (t == (and ? IS_FALSE : IS_TRUE) || (s != IS_OPEN && t != IS_OPEN))
            return t;
        if (s != IS_OPEN) {
            *text = b;
        } else if (t != IS_OPEN) {
            *text = a;
        } else {
            *text = run_expr(r, n);
            if (!*text && a && b)
                *text = arena_printf(r->w->arena, "%s %s %s", a, op, b);
        }
        return IS_OPEN;
    }
    {
        struct value v;
        enum truth t;

        if (run_is(n, "call_expression") && !strcmp(run_text(r, run_field(n, "function")), "evaluate_nospec")) {
            *text = run_expr(r, n);
            return IS_OPEN;
        }
        v = run_value(r, n);
        t = value_truth(&v);
        if (t == IS_OPEN)
            *text = v.kind == VALUE_TEXT ? v.text : run_expr(r, n);
        return t;
    }
}

enum truth run_truth(struct run *r, TSNode n, const char **text)
{
    enum truth t;

    *text = NULL;
    if (!run_enter(r, n))
        return IS_OPEN;
    t = truth(r, n, text);
    run_left(r);
    return t;
}
