/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The import, which hooks there are: the members of struct xsm_ops, and in the layout of 2026 the XSM_HOOK() list that
 * makes most of them. Each is joined with its functions in the dummy policy, SILO and Flask.
 */
#include <string.h>

#include "text/rules.h"
#include "tree/import-inside.h"

#define OPS_FILE "xen/include/xsm/xsm.h"
#define LIST_FILE "xen/include/xsm/hooks.h"
#define DUMMY_FILE "xen/include/xsm/dummy.h"

const struct import_hook *import_hook(const struct import *im, const char *name)
{
    return map_get(&im->by_name, NULL, names_get(im->t->names, name));
}

/* The function of that name in the file or, if `path` ends in '/', below it. */
static const struct tree_function *function_in(const struct import *im, const char *name, const char *path)
{
    const struct tree_function *const *list;
    unsigned int i, n = tree_functions_named(im->t, name, &list);
    size_t len = strlen(path);

    for (i = 0; i < n; i++)
        if (path[len - 1] == '/' ? !strncmp(list[i]->file->path, path, len) : !strcmp(list[i]->file->path, path))
            return list[i];
    return NULL;
}

static struct import_hook *hook_add(struct import *im, const char *name, const char *returns, struct span span,
                                    const struct tree_guard *guard, const struct tree_guard *base)
{
    struct import_hook *h = LIST_PUSH(im->arena, &im->hooks);

    h->name = names_get(im->t->names, name);
    h->returns = returns;
    h->span = span;
    h->guard = guard;
    h->base = base;
    return h;
}

/* ---- struct xsm_ops ---- */

static TSNode descendant(TSNode n, const char *type)
{
    unsigned int depth = 0;

    while (!ts_node_is_null(n) && strcmp(ts_node_type(n), type) && depth++ < 20) {
        TSNode d = ts_node_child_by_field_name(n, "declarator", strlen("declarator"));

        n = !ts_node_is_null(d) ? d : ts_node_named_child_count(n) ? ts_node_named_child(n, ts_node_named_child_count(n) - 1) :
            (TSNode){ 0 };
    }
    return n;
}

static void member(struct import *im, const struct tree_file *file, TSNode n, const struct tree_guard *base)
{
    struct span span = tree_node_span(file, n);
    TSNode function = descendant(n, "function_declarator"), name = descendant(n, "field_identifier"), list;
    struct import_hook *h;
    const char *text;
    uint32_t paren;

    if (ts_node_is_null(function) || ts_node_is_null(name)) {
        diag_add(im->diags, &RULE_NOT_UNDERSTOOD, span, "a member of struct xsm_ops that is no hook");
        return;
    }
    text = file->text;
    for (paren = span.start; paren < span.end && text[paren] != '('; paren++)
        ;
    h = hook_add(im, tree_text(im->t, tree_node_span(file, name)), tree_type(im->t, file, span.start, paren), span,
                 tree_guard_at(im->t, span), base);
    list = ts_node_child_by_field_name(function, "parameters", strlen("parameters"));
    if (!ts_node_is_null(list))
        tree_params(im->t, file, list, (struct tree_param **)&h->params, &h->n_params);
}

static TSNode struct_ops(const struct tree_file *file)
{
    TSNode root = ts_tree_root_node(file->syntax);
    unsigned int i, n = ts_node_named_child_count(root);

    for (i = 0; i < n; i++) {
        TSNode c = ts_node_named_child(root, i), name;

        if (strcmp(ts_node_type(c), "struct_specifier"))
            c = ts_node_child_by_field_name(c, "type", strlen("type"));
        if (ts_node_is_null(c) || strcmp(ts_node_type(c), "struct_specifier"))
            continue;
        name = ts_node_child_by_field_name(c, "name", strlen("name"));
        if (!ts_node_is_null(name) && ts_node_end_byte(name) - ts_node_start_byte(name) == 7 &&
            !memcmp(file->text + ts_node_start_byte(name), "xsm_ops", 7))
            return ts_node_child_by_field_name(c, "body", strlen("body"));
    }
    return (TSNode){ 0 };
}

/* ---- the XSM_HOOK() list ---- */

/* One argument of XSM_HOOK() as a parameter's type. */
static const char *list_type(const struct import *im, struct span span)
{
    const char *text = tree_text(im->t, span);
    size_t n = strlen(text);

    return n && text[n - 1] == '*' && n > 1 && text[n - 2] != ' ' && text[n - 2] != '*' ?
        arena_printf(im->arena, "%.*s *", (int)(n - 1), text) : text;
}

static void listed(struct import *im, const struct tree_call *c, const struct tree_guard *base)
{
    struct import_hook *h = hook_add(im, tree_text(im->t, c->args[1]), tree_text(im->t, c->args[0]), c->span, c->guard, base);
    struct tree_param *params = arena_array(im->arena, c->n_args - 2, sizeof(*params));
    unsigned int i;

    for (i = 2; i < c->n_args; i++) {
        params[i - 2].type = list_type(im, c->args[i]);
        params[i - 2].span = c->args[i];
    }
    h->params = params;
    h->n_params = c->n_args - 2;
    if (h->n_params == 1 && !strcmp(params[0].type, "void"))
        h->n_params = 0;
}

static void hook_list(struct import *im, const struct tree_file *file)
{
    const struct tree_call *const *calls;
    unsigned int i, n = tree_calls_of(im->t, "XSM_HOOK", &calls);

    for (i = 0; i < n; i++)
        if (!calls[i]->function && calls[i]->n_args >= 2 && calls[i]->span.file == file->source)
            listed(im, calls[i], NULL);
}

