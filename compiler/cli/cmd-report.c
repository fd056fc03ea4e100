/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc report: a database, or what changes in it, as a page to read. */
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/side.h"
#include "review/page.h"
#include "review/review.h"

struct report_run {
    struct cli cli;
    struct load load;
    const char *against;            /* OLD, or NULL */
    const char *path;               /* where it goes */
    LIST(char *) with;              /* read on both sides */
    const char *words;              /* a database that says what trees do not, or NULL */
    bool fixed;
};

static void write_page(struct report_run *r, const struct side *old, const struct side *new)
{
    struct review_options options = { .fixed = r->fixed };
    struct review_side a = { old->front->model, { old->policy, old->flat }, old->tree };
    struct review_side b = { new->front->model, { new->policy, new->flat }, new->tree };
    struct names *names = r->cli.front->names;
    struct overview overview = overview_make(r->cli.arena, names, new->front->model, r->fixed);
    struct print_job job = { .sources = r->cli.front->sources, .old = old->argument, .new = new->argument,
                             .least = GRADE_TEXT, .exported = { old->exported, new->exported } };
    struct page page = { new->front->model, overview.n ? &overview : NULL, &job };
    struct changes changes;
    struct outputs *outputs;
    struct buf out = BUF_INIT;

    if (old != new) {
        changes = review(r->cli.arena, names, &a, &b, &options);
        job.changes = &changes;
    }
    page_print(&out, &page);
    outputs = outputs_create(&r->cli);
    outputs_add(outputs, r->path, buf_text(&out), out.len);
    outputs_commit(outputs, NULL);
    buf_free(&out);
}

static void report(struct report_run *r, const char *argument)
{
    struct side sides[2] = { { 0 }, { 0 } };
    const struct side *old = &sides[0];
    bool good = true;

    if (r->against)
        good = side_read(&sides[0], &r->cli, true, &r->load, r->against, r->with.items, r->with.n);
    else
        old = &sides[1];
    good &= side_read(&sides[1], &r->cli, !r->against, &r->load, argument, r->with.items, r->with.n);
    if (good && sides_complete(r->against ? &sides[0] : &sides[1], &sides[1], &r->cli, r->words))
        write_page(r, old, &sides[1]);
    side_end(&sides[0]);
    side_end(&sides[1]);
}

enum { HTML = OPTION_OWN, AGAINST, WITH, FIXED, WORDS };

static int run(int argc, char **argv)
{
    struct report_run r = { .path = "-" };
    int option;

    cli_begin(&r.cli, &command_report);
    while ((option = cli_option(&command_report, argc, argv)) != -1) {
        if (load_option(&r.cli, &r.load, option, optarg))
            continue;
        switch (option) {
        case HTML:
            break;
        case AGAINST:
            r.against = optarg;
            break;
        case WITH:
            *LIST_PUSH(r.cli.arena, &r.with) = optarg;
            break;
        case FIXED:
            r.fixed = true;
            break;
        case WORDS:
            r.words = optarg;
            break;
        case 'o':
            r.path = optarg;
            break;
        default:
            return cli_end(&r.cli, EXIT_TROUBLE);
        }
    }
    if (argc - optind == 2 && !r.against)
        r.against = argv[optind++];
    if (argc - optind != 1)
        return cli_end(&r.cli, cli_usage(&command_report, "which database?"));
    report(&r, argv[optind]);
    return cli_end(&r.cli, EXIT_CLEAN);
}

static const struct cli_option report_command_options[] = {
    { .name = "html", .id = HTML, .help = "as a page for a browser, which is all there is so far" },
    { .name = "against", .value = "OLD", .id = AGAINST, .help = "highlight what changes from this one, as `xsmc diff` tells it" },
    { .name = "output", .letter = 'o', .value = "FILE", .help = "where to; standard output if not given" },
    { .name = "with", .value = "FILE", .id = WITH, .help = "read this on both sides as well" },
    { .name = "fixed", .id = FIXED, .help = "show what defects say is right, not what the tree does" },
    { .name = "words", .value = "DB", .id = WORDS, .help = "what a Xen tree does not say is taken from this database" },
    { 0 },
};

const struct command command_report = {
    .name = "report",
    .summary = "show who may do what as a page for a browser",
    .usage = "--html [OPTION...] [OLD] DB",
    .about =
        "Writes one page that needs nothing beside it and no network: every operation, who may ask for it by default, what\n"
        "Flask asks, where it is written; all of it as a picture; search and filters by subject and object (`/` goes to the\n"
        "search). With OLD, what changes is told on top and highlighted. DB and OLD are what `xsmc diff` takes.\n",
    .options = { report_command_options, load_options },
    .run = run,
};
