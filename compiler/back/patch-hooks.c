/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A new element goes behind the same element of the hook that stands before it in the database, so that what belongs
 * together stays together; under its condition if that is another one. A changed function is edited case by case, and
 * replaced if that is not enough.
 */
#include <stdlib.h>
#include <string.h>

#include "back/patch-job.h"
#include "back/xen-c.h"
#include "base/buf.h"
#include "model/print.h"

static bool is_row(enum element e)
{
    return e == MEMBER || e == DUMMY_ROW || e == SILO_ROW || e == FLASK_ROW;
}

static unsigned int file_of(enum element e)
{
    return install_parts[install_elements[e].part].file;
}

static const struct hook *base_hook(const struct patch_job *j, const char *name)
{
    return map_get(&j->tree.hooks, NULL, names_get(j->tree.g->names, name));
}

/* What the tree has of a hook, or NULL. */
static const struct found *found_of(const struct patch_job *j, const char *name)
{
    const struct hook *h = base_hook(j, name);

    return h ? &j->tree.found[h->order] : NULL;
}

static const char *guard_of(const struct patch_job *j, const struct found *f, enum element e)
{
    const struct gen *g = j->tree.g;

    if (!f->item[e])
        return f->guard[e];
    return xen_guard_text(g->arena, g->names, f->item[e]->guard, j->tree.base[install_elements[e].part]);
}

static const char *condensed_guard(const struct patch_job *j, const struct hook *h)
{
    struct buf text = BUF_INIT;
    const char *guard;

    print_guard(&text, h->guard);
    guard = xen_condense(j->tree.g->names, buf_text(&text), 0, (uint32_t)text.len);
    buf_free(&text);
    return guard;
}

/* The hook before (or else behind) this one whose element is there, under this condition. */
static const struct found *anchor(const struct patch_job *j, const struct hook *h, enum element e, const char *guard)
{
    const struct model *m = j->p->g->model;
    const struct found *f;
    unsigned int i;

    for (i = h->order; i-- > 0;)
        if ((f = found_of(j, m->hooks[i]->name)) && f->span[e].file && guard_of(j, f, e) == guard)
            return f;
    for (i = h->order + 1; i < m->n_hooks; i++)
        if ((f = found_of(j, m->hooks[i]->name)) && f->span[e].file && guard_of(j, f, e) == guard)
            return f;
    return NULL;
}

/* ---- what is generated ---- */

static struct patch_function function_in(struct xen_source *parts, struct gen *g, const struct hook *h, enum element e)
{
    struct xen_source *s = &parts[install_elements[e].part];
    const char *name = e == FLASK ? hook_flask_function(g, h)
                                  : arena_printf(g->arena, "%s%s", e == SILO ? "silo_" : "xsm_", h->name);

    return (struct patch_function){ s, install_function(s, names_get(g->names, name)) };
}

/* The text of a generated row, without blanks around it; NULL if there is none. */
static const char *row_in(struct xen_source *parts, struct gen *g, const struct hook *h, enum element e)
{
    static const char *const tables[ELEMENTS] = {
        [MEMBER] = "xsm_ops", [DUMMY_ROW] = "dummy_ops", [SILO_ROW] = "silo_xsm_ops", [FLASK_ROW] = "flask_ops",
    };
    struct xen_source *s = &parts[install_elements[e].part];
    const char *name = names_get(g->names, h->name);
    unsigned int i, k, n;
    struct xen_row *rows;

    for (i = 0; i < s->items.n; i++) {
        struct xen_item *item = &s->items.items[i];

        if ((item->kind != XEN_ITEM_STRUCT && item->kind != XEN_ITEM_TABLE) || strcmp(item->name, tables[e]))
            continue;
        if (!xen_source_rows(s, item, &rows, &n))
            return NULL;
        for (k = 0; k < n; k++)
            if (rows[k].name == name)
                return arena_text(g->arena, s->text + rows[k].start, rows[k].end - rows[k].start);
    }
    return NULL;
}

/* A function with the functions of its own that stand before it. */
static const char *function_text(struct arena *a, struct patch_function f)
{
    struct buf text = BUF_INIT;
    const struct xen_item *first = f.item, *item;
    const char *copy;

    while (first > f.source->items.items && first[-1].kind == XEN_ITEM_FUNCTION &&
           !strncmp(first[-1].name, f.item->name, strlen(f.item->name)) && !strncmp(first[-1].name + strlen(f.item->name), "_case", 5))
        first--;
    for (item = first; item <= f.item; item++)
        buf_printf(&text, "\n%.*s\n", (int)(item->end - item->start), f.source->text + item->start);
    copy = arena_text(a, buf_text(&text), text.len);
    buf_free(&text);
    return copy;
}

