/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a syntax tree to the index: one walk over all nodes in the order of the text. What is open at a node (the function,
 * the switch and its present case) is kept on a stack of its own, so that no depth of nesting in a file is a depth of calls
 * here.
 */
#include <string.h>

#include "tree/inside.h"

enum frame_kind { FRAME_FUNCTION, FRAME_SWITCH, FRAME_DECLARATOR, FRAME_ENUM };

struct frame {
    struct frame *up;
    enum frame_kind kind;
    uint32_t end;
    struct tree_function *function;
    struct tree_switch *sw;
    LIST(struct tree_case *) cases;
    unsigned int cap_labels;
    const char *table, *type;           /* FRAME_DECLARATOR */
    const struct tree_enumerator *last; /* FRAME_ENUM */
};

struct indexer {
    struct tree *t;
    struct tree_parsed *p;
    const struct tree_symbols *y;
    struct frame *frames, *spare;
    LIST(struct tree_call *) calls;     /* of the open function */
    struct tree_list switches;
    struct tree_function *function;     /* the open one, or NULL */
    unsigned int region;                /* where the last guard was found */
};

void tree_index_create(struct tree *t)
{
    const TSLanguage *c = tree_sitter_c();
    struct tree_symbols *y = &t->symbols;

#define SYMBOL(name) y->name = ts_language_symbol_for_name(c, #name, strlen(#name), true)
    SYMBOL(function_definition); SYMBOL(call_expression); SYMBOL(switch_statement); SYMBOL(case_statement);
    SYMBOL(enumerator); SYMBOL(initializer_pair); SYMBOL(init_declarator); SYMBOL(identifier); SYMBOL(field_identifier);
    SYMBOL(field_expression); SYMBOL(parenthesized_expression); SYMBOL(compound_statement); SYMBOL(break_statement);
    SYMBOL(return_statement); SYMBOL(goto_statement); SYMBOL(continue_statement); SYMBOL(comment); SYMBOL(if_statement);
    SYMBOL(function_declarator); SYMBOL(pointer_declarator); SYMBOL(parenthesized_declarator); SYMBOL(array_declarator);
    SYMBOL(parameter_declaration); SYMBOL(storage_class_specifier); SYMBOL(variadic_parameter); SYMBOL(labeled_statement);
    SYMBOL(else_clause); SYMBOL(expression_statement); SYMBOL(declaration); SYMBOL(enumerator_list);
#undef SYMBOL
    y->error = (TSSymbol)-1;
#define FIELD(name) y->field_##name = ts_language_field_id_for_name(c, #name, strlen(#name))
    FIELD(name); FIELD(body); FIELD(function); FIELD(arguments); FIELD(condition); FIELD(value); FIELD(declarator);
    FIELD(parameters); FIELD(type); FIELD(field); FIELD(designator); FIELD(consequence); FIELD(alternative);
#undef FIELD
}

static struct span span_of(const struct indexer *x, TSNode n)
{
    return tree_node_span(&x->p->file, n);
}

static TSNode field(TSNode n, TSFieldId id)
{
    return ts_node_child_by_field_id(n, id);
}

static const char *word(const struct indexer *x, TSNode n)
{
    uint32_t start = ts_node_start_byte(n);

    return names_intern(x->t->names, x->p->file.text + start, ts_node_end_byte(n) - start);
}

/* The guard at a byte; places are asked for in about ascending order. */
static const struct tree_guard *guard_at(struct indexer *x, uint32_t at)
{
    const struct tree_parsed *p = x->p;

    while (x->region && p->regions[x->region - 1].start > at)
        x->region--;
    while (x->region < p->n_regions && p->regions[x->region].start <= at)
        x->region++;
    return x->region ? p->regions[x->region - 1].guard : NULL;
}

static struct frame *frame_push(struct indexer *x, enum frame_kind kind, TSNode n)
{
    struct frame *f = x->spare;

