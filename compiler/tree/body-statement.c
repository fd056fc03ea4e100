/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements as acts. */
#include <string.h>

#include "base/arena.h"
#include "tree/body-inside.h"

/* A statement as exactly one act. */
struct act *body_one(struct body_reading *g, TSNode node)
{
    struct act *act = body_act(g, ACT_BLOCK, node);
    ACTS(list);

    if (!ts_node_is_null(node))
        body_statement(g, node, &list);
    if (list.first && !list.first->next)
        return list.first;
    act->first = list.first;
    return act;
}

/* The name that a declarator declares. */
static const char *declared(const struct body_reading *g, TSNode node)
{
    TSNode inner = node;
    unsigned int i;

    for (i = 0; i < 16 && !ts_node_is_null(inner); i++) {
        node = inner;
        inner = body_child(node, g->reader->declarator);
        if (ts_node_is_null(inner) && !strcmp(ts_node_type(node), "parenthesized_declarator"))
            inner = body_first(g, node);
    }
    return body_text(g, node);
}

static void read_declaration(struct body_reading *g, TSNode node, struct acts *to)
{
    uint32_t i, n = ts_node_named_child_count(node);
    bool is_static = false;

    for (i = 0; i < n; i++) {
        TSNode kid = ts_node_named_child(node, i);
        const char *type = ts_node_type(kid);
        TSNode value = (TSNode){ 0 };
        struct act *act;

        if (!strcmp(type, "storage_class_specifier")) {
            const char *text = body_text(g, kid);

            is_static = is_static || (text && !strcmp(text, "static"));
            continue;
        }
        if (!strcmp(type, "init_declarator"))
            value = body_child(kid, g->reader->value);
        else if (strcmp(type, "identifier") && strcmp(type, "pointer_declarator") && strcmp(type, "array_declarator") &&
                 strcmp(type, "function_declarator"))
            continue;
        act = body_act(g, ACT_DECLARE, kid);
        act->is_static = is_static;
        act->name = declared(g, kid);
        if (!ts_node_is_null(value))
            act->first = body_value(g, value);
        body_add(to, act);
    }
}

static void read_for(struct body_reading *g, TSNode node, struct acts *to)
{
    static const char *const heads[] = { "initializer", "condition", "update" };
    struct act *act = body_act(g, ACT_LOOP, node);
    ACTS(list);
    TSNode body = (TSNode){ 0 };
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    bool more;

    /* The grammar of the 0.20 series does not name the body of a for. */
    for (more = ts_tree_cursor_goto_first_child(&cursor); more; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode kid = ts_tree_cursor_current_node(&cursor);
        const char *name = ts_tree_cursor_current_field_name(&cursor);
        unsigned int i;
        bool head = false;

        if (!ts_node_is_named(kid) || body_node(g, kid) == NODE_SKIP)
            continue;
        for (i = 0; name && i < sizeof(heads) / sizeof(heads[0]); i++)
            head = head || !strcmp(name, heads[i]);
        if (!head && body_node(g, kid) != NODE_DECLARATION)
            body = kid;
        else if (body_node(g, kid) == NODE_DECLARATION)
            read_declaration(g, kid, &list);
        else
            body_add(&list, body_value(g, kid));
    }
    ts_tree_cursor_delete(&cursor);
    if (ts_node_is_null(body))
        body_add(&list, body_act(g, ACT_BLOCK, node));
    else
        body_add(&list, body_one(g, body));
    act->first = list.first;
    body_add(to, act);
}

static void read_if(struct body_reading *g, TSNode node, struct acts *to)
{
    struct act *act = body_act(g, ACT_IF, node);
    TSNode condition = body_child(node, g->reader->condition), otherwise = body_child(node, g->reader->alternative);
    ACTS(list);

    body_add(&list, ts_node_is_null(condition) ? body_act(g, ACT_VALUE, node) : body_value(g, condition));
    body_add(&list, body_one(g, body_child(node, g->reader->consequence)));
    if (!ts_node_is_null(otherwise)) {
        if (body_node(g, otherwise) == NODE_ELSE)
            otherwise = body_first(g, otherwise);
        body_add(&list, body_one(g, otherwise));
    }
    act->first = list.first;
    body_add(to, act);
}

