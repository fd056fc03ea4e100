/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One descent over the syntax tree. What a node type becomes is looked up by its symbol in a table made once a run, since
 * comparing the names of node types would cost as much as parsing does. A node type that is not in the table is an
 * expression without an effect of its own: only what is done inside it counts.
 */
#include "tree/body-inside.h"

#include <string.h>

#include "base/arena.h"

struct node_type {
    const char *name;
    enum node node;
};

static const struct node_type node_types[] = {
    { "compound_statement", NODE_BLOCK },
    { "if_statement", NODE_IF },
    { "else_clause", NODE_ELSE },
    { "switch_statement", NODE_SWITCH },
    { "case_statement", NODE_CASE },
    { "while_statement", NODE_WHILE },
    { "for_statement", NODE_FOR },
    { "do_statement", NODE_DO },
    { "return_statement", NODE_RETURN },
    { "break_statement", NODE_BREAK },
    { "continue_statement", NODE_CONTINUE },
    { "goto_statement", NODE_GOTO },
    { "labeled_statement", NODE_LABELED },
    { "declaration", NODE_DECLARATION },
    { "expression_statement", NODE_EXPRESSION },
    { "call_expression", NODE_CALL },
    { "binary_expression", NODE_BINARY },
    { "unary_expression", NODE_UNARY },
    { "conditional_expression", NODE_CONDITIONAL },
    { "assignment_expression", NODE_ASSIGNMENT },
    { "update_expression", NODE_UPDATE },
    { "parenthesized_expression", NODE_PARENTHESES },
    { "cast_expression", NODE_CAST },
    { "comment", NODE_SKIP },
    { "type_definition", NODE_SKIP },
    { "sizeof_expression", NODE_SKIP },
    { "alignof_expression", NODE_SKIP },
    { "ERROR", NODE_ERROR },
};

/* What says how likely a condition is, and not what it is. */
static const char *const wrappers[N_WRAPPERS] = { "likely", "unlikely", "evaluate_nospec" };

static TSFieldId field(const TSLanguage *language, const char *name)
{
    return ts_language_field_id_for_name(language, name, (uint32_t)strlen(name));
}

enum { LONGEST_TEXT = 120 };

struct body_reader *body_reader_create(struct arena *a, struct names *names, const struct sources *sources,
                                       const TSLanguage *language)
{
    struct body_reader *r = ARENA_NEW(a, struct body_reader);
    unsigned int i, k;

    *r = (struct body_reader){
        .arena = a, .names = names, .sources = sources, .n_symbols = ts_language_symbol_count(language),
        .condition = field(language, "condition"), .consequence = field(language, "consequence"),
        .alternative = field(language, "alternative"), .body = field(language, "body"),
        .value = field(language, "value"), .left = field(language, "left"), .right = field(language, "right"),
        .operator = field(language, "operator"), .argument = field(language, "argument"),
        .function = field(language, "function"), .arguments = field(language, "arguments"),
        .label = field(language, "label"), .declarator = field(language, "declarator"),
    };
    r->node_of = arena_alloc(a, r->n_symbols);
    for (i = 0; i < r->n_symbols; i++)
        for (k = 0; k < sizeof(node_types) / sizeof(node_types[0]); k++)
            if (!strcmp(ts_language_symbol_name(language, (TSSymbol)i), node_types[k].name))
                r->node_of[i] = (uint8_t)node_types[k].node;
    for (i = 0; i < N_WRAPPERS; i++)
        r->wrapper[i] = names_get(names, wrappers[i]);
    return r;
}

enum node body_node(const struct body_reading *g, TSNode node)
{
    TSSymbol symbol = ts_node_symbol(node);

    if (symbol < g->reader->n_symbols)
        return (enum node)g->reader->node_of[symbol];
    return ts_node_has_error(node) ? NODE_ERROR : NODE_OTHER;   /* the symbol of errors is out of range */
}

struct span body_span(const struct body_reading *g, TSNode node)
{
    return (struct span){ g->file, ts_node_start_byte(node), ts_node_end_byte(node) };
}

bool body_is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The node's text without blanks, except between words; NULL if it is long. */
const char *body_text(const struct body_reading *g, TSNode node)
{
    uint32_t i = ts_node_start_byte(node), end = ts_node_end_byte(node);
    char text[LONGEST_TEXT];
    unsigned int n = 0;
    bool blank = false;

    for (; i < end; i++) {
        char c = g->text[i];

        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            blank = n > 0;
            continue;
        }
        if (n + 2 > sizeof(text))
            return NULL;
        if (blank && body_is_word(c) && body_is_word(text[n - 1]))
            text[n++] = ' ';
        blank = false;
        text[n++] = c;
    }
    return names_intern(g->reader->names, text, n);
}

struct act *body_act(const struct body_reading *g, enum act_kind kind, TSNode node)
{
    struct act *act = ARENA_NEW(g->reader->arena, struct act);

    act->kind = kind;
    act->span = body_span(g, node);
    return act;
}

void body_add(struct acts *list, struct act *act)
{
    if (!act)
        return;
    *list->end = act;
    list->end = &act->next;
}

TSNode body_child(TSNode node, TSFieldId id)
{
    return id ? ts_node_child_by_field_id(node, id) : (TSNode){ 0 };
}

/* The first named child that is not a comment; a null node if there is none. */
TSNode body_first(const struct body_reading *g, TSNode node)
{
    uint32_t i, n = ts_node_named_child_count(node);

    for (i = 0; i < n; i++) {
        TSNode kid = ts_node_named_child(node, i);

        if (body_node(g, kid) != NODE_SKIP)
            return kid;
    }
    return (TSNode){ 0 };
}

void body_error(struct body_reading *g, TSNode node)
{
    if (!g->body->n_errors++)
        g->body->error = body_span(g, node);
}

/* Every node below `node` through a cursor, which visits children in constant time. */
void body_each(struct body_reading *g, TSNode node, void (*read)(struct body_reading *, TSNode, struct acts *),
                       struct acts *to)
{
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    bool more;

    for (more = ts_tree_cursor_goto_first_child(&cursor); more; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode kid = ts_tree_cursor_current_node(&cursor);

        if (ts_node_is_named(kid))
            read(g, kid, to);
    }
    ts_tree_cursor_delete(&cursor);
}

const struct body *body_of(struct body_reader *r, const struct tree_function *f)
{
    struct body *body = map_get(&r->read, f, f->name);
    struct body_reading g = { .reader = r, .text = f->file->text, .file = f->file->source };

    if (body)
        return body;
    body = g.body = ARENA_NEW(r->arena, struct body);
    body->block = body_one(&g, body_child(tree_function_node(f), r->body));
    return map_put(r->arena, &r->read, f, f->name, body);
}

const struct act *act_kid(const struct act *act, unsigned int n)
{
    const struct act *kid = act->first;

    while (kid && n--)
        kid = kid->next;
    return kid;
}

unsigned int act_n_args(const struct act *call)
{
    const struct act *kid = call->first ? call->first->next : NULL;
    unsigned int n = 0;

    for (; kid; kid = kid->next)
        n++;
    return n;
}

void act_walk(const struct act *act, bool (*visit)(const struct act *, void *), void *data)
{
    const struct act *kid;

    if (!visit(act, data))
        return;
    for (kid = act->first; kid; kid = kid->next)
        act_walk(kid, visit, data);
}
