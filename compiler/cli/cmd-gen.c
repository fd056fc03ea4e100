/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc gen: the hypervisor's sources from the hook database. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "back/gen.h"
#include "back/install.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "text/rules.h"

enum { TARGET = OPTION_OWN, XEN, FLAT, CHECK, FIX };

static const struct span nowhere = { 0, 0, 0 };

struct gen_arguments {
    const char *target;     /* NULL: the database's own */
    const char *folder;     /* -o */
    const char *tree;       /* --xen */
    bool flat;
    bool check;
    struct gen_options options;
};

static bool target_exists(const char *name)
{
    const struct gen_target *t;

    for (t = gen_targets; t->name; t++)
        if (!strcmp(t->name, name))
            return true;
    return false;
}

/* Whether the file is there and holds just this. A missing file does not; one that cannot be read is reported. */
static bool is_current(struct cli *c, const char *path, const struct gen_file *f)
{
    uint32_t file = source_read(c->front->sources, path);
    const char *text;
    size_t len;

    if (!file && errno != ENOENT && errno != ENOTDIR)
        diag_add(c->front->diags, &RULE_IO, nowhere, "cannot read '%s': %s", path, strerror(errno));
    if (!file)
        return false;
    text = source_text(c->front->sources, file, &len);
    return len == f->len && !memcmp(text, f->text, len);
}

/* Writes the files, or with --check says which are not up to date. Returns the exit status. */
static int put_files(struct cli *c, const struct gen_files *files, const char *folder, bool flat, bool check)
{
    struct outputs *outputs = outputs_create(c);
    unsigned int i, old = 0, changed = 0;

    for (i = 0; i < files->n; i++) {
        const struct gen_file *f = &files->items[i];
        const char *name = strrchr(f->path, '/');
        const char *path = arena_printf(c->arena, "%s/%s", folder, flat && name ? name + 1 : f->path);

        if (!check) {
            outputs_add(outputs, path, f->text, f->len);
        } else if (!is_current(c, path, f)) {
            diag_help(c->front->diags,
                      diag_add(c->front->diags, &RULE_NOT_CURRENT, nowhere,
                               "'%s' is not what the database says", path),
                      "run the same command without --check");
            old++;
        }
    }
    if (check)
        return old ? EXIT_FINDINGS : EXIT_CLEAN;
    if (!outputs_commit(outputs, &changed))
        return EXIT_TROUBLE;
    return EXIT_CLEAN;
}

/* Adds what the tree's own files become. Returns whether the tree is one to install into. */
static bool add_tree(struct cli *c, struct gen *g, const char *tree)
{
    uint32_t files[INSTALL_FILES];
    unsigned int i;

    for (i = 0; i < INSTALL_FILES; i++) {
        const char *path = arena_printf(c->arena, "%s/%s", tree, install_paths[i]);

        files[i] = source_read(c->front->sources, path);
        if (files[i])
            continue;
        diag_help(c->front->diags,
                  diag_add(c->front->diags, &RULE_IO, nowhere, "cannot read '%s': %s", path, strerror(errno)),
                  "--xen takes the top of an unpacked source tree of Xen 4.17");
        return false;
    }
    return install_tree(g, files);
}

static int generate(struct cli *c, const struct gen_arguments *a, char *const *paths, int n)
{
    struct gen g;
    const char *target;

    if (!cli_load(c, paths, n))
        return EXIT_FINDINGS;
    target = a->target ? a->target : a->tree ? INSTALL_TARGET : c->front->model->target;
    if (!target || !target_exists(target)) {
        diag_help(c->front->diags,
                  diag_add(c->front->diags, &RULE_NOT_GENERATED, nowhere, "there is no source layout '%s'",
                           target ? target : "(the database has no name)"),
                  "choose one with --target; `xsmc gen --help` lists them");
        return EXIT_FINDINGS;
    }
    g = (struct gen){ .arena = c->arena, .model = c->front->model, .sources = c->front->sources,
                      .diags = c->front->diags, .options = a->options };
    if (!gen_run(&g, target) || (a->tree && !add_tree(c, &g, a->tree)))
        return EXIT_FINDINGS;
    return put_files(c, &g.files, a->tree ? a->tree : a->folder, a->flat, a->check);
}

