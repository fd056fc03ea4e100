/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One descent over the syntax tree. What a node type becomes is looked up by its symbol in a table made once a run, since
 * comparing the names of node types would cost as much as parsing does. A node type that is not in the table is an
 * expression without an effect of its own: only what is done inside it counts.
 */
#include "tree/body.h"

#include <string.h>

#include "base/arena.h"

enum node {
    NODE_OTHER,
    NODE_BLOCK, NODE_IF, NODE_ELSE, NODE_SWITCH, NODE_CASE, NODE_WHILE, NODE_FOR, NODE_DO, NODE_RETURN, NODE_BREAK,
    NODE_CONTINUE, NODE_GOTO, NODE_LABELED, NODE_DECLARATION, NODE_EXPRESSION, NODE_CALL, NODE_BINARY, NODE_UNARY,
    NODE_CONDITIONAL, NODE_ASSIGNMENT, NODE_UPDATE, NODE_PARENTHESES, NODE_CAST, NODE_SKIP, NODE_ERROR,
};

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
static const char *const wrappers[] = { "likely", "unlikely", "evaluate_nospec" };
enum { N_WRAPPERS = sizeof(wrappers) / sizeof(wrappers[0]), LONGEST_TEXT = 120, DEEPEST = 400 };

struct body_reader {
    struct arena *arena;
    struct names *names;
    const struct sources *sources;
    struct map read;                /* struct body by function */
    uint8_t *node_of;               /* enum node by symbol */
    unsigned int n_symbols;
    const char *wrapper[N_WRAPPERS];
    TSFieldId condition, consequence, alternative, body, value, left, right, operator, argument, function, arguments,
        label, declarator;
};

struct reading {
    const struct body_reader *reader;
    const char *text;
    uint32_t file;
    unsigned int depth;
    struct body *body;
};

/* A list of acts being made. */
struct acts {
    struct act *first, **end;
};
#define ACTS(list) struct acts list = { NULL, &(list).first }

static TSFieldId field(const TSLanguage *language, const char *name)
{
    return ts_language_field_id_for_name(language, name, (uint32_t)strlen(name));
}

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

static enum node node_of(const struct reading *g, TSNode node)
{
    TSSymbol symbol = ts_node_symbol(node);

    if (symbol < g->reader->n_symbols)
        return (enum node)g->reader->node_of[symbol];
    return ts_node_has_error(node) ? NODE_ERROR : NODE_OTHER;   /* the symbol of errors is out of range */
}

static struct span node_span(const struct reading *g, TSNode node)
{
    return (struct span){ g->file, ts_node_start_byte(node), ts_node_end_byte(node) };
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The node's text without blanks, except between words; NULL if it is long. */
static const char *node_text(const struct reading *g, TSNode node)
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
        if (blank && is_word(c) && is_word(text[n - 1]))
            text[n++] = ' ';
        blank = false;
        text[n++] = c;
    }
    return names_intern(g->reader->names, text, n);
}

static struct act *act_make(const struct reading *g, enum act_kind kind, TSNode node)
{
    struct act *act = ARENA_NEW(g->reader->arena, struct act);

    act->kind = kind;
    act->span = node_span(g, node);
    return act;
}

static void acts_add(struct acts *list, struct act *act)
{
    if (!act)
        return;
    *list->end = act;
    list->end = &act->next;
}

static TSNode child(TSNode node, TSFieldId id)
{
    return id ? ts_node_child_by_field_id(node, id) : (TSNode){ 0 };
}

static void read_statement(struct reading *g, TSNode node, struct acts *to);
static struct act *read_value(struct reading *g, TSNode node);

/* The first named child that is not a comment; a null node if there is none. */
static TSNode first_named(const struct reading *g, TSNode node)
{
    uint32_t i, n = ts_node_named_child_count(node);

    for (i = 0; i < n; i++) {
        TSNode kid = ts_node_named_child(node, i);

        if (node_of(g, kid) != NODE_SKIP)
            return kid;
    }
    return (TSNode){ 0 };
}

static void note_error(struct reading *g, TSNode node)
{
    if (!g->body->n_errors++)
        g->body->error = node_span(g, node);
}