/* ---- functions ---- */

static void functions(struct import *im, struct import_hook *h)
{
    const struct tree_pointer *const *pointers;
    unsigned int i, n = tree_pointers_of(im->t, h->name, &pointers);
    const char *silo = NULL;

    for (i = 0; i < n; i++) {
        if (!strncmp(pointers[i]->file->path, "xen/xsm/flask/", 14))
            h->flask_name = pointers[i]->target;
        else if (!strcmp(pointers[i]->file->path, "xen/xsm/silo.c"))
            silo = pointers[i]->target;
    }
    if (!h->flask_name)
        h->flask_name = names_get(im->t->names, arena_printf(im->arena, "flask_%s", h->name));
    h->dummy = function_in(im, arena_printf(im->arena, "xsm_%s", h->name), DUMMY_FILE);
    if (!h->dummy)      /* as xsmc generates it */
        h->dummy = function_in(im, arena_printf(im->arena, "xsm_%s", h->name), "xen/include/xsm/dummy-hooks.h");
    h->flask = function_in(im, h->flask_name, "xen/xsm/flask/");
    if (silo)
        h->silo = function_in(im, silo, "xen/xsm/");
    if (!h->flask) {    /* #define flask_x flask_y; #define do_flask_op compat_flask_op */
        const struct tree_macro *const *macros;

        n = tree_macros_named(im->t, h->flask_name, &macros);
        if (n) {
            size_t len;
            const char *text = source_text(im->t->sources, macros[0]->body.file, &len) + macros[0]->body.start;

            h->alias = names_intern(im->t->names, text, macros[0]->body.end - macros[0]->body.start);
        }
        n = tree_macros(im->t, &macros);
        for (i = 0; i < n; i++) {
            size_t len;
            const char *text = source_text(im->t->sources, macros[i]->body.file, &len) + macros[i]->body.start;
            size_t body = macros[i]->body.end - macros[i]->body.start;

            if (body == strlen(h->flask_name) && !memcmp(text, h->flask_name, body) &&
                !strncmp(macros[i]->file->path, "xen/xsm/", 8))
                h->same_as = macros[i]->name;
        }
    }
    map_put(im->arena, &im->by_flask, NULL, h->flask_name, h);
}

/* Names for the parameters: struct xsm_ops has them; the list has not, and the dummy policy's or Flask's are taken. */
static void parameter_names(struct import *im, struct import_hook *h)
{
    unsigned int i;

    h->names = arena_array(im->arena, h->n_params, sizeof(*h->names));
    for (i = 0; i < h->n_params; i++) {
        h->names[i] = h->params[i].name;
        if (!h->names[i] && h->dummy && i < h->dummy->n_params)
            h->names[i] = h->dummy->params[i].name;
        if (!h->names[i] && h->flask && i < h->flask->n_params)
            h->names[i] = h->flask->params[i].name;
        if (!h->names[i])
            h->names[i] = arena_printf(im->arena, "a%u", i + 1);
    }
}

/* Where the list is included between the members, or the end of the struct. */
static uint32_t list_place(const struct import *im, const struct tree_file *ops, TSNode body)
{
    const struct tree_include *const *includes;
    unsigned int i, n = tree_includes(im->t, &includes);

    for (i = 0; i < n; i++)
        if (includes[i]->file == ops && includes[i]->span.start > ts_node_start_byte(body) &&
            includes[i]->span.end < ts_node_end_byte(body))
            return includes[i]->span.start;
    return ts_node_end_byte(body);
}

bool import_hooks(struct import *im)
{
    const struct tree_file *ops = tree_file_at(im->t, OPS_FILE), *list = tree_file_at(im->t, LIST_FILE);
    TSNode body = ops ? struct_ops(ops) : (TSNode){ 0 };
    unsigned int i, n = ts_node_is_null(body) ? 0 : ts_node_named_child_count(body);

    for (i = 0; i < n; i++) {
        TSNode c = ts_node_named_child(body, i);

        if (list && ts_node_start_byte(c) > list_place(im, ops, body)) {
            hook_list(im, list);
            list = NULL;
        }
        if (!strcmp(ts_node_type(c), "field_declaration"))
            member(im, ops, c, tree_guard_at(im->t, tree_node_span(ops, body)));
        else if (strcmp(ts_node_type(c), "comment") && strcmp(ts_node_type(c), "ERROR"))
            diag_add(im->diags, &RULE_NOT_UNDERSTOOD, tree_node_span(ops, c), "a member of struct xsm_ops that is no hook");
    }
    if (list)
        hook_list(im, list);
    if (!im->hooks.n) {
        diag_add(im->diags, &RULE_XEN_TREE, ops ? (struct span){ ops->source, 0, 0 } : (struct span){ 0, 0, 0 },
                 "there is neither a struct xsm_ops with hooks nor an XSM_HOOK() list");
        return false;
    }
    for (i = 0; i < im->hooks.n; i++) {
        struct import_hook *h = &im->hooks.items[i];

        functions(im, h);
        parameter_names(im, h);
        if (map_put(im->arena, &im->by_name, NULL, h->name, h) != h)
            diag_add(im->diags, &RULE_DUPLICATE_NAME, h->span, "the hook '%s' is declared twice", h->name);
    }
    return true;
}