    if (f)
        x->spare = f->up;
    else
        f = ARENA_NEW(x->t->arena, struct frame);
    memset(f, 0, sizeof(*f));
    f->up = x->frames;
    f->kind = kind;
    f->end = ts_node_end_byte(n);
    x->frames = f;
    return f;
}

/* ---- functions ---- */

static bool has_word(const struct indexer *x, uint32_t start, uint32_t end, const char *what)
{
    const char *at = x->p->file.text + start, *stop = x->p->file.text + end;
    size_t n = strlen(what);

    for (; at + n <= stop; at++)
        if (*at == *what && !memcmp(at, what, n) && (at + n == stop || strchr(" \t\r\n", at[n])))
            return true;
    return false;
}

static void function_begin(struct indexer *x, TSNode n)
{
    TSNode head = { 0 }, name = tree_declared(x->t, field(n, x->y->field_declarator), &head), body = field(n, x->y->field_body), list;
    struct tree_function *f;
    struct frame *frame;

    if (ts_node_is_null(name) || ts_node_is_null(head) || ts_node_is_null(body) || x->function)
        return;
    f = ARENA_NEW(x->t->arena, struct tree_function);
    f->name = word(x, name);
    f->file = &x->p->file;
    f->span = span_of(x, n);
    f->name_span = span_of(x, name);
    f->body = span_of(x, body);
    f->returns = tree_type(x->t, &x->p->file, f->span.start, f->name_span.start);
    f->is_static = has_word(x, f->span.start, f->name_span.start, "static");
    f->is_inline = has_word(x, f->span.start, f->name_span.start, "inline");
    f->guard = guard_at(x, f->span.start);
    list = field(head, x->y->field_parameters);
    if (!ts_node_is_null(list))
        tree_params(x->t, &x->p->file, list, &f->params, &f->n_params);
    tree_list_add(x->t, &x->t->functions, f);
    tree_list_add(x->t, &x->p->functions, f);
    tree_map_add(x->t, &x->t->functions_by_name, f->name, f);
    frame = frame_push(x, FRAME_FUNCTION, n);
    frame->function = f;
    x->function = f;
    x->calls.n = 0;
    x->switches = (struct tree_list){ 0 };
}

static void function_end(struct indexer *x, struct tree_function *f)
{
    struct tree_call *calls = arena_array(x->t->arena, x->calls.n, sizeof(*calls));
    unsigned int i;

    /* One array for the function; the cases are where they will stay by now. */
    for (i = 0; i < x->calls.n; i++) {
        calls[i] = *x->calls.items[i];
        arena_recycle(x->t->arena, x->calls.items[i], sizeof(*calls));
        if (calls[i].callee)
            tree_map_add(x->t, &x->t->calls_by_name, calls[i].callee, &calls[i]);
    }
    f->calls = calls;
    f->n_calls = x->calls.n;
    f->switches = (struct tree_switch *const *)x->switches.items;
    f->n_switches = x->switches.n;
    x->function = NULL;
}

/* ---- calls ---- */

static const struct tree_case *present_case(const struct indexer *x)
{
    const struct frame *f;

    for (f = x->frames; f; f = f->up)
        if (f->kind == FRAME_SWITCH)
            return f->cases.n ? f->cases.items[f->cases.n - 1] : NULL;
    return NULL;
}