/* Every node below `node` through a cursor, which visits children in constant time. */
static void each_child(struct reading *g, TSNode node, void (*read)(struct reading *, TSNode, struct acts *),
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

/* What an expression does that is not an act itself: the acts inside it. */
static void read_inside(struct reading *g, TSNode node, struct acts *to)
{
    switch (node_of(g, node)) {
    case NODE_CALL:
    case NODE_BINARY:
    case NODE_UNARY:
    case NODE_CONDITIONAL:
    case NODE_ASSIGNMENT:
    case NODE_UPDATE: {
        struct act *act = read_value(g, node);

        if (act->kind == ACT_VALUE) {
            if (act->first) {
                *to->end = act->first;
                while (*to->end)
                    to->end = &(*to->end)->next;
            }
            return;
        }
        acts_add(to, act);
        return;
    }
    case NODE_SKIP:
        return;
    case NODE_ERROR:
        note_error(g, node);
        each_child(g, node, read_statement, to);
        return;
    case NODE_BLOCK:    /* a statement expression */
    case NODE_DECLARATION:
        read_statement(g, node, to);
        return;
    default:
        if (ts_node_named_child_count(node) && g->depth < DEEPEST) {
            g->depth++;
            each_child(g, node, read_inside, to);
            g->depth--;
        }
    }
}

static struct act *read_call(struct reading *g, TSNode node)
{
    TSNode callee = child(node, g->reader->function), arguments = child(node, g->reader->arguments);
    struct act *act = act_make(g, ACT_CALL, node), *of;
    ACTS(kids);
    uint32_t i, n = ts_node_is_null(arguments) ? 0 : ts_node_named_child_count(arguments);

    of = ts_node_is_null(callee) ? act_make(g, ACT_VALUE, node) : read_value(g, callee);
    if (of->kind == ACT_VALUE && !of->first)
        act->name = of->name;
    for (i = 0; i < N_WRAPPERS && n == 1; i++)
        if (act->name == g->reader->wrapper[i])
            return read_value(g, ts_node_named_child(arguments, 0));
    acts_add(&kids, of);
    for (i = 0; i < n; i++) {
        TSNode argument = ts_node_named_child(arguments, i);

        if (node_of(g, argument) != NODE_SKIP)
            acts_add(&kids, read_value(g, argument));
    }
    act->first = kids.first;
    return act;
}

static bool operator_is(const struct reading *g, TSNode node, const char *what)
{
    TSNode operator = child(node, g->reader->operator);

    return !ts_node_is_null(operator) && !strcmp(ts_node_type(operator), what);
}

static struct act *read_kids(struct reading *g, enum act_kind kind, TSNode node, const TSNode *kids, unsigned int n)
{
    struct act *act = act_make(g, kind, node);
    ACTS(list);
    unsigned int i;

    for (i = 0; i < n; i++)
        if (!ts_node_is_null(kids[i]))
            acts_add(&list, read_value(g, kids[i]));
    act->first = list.first;
    act->name = node_text(g, node);
    return act;
}

/* An expression as exactly one act. */
static struct act *read_value(struct reading *g, TSNode node)
{
    const struct body_reader *r = g->reader;
    struct act *act = NULL;
    TSNode kid;

    if (g->depth++ >= DEEPEST) {
        note_error(g, node);
        g->depth--;
        return act_make(g, ACT_VALUE, node);
    }
    switch (node_of(g, node)) {
    case NODE_PARENTHESES:
        kid = first_named(g, node);
        if (!ts_node_is_null(kid) && node_of(g, kid) != NODE_BLOCK)
            act = read_value(g, kid);
        break;
    case NODE_CAST:
        kid = child(node, r->value);
        if (!ts_node_is_null(kid))
            act = read_value(g, kid);
        break;
    case NODE_CALL:
        act = read_call(g, node);
        break;
    case NODE_BINARY:
        if (operator_is(g, node, "&&"))
            act = read_kids(g, ACT_AND, node, (TSNode[]){ child(node, r->left), child(node, r->right) }, 2);
        else if (operator_is(g, node, "||"))
            act = read_kids(g, ACT_OR, node, (TSNode[]){ child(node, r->left), child(node, r->right) }, 2);
        break;
    case NODE_UNARY:
        if (operator_is(g, node, "!"))
            act = read_kids(g, ACT_NOT, node, (TSNode[]){ child(node, r->argument) }, 1);
        break;
    case NODE_CONDITIONAL:
        act = read_kids(g, ACT_CHOICE, node, (TSNode[]){ child(node, r->condition), child(node, r->consequence),
                                                         child(node, r->alternative) }, 3);
        break;
    case NODE_ASSIGNMENT:
        act = read_kids(g, operator_is(g, node, "=") ? ACT_ASSIGN : ACT_MODIFY, node,
                        (TSNode[]){ child(node, r->left), child(node, r->right) }, 2);
        break;
    case NODE_UPDATE:
        act = read_kids(g, ACT_MODIFY, node, (TSNode[]){ child(node, r->argument) }, 1);
        break;
    default:
        break;
    }
    if (!act) {
        ACTS(inside);

        act = act_make(g, ACT_VALUE, node);
        act->name = node_text(g, node);
        if (node_of(g, node) != NODE_SKIP && ts_node_named_child_count(node))
            each_child(g, node, read_inside, &inside);
        act->first = inside.first;
    }
    g->depth--;
    return act;
}

/* A statement as exactly one act. */
static struct act *read_one(struct reading *g, TSNode node)
{
    struct act *act = act_make(g, ACT_BLOCK, node);
    ACTS(list);

    if (!ts_node_is_null(node))
        read_statement(g, node, &list);
    if (list.first && !list.first->next)
        return list.first;
    act->first = list.first;
    return act;
}

/* The name that a declarator declares. */
static const char *declared(const struct reading *g, TSNode node)
{
    TSNode inner = node;
    unsigned int i;

    for (i = 0; i < 16 && !ts_node_is_null(inner); i++) {
        node = inner;
        inner = child(node, g->reader->declarator);
        if (ts_node_is_null(inner) && !strcmp(ts_node_type(node), "parenthesized_declarator"))
            inner = first_named(g, node);
    }
    return node_text(g, node);
}

static void read_declaration(struct reading *g, TSNode node, struct acts *to)
{
    uint32_t i, n = ts_node_named_child_count(node);
    bool is_static = false;

    for (i = 0; i < n; i++) {
        TSNode kid = ts_node_named_child(node, i);
        const char *type = ts_node_type(kid);
        TSNode value = (TSNode){ 0 };
        struct act *act;

        if (!strcmp(type, "storage_class_specifier")) {
            const char *text = node_text(g, kid);

            is_static = is_static || (text && !strcmp(text, "static"));
            continue;
        }
        if (!strcmp(type, "init_declarator"))
            value = child(kid, g->reader->value);
        else if (strcmp(type, "identifier") && strcmp(type, "pointer_declarator") && strcmp(type, "array_declarator") &&
                 strcmp(type, "function_declarator"))
            continue;
        act = act_make(g, ACT_DECLARE, kid);
        act->is_static = is_static;
        act->name = declared(g, kid);
        if (!ts_node_is_null(value))
            act->first = read_value(g, value);
        acts_add(to, act);
    }
}

static void read_for(struct reading *g, TSNode node, struct acts *to)
{
    static const char *const heads[] = { "initializer", "condition", "update" };
    struct act *act = act_make(g, ACT_LOOP, node);
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

        if (!ts_node_is_named(kid) || node_of(g, kid) == NODE_SKIP)
            continue;
        for (i = 0; name && i < sizeof(heads) / sizeof(heads[0]); i++)
            head = head || !strcmp(name, heads[i]);
        if (!head && node_of(g, kid) != NODE_DECLARATION)
            body = kid;
        else if (node_of(g, kid) == NODE_DECLARATION)
            read_declaration(g, kid, &list);
        else
            acts_add(&list, read_value(g, kid));
    }
    ts_tree_cursor_delete(&cursor);
    if (ts_node_is_null(body))
        acts_add(&list, act_make(g, ACT_BLOCK, node));
    else
        acts_add(&list, read_one(g, body));
    act->first = list.first;
    acts_add(to, act);
}