static int run(int argc, char **argv)
{
    struct gen_arguments a = { .target = NULL };
    struct cli c;
    int option;

    while ((option = cli_option(&command_gen, argc, argv)) != -1) {
        switch (option) {
        case TARGET:
            a.target = optarg;
            break;
        case 'o':
            a.folder = optarg;
            break;
        case XEN:
            a.tree = optarg;
            break;
        case FLAT:
            a.flat = true;
            break;
        case CHECK:
            a.check = true;
            break;
        case FIX:
            a.options.fix_defects = true;
            break;
        default:
            return EXIT_TROUBLE;
        }
    }
    if (!a.folder == !a.tree)
        return cli_usage(&command_gen, "where to? Give either -o DIR or --xen TREE");
    if (a.tree && a.flat)
        return cli_usage(&command_gen, "--flat goes with -o: in a tree every file has its place");
    if (a.tree && a.target && strcmp(a.target, INSTALL_TARGET))
        return cli_usage(&command_gen, "only target " INSTALL_TARGET " can be installed into a tree");
    if (optind == argc)
        return cli_usage(&command_gen, "which database?");
    cli_begin(&c, &command_gen);
    return cli_end(&c, generate(&c, &a, argv + optind, argc - optind));
}

static const struct cli_option gen_command_options[] = {
    { .name = "output", .letter = 'o', .value = "DIR",
      .help = "the generated files alone, under DIR, with the paths they have in a Xen tree" },
    { .name = "xen", .value = "TREE", .id = XEN,
      .help = "into an unpacked source tree of Xen 4.17: what the hand-written files hold of the same is taken out of them, "
              "and an #include put in its place. A tree that is not the one the database describes is refused with the reason "
              "and left as it is. Doing it again changes nothing." },
    { .name = "target", .value = "NAME", .words = "xen-4.17 upstream", .id = TARGET,
      .help = "the source layout; by default the one the database is named after. xen-4.17: struct xsm_ops, wrappers, dummy "
              "policy, SILO and Flask; upstream: the XSM_HOOK() list of 2026 and the dummy policy" },
    { .name = "flat", .id = FLAT,
      .help = "with -o: all of them in DIR itself, where Xen's own build wants them" },
    { .name = "check", .id = CHECK, .help = "write nothing; exit with 1 unless every file is up to date" },
    { .name = "fix-defects", .id = FIX, .help = "rows marked `defect` as they should be, not as the tree has them" },
    { 0 },
};

const struct command command_gen = {
    .name = "gen",
    .summary = "write the hypervisor's sources from a database",
    .usage = "[--target NAME] [--check] [--fix-defects] (-o DIR [--flat] | --xen TREE) DB...",
    .about =
        "Writes C in Xen's style and the tables of Flask's policy. All files appear, or none.\n",
    .options = { gen_command_options },
    .after =
        "In a tree these files are generated, each included by the file of its folder named beside it:\n"
        "\n"
        "  xen/include/xsm/xsm-ops.h, xsm-wrappers.h    xsm.h     the hooks, and how the hypervisor calls them\n"
        "  xen/include/xsm/dummy-hooks.h                dummy.h   the dummy policy\n"
        "  xen/xsm/dummy-ops.h                          dummy.c   its table\n"
        "  xen/xsm/silo-hooks.h                         silo.c    SILO's hooks and table\n"
        "  xen/xsm/flask/flask-hooks.h                  hooks.c   Flask's hooks and table\n"
        "  xen/xsm/flask/policy/access_vectors, security_classes, initial_sids\n"
        "\n"
        "What stays hand-written stays where it is: helpers, and the hooks marked `manual`. A tree is refused if it\n"
        "has a hook the database does not know or lacks one of it, if a hook has another signature or stands under\n"
        "another #ifdef, if a function asks about a command or permission that its generated counterpart does not,\n"
        "or if a class, permission or initial SID has another number.\n"
        "\n"
        "A hook nobody has decided on (no default, no Flask check) is refused, never generated as allowed. The\n"
        "shapes of the generated code, and with them its machine code, are those of Xen 4.17's xsm/flask/hooks.c,\n"
        "include/xsm/dummy.h and xsm/silo.c; XSM_OTHER stands for a hook with several defaults.\n",
    .run = run,
};