/* ---- new hooks ---- */

static const char *guarded(struct patch_job *j, const struct hook *h, const char *text, bool apart)
{
    struct buf out = BUF_INIT;
    const char *copy;

    if (apart)
        buf_putc(&out, '\n');
    print_guard_open(&out, h->guard);
    buf_puts(&out, text + apart);
    print_guard_close(&out, h->guard, false);
    copy = arena_text(j->p->g->arena, buf_text(&out), out.len);
    buf_free(&out);
    return copy;
}

/* `.name = value,` with the blanks that the row above has. */
static const char *row_text(struct patch_job *j, enum element e, const char *row, const struct found *above)
{
    const struct gen *g = j->p->g;
    const char *sign = strstr(row, " ="), *line;
    size_t len, before = 0;
    int width = 0;

    if (e == MEMBER || !sign)
        return arena_printf(g->arena, "    %s\n", row);
    line = source_line(g->sources, above->span[e].file, above->span[e].start, &len);
    while (before < len && line[before] != '=')
        before++;
    while (sign > row && sign[-1] == ' ')
        sign--;
    width = (int)(sign - row);
    if (before < len && before > 5 + (size_t)width && line[before - 2] == ' ')
        width = (int)before - 5;
    return arena_printf(g->arena, "    %-*.*s = %s\n", width, (int)(sign - row), row, strchr(sign, '=') + 2);
}

static void add_element(struct patch_job *j, const struct hook *h, enum element e)
{
    struct gen *g = j->p->g;
    const char *guard = condensed_guard(j, h), *row = NULL, *text;
    struct patch_function f = { NULL, NULL };
    const struct found *above = anchor(j, h, e, guard);
    bool wrap = false;
    struct patch_edit *edit = &j->edit[file_of(e)];

    if (is_row(e))
        row = row_in(j->fresh, g, h, e);
    else
        f = function_in(j->fresh, g, h, e);
    if (!row && !f.item) {
        if (e == DUMMY || e == FLASK)
            patch_leave(j->p, "write the body of %s() in %s: the database says that it is hand-written",
                        e == FLASK ? hook_flask_function(g, h) : arena_printf(g->arena, "xsm_%s", h->name),
                        install_paths[file_of(e)]);
        return;
    }
    if (!above && *guard) {
        above = anchor(j, h, e, names_get(g->names, ""));
        wrap = true;
    }
    if (!above) {
        patch_leave(j->p, "add the %s '%s' to %s: no other hook there shows where", install_elements[e].what, h->name,
                    install_paths[file_of(e)]);
        return;
    }
    text = row ? row_text(j, e, row, above) : function_text(g->arena, f);
    if (wrap)
        text = guarded(j, h, text, !row);
    patch_insert(edit, patch_line(edit, above->item[e] ? above->item[e]->end - 1 : above->span[e].end - 1) + 1, text);
}

/* ---- hooks that are gone ---- */

static void remove_element(struct patch_job *j, const struct found *f, enum element e)
{
    struct patch_edit *edit = &j->edit[file_of(e)];
    const struct xen_item *item = f->item[e];
    unsigned int first, last;

    if (!f->span[e].file)
        return;
    first = patch_line(edit, item ? item->start : f->span[e].start);
    last = patch_line(edit, (item ? item->end : f->span[e].end) - 1);
    if (item && item > j->tree.source[file_of(e)].items.items && item[-1].kind == XEN_ITEM_COMMENT && item[-1].attached)
        first = patch_line(edit, item[-1].start);
    if (item && patch_blank(edit, last + 1))
        last++;
    patch_remove(edit, first, last);
}

/* ---- hooks that changed ---- */

static const char *condense_function(const struct gen *g, struct patch_function f)
{
    return f.item ? xen_condense(g->names, f.source->text, f.item->start, f.item->end) : NULL;
}

static void replace_lines(struct patch_job *j, enum element e, uint32_t start, uint32_t end, const char *text)
{
    struct patch_edit *edit = &j->edit[file_of(e)];
    unsigned int line = patch_line(edit, start);

    patch_remove(edit, line, patch_line(edit, end - 1));
    patch_insert(edit, line, text);
}

static void change_row(struct patch_job *j, const struct hook *h, const struct hook *was, const struct found *f,
                       enum element e)
{
    const char *new = row_in(j->fresh, j->p->g, h, e), *old = row_in(j->tree.generated, j->p->old, was, e);