static void read_if(struct reading *g, TSNode node, struct acts *to)
{
    struct act *act = act_make(g, ACT_IF, node);
    TSNode condition = child(node, g->reader->condition), otherwise = child(node, g->reader->alternative);
    ACTS(list);

    acts_add(&list, ts_node_is_null(condition) ? act_make(g, ACT_VALUE, node) : read_value(g, condition));
    acts_add(&list, read_one(g, child(node, g->reader->consequence)));
    if (!ts_node_is_null(otherwise)) {
        if (node_of(g, otherwise) == NODE_ELSE)
            otherwise = first_named(g, otherwise);
        acts_add(&list, read_one(g, otherwise));
    }
    act->first = list.first;
    acts_add(to, act);
}

static void read_case(struct reading *g, TSNode node, struct acts *to)
{
    TSNode value = child(node, g->reader->value);
    bool is_default = ts_node_is_null(value);
    struct act *act = act_make(g, is_default ? ACT_DEFAULT : ACT_CASE, node);
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    bool more, past = false;

    if (!is_default) {
        act->span = node_span(g, value);
        act->first = read_value(g, value);
        act->name = node_text(g, value);
    } else {
        act->span.end = act->span.start + (uint32_t)strlen("default");
    }
    acts_add(to, act);
    for (more = ts_tree_cursor_goto_first_child(&cursor); more; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode kid = ts_tree_cursor_current_node(&cursor);

        if (past && ts_node_is_named(kid))
            read_statement(g, kid, to);
        else if (!past)
            past = !strcmp(ts_node_type(kid), ":");
    }
    ts_tree_cursor_delete(&cursor);
}

