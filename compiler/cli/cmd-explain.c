/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc explain: what an operation, a hook, a permission or a rule is, in words. */
#include <string.h>

#include "audit/lore.h"
#include "base/buf.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "judge/explain.h"
#include "text/rules.h"
#include "tree/tree.h"

enum { XEN = OPTION_OWN };

/* Where the tree calls the hook. */
static void put_calls(struct buf *out, struct cli *c, const struct tree *t, const struct hook *h)
{
    const char *name = arena_printf(c->arena, "xsm_%s", h->name);
    const struct tree_call *const *calls;
    unsigned int n = tree_calls_of(t, names_get(c->front->names, name), &calls), i;

    buf_printf(out, "\n%s() is called %s\n", name, n ? "in" : "nowhere in the tree");
    for (i = 0; i < n; i++) {
        struct place place = source_place(c->front->sources, calls[i]->span);

        buf_printf(out, "  %s:%u", place.path, place.line);
        if (calls[i]->function)
            buf_printf(out, ", %s()", calls[i]->function->name);
        buf_putc(out, '\n');
    }
}

static bool put_tree(struct buf *out, struct cli *c, const char *root, const struct explained *about)
{
    struct front *f = c->front;
    struct tree *t = tree_create(c->arena, f->names, f->sources, f->diags);
    bool good = tree_read(t, root, NULL);
    unsigned int i;

    for (i = 0; good && i < about->hooks.n; i++)
        put_calls(out, c, t, about->hooks.items[i]);
    tree_destroy(t);
    return good;
}

/* The lines of a text, each behind its lead: the first one, then blanks. */
static void put_lines(struct buf *out, const char *lead, const char *text)
{
    size_t len;

    for (; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        buf_printf(out, "    %-14s%.*s\n", lead, (int)len, text);
        lead = "";
    }
}

/* What the audit knows of a rule: where it was met, and what it looks like. */
static void put_lore(struct buf *out, const struct rule *rule)
{
    unsigned int i;

    for (i = 0; i < n_audit_lore; i++) {
        const struct lore *l = &audit_lore[i];

        if (l->rule != rule)
            continue;
        if (l->precedent)
            put_lines(out, "precedent", l->precedent);
        put_lines(out, "example", l->example);
    }
}

static void explain_what(struct cli *c, const char *what, const char *root)
{
    struct front *f = c->front;
    struct buf out = BUF_INIT;
    struct explained about = explain(&out, c->arena, f->diags, f->model, what);
    unsigned int i;

    for (i = 0; i < about.rules.n; i++)
        put_lore(&out, about.rules.items[i]);
    if (!out.len) {
        struct nearest n = nearest_to(what);
        struct diag *d = diag_add(f->diags, &RULE_UNKNOWN_NAME, (struct span){ 0, 0, 0 },
                                  "there is no operation, hook, class, permission or rule '%s'", what);

        explain_nearest(&n, c->arena, f->model);
        if (n.best)
            diag_help(f->diags, d, "did you mean '%s'?", n.best);
    } else if (!root || put_tree(&out, c, root, &about)) {
        cli_print(c, buf_text(&out), out.len);
    }
    buf_free(&out);
}

static int run(int argc, char **argv)
{
    const char *root = NULL;
    struct cli c;
    int option;

    cli_begin(&c, &command_explain);
    while ((option = cli_option(&command_explain, argc, argv)) != -1) {
        if (option != XEN)
            return cli_end(&c, EXIT_TROUBLE);
        root = optarg;
    }
    if (optind == argc)
        return cli_end(&c, cli_usage(&command_explain, "what is to be explained?"));
    if (cli_load(&c, argv + optind, argc - optind - 1))
        explain_what(&c, argv[argc - 1], root);
    return cli_end(&c, EXIT_CLEAN);
}

static const struct cli_option explain_options[] = {
    { .name = "xen", .value = "TREE", .id = XEN, .help = "a Xen source tree: also list where it calls the hooks" },
    { 0 },
};

const struct command command_explain = {
    .name = "explain",
    .summary = "say what an operation, a hook, a permission or a rule is",
    .usage = "[--xen TREE] DB... WHAT",
    .about =
        "WHAT is an operation as `xsmc summary` calls it, a command (XEN_DOMCTL_pausedomain), a hook, a class, a permission\n"
        "(domain:pause, or pause), or the id of a rule (then no database is needed). Says in words what it is for, who may do\n"
        "it by default, step by step what is checked on the way, where that stands in the database, what Flask asks, for a\n"
        "permission which operations ask for it, and for a rule of the audit where it has been met in Xen. If a word means\n"
        "several things, all of them.\n",
    .options = { explain_options },
    .run = run,
};