    if (new && old && strcmp(new, old) && e == MEMBER)
        patch_leave(j->p, "let the callers of xsm_%s() hand in its new arguments", h->name);
    if (new && old && strcmp(new, old))
        replace_lines(j, e, f->span[e].start, f->span[e].end, row_text(j, e, new, f));
}

/* What the dummy policy's function asserts that callers hand in, or NULL. */
static const char *asserted(const struct gen *g, struct patch_function f)
{
    uint32_t at = f.item ? f.item->body : 0;
    const struct xen_source *s = f.source;

    while (f.item) {
        struct xen_token t = xen_token(s->text, f.item->end, &at);

        if (t.kind == XEN_END || t.kind == XEN_BROKEN)
            break;
        if (!xen_token_is(s->text, t, "XSM_ASSERT_ACTION"))
            continue;
        xen_token(s->text, f.item->end, &at);
        t = xen_token(s->text, f.item->end, &at);
        return names_intern(g->names, s->text + t.start, t.end - t.start);
    }
    return NULL;
}

static void change_function(struct patch_job *j, const struct hook *h, const struct hook *was, const struct found *f,
                            enum element e)
{
    struct gen *g = j->p->g;
    struct patch_function tree = { &j->tree.source[file_of(e)], f->item[e] }, old = { NULL, NULL };
    struct patch_function new = function_in(j->fresh, g, h, e);
    const char *was_text = NULL, *is_text = condense_function(g, new);

    if (was) {
        old = function_in(j->tree.generated, j->p->old, was, e);
        was_text = condense_function(g, old);
        if (is_text == was_text)
            return;
    } else if (!patch_cases_missing(tree, new, NULL)) {
        return;
    }
    if (!new.item || (was && !old.item)) {
        patch_leave(j->p, "change %s() in %s: it is hand-written, or becomes so", tree.item->name, install_paths[file_of(e)]);
        return;
    }
    if (e == DUMMY && asserted(g, tree) && asserted(g, new) && asserted(g, tree) != asserted(g, new))
        *LIST_PUSH(g->arena, &j->actions) = (struct patch_action){ h, asserted(g, tree), asserted(g, new) };
    if (patch_cases(&j->edit[file_of(e)], tree, old, new, &j->added))
        return;
    patch_cases_missing(tree, new, &j->added);
    replace_lines(j, e, tree.item->start, tree.item->end, function_text(g->arena, new) + 1);
}

/* Elements of a hook that the tree has as a whole. */
static void change_hook(struct patch_job *j, const struct hook *h, const struct hook *was, const struct found *f)
{
    enum element e;

    if (was && condensed_guard(j, h) != condensed_guard(j, was))
        patch_leave(j->p, "change the conditions around '%s': the patch leaves them as they are", h->name);
    for (e = 0; e < ELEMENTS; e++) {
        bool needed = install_needs(h, e);

        if (!f->span[e].file && needed && (!was || !install_needs(was, e)))
            add_element(j, h, e);
        else if (f->span[e].file && !needed && was && install_needs(was, e))
            remove_element(j, f, e);
        else if (f->span[e].file && needed && is_row(e) && was)
            change_row(j, h, was, f, e);
        else if (f->item[e] && needed && !is_row(e) && (was || e == DUMMY || e == FLASK))
            change_function(j, h, was, f, e);
    }
}

static bool anything(const struct found *f)
{
    enum element e;

    for (e = 0; e < ELEMENTS; e++)
        if (f->span[e].file)
            return true;
    return false;
}

void patch_hooks(struct patch_job *j)
{
    const struct model *new = j->p->g->model, *base = j->tree.g->model;
    struct names *names = j->tree.g->names;
    struct map kept = { NULL, 0, 0 };
    unsigned int i;
    enum element e;

    for (i = 0; i < new->n_hooks; i++)
        map_put(j->p->g->arena, &kept, NULL, names_get(names, new->hooks[i]->name), new->hooks[i]);
    for (i = 0; i < base->n_hooks; i++) {
        const struct found *f = &j->tree.found[i];

        if (map_get(&kept, NULL, names_get(names, base->hooks[i]->name)))
            continue;
        for (e = 0; e < ELEMENTS; e++)
            remove_element(j, f, e);
    }
    for (i = 0; i < new->n_hooks; i++) {
        const struct hook *h = new->hooks[i];
        const struct found *f = found_of(j, h->name);

        if (f && anything(f)) {
            change_hook(j, h, j->p->old ? base_hook(j, h->name) : NULL, f);
        } else {
            *LIST_PUSH(j->p->g->arena, &j->added) = h->name;
            for (e = 0; e < ELEMENTS; e++)
                if (install_needs(h, e))
                    add_element(j, h, e);
        }
    }
}
