/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threat: a hook that nobody has decided on and that comes out as allowed, C that is not C any more because of
 * what stood in the database, and a tree that is edited wrongly. Of every database that can be bound: what is
 * generated can be read as C, holds a function of the dummy policy and of Flask for every access hook, and is the
 * same each time; and the input itself, taken as a file of a Xen tree, is installed into or refused.
 */
#include <string.h>

#include "back/gen.h"
#include "back/install.h"
#include "back/xen-source.h"
#include "front/front.h"
#include "pieces.h"

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), n = strlen(end);

    return len >= n && !strcmp(text + len - n, end);
}

/* A generated C file: the names of its functions go into `functions`. */
static void read_c(struct gen *g, const struct gen_file *file, struct map *functions)
{
    struct xen_source s = { .arena = g->arena, .names = g->names, .diags = g->diags };
    unsigned int i;

    if (!xen_source_read(&s, 0, file->text, file->len))
        fuzz_fail("%s is not C:\n%s", file->path, file->text);
    for (i = 0; i < s.items.n; i++)
        if (s.items.items[i].kind == XEN_ITEM_FUNCTION)
            map_put(g->arena, functions, NULL, s.items.items[i].name, &s.items.items[i]);
}

static void want(struct gen *g, struct map *functions, const char *prefix, const char *name)
{
    if (!map_get(functions, NULL, names_get(g->names, arena_printf(g->arena, "%s%s", prefix, name))))
        fuzz_fail("there is no %s%s", prefix, name);
}

static void check_generated(struct gen *g, bool xen)
{
    struct map functions = { NULL, 0, 0 };
    unsigned int i;

    for (i = 0; i < g->files.n; i++)
        if (ends_with(g->files.items[i].path, ".h") && !ends_with(g->files.items[i].path, "/hooks.h"))
            read_c(g, &g->files.items[i], &functions);
    for (i = 0; i < g->model->n_hooks; i++) {
        const struct hook *h = g->model->hooks[i];

        if (h->kind != HOOK_ACCESS)
            continue;
        if (!h->dummy_manual.reason) {
            if (!h->n_defaults && !h->table && !(h->defect && h->defect->fix_action))
                fuzz_fail("'%s' has no default and was generated", h->name);
            want(g, &functions, "xsm_", h->name);
        }
        if (xen && !h->flask_manual.reason)
            want(g, &functions, "flask_", h->name);
    }
}

static struct gen generate(const struct front *f, const char *target, bool fix, bool *good)
{
    struct gen g = { .arena = f->arena, .model = f->model, .sources = f->sources, .diags = f->diags,
                     .options = { .fix_defects = fix } };

    *good = gen_run(&g, target);
    return g;
}

static void compare_runs(const struct gen *a, const struct gen *b)
{
    unsigned int i;

    for (i = 0; i < a->files.n || i < b->files.n; i++)
        if (i >= a->files.n || i >= b->files.n || strcmp(a->files.items[i].text, b->files.items[i].text))
            fuzz_fail("generated twice, it differs");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL);
    struct front *f = front_create(arena);
    uint32_t files[INSTALL_FILES], index;
    struct gen g, again;
    unsigned int i;
    bool good, same;

    /* Most seeds are single hooks of the database, which need its classes. */
    front_read(f, DATABASE "/classes.xsm");
    front_read(f, DATABASE "/sids.xsm");
    front_read_text(f, "input.xsm", (const char *)data, size);
    if (front_bind(f)) {
        /* Which target, and whether defects are mended, is left to chance. */
        const char *target = gen_targets[size % 8 == 0].name;
        bool fix = size % 3 == 0;

        g = generate(f, target, fix, &good);
        if (good)
            check_generated(&g, !strcmp(target, INSTALL_TARGET));
        again = generate(f, target, fix, &same);
        if (good != same)
            fuzz_fail("generated twice, it succeeds once");
        compare_runs(&g, &again);
    }

    /* The same bytes as every file of a tree that has the right version, for an empty database. */
    f->model = ARENA_NEW(arena, struct model);
    f->diags = diags_create(arena, f->sources);
    index = source_add(f->sources, "input.c", (const char *)data, size);
    for (i = 0; i < INSTALL_FILES; i++)
        files[i] = i < INSTALL_VECTORS ? index : source_add(f->sources, "empty", "", 0);
    files[INSTALL_MAKEFILE] = source_add(f->sources, "Makefile", "XEN_VERSION = 4\nXEN_SUBVERSION = 17\n", 37);
    g = generate(f, INSTALL_TARGET, false, &good);
    if (good)
        install_tree(&g, files);
    arena_destroy(arena);
    return 0;
}
