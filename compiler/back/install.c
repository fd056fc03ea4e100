/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First everything is found: each hook's member, wrapper, functions and rows, by name (install-find.c). Then what is
 * found is compared with the database and with what is generated (install-compare.c, install-numbers.c). Only then
 * the files are put together.
 *
 * A file counts as installed when it has its #include. In such a file hooks are not missed; those that are found all
 * the same were hand-written before (a hook is no longer `manual`) and are taken out like the others.
 */
#include "back/install.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "back/install-tree.h"
#include "back/xen-edit.h"
#include "text/rules.h"
#include "text/source.h"

const char *const install_paths[INSTALL_FILES] = {
    [INSTALL_MAKEFILE] = "xen/Makefile",
    [INSTALL_XSM_H] = "xen/include/xsm/xsm.h",
    [INSTALL_DUMMY_H] = "xen/include/xsm/dummy.h",
    [INSTALL_DUMMY_C] = "xen/xsm/dummy.c",
    [INSTALL_SILO_C] = "xen/xsm/silo.c",
    [INSTALL_HOOKS_C] = "xen/xsm/flask/hooks.c",
    [INSTALL_VECTORS] = "xen/xsm/flask/policy/access_vectors",
    [INSTALL_CLASSES] = "xen/xsm/flask/policy/security_classes",
    [INSTALL_SIDS] = "xen/xsm/flask/policy/initial_sids",
};

const struct install_part install_parts[PARTS] = {

    [PART_OPS] = { INSTALL_XSM_H, "#include <xsm/xsm-ops.h>", "xen/include/xsm/xsm-ops.h" },
    [PART_WRAPPERS] = { INSTALL_XSM_H, "#include <xsm/xsm-wrappers.h>", "xen/include/xsm/xsm-wrappers.h" },
    [PART_DUMMY] = { INSTALL_DUMMY_H, "#include <xsm/dummy-hooks.h>", "xen/include/xsm/dummy-hooks.h" },
    [PART_DUMMY_TABLE] = { INSTALL_DUMMY_C, "#include \"dummy-ops.h\"", "xen/xsm/dummy-ops.h" },
    [PART_SILO] = { INSTALL_SILO_C, "#include \"silo-hooks.h\"", "xen/xsm/silo-hooks.h" },
    [PART_FLASK] = { INSTALL_HOOKS_C, "#include \"flask-hooks.h\"", "xen/xsm/flask/flask-hooks.h" },
};

const struct install_element install_elements[ELEMENTS] = {
    [MEMBER] = { PART_OPS, "member of struct xsm_ops" },
    [WRAPPER] = { PART_WRAPPERS, "wrapper" },
    [DUMMY] = { PART_DUMMY, "function of the dummy policy" },
    [DUMMY_ROW] = { PART_DUMMY_TABLE, "row of dummy_ops" },
    [SILO] = { PART_SILO, "function of SILO" },
    [SILO_ROW] = { PART_SILO, "row of silo_xsm_ops" },
    [FLASK] = { PART_FLASK, "function of Flask" },
    [FLASK_ROW] = { PART_FLASK, "row of flask_ops" },
};

struct diag *install_refuse(struct gen *g, struct span span, const char *format, ...)
{
    char message[512];
    va_list ap;

    va_start(ap, format);
    vsnprintf(message, sizeof(message), format, ap);
    va_end(ap);
    return diag_add(g->diags, &RULE_XEN_TREE, span, "%s", message);
}

struct xen_item *install_function(const struct xen_source *s, const char *name)
{
    unsigned int i;

    for (i = 0; i < s->items.n; i++)
        if (s->items.items[i].kind == XEN_ITEM_FUNCTION && s->items.items[i].name == name)
            return &s->items.items[i];
    return NULL;
}

bool install_read_generated(struct gen *g, struct xen_source generated[PARTS])
{
    bool good = true;
    unsigned int i, j;

    for (i = 0; i < PARTS; i++) {
        generated[i] = (struct xen_source){ .arena = g->arena, .names = g->names, .diags = g->diags };
        for (j = 0; j < g->files.n; j++)
            if (!strcmp(g->files.items[j].path, install_parts[i].generated))
                good &= xen_source_read(&generated[i], 0, g->files.items[j].text, g->files.items[j].len);
    }
    return good;
}

static bool read_all(struct install *in, const uint32_t *files)
{
    struct gen *g = in->g;
    bool good = true;
    unsigned int i;

    for (i = INSTALL_XSM_H; i <= INSTALL_HOOKS_C; i++) {
        size_t len;
        const char *text = source_text(g->sources, files[i], &len);

        in->source[i] = (struct xen_source){ .arena = g->arena, .names = g->names, .diags = g->diags };
        good &= xen_source_read(&in->source[i], files[i], text, len);
    }
    return install_read_generated(g, in->generated) && good;
}

bool install_open(struct install *in, struct gen *g, const uint32_t *files)
{
    unsigned int i;

    *in = (struct install){ .g = g };
    in->found = arena_array(g->arena, g->model->n_hooks, sizeof(*in->found));
    for (i = 0; i < g->model->n_hooks; i++) {
        struct hook *h = g->model->hooks[i];

        map_put(g->arena, &in->hooks, NULL, names_get(g->names, h->name), h);
        map_put(g->arena, &in->flask, NULL, names_get(g->names, hook_flask_function(g, h)), h);
    }
    if (!read_all(in, files))
        return false;
    install_find(in);
    return true;
}

/* ---- helpers that nobody needs any more ---- */

/* How often each word stands in some text. */
struct tally {
    struct gen *g;
    struct map words;
};

