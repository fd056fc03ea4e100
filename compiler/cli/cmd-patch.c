/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc patch: a changed database as a patch of a Xen tree. */
#include <errno.h>
#include <string.h>

#include "back/patch.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/side.h"
#include "text/rules.h"

enum { XEN = OPTION_OWN, OLD, FIX };

struct patch_run {
    struct cli cli;
    const char *tree, *old, *path;
    struct gen_options options;
};

static const struct span nowhere = { 0, 0, 0 };

static const char *read_file(void *with, const char *path, size_t *len)
{
    struct patch_run *r = with;
    uint32_t file = source_read(r->cli.front->sources, arena_printf(r->cli.arena, "%s/%s", r->tree, path));

    return file ? source_text(r->cli.front->sources, file, len) : NULL;
}

static bool read_tree(struct patch_run *r, uint32_t files[PATCH_FILES])
{
    struct front *f = r->cli.front;
    unsigned int i;

    for (i = 0; i < PATCH_FILES; i++) {
        const char *path = arena_printf(r->cli.arena, "%s/%s", r->tree, patch_path(i));

        files[i] = source_read(f->sources, path);
        if (files[i] || (i >= PATCH_POLICY && errno == ENOENT))
            continue;
        diag_help(f->diags, diag_add(f->diags, &RULE_IO, nowhere, "cannot read '%s': %s", path, strerror(errno)),
                  "--xen takes the top of an unpacked source tree of Xen 4.17");
        return false;
    }
    return true;
}

static struct gen *generate(struct patch_run *r, const struct front *f)
{
    struct gen *g = ARENA_NEW(r->cli.arena, struct gen);

    *g = (struct gen){ .arena = r->cli.arena, .names = f->names, .model = f->model, .sources = f->sources,
                       .diags = f->diags, .options = r->options };
    return gen_run(g, INSTALL_TARGET) ? g : NULL;
}

static void patch(struct patch_run *r, char *const *paths, int n)
{
    struct load load = { 0 };
    struct side old = { .front = NULL };
    uint32_t files[PATCH_FILES];
    struct patch p = { .files = files, .root = r->tree, .sources = r->cli.front->sources, .read = read_file, .with = r };
    struct buf out = BUF_INIT;
    struct outputs *outputs;

    if (!cli_load(&r->cli, paths, n))
        return;
    if (r->old) {
        bool good = side_read(&old, &r->cli, false, &load, r->old, NULL, 0);

        side_end(&old);
        if (!good)
            return;
        /* Sentences and the like are not the tree's to say, and no change. */
        if (old.tree)
            front_borrow(old.front, r->cli.front->model);
    }
    if (!read_tree(r, files))
        return;
    p.g = generate(r, r->cli.front);
    p.old = r->old ? generate(r, old.front) : NULL;
    if (!p.g || (r->old && !p.old) || !patch_tree(&p))
        return;
    patch_print(&p, &out);
    outputs = outputs_create(&r->cli);
    outputs_add(outputs, r->path, buf_text(&out), out.len);
    outputs_commit(outputs, NULL);
    buf_free(&out);
}

static int run(int argc, char **argv)
{
    struct patch_run r = { .path = "-" };
    int option;

    cli_begin(&r.cli, &command_patch);
    while ((option = cli_option(&command_patch, argc, argv)) != -1)
        switch (option) {
        case XEN:
            r.tree = optarg;
            break;
        case OLD:
            r.old = optarg;
            break;
        case FIX:
            r.options.fix_defects = true;
            break;
        case 'o':
            r.path = optarg;
            break;
        default:
            return cli_end(&r.cli, EXIT_TROUBLE);
        }
    if (!r.tree)
        return cli_end(&r.cli, cli_usage(&command_patch, "which tree? Give --xen TREE"));
    if (optind == argc)
        return cli_end(&r.cli, cli_usage(&command_patch, "which database?"));
    patch(&r, argv + optind, argc - optind);
    return cli_end(&r.cli, EXIT_CLEAN);
}

static const struct cli_option patch_options[] = {
    { .name = "xen", .value = "TREE", .id = XEN, .help = "the unpacked source tree of Xen 4.17 that is to be patched; it is only read" },
    { .name = "old", .value = "DB", .id = OLD,
      .help = "the database the tree is described by: a folder, a file, or REV:PATH of a git revision; or a Xen tree, read as `xsmc import` does. Without it the patch adds "
              "the hooks, commands, permissions, classes and initial SIDs that the tree does not have, and nothing else; with it, "
              "it also changes and takes away what differs" },
    { .name = "fix-defects", .id = FIX, .help = "rows marked `defect` as they should be, not as the tree has them" },
    { .name = "output", .letter = 'o', .value = "FILE", .help = "where to; standard output if not given" },
    { 0 },
};

const struct command command_patch = {
    .name = "patch",
    .summary = "turn a changed database into a patch for Xen",
    .usage = "--xen TREE [--old DB] [-o FILE] DB...",
    .about =
        "Writes the patch that brings a Xen tree to what the database says, for `git apply` or patch -p1, with a commit\n"
        "message to begin with that says what changes for whom. In a tree with hand-written hooks it edits the hand-written\n"
        "places: the members of struct xsm_ops, the wrappers, the dummy policy, SILO, Flask's functions and tables, the\n"
        "access vectors, the rules of the example policy in tools/flask/policy, and the call sites of a hook whose default\n"
        "action becomes another. A new command joins the case that does\n"
        "the same. In a tree into which `xsmc gen --xen` has installed the generated files it is the difference of those.\n"
        "What has to be done by hand, like the body of a hook that is `manual`, stands behind the message. Nothing is\n"
        "written if there is nothing to change, or if the tree is not one the database describes.\n",
    .options = { patch_options },
    .run = run,
};
