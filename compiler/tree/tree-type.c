/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Declarators and types: names, parameters, and the words of a type. */
#include <string.h>

#include "base/buf.h"
#include "tree/inside.h"

TSNode tree_declared(const struct tree *t, TSNode d, TSNode *head)
{
    while (!ts_node_is_null(d)) {
        TSSymbol s = ts_node_symbol(d);
        TSNode next;

        if (s == t->symbols.identifier || s == t->symbols.field_identifier)
            return d;
        if (s == t->symbols.function_declarator && head)
            *head = d;
        next = ts_node_child_by_field_id(d, t->symbols.field_declarator);
        if (ts_node_is_null(next) && ts_node_named_child_count(d))
            next = ts_node_named_child(d, ts_node_named_child_count(d) - 1);
        d = next;
    }
    return d;
}

/* The words of [start, end) with one blank between, less those in `without`. */
const char *tree_type(const struct tree *t, const struct tree_file *file, uint32_t start, uint32_t end)
{
    static const char *const without[] = { "static", "inline", "extern", "register" };
    const char *parsed = file->text, *text;
    struct buf out = BUF_INIT;
    size_t len;

    text = source_text(t->sources, file->source, &len);
    while (start < end) {
        uint32_t stop = start;
        size_t i;

        if (strchr(" \t\r\n\f\v", text[start]) || parsed[start] == ' ') {
            start++;
            continue;
        }
        while (stop < end && !strchr(" \t\r\n\f\v*", text[stop]) && parsed[stop] != ' ')
            stop++;
        stop += stop == start;
        for (i = 0; i < sizeof(without) / sizeof(without[0]); i++)
            if (stop - start == strlen(without[i]) && !memcmp(parsed + start, without[i], stop - start))
                break;
        if (i == sizeof(without) / sizeof(without[0])) {
            if (out.len && !(text[start] == '*' && out.data[out.len - 1] == '*'))
                buf_putc(&out, ' ');
            buf_add(&out, text + start, stop - start);
        }
        start = stop;
    }
    return names_get(t->names, tree_taken(t->arena, &out));
}

void tree_params(const struct tree *t, const struct tree_file *file, TSNode list, struct tree_param **found,
                 unsigned int *n_found)
{
    unsigned int i, n = ts_node_named_child_count(list);
    LIST(struct tree_param) all = { 0 };

    for (i = 0; i < n; i++) {
        TSNode c = ts_node_named_child(list, i), d = ts_node_child_by_field_id(c, t->symbols.field_declarator);
        struct tree_param *p;
        uint32_t start = ts_node_start_byte(c), end = ts_node_end_byte(c);

        if (ts_node_symbol(c) != t->symbols.parameter_declaration && ts_node_symbol(c) != t->symbols.variadic_parameter)
            continue;
        p = LIST_PUSH(t->arena, &all);
        p->span = tree_node_span(file, c);
        if (!ts_node_is_null(d)) {
            TSNode name = tree_declared(t, d, NULL);

            p->array = ts_node_symbol(d) == t->symbols.array_declarator;
            if (!ts_node_is_null(name)) {
                p->name = names_intern(t->names, file->text + ts_node_start_byte(name),
                                       ts_node_end_byte(name) - ts_node_start_byte(name));
                end = ts_node_start_byte(name);
            }
        }
        p->type = tree_type(t, file, start, end);
        if (p->array)
            p->type = names_get(t->names, arena_printf(t->arena, "%s *", p->type));
    }
    if (all.n == 1 && !all.items[0].name && !strcmp(all.items[0].type, "void"))
        all.n = 0;
    *found = all.items;
    *n_found = all.n;
}
