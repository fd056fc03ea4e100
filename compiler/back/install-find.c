/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each hook's member, wrapper, functions and rows in a tree, by their names. */
#include <string.h>

#include "back/install-tree.h"
#include "back/xen-c.h"
#include "base/buf.h"

static struct span item_span(const struct xen_source *s, const struct xen_item *item)
{
    return item->name ? xen_source_span(s, item->name_start, item->name_start + (uint32_t)strlen(item->name))
                      : xen_source_span(s, item->start, item->start + 1);
}

static void find_includes(struct install *in)
{
    unsigned int i, j;

    for (i = 0; i < PARTS; i++) {
        const struct xen_source *s = &in->source[install_parts[i].file];
        const char *wanted = xen_condense(in->g->names, install_parts[i].include + 1, 0,
                                          (uint32_t)strlen(install_parts[i].include + 1));

        for (j = 0; j < s->items.n; j++) {
            const struct xen_item *item = &s->items.items[j];

            if (item->kind == XEN_ITEM_DIRECTIVE &&
                xen_condense(in->g->names, s->text, item->start + 1, item->end) == wanted)
                in->include[i] = item;
        }
    }
}

static struct hook *hook_named(const struct install *in, const char *name)
{
    return name ? map_get(&in->hooks, NULL, name) : NULL;
}

void install_take(struct install *in, enum part part, struct xen_item *item)
{
    if (item->taken)
        return;
    item->taken = true;
    *LIST_PUSH(in->g->arena, &in->taken) = (struct taken){ part, item };
}

static void find(struct install *in, const struct hook *h, enum element e, struct span span,
                 const struct xen_item *item, const char *guard)
{
    struct found *f = &in->found[h->order];

    if (f->span[e].file) {
        diag_note(in->g->diags,
                  install_refuse(in->g, span, "'%s' has a second %s", h->name, install_elements[e].what), f->span[e],
                  "the first is here");
        return;
    }
    f->span[e] = span;
    f->item[e] = item;
    f->guard[e] = guard;
}

static void unknown_hook(struct install *in, struct span span, const char *name)
{
    diag_help(in->g->diags, install_refuse(in->g, span, "the database has no hook '%s'", name),
              "add it to the database; what it checks would be lost");
}

/* The rows of a table or the members of the struct. */
static void find_rows(struct install *in, enum element e, struct xen_item *item)
{
    struct xen_source *s = &in->source[install_parts[install_elements[e].part].file];
    const char *prefix = e == DUMMY_ROW ? "xsm_" : "silo_";
    struct xen_row *rows;
    unsigned int i, n;

    install_take(in, install_elements[e].part, item);
    if (!xen_source_rows(s, item, &rows, &n))
        return;
    for (i = 0; i < n; i++) {
        struct hook *h = hook_named(in, rows[i].name);
        struct span span = xen_source_span(s, rows[i].start, rows[i].end);
        const char *function = NULL;

        if (!h) {
            unknown_hook(in, span, rows[i].name);
            continue;
        }
        find(in, h, e, span, NULL, rows[i].guard);
        if (e == FLASK_ROW)
            function = hook_flask_function(in->g, h);
        else if (e != MEMBER)
            function = arena_printf(in->g->arena, "%s%s", prefix, h->name);
        if (function && strcmp(rows[i].value, function))
            install_refuse(in->g, span, "'%s' is '%s' in the tree and '%s' in the database", h->name, rows[i].value,
                           function);
        if (e == MEMBER) {
            struct buf wanted = BUF_INIT;
            struct xen_args types = xen_types(in->g, h);
            unsigned int j;

            buf_printf(&wanted, "%s(", h->returns);
            for (j = 0; j < types.n; j++)
                buf_printf(&wanted, "%s%s%s", j ? "," : "", h->params[j].array ? h->params[j].type : types.items[j],
                           h->params[j].array ? "[]" : "");
            buf_puts(&wanted, types.n ? ")" : "void)");
            if (xen_condense(in->g->names, buf_text(&wanted), 0, (uint32_t)wanted.len) != rows[i].signature)
                diag_note(in->g->diags,
                          install_refuse(in->g, span, "'%s' has another signature in the tree than in the database",
                                         h->name),
                          h->span, "here it is %s", buf_text(&wanted));
            buf_free(&wanted);
        }
    }
}

bool install_mentions(const struct xen_source *s, uint32_t start, uint32_t end, const char *word)
{
    for (;;) {
        struct xen_token t = xen_token(s->text, end, &start);

        if (t.kind == XEN_END || t.kind == XEN_BROKEN)
            return false;
        if (t.kind == XEN_WORD && xen_token_is(s->text, t, word))
            return true;
    }
}

/* A wrapper does nothing but `[return] alternative_[v]call(xsm_ops.NAME, ...);`. */
static bool is_plain_wrapper(const struct xen_source *s, const struct xen_item *item, const char *hook)
{
    uint32_t at = item->body + 1;
    struct xen_token t = xen_token(s->text, item->end, &at);
    unsigned int depth = 1;

    if (xen_token_is(s->text, t, "return"))
        t = xen_token(s->text, item->end, &at);
    if ((!xen_token_is(s->text, t, "alternative_call") && !xen_token_is(s->text, t, "alternative_vcall")) ||
        !xen_token_is(s->text, xen_token(s->text, item->end, &at), "(") ||
        !xen_token_is(s->text, xen_token(s->text, item->end, &at), "xsm_ops") ||
        !xen_token_is(s->text, xen_token(s->text, item->end, &at), ".") ||
        !xen_token_is(s->text, xen_token(s->text, item->end, &at), hook))
        return false;
    while (depth && t.kind != XEN_END) {
        t = xen_token(s->text, item->end, &at);
        depth += t.kind == XEN_OTHER && t.c == '(';
        depth -= t.kind == XEN_OTHER && t.c == ')';
    }
    return xen_token_is(s->text, xen_token(s->text, item->end, &at), ";") &&
           xen_token_is(s->text, xen_token(s->text, item->end, &at), "}");
}

