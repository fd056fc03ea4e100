/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions as acts. */
#include <string.h>

#include "base/arena.h"
#include "tree/body-inside.h"

/* What an expression does that is not an act itself: the acts inside it. */
void body_inside(struct body_reading *g, TSNode node, struct acts *to)
{
    switch (body_node(g, node)) {
    case NODE_CALL:
    case NODE_BINARY:
    case NODE_UNARY:
    case NODE_CONDITIONAL:
    case NODE_ASSIGNMENT:
    case NODE_UPDATE: {
        struct act *act = body_value(g, node);

        if (act->kind == ACT_VALUE) {
            if (act->first) {
                *to->end = act->first;
                while (*to->end)
                    to->end = &(*to->end)->next;
            }
            return;
        }
        body_add(to, act);
        return;
    }
    case NODE_SKIP:
        return;
    case NODE_ERROR:
        body_error(g, node);
        body_each(g, node, body_statement, to);
        return;
    case NODE_BLOCK:    /* a statement expression */
    case NODE_DECLARATION:
        body_statement(g, node, to);
        return;
    default:
        if (ts_node_named_child_count(node) && g->depth < DEEPEST) {
            g->depth++;
            body_each(g, node, body_inside, to);
            g->depth--;
        }
    }
}

static struct act *read_call(struct body_reading *g, TSNode node)
{
    TSNode callee = body_child(node, g->reader->function), arguments = body_child(node, g->reader->arguments);
    struct act *act = body_act(g, ACT_CALL, node), *of;
    ACTS(kids);
    uint32_t i, n = ts_node_is_null(arguments) ? 0 : ts_node_named_child_count(arguments);

    of = ts_node_is_null(callee) ? body_act(g, ACT_VALUE, node) : body_value(g, callee);
    if (of->kind == ACT_VALUE && !of->first)
        act->name = of->name;
    for (i = 0; i < N_WRAPPERS && n == 1; i++)
        if (act->name == g->reader->wrapper[i])
            return body_value(g, ts_node_named_child(arguments, 0));
    body_add(&kids, of);
    for (i = 0; i < n; i++) {
        TSNode argument = ts_node_named_child(arguments, i);

        if (body_node(g, argument) != NODE_SKIP)
            body_add(&kids, body_value(g, argument));
    }
    act->first = kids.first;
    return act;
}

static bool operator_is(const struct body_reading *g, TSNode node, const char *what)
{
    TSNode operator = body_child(node, g->reader->operator);

    return !ts_node_is_null(operator) && !strcmp(ts_node_type(operator), what);
}

static struct act *read_kids(struct body_reading *g, enum act_kind kind, TSNode node, const TSNode *kids, unsigned int n)
{
    struct act *act = body_act(g, kind, node);
    ACTS(list);
    unsigned int i;

    for (i = 0; i < n; i++)
        if (!ts_node_is_null(kids[i]))
            body_add(&list, body_value(g, kids[i]));
    act->first = list.first;
    act->name = body_text(g, node);
    return act;
}

/* An expression as exactly one act. */
struct act *body_value(struct body_reading *g, TSNode node)
{
    const struct body_reader *r = g->reader;
    struct act *act = NULL;
    TSNode kid;

    if (g->depth++ >= DEEPEST) {
        body_error(g, node);
        g->depth--;
        return body_act(g, ACT_VALUE, node);
    }
    switch (body_node(g, node)) {
    case NODE_PARENTHESES:
        kid = body_first(g, node);
        if (!ts_node_is_null(kid) && body_node(g, kid) != NODE_BLOCK)
            act = body_value(g, kid);
        break;
    case NODE_CAST:
        kid = body_child(node, r->value);
        if (!ts_node_is_null(kid))
            act = body_value(g, kid);
        break;
    case NODE_CALL:
        act = read_call(g, node);
        break;
    case NODE_BINARY:
        if (operator_is(g, node, "&&"))
            act = read_kids(g, ACT_AND, node, (TSNode[]){ body_child(node, r->left), body_child(node, r->right) }, 2);
        else if (operator_is(g, node, "||"))
            act = read_kids(g, ACT_OR, node, (TSNode[]){ body_child(node, r->left), body_child(node, r->right) }, 2);
        break;
    case NODE_UNARY:
        if (operator_is(g, node, "!"))
            act = read_kids(g, ACT_NOT, node, (TSNode[]){ body_child(node, r->argument) }, 1);
        break;
    case NODE_CONDITIONAL:
        act = read_kids(g, ACT_CHOICE, node, (TSNode[]){ body_child(node, r->condition), body_child(node, r->consequence),
                                                         body_child(node, r->alternative) }, 3);
        break;
    case NODE_ASSIGNMENT:
        act = read_kids(g, operator_is(g, node, "=") ? ACT_ASSIGN : ACT_MODIFY, node,
                        (TSNode[]){ body_child(node, r->left), body_child(node, r->right) }, 2);
        break;
    case NODE_UPDATE:
        act = read_kids(g, ACT_MODIFY, node, (TSNode[]){ body_child(node, r->argument) }, 1);
        break;
    default:
        break;
    }
    if (!act) {
        ACTS(inside);

        act = body_act(g, ACT_VALUE, node);
        act->name = body_text(g, node);
        if (body_node(g, node) != NODE_SKIP && ts_node_named_child_count(node))
            body_each(g, node, body_inside, &inside);
        act->first = inside.first;
    }
    g->depth--;
    return act;
}