static void call(struct indexer *x, TSNode n)
{
    TSNode callee = field(n, x->y->field_function), args = field(n, x->y->field_arguments);
    struct tree_call *c = ARENA_NEW(x->t->arena, struct tree_call);
    TSNode inner = callee;
    LIST(struct span) spans = { 0 };
    TSSymbol s;

    if (ts_node_is_null(callee) || ts_node_is_null(args))
        return;
    c->span = span_of(x, n);
    c->callee_span = span_of(x, callee);
    s = ts_node_symbol(inner);
    if (s == x->y->field_expression) {
        inner = field(inner, x->y->field_field);
        c->indirect = true;
        s = ts_node_is_null(inner) ? 0 : ts_node_symbol(inner);
    }
    if (s == x->y->identifier || s == x->y->field_identifier)
        c->callee = word(x, inner);
    else
        c->indirect = true;
    if (ts_node_named_child_count(args)) {
        unsigned int i, k = ts_node_named_child_count(args);

        for (i = 0; i < k; i++) {
            TSNode a = ts_node_named_child(args, i);

            if (ts_node_symbol(a) != x->y->comment)
                *LIST_PUSH(x->t->arena, &spans) = span_of(x, a);
        }
    }
    c->args = spans.items;
    c->n_args = spans.n;
    c->function = x->function;
    c->guard = guard_at(x, c->span.start);
    c->in = x->function ? present_case(x) : NULL;
    if (x->function)
        *LIST_PUSH(x->t->arena, &x->calls) = c;
    else if (c->callee)
        tree_map_add(x->t, &x->t->calls_by_name, c->callee, c);
}

/* ---- switches ---- */

static void switch_begin(struct indexer *x, TSNode n)
{
    TSNode on = field(n, x->y->field_condition);
    struct tree_switch *sw;
    struct frame *f;

    if (!x->function || ts_node_is_null(on))
        return;
    sw = ARENA_NEW(x->t->arena, struct tree_switch);
    sw->function = x->function;
    sw->span = span_of(x, n);
    sw->on = span_of(x, on);
    if (sw->on.end - sw->on.start >= 2 && x->p->file.text[sw->on.start] == '(') {
        sw->on.start++;
        sw->on.end--;
    }
    sw->in = present_case(x);
    sw->guard = guard_at(x, sw->span.start);
    tree_list_add(x->t, &x->switches, sw);
    f = frame_push(x, FRAME_SWITCH, n);
    f->sw = sw;
}

/* Whether control may come out of the end of a statement. */
static bool goes_on(const struct indexer *x, TSNode n)
{
    for (;;) {
        TSSymbol s = ts_node_symbol(n);
        unsigned int k;

        if (s == x->y->break_statement || s == x->y->return_statement || s == x->y->goto_statement ||
            s == x->y->continue_statement)
            return false;
        if (s == x->y->if_statement) {
            TSNode other = field(n, x->y->field_alternative), then = field(n, x->y->field_consequence);

            if (ts_node_is_null(other) || ts_node_is_null(then))
                return true;
            if (ts_node_symbol(other) == x->y->else_clause && ts_node_named_child_count(other))
                other = ts_node_named_child(other, ts_node_named_child_count(other) - 1);
            /* `if` chains are long, not deep: the sides are looked at one level down only */
            if (ts_node_symbol(then) == x->y->compound_statement && ts_node_named_child_count(then))
                then = ts_node_named_child(then, ts_node_named_child_count(then) - 1);
            s = ts_node_symbol(then);
            if (s != x->y->break_statement && s != x->y->return_statement && s != x->y->goto_statement &&
                s != x->y->continue_statement)
                return true;
            n = other;
            continue;
        }
        if (s != x->y->compound_statement && s != x->y->labeled_statement)
            return true;
        k = ts_node_named_child_count(n);
        if (!k)
            return true;
        n = ts_node_named_child(n, k - 1);
    }
}

static void case_close(struct frame *f, uint32_t end)
{
    if (f->cases.n)
        f->cases.items[f->cases.n - 1]->body.end = end;
}

/* A label as it was written, with one blank between words: "1 ... 3", "PROGRESS(tee)". */
static const char *label_text(const struct indexer *x, uint32_t start, uint32_t end)
{
    return names_get(x->t->names, tree_text(x->t, (struct span){ x->p->file.source, start, end }));
}

/* One more label at [start, colon) of the switch `f`; it joins those before if nothing stands between. */
static struct tree_case *label(struct indexer *x, struct frame *f, const char *name, uint32_t start, uint32_t colon)
{
    struct tree_case *c = NULL;
    struct tree_label *l;

