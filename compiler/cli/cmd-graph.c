/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc graph: who can pass information to whom in a policy, as a drawing. */
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/program.h"
#include "review/graph.h"
#include "text/rules.h"

struct graph_run {
    struct cli cli;
    struct load load;
    LIST(const char *) only;
    const char *format;             /* "dot" or "svg" */
    const char *path;               /* where it goes */
    bool actors;
};

static const struct span NOWHERE = { 0, 0, 0 };

/* graphviz makes the picture. */
static bool make_picture(struct graph_run *r, struct buf *dot, struct buf *out)
{
    char *const argv[] = { "dot", "-Tsvg", NULL };
    const char *why;

    if (program_run(r->cli.arena, argv, buf_text(dot), dot->len, out, &why))
        return true;
    diag_help(r->cli.front->diags, diag_add(r->cli.front->diags, &RULE_IO, NOWHERE, "no picture: %s", why),
              "`dot` is in Debian's package graphviz; without --format svg the graph is written for it");
    return false;
}

static void draw(struct graph_run *r, struct policy *p)
{
    struct front *f = r->cli.front;
    struct graph_options options = { .actors = r->actors, .stock = f->model->stock };
    struct buf dot = BUF_INIT, picture = BUF_INIT;
    struct outputs *outputs;
    unsigned int i;
    bool svg = !strcmp(r->format, "svg");

    for (i = 0; i < r->only.n; i++) {
        const char *name = names_get(f->names, r->only.items[i]);
        const struct type *t = policy_find_type(p, name);

        if (!t || t->kind == KIND_ATTRIBUTE)
            diag_add(f->diags, &RULE_UNKNOWN_NAME, NOWHERE, "the policy has no type '%s'", name);
        r->only.items[i] = t ? t->real->name : name;
    }
    options.only = r->only.items;
    options.n_only = r->only.n;
    if (r->actors && !options.stock)
        diag_add(f->diags, &RULE_UNKNOWN_NAME, NOWHERE, "no `domain` statement says which types belong to one actor");
    if (!diags_count(f->diags, LEVEL_ERROR) && graph_print(&dot, answerer_create(p, policy_flatten(p)), &options) &&
        (!svg || make_picture(r, &dot, &picture))) {
        struct buf *out = svg ? &picture : &dot;

        outputs = outputs_create(&r->cli);
        outputs_add(outputs, r->path, buf_text(out), out->len);
        outputs_commit(outputs, NULL);
    }
    buf_free(&dot);
    buf_free(&picture);
}

enum { BY = OPTION_OWN, FORMAT, TYPE };

static int run(int argc, char **argv)
{
    struct graph_run r = { .format = "dot", .path = "-" };
    struct policy *p;
    int option;

    cli_begin(&r.cli, &command_graph);
    while ((option = cli_option(&command_graph, argc, argv)) != -1) {
        if (load_option(&r.cli, &r.load, option, optarg))
            continue;
        switch (option) {
        case BY:
            r.actors = !strcmp(optarg, "actor");
            break;
        case FORMAT:
            r.format = optarg;
            break;
        case TYPE:
            *LIST_PUSH(r.cli.arena, &r.only) = optarg;
            break;
        case 'o':
            r.path = optarg;
            break;
        default:
            return cli_end(&r.cli, EXIT_TROUBLE);
        }
    }
    if (optind == argc)
        return cli_end(&r.cli, cli_usage(&command_graph, "which policy?"));
    p = load_policy(&r.cli, &r.load, argv + optind, argc - optind);
    if (!p && !diags_count(r.cli.front->diags, LEVEL_ERROR))
        diag_add(r.cli.front->diags, &RULE_IO, NOWHERE, "there is no policy in these files");
    if (p && !diags_count(r.cli.front->diags, LEVEL_ERROR))
        draw(&r, p);
    return cli_end(&r.cli, EXIT_CLEAN);
}

static const struct cli_option graph_options[] = {
    { .name = "by", .value = "WHAT", .words = "type actor", .id = BY,
      .help = "a node for each type (the default), or for each actor, whose labels are one node" },
    { .name = "type", .value = "TYPE", .id = TYPE, .help = "only what leads from or to this type; may be given again" },
    { .name = "format", .value = "FORMAT", .words = "dot svg", .id = FORMAT,
      .help = "for graphviz (the default), or a picture that graphviz made" },
    { .name = "output", .letter = 'o', .value = "FILE", .help = "where to; standard output if not given" },
    { 0 },
};

const struct command command_graph = {
    .name = "graph",
    .summary = "draw who can reach whom in a policy",
    .usage = "[OPTION...] [DB...] POLICY...",
    .about =
        "Draws which types of a policy can pass information to which in one step: an edge leads from where it comes to where\n"
        "it goes, and is labelled by the permissions that carry it (`xsmc query --flows` lists which way each does). Dashed\n"
        "edges need a constraint to hold. Booleans are as the policy sets them. For paths ask `xsmc query`.\n",
    .options = { graph_options, load_options },
    .run = run,
};
