/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc audit: what is wrong between a Xen tree and itself, and between it and a database. */
#include <stdio.h>
#include <string.h>

#include "audit/allow.h"
#include "audit/audit.h"
#include "audit/coverage.h"
#include "audit/lore.h"
#include "back/gen.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "tree/tree.h"

enum { AUDIT_XEN = OPTION_OWN, AUDIT_DB, AUDIT_ALLOW, AUDIT_BASELINE, AUDIT_WRITE_BASELINE, AUDIT_COVERAGE, AUDIT_COVERAGE_TO, AUDIT_ROWS, AUDIT_LIST };

struct wanted {
    const char *root, *db, *baseline, *write_baseline, *coverage_to;
    const char *coverage;           /* format, or NULL */
    bool rows;
    LIST(const char *) allow;
};

static void indent(struct buf *out, const char *head, const char *text)
{
    buf_printf(out, "    %s", head);
    for (; *text; text++) {
        buf_putc(out, *text);
        if (*text == '\n')
            buf_puts(out, "      ");
    }
    buf_putc(out, '\n');
}

/* The audit's rules: a paragraph each. */
static int list(struct cli *c)
{
    struct buf out = BUF_INIT;
    unsigned int i;
    bool good;

    for (i = 0; i < n_audit_lore; i++) {
        const struct lore *l = &audit_lore[i];

        buf_printf(&out, "%s (%s)\n    %s:\n    %s\n", l->rule->id, level_name(l->rule->level), l->rule->summary, l->rule->why);
        indent(&out, "for example: ", l->example);
        if (l->precedent)
            indent(&out, "met before: ", l->precedent);
    }
    if (out.failed)
        cli_no_memory();
    good = cli_print(c, buf_text(&out), out.len);
    buf_free(&out);
    return good ? EXIT_CLEAN : EXIT_TROUBLE;
}

/* What is to be done with the findings. Returns whether all files could be read and written. */
static bool settle(struct cli *c, struct audit *a, const struct wanted *w)
{
    struct outputs *o = outputs_create(c);
    struct buf text = BUF_INIT, table = BUF_INIT;
    enum coverage_format format;
    bool good = audit_allow(a, w->allow.items, w->allow.n) && (!w->baseline || audit_baseline(a, w->baseline));

    if (good && w->write_baseline) {
        audit_print_baseline(a, &text);
        if (text.failed)
            cli_no_memory();
        outputs_add(o, w->write_baseline, buf_text(&text), text.len);
    }
    if (good && w->coverage && coverage_find(w->coverage, &format)) {
        coverage_print(a, &table, format);
        if (table.failed)
            cli_no_memory();
        outputs_add(o, w->coverage_to ? w->coverage_to : "-", buf_text(&table), table.len);
    }
    good = good && outputs_commit(o, NULL);
    buf_free(&text);
    buf_free(&table);
    return good;
}

/* What the tree's own build makes of the database, in the places where the audit looks for it. */
static bool read_generated(struct cli *c, struct tree *t)
{
    struct gen g = { .arena = c->arena, .model = c->front->model, .sources = c->front->sources, .diags = c->front->diags,
                     .names = c->front->names };
    unsigned int i;

    if (!gen_run(&g, "xen-4.17"))
        return false;
    tree_with_database(t);
    for (i = 0; i < g.files.n; i++) {
        const struct gen_file *f = &g.files.items[i];
        const char *dot = strrchr(f->path, '.');

        if (dot && !strcmp(dot, ".h") && !tree_read_text(t, f->path, f->text, f->len))
            return false;
    }
    return true;
}

static int audited(struct cli *c, const struct wanted *w)
{
    struct front *f = c->front;
    struct tree *t = tree_create(c->arena, f->names, f->sources, f->diags);
    struct audit_input in = {
        .arena = c->arena, .names = f->names, .sources = f->sources, .diags = f->diags, .tree = t, .root = w->root,
    };
    int status = EXIT_CLEAN;

    if (w->db && cli_load(c, (char *[]){ (char *)w->db }, 1))
        in.model = f->model;
    in.rows_only = w->rows;
    if ((!w->db || in.model) && (!w->rows || read_generated(c, t)) && tree_read(t, w->root, NULL) && !settle(c, audit(&in), w))
        status = EXIT_TROUBLE;
    tree_destroy(t);
    return cli_end(c, status);
}