/* for_each_domain(d) and its like are a while in the text that is parsed: the macro's name, NULL for a real one. */
static const char *loop_macro(const struct reading *g, TSNode node)
{
    size_t len, n = 0;
    const char *text = source_text(g->reader->sources, g->file, &len);
    uint32_t at = ts_node_start_byte(node);

    while (at + n < len && is_word(text[at + n]))
        n++;
    return n == 5 && !memcmp(text + at, "while", n) ? NULL : names_intern(g->reader->names, text + at, n);
}

static void read_statement(struct reading *g, TSNode node, struct acts *to)
{
    const struct body_reader *r = g->reader;
    struct act *act;
    TSNode kid;
    ACTS(list);

    if (g->depth++ >= DEEPEST) {
        note_error(g, node);
        g->depth--;
        return;
    }
    switch (node_of(g, node)) {
    case NODE_BLOCK:
        act = act_make(g, ACT_BLOCK, node);
        each_child(g, node, read_statement, &list);
        act->first = list.first;
        acts_add(to, act);
        break;
    case NODE_IF:
        read_if(g, node, to);
        break;
    case NODE_SWITCH:
        act = act_make(g, ACT_SWITCH, node);
        kid = child(node, r->condition);
        acts_add(&list, ts_node_is_null(kid) ? act_make(g, ACT_VALUE, node) : read_value(g, kid));
        acts_add(&list, read_one(g, child(node, r->body)));
        act->first = list.first;
        acts_add(to, act);
        break;
    case NODE_CASE:
        read_case(g, node, to);
        break;
    case NODE_WHILE:
        act = act_make(g, ACT_LOOP, node);
        act->name = loop_macro(g, node);
        kid = child(node, r->condition);
        if (!ts_node_is_null(kid))
            acts_add(&list, read_value(g, kid));
        acts_add(&list, read_one(g, child(node, r->body)));
        act->first = list.first;
        acts_add(to, act);
        break;
    case NODE_FOR:
        read_for(g, node, to);
        break;
    case NODE_DO:
        act = act_make(g, ACT_DO, node);
        acts_add(&list, read_one(g, child(node, r->body)));
        kid = child(node, r->condition);
        if (!ts_node_is_null(kid))
            acts_add(&list, read_value(g, kid));
        act->first = list.first;
        acts_add(to, act);
        break;
    case NODE_RETURN:
        act = act_make(g, ACT_RETURN, node);
        kid = first_named(g, node);
        if (!ts_node_is_null(kid))
            act->first = read_value(g, kid);
        acts_add(to, act);
        break;
    case NODE_BREAK:
        acts_add(to, act_make(g, ACT_BREAK, node));
        break;
    case NODE_CONTINUE:
        acts_add(to, act_make(g, ACT_CONTINUE, node));
        break;
    case NODE_GOTO:
    case NODE_LABELED:
        act = act_make(g, node_of(g, node) == NODE_GOTO ? ACT_GOTO : ACT_LABEL, node);
        kid = child(node, r->label);
        act->name = ts_node_is_null(kid) ? NULL : node_text(g, kid);
        acts_add(to, act);
        if (act->kind == ACT_LABEL) {
            act->span = node_span(g, kid);
            /* The statement behind the label is its last child. */
            kid = ts_node_named_child(node, ts_node_named_child_count(node) - 1);
            if (ts_node_named_child_count(node) > 1)
                read_statement(g, kid, to);
        }
        break;
    case NODE_DECLARATION:
        read_declaration(g, node, to);
        break;
    case NODE_EXPRESSION:
        kid = first_named(g, node);
        if (!ts_node_is_null(kid))
            acts_add(to, read_value(g, kid));
        break;
    case NODE_ERROR:
        note_error(g, node);
        each_child(g, node, read_statement, to);
        break;
    case NODE_SKIP:
        break;
    default:
        read_inside(g, node, to);
    }
    g->depth--;
}

const struct body *body_of(struct body_reader *r, const struct tree_function *f)
{
    struct body *body = map_get(&r->read, f, f->name);
    struct reading g = { .reader = r, .text = f->file->text, .file = f->file->source };

    if (body)
        return body;
    body = g.body = ARENA_NEW(r->arena, struct body);
    body->block = read_one(&g, child(tree_function_node(f), r->body));
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