    if (f->cases.n) {
        const char *text = x->p->file.text;
        uint32_t at = f->cases.items[f->cases.n - 1]->body.start;

        while (at < start && strchr(" \t\r\n\f\v", text[at]))
            at++;
        if (at == start)
            c = f->cases.items[f->cases.n - 1];
    }
    if (!c) {
        case_close(f, start);
        c = ARENA_NEW(x->t->arena, struct tree_case);
        *LIST_PUSH(x->t->arena, &f->cases) = c;
        c->of = f->sw;
        f->cap_labels = 0;
    }
    l = arena_push(x->t->arena, (void **)&c->labels, &c->n_labels, &f->cap_labels, sizeof(*l));
    l->span = (struct span){ x->p->file.source, start, colon };
    l->guard = guard_at(x, start);
    l->name = name;
    c->body = (struct span){ x->p->file.source, colon, f->end };
    return c;
}

static void case_begin(struct indexer *x, TSNode n)
{
    TSNode value = field(n, x->y->field_value), last = { 0 };
    unsigned int i, k = ts_node_child_count(n);
    uint32_t start = ts_node_start_byte(n), colon = 0;
    struct frame *f;

    for (f = x->frames; f && f->kind != FRAME_SWITCH; f = f->up)
        ;
    if (!f)
        return;
    for (i = 0; i < k; i++) {
        TSNode child = ts_node_child(n, i);

        if (colon && ts_node_is_named(child))
            last = child;
        else if (!colon && x->p->file.text[ts_node_start_byte(child)] == ':')
            colon = ts_node_end_byte(child);
    }
    if (!colon)
        colon = ts_node_end_byte(n);
    label(x, f, ts_node_is_null(value) ? NULL : label_text(x, ts_node_start_byte(value), colon - 1), start, colon)->falls =
        ts_node_is_null(last) || goes_on(x, last);
}

/* NAME(args): a label that a macro makes. What follows it is also the end of the case before, to the grammar. */
static void macro_case_begin(struct indexer *x, TSNode n)
{
    uint32_t start = ts_node_start_byte(n), end = ts_node_end_byte(ts_node_child(n, 0));
    TSNode before = ts_node_prev_named_sibling(n);
    struct tree_case *old, *c;
    struct frame *f;
    size_t len;
    const char *written = source_text(x->t->sources, x->p->file.source, &len);

    for (f = x->frames; f && f->kind != FRAME_SWITCH; f = f->up)
        ;
    if (!f || !memchr(written + start, '(', end - start))
        return;
    old = f->cases.n ? f->cases.items[f->cases.n - 1] : NULL;
    c = label(x, f, label_text(x, start, end), start, end + 1);
    c->falls = old ? old->falls : true;
    if (old && old != c)
        old->falls = ts_node_is_null(before) || goes_on(x, before);
}

static void switch_end(struct frame *f)
{
    case_close(f, f->end ? f->end - 1 : 0);
    f->sw->cases = (struct tree_case *const *)f->cases.items;
    f->sw->n_cases = f->cases.n;
}

/* ---- the rest ---- */

static void enumerator(struct indexer *x, TSNode n)
{
    TSNode name = field(n, x->y->field_name), value = field(n, x->y->field_value);
    struct tree_enumerator *e;

    if (ts_node_is_null(name))
        return;
    e = ARENA_NEW(x->t->arena, struct tree_enumerator);
    e->name = word(x, name);
    e->file = &x->p->file;
    e->span = span_of(x, n);
    e->value = ts_node_is_null(value) ? (struct span){ e->span.file, e->span.end, e->span.end } : span_of(x, value);
    e->guard = guard_at(x, e->span.start);
    if (x->frames && x->frames->kind == FRAME_ENUM) {
        e->before = x->frames->last;
        x->frames->last = e;
    }
    tree_list_add(x->t, &x->t->enumerators, e);
    tree_map_add(x->t, &x->t->enumerators_by_name, e->name, e);
}