static unsigned int *tally_of(struct tally *t, const char *name)
{
    unsigned int *n = map_get(&t->words, NULL, name);

    if (!n) {
        n = ARENA_NEW(t->g->arena, unsigned int);
        map_put(t->g->arena, &t->words, NULL, name, n);
    }
    return n;
}

/* Adds the words of [start, end), or takes them off; those of preprocessor lines count as well. */
static void tally_add(struct tally *t, const char *text, uint32_t start, uint32_t end, int sign)
{
    for (;;) {
        struct xen_token token = xen_token(text, end, &start);

        if (token.kind == XEN_END || token.kind == XEN_BROKEN)
            return;
        if (token.kind == XEN_DIRECTIVE)
            tally_add(t, text, token.start + 1, token.end, sign);
        else if (token.kind == XEN_WORD)
            *tally_of(t, names_intern(t->g->names, text + token.start, token.end - token.start)) +=
                (unsigned int)sign;
    }
}

/* The static functions of a file that only what is taken out has called. */
static void take_helpers(struct install *in, enum part part)
{
    struct xen_source *s = &in->source[install_parts[part].file];
    struct tally left = { .g = in->g }, gone = { .g = in->g };
    bool again = true;
    unsigned int i;

    tally_add(&left, s->text, 0, s->len, 1);
    tally_add(&left, in->generated[part].text, 0, in->generated[part].len, 1);
    for (i = 0; i < s->items.n; i++) {
        if (!s->items.items[i].taken)
            continue;
        tally_add(&left, s->text, s->items.items[i].start, s->items.items[i].end, -1);
        tally_add(&gone, s->text, s->items.items[i].start, s->items.items[i].end, 1);
    }
    while (again) {
        again = false;
        for (i = 0; i < s->items.n; i++) {
            struct xen_item *item = &s->items.items[i];
            struct tally own = { .g = in->g };

            if (item->kind != XEN_ITEM_FUNCTION || !item->is_static || item->taken || !*tally_of(&gone, item->name))
                continue;
            tally_add(&own, s->text, item->start, item->end, 1);
            if (*tally_of(&left, item->name) != *tally_of(&own, item->name))
                continue;
            install_take(in, part, item);
            tally_add(&left, s->text, item->start, item->end, -1);
            tally_add(&gone, s->text, item->start, item->end, 1);
            again = true;
        }
    }
}

/* Hand-written code stands above the #include: it cannot call what is generated. */
static void check_calls(struct install *in, enum part part)
{
    struct xen_source *s = &in->source[install_parts[part].file];
    unsigned int i;

    for (i = 0; i < s->items.n; i++) {
        const struct xen_item *item = &s->items.items[i];
        uint32_t at = item->start;

        if (item->kind != XEN_ITEM_FUNCTION || item->taken)
            continue;
        for (;;) {
            struct xen_token t = xen_token(s->text, item->end, &at);
            const char *name;

            if (t.kind == XEN_END || t.kind == XEN_BROKEN)
                break;
            if (t.kind != XEN_WORD)
                continue;
            name = names_intern(in->g->names, s->text + t.start, t.end - t.start);
            if (install_function(&in->generated[part], name))
                diag_help(in->g->diags,
                          install_refuse(in->g, xen_source_span(s, t.start, t.end),
                                         "'%s' is hand-written and calls '%s', which is generated and stands below",
                                         item->name, name),
                          "mark both hooks 'manual', or neither");
        }
    }
}

/* ---- the files ---- */

static void put_include(struct install *in, struct xen_edit *e, enum part part)
{
    const struct xen_item *last = NULL;
    unsigned int i;

    if (in->include[part])
        return;
    for (i = 0; i < in->taken.n; i++)
        if (in->taken.items[i].part == part && (!last || in->taken.items[i].item->end > last->end))
            last = in->taken.items[i].item;
    if (last)
        xen_edit_insert(e, last, in->base[part], install_parts[part].include);
    else
        install_refuse(in->g, xen_source_span(e->source, 0, 0), "%s has neither hooks nor '%s'",
                       install_paths[install_parts[part].file], install_parts[part].include);
}

static void put_file(struct install *in, unsigned int file)
{
    struct xen_source *s = &in->source[file];
    struct xen_edit e = xen_edit_begin(s);
    struct buf out = BUF_INIT;
    enum part part;
    unsigned int i;

    for (i = 0; i < s->items.n; i++)
        if (s->items.items[i].taken)
            xen_edit_remove(&e, &s->items.items[i], s->items.items[i].kind == XEN_ITEM_STRUCT);
    for (part = 0; part < PARTS; part++)
        if (install_parts[part].file == file)
            put_include(in, &e, part);
    if (!e.changed)
        return;
    xen_edit_finish(&e, &out);
    gen_add(in->g, install_paths[file], &out);
}

bool install_tree(struct gen *g, const uint32_t files[INSTALL_FILES])
{
    unsigned int before = diags_count(g->diags, LEVEL_ERROR), i;
    struct install in;

    install_check_version(g, files[INSTALL_MAKEFILE]);
    if (diags_count(g->diags, LEVEL_ERROR) != before)
        return false;
    install_check_numbers(g, files[INSTALL_VECTORS], files[INSTALL_CLASSES], files[INSTALL_SIDS]);
    if (!install_open(&in, g, files))
        return false;
    take_helpers(&in, PART_SILO);
    take_helpers(&in, PART_FLASK);
    install_compare(&in);
    check_calls(&in, PART_SILO);
    check_calls(&in, PART_FLASK);
    if (diags_count(g->diags, LEVEL_ERROR) != before)
        return false;
    for (i = INSTALL_XSM_H; i <= INSTALL_HOOKS_C; i++)
        put_file(&in, i);
    return diags_count(g->diags, LEVEL_ERROR) == before;
}