static const char *behind(struct install *in, const char *name, const char *prefix)
{
    size_t len = strlen(prefix);

    return strncmp(name, prefix, len) ? NULL : names_get(in->g->names, name + len);
}

static void find_function(struct install *in, enum element e, struct hook *h, struct xen_item *item)
{
    const struct xen_source *s = &in->source[install_parts[install_elements[e].part].file];
    bool manual = e == DUMMY ? h && h->dummy_manual.reason : e == FLASK && h && h->flask_manual.reason;

    if (!h) {
        unknown_hook(in, item_span(s, item), item->name);
        return;
    }
    find(in, h, e, item_span(s, item), item, NULL);
    if (e == WRAPPER && !is_plain_wrapper(s, item, h->name))
        install_refuse(in->g, item_span(s, item), "this wrapper is more than a call of the hook '%s'", h->name);
    if (!manual)
        install_take(in, install_elements[e].part, item);
}

static bool is_table(const struct xen_item *item, const char *name)
{
    return item->kind == XEN_ITEM_TABLE && !strcmp(item->name, name);
}

static void find_in_xsm_h(struct install *in, struct xen_source *s, struct xen_item *item)
{
    if (item->kind == XEN_ITEM_STRUCT && !strcmp(item->name, "xsm_ops"))
        find_rows(in, MEMBER, item);
    else if (item->kind == XEN_ITEM_FUNCTION && install_mentions(s, item->body, item->end, "xsm_ops"))
        find_function(in, WRAPPER, hook_named(in, behind(in, item->name, "xsm_")), item);
}

static void find_in_dummy_h(struct install *in, struct xen_source *s, struct xen_item *item)
{
    if (item->kind == XEN_ITEM_FUNCTION && install_mentions(s, item->start, item->name_start, "XSM_INLINE"))
        find_function(in, DUMMY, hook_named(in, behind(in, item->name, "xsm_")), item);
}

static void find_in_dummy_c(struct install *in, struct xen_source *s, struct xen_item *item)
{
    (void)s;
    if (is_table(item, "dummy_ops"))
        find_rows(in, DUMMY_ROW, item);
}

static void find_in_silo_c(struct install *in, struct xen_source *s, struct xen_item *item)
{
    if (is_table(item, "silo_xsm_ops"))
        find_rows(in, SILO_ROW, item);
    else if (item->kind == XEN_ITEM_FUNCTION && install_mentions(s, item->start, item->name_start, "cf_check"))
        find_function(in, SILO, hook_named(in, behind(in, item->name, "silo_")), item);
}

static void find_in_hooks_c(struct install *in, struct xen_source *s, struct xen_item *item)
{
    if (is_table(item, "flask_ops"))
        find_rows(in, FLASK_ROW, item);
    else if (item->kind == XEN_ITEM_FUNCTION && map_get(&in->flask, NULL, item->name))
        find_function(in, FLASK, map_get(&in->flask, NULL, item->name), item);
    else if (item->kind == XEN_ITEM_FUNCTION && behind(in, item->name, "flask_") &&
             install_mentions(s, item->start, item->name_start, "cf_check") &&
             !install_mentions(s, 0, item->start, item->name) &&
             !install_mentions(s, item->end, s->len, item->name))
        unknown_hook(in, item_span(s, item), item->name);
}

static void find_all(struct install *in)
{
    static void (*const finders[INSTALL_FILES])(struct install *, struct xen_source *, struct xen_item *) = {
        [INSTALL_XSM_H] = find_in_xsm_h,     [INSTALL_DUMMY_H] = find_in_dummy_h,
        [INSTALL_DUMMY_C] = find_in_dummy_c, [INSTALL_SILO_C] = find_in_silo_c,
        [INSTALL_HOOKS_C] = find_in_hooks_c,
    };
    unsigned int file, i;

    for (file = 0; file < INSTALL_FILES; file++)
        for (i = 0; finders[file] && i < in->source[file].items.n; i++)
            finders[file](in, &in->source[file], &in->source[file].items.items[i]);
}

/* The conditions around everything of a part, so that those of each hook can be told. */
static void find_bases(struct install *in)
{
    bool begun[PARTS] = { false };
    const struct xen_guard *x, *y;
    unsigned int i;

    for (i = 0; i < in->taken.n; i++) {
        enum part part = in->taken.items[i].part;

        if (!begun[part]) {
            in->base[part] = in->taken.items[i].item->guard;
            begun[part] = true;
        }
        for (x = in->base[part]; x; x = x->up) {
            for (y = in->taken.items[i].item->guard; y && y != x; y = y->up)
                ;
            if (y == x)
                break;
        }
        in->base[part] = x;
    }
}

void install_find(struct install *in)
{
    find_includes(in);
    find_all(in);
    find_bases(in);
}
