/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc import: a hook database from a Xen source tree. */
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/revision.h"
#include "front/format.h"
#include "text/rules.h"
#include "tree/import.h"

enum { XEN = OPTION_OWN, NAME, CHANGED };

struct import_arguments {
    const char *tree, *folder, *name, *changed;
};

struct touched {
    const char **paths;
    unsigned int n;
};

static bool wanted(const char *path, void *context)
{
    const struct touched *t = context;
    unsigned int i;

    for (i = 0; i < t->n; i++)
        if (!strcmp(t->paths[i], path))
            return true;
    return tree_import_needs(path);
}

static bool read_tree(struct cli *c, struct tree *t, const struct import_arguments *a)
{
    struct touched touched = { .n = 0 };
    const struct tree_filter filter = { .wanted = wanted, .context = &touched, .mention = "xsm_" };
    const char *why;

    if (!a->changed)
        return tree_read(t, a->tree, NULL);
    touched.paths = revision_changed(c->arena, a->tree, a->changed, &touched.n, &why);
    if (!touched.paths) {
        diag_add(c->front->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "cannot compare '%s' with '%s': %s", a->tree,
                 a->changed, why);
        return false;
    }
    return tree_read(t, a->tree, &filter);
}

/* The files in canonical layout; a text that is not in the language is our error, and said as one. */
static bool lay_out(struct cli *c, const struct import_files *files, const char *folder, struct outputs *outputs)
{
    unsigned int i;

    for (i = 0; i < files->n; i++) {
        const struct import_file *f = &files->items[i];
        uint32_t index = source_add(c->front->sources, f->name, f->text, f->len);
        struct buf out = BUF_INIT;

        if (!format_source(c->front, index, &out))
            return false;
        outputs_add(outputs, arena_printf(c->arena, "%s/%s", folder, f->name), arena_text(c->arena, cli_text(&out), out.len),
                    out.len);
        buf_free(&out);
    }
    return true;
}

static int import(struct cli *c, const struct import_arguments *a)
{
    struct tree *t = tree_create(c->arena, c->front->names, c->front->sources, c->front->diags);
    struct outputs *outputs = outputs_create(c);
    struct import_files files = { NULL, 0, 0 };
    bool good = read_tree(c, t, a) && tree_import(t, a->name, &files) && lay_out(c, &files, a->folder, outputs);

    tree_destroy(t);
    if (!good)
        return EXIT_FINDINGS;
    return outputs_commit(outputs, NULL) ? EXIT_CLEAN : EXIT_TROUBLE;
}

static int run(int argc, char **argv)
{
    struct import_arguments a = { .name = "xen" };
    struct cli c;
    int o;

    while ((o = cli_option(&command_import, argc, argv)) != -1) {
        switch (o) {
        case XEN:
            a.tree = optarg;
            break;
        case 'o':
            a.folder = optarg;
            break;
        case NAME:
            a.name = optarg;
            break;
        case CHANGED:
            a.changed = optarg;
            break;
        default:
            return EXIT_TROUBLE;
        }
    }
    if (!a.tree)
        return cli_usage(&command_import, "which tree? Give --xen TREE");
    if (!a.folder)
        return cli_usage(&command_import, "where to? Give -o DIR");
    if (optind < argc)
        return cli_usage(&command_import, "'%s' is too much", argv[optind]);
    cli_begin(&c, &command_import);
    return cli_end(&c, import(&c, &a));
}

static const struct cli_option import_options[] = {
    { .name = "xen", .value = "DIR", .id = XEN, .help = "the top of an unpacked source tree of Xen; it need not be built" },
    { .name = "output", .letter = 'o', .value = "DIR", .help = "where the database is written, one file a subject" },
    { .name = "name", .value = "NAME", .id = NAME,
      .help = "what the database calls itself: xen-4.17 if `gen` is to write that layout from it (default: xen)" },
    { .name = "changed", .value = "REV", .id = CHANGED,
      .help = "read only what mentions xsm_, the public headers, and the files that differ from this git revision, which "
              "takes a fraction of the time. Calls that go through other files are not followed" },
    { 0 },
};

const struct command command_import = {
    .name = "import",
    .summary = "read a hook database off a Xen source tree",
    .usage = "--xen TREE -o DIR [OPTION...]",
    .about =
        "Reads all of TREE/xen, all architectures and configurations at once, in the layout of 4.17 (every hook in five\n"
        "places) and in that of 2026 (the XSM_HOOK() list): hooks, the dummy policy's defaults, SILO, Flask's functions,\n"
        "classes, permissions and initial SIDs, the commands that dispatchers carry out, and which hooks they call further\n"
        "in (`then hook`). All files appear, or none.\n\n"
        "A function that does more than ask is marked `manual` with the place of the first statement that was not\n"
        "understood, and its checks are what could be read; each is a warning. What a tree does not say is not in the\n"
        "result: sentences, reasons, waivers, what is a defect, on whose behalf Xen calls a hook (`within by`), whether an\n"
        "object may be one of Xen's own. The defaults of Flask's own commands, which the dummy policy does not have, are\n"
        "control's where Flask asks for a permission, and anyone's where it does not.\n",
    .options = { import_options },
    .run = run,
};