static int run(int argc, char **argv)
{
    struct wanted w = { 0 };
    struct cli c;
    int option;

    cli_begin(&c, &command_audit);
    while ((option = cli_option(&command_audit, argc, argv)) != -1) {
        if (report_option(&c, option, optarg))
            continue;
        switch (option) {
        case AUDIT_XEN:
            w.root = optarg;
            break;
        case AUDIT_DB:
            w.db = optarg;
            break;
        case AUDIT_ALLOW:
            *LIST_PUSH(c.arena, &w.allow) = optarg;
            break;
        case AUDIT_BASELINE:
            w.baseline = optarg;
            break;
        case AUDIT_WRITE_BASELINE:
            w.write_baseline = optarg;
            break;
        case AUDIT_COVERAGE:
            w.coverage = optarg;
            break;
        case AUDIT_COVERAGE_TO:
            w.coverage_to = optarg;
            break;
        case AUDIT_ROWS:
            w.rows = true;
            break;
        case AUDIT_LIST:
            return cli_end(&c, list(&c));
        default:
            return cli_end(&c, EXIT_TROUBLE);
        }
    }
    if (optind != argc || !w.root)
        return cli_end(&c, cli_usage(&command_audit, "which tree? --xen TREE"));
    if (w.rows && (!w.db || w.coverage || w.coverage_to))
        return cli_end(&c, cli_usage(&command_audit, w.db ? "--rows makes no table of checks" : "--rows goes with --db"));
    /* Findings are about the tree: their paths and fingerprints are the same wherever it lies. */
    if (!c.report.root)
        c.report.root = w.root;
    if (!report_ready(&c))
        return cli_end(&c, EXIT_TROUBLE);
    if (w.coverage_to && !w.coverage)
        w.coverage = "text";
    if (w.coverage && !w.coverage_to && report_takes_output(&c))
        return cli_end(&c, cli_usage(&command_audit, "findings and coverage cannot both go to standard output"));
    return audited(&c, &w);
}

static const struct cli_option audit_options[] = {
    { .name = "xen", .value = "DIR", .id = AUDIT_XEN, .help = "the Xen source tree, as it is unpacked; nothing is built" },
    { .name = "db", .value = "DB", .id = AUDIT_DB, .help = "also compare with this database" },
    { .name = "rows", .id = AUDIT_ROWS,
      .help = "with --db: find only hooks that are called and commands that are handled without a row in the database, and rows "
              "without a call or a handler. The tree is read as its own build with CONFIG_XSM_DATABASE sees it, with the hooks "
              "that the database says" },
    { .name = "allow", .value = "FILE", .id = AUDIT_ALLOW,
      .help = "take back what this file lists, a finding a line: RULE PATH NAME reason; PATH is below the tree, NAME one of the "
              "quoted names in the message or *. In the source, a comment does the same for its line and the next: "
              "xsmc: allow RULE reason" },
    { .name = "baseline", .value = "FILE", .id = AUDIT_BASELINE, .help = "take back what was found when this file was written" },
    { .name = "write-baseline", .value = "FILE", .id = AUDIT_WRITE_BASELINE,
      .help = "write what is found, and not taken back, to this file" },
    { .name = "coverage", .value = "FORMAT", .words = "text csv json html", .id = AUDIT_COVERAGE,
      .help = "also print, for every command of every hypercall, which checks it comes to, where, what they ask, and where there "
              "is none" },
    { .name = "coverage-to", .value = "FILE", .id = AUDIT_COVERAGE_TO, .help = "print it to this file" },
    { .name = "list", .id = AUDIT_LIST,
      .help = "show the rules: what each finds, why that matters, an example, and where in Xen's history it was met" },
    { 0 },
};

const struct command command_audit = {
    .name = "audit",
    .summary = "find what is wrong with the checks of a Xen tree",
    .usage = "--xen TREE [--db DB [--rows]] [OPTION...]",
    .about =
        "Reads the hypervisor's sources below TREE/xen as they are, for all architectures and configurations at once, and\n"
        "reports where they disagree: commands that Flask does not know, checks that come after the lock they should\n"
        "protect, permissions asked for in the wrong class, and more. With a database also what the tree does otherwise.\n",
    .options = { audit_options, report_main_options, report_options },
    .run = run,
};
