/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threat: a source tree that makes its reader crash, hang, or write a database that says something else than it was
 * given. The input takes the place of one file of a small tree, any of the four that matter. What is read must lie in the
 * file, every look-up must end, and an import that is laid out once is laid out the same again.
 */
#include <string.h>

#include "base/buf.h"
#include "front/format.h"
#include "front/front.h"
#include "pieces.h"
#include "tree/import.h"

static bool others(const char *path, void *context)
{
    return strcmp(path, context) != 0;
}

static void inside(struct span outer, struct span span, const char *what)
{
    if (span.file != outer.file || span.start > span.end || span.start < outer.start || span.end > outer.end)
        fuzz_fail("%s at %u-%u is not in %u-%u", what, span.start, span.end, outer.start, outer.end);
}

static void check_function(const struct tree *t, const struct tree_function *f)
{
    struct span file = { f->file->source, 0, f->file->len };
    unsigned int i, j;
    bool said;

    inside(file, f->span, "a function");
    inside(f->span, f->body, "a body");
    inside(f->span, f->name_span, "a name");
    if (ts_node_is_null(tree_function_node(f)))
        fuzz_fail("'%s' has no syntax", f->name);
    for (i = 0; i < f->n_calls; i++) {
        inside(f->span, f->calls[i].span, "a call");
        for (j = 0; j < f->calls[i].n_args; j++) {
            inside(f->calls[i].span, f->calls[i].args[j], "an argument");
            tree_text(t, f->calls[i].args[j]);
        }
        tree_guard_expr(t, f->calls[i].guard, NULL, &said);
    }
    for (i = 0; i < f->n_switches; i++) {
        inside(f->body, f->switches[i]->span, "a switch");
        for (j = 0; j < f->switches[i]->n_cases; j++)
            inside(f->switches[i]->span, f->switches[i]->cases[j]->body, "a case");
    }
}

static void check_index(const struct tree *t)
{
    const struct tree_function *const *functions;
    const struct tree_macro *const *macros;
    const struct tree_enumerator *const *enums;
    const struct tree_gap *const *gaps;
    unsigned int i, n = tree_functions(t, &functions);
    long long value;

    for (i = 0; i < n; i++)
        check_function(t, functions[i]);
    n = tree_macros(t, &macros);
    for (i = 0; i < n; i++)
        tree_number(t, macros[i]->name, &value);
    n = tree_enumerators(t, &enums);
    for (i = 0; i < n; i++)
        tree_number(t, enums[i]->name, &value);
    n = tree_gaps(t, &gaps);
    for (i = 0; i < n; i++)
        inside((struct span){ gaps[i]->file->source, 0, gaps[i]->file->len }, gaps[i]->span, "a gap");
}

static void check_layout(struct arena *arena, const struct import_file *file)
{
    struct front *f = front_create(arena), *g = front_create(arena);
    struct buf once = BUF_INIT, twice = BUF_INIT;

    if (format_source(f, source_add(f->sources, file->name, file->text, file->len), &once) &&
        (!format_source(g, source_add(g->sources, file->name, buf_text(&once), once.len), &twice) ||
         once.len != twice.len || memcmp(buf_text(&once), buf_text(&twice), once.len)))
        fuzz_fail("%s is laid out in two ways:\n%s---\n%s", file->name, buf_text(&once), buf_text(&twice));
    buf_free(&once);
    buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const paths[] = {
        "xen/xsm/flask/hooks.c", "xen/include/xsm/dummy.h", "xen/include/xsm/xsm.h", "xen/common/domctl.c",
    };
    const char *path = paths[size % (sizeof(paths) / sizeof(paths[0]))];
    struct tree_filter filter = { .wanted = others, .context = (void *)path };
    struct arena *arena = arena_create(NULL);
    struct front *f = front_create(arena);
    struct tree *t = tree_create(arena, f->names, f->sources, f->diags);
    struct import_files files = { NULL, 0, 0 };
    unsigned int i;

    if (tree_available()) {
        if (!tree_read(t, XEN_TREE, &filter) || !tree_read_text(t, path, (const char *)data, size))
            fuzz_fail("the small tree cannot be read");
        tree_finish(t);
        check_index(t);
        if (tree_import(t, "xen", &files))
            for (i = 0; i < files.n; i++)
                check_layout(arena, &files.items[i]);
    }
    tree_destroy(t);
    arena_destroy(arena);
    return 0;
}