static void read_case(struct body_reading *g, TSNode node, struct acts *to)
{
    TSNode value = body_child(node, g->reader->value);
    bool is_default = ts_node_is_null(value);
    struct act *act = body_act(g, is_default ? ACT_DEFAULT : ACT_CASE, node);
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    bool more, past = false;

    if (!is_default) {
        act->span = body_span(g, value);
        act->first = body_value(g, value);
        act->name = body_text(g, value);
    } else {
        act->span.end = act->span.start + (uint32_t)strlen("default");
    }
    body_add(to, act);
    for (more = ts_tree_cursor_goto_first_child(&cursor); more; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode kid = ts_tree_cursor_current_node(&cursor);

        if (past && ts_node_is_named(kid))
            body_statement(g, kid, to);
        else if (!past)
            past = !strcmp(ts_node_type(kid), ":");
    }
    ts_tree_cursor_delete(&cursor);
}

/* for_each_domain(d) and its like are a while in the text that is parsed: the macro's name, NULL for a real one. */
static const char *loop_macro(const struct body_reading *g, TSNode node)
{
    size_t len, n = 0;
    const char *text = source_text(g->reader->sources, g->file, &len);
    uint32_t at = ts_node_start_byte(node);

    while (at + n < len && body_is_word(text[at + n]))
        n++;
    return n == 5 && !memcmp(text + at, "while", n) ? NULL : names_intern(g->reader->names, text + at, n);
}

void body_statement(struct body_reading *g, TSNode node, struct acts *to)
{
    const struct body_reader *r = g->reader;
    struct act *act;
    TSNode kid;
    ACTS(list);

    if (g->depth++ >= DEEPEST) {
        body_error(g, node);
        g->depth--;
        return;
    }
    switch (body_node(g, node)) {
    case NODE_BLOCK:
        act = body_act(g, ACT_BLOCK, node);
        body_each(g, node, body_statement, &list);
        act->first = list.first;
        body_add(to, act);
        break;
    case NODE_IF:
        read_if(g, node, to);
        break;
    case NODE_SWITCH:
        act = body_act(g, ACT_SWITCH, node);
        kid = body_child(node, r->condition);
        body_add(&list, ts_node_is_null(kid) ? body_act(g, ACT_VALUE, node) : body_value(g, kid));
        body_add(&list, body_one(g, body_child(node, r->body)));
        act->first = list.first;
        body_add(to, act);
        break;
    case NODE_CASE:
        read_case(g, node, to);
        break;
    case NODE_WHILE:
        act = body_act(g, ACT_LOOP, node);
        act->name = loop_macro(g, node);
        kid = body_child(node, r->condition);
        if (!ts_node_is_null(kid))
            body_add(&list, body_value(g, kid));
        body_add(&list, body_one(g, body_child(node, r->body)));
        act->first = list.first;
        body_add(to, act);
        break;
    case NODE_FOR:
        read_for(g, node, to);
        break;
    case NODE_DO:
        act = body_act(g, ACT_DO, node);
        body_add(&list, body_one(g, body_child(node, r->body)));
        kid = body_child(node, r->condition);
        if (!ts_node_is_null(kid))
            body_add(&list, body_value(g, kid));
        act->first = list.first;
        body_add(to, act);
        break;
    case NODE_RETURN:
        act = body_act(g, ACT_RETURN, node);
        kid = body_first(g, node);
        if (!ts_node_is_null(kid))
            act->first = body_value(g, kid);
        body_add(to, act);
        break;
    case NODE_BREAK:
        body_add(to, body_act(g, ACT_BREAK, node));
        break;
    case NODE_CONTINUE:
        body_add(to, body_act(g, ACT_CONTINUE, node));
        break;
    case NODE_GOTO:
    case NODE_LABELED:
        act = body_act(g, body_node(g, node) == NODE_GOTO ? ACT_GOTO : ACT_LABEL, node);
        kid = body_child(node, r->label);
        act->name = ts_node_is_null(kid) ? NULL : body_text(g, kid);
        body_add(to, act);
        if (act->kind == ACT_LABEL) {
            act->span = body_span(g, kid);
            /* The statement behind the label is its last child. */
            kid = ts_node_named_child(node, ts_node_named_child_count(node) - 1);
            if (ts_node_named_child_count(node) > 1)
                body_statement(g, kid, to);
        }
        break;
    case NODE_DECLARATION:
        read_declaration(g, node, to);
        break;
    case NODE_EXPRESSION:
        kid = body_first(g, node);
        if (!ts_node_is_null(kid))
            body_add(to, body_value(g, kid));
        break;
    case NODE_ERROR:
        body_error(g, node);
        body_each(g, node, body_statement, to);
        break;
    case NODE_SKIP:
        break;
    default:
        body_inside(g, node, to);
    }
    g->depth--;
}