static void pointer(struct indexer *x, TSNode n)
{
    TSNode designator = field(n, x->y->field_designator), value = field(n, x->y->field_value), name;
    struct tree_pointer *p;
    const struct frame *f;

    if (ts_node_is_null(designator) || ts_node_is_null(value) || !ts_node_named_child_count(designator))
        return;
    if (*(x->p->file.text + ts_node_start_byte(value)) == '&' && ts_node_named_child_count(value) == 1)
        value = ts_node_named_child(value, 0);
    if (ts_node_symbol(value) != x->y->identifier)
        return;
    name = ts_node_named_child(designator, 0);
    p = ARENA_NEW(x->t->arena, struct tree_pointer);
    p->field = word(x, name);
    p->target = word(x, value);
    p->file = &x->p->file;
    p->span = span_of(x, n);
    p->guard = guard_at(x, p->span.start);
    for (f = x->frames; f; f = f->up)
        if (f->kind == FRAME_DECLARATOR) {
            p->table = f->table;
            p->type = f->type;
            break;
        }
    tree_list_add(x->t, &x->t->pointers, p);
    tree_map_add(x->t, &x->t->pointers_by_field, p->field, p);
}

static void declarator(struct indexer *x, TSNode n)
{
    TSNode name = tree_declared(x->t, field(n, x->y->field_declarator), NULL), parent = ts_node_parent(n);
    struct frame *f = frame_push(x, FRAME_DECLARATOR, n);

    if (!ts_node_is_null(name))
        f->table = word(x, name);
    if (!ts_node_is_null(parent))
        f->type = tree_type(x->t, &x->p->file, ts_node_start_byte(parent),
                            ts_node_start_byte(ts_node_is_null(name) ? n : name));
}

static void error(struct indexer *x, TSNode n)
{
    uint32_t start = ts_node_start_byte(n), end = ts_node_end_byte(n);

    tree_gap_add(x->t, x->p, start, end > start ? end : start + (start < x->p->file.len), "no C that can be read");
    if (x->function)
        x->function->broken = true;
}

/* A macro that needs no semicolon: the grammar puts one there, and nothing is unread. */
static bool is_semicolon(TSNode n)
{
    return !strcmp(ts_node_type(n), ";");
}

static void visit(struct indexer *x, TSNode n)
{
    const struct tree_symbols *y = x->y;
    TSSymbol s = ts_node_symbol(n);

    if (s == y->call_expression)
        call(x, n);
    else if (s == y->function_definition)
        function_begin(x, n);
    else if (s == y->switch_statement)
        switch_begin(x, n);
    else if (s == y->case_statement)
        case_begin(x, n);
    else if (s == y->labeled_statement)
        macro_case_begin(x, n);
    else if (s == y->enumerator)
        enumerator(x, n);
    else if (s == y->enumerator_list)
        frame_push(x, FRAME_ENUM, n);
    else if (s == y->initializer_pair)
        pointer(x, n);
    else if (s == y->init_declarator)
        declarator(x, n);
    else if (s == y->error || (ts_node_is_missing(n) && !is_semicolon(n)))
        error(x, n);
}

static void frames_pop(struct indexer *x, uint32_t at, bool all)
{
    while (x->frames && (all || x->frames->end <= at)) {
        struct frame *f = x->frames;

        if (f->kind == FRAME_SWITCH)
            switch_end(f);
        x->frames = f->up;
        if (f->kind == FRAME_FUNCTION)
            function_end(x, f->function);
        f->up = x->spare;
        x->spare = f;
    }
}

void tree_index(struct tree *t, struct tree_parsed *p)
{
    struct indexer x = { .t = t, .p = p, .y = &t->symbols };
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(p->file.syntax));
    bool more = true;

    while (more) {
        TSNode n = ts_tree_cursor_current_node(&cursor);

        frames_pop(&x, ts_node_start_byte(n), false);
        visit(&x, n);
        if (ts_tree_cursor_goto_first_child(&cursor))
            continue;
        while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
            more = ts_tree_cursor_goto_parent(&cursor);
            if (!more)
                break;
        }
    }
    frames_pop(&x, 0, true);
    ts_tree_cursor_delete(&cursor);
}
