/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc diff: what a change means, for whom. */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/side.h"
#include "review/page.h"
#include "review/print.h"
#include "review/review.h"
#include "text/rules.h"

struct diff_run {
    struct cli cli;
    struct load load;
    LIST(char *) with;              /* read on both sides */
    const char *format;
    const char *path;               /* where it goes */
    enum grade fail_on;             /* GRADE_SAME: never */
    enum grade least;
    const char *words;              /* a database that says what trees do not, or NULL */
    bool fixed;
};

static struct review_side reviewed(const struct side *s)
{
    return (struct review_side){ s->front->model, { s->policy, s->flat }, s->tree };
}

static void print(struct diff_run *r, struct buf *out, const struct print_job *job)
{
    struct page page = { .job = job };

    if (!strcmp(r->format, "json"))
        changes_print_json(out, job);
    else if (!strcmp(r->format, "markdown"))
        changes_print_markdown(out, job);
    else if (!strcmp(r->format, "html"))
        page_print(out, &page);
    else
        changes_print_text(out, job);
}

static int diff(struct diff_run *r, const char *old, const char *new)
{
    struct review_options options = { .fixed = r->fixed };
    struct review_side a, b;
    struct side sides[2];
    struct changes changes;
    struct print_job job;
    struct buf out = BUF_INIT;
    struct outputs *outputs;
    int status = EXIT_CLEAN;
    bool good = side_read(&sides[0], &r->cli, true, &r->load, old, r->with.items, r->with.n);

    good &= side_read(&sides[1], &r->cli, false, &r->load, new, r->with.items, r->with.n);
    good = good && sides_complete(&sides[0], &sides[1], &r->cli, r->words);
    if (good && !sides[0].policy != !sides[1].policy) {
        diag_add(r->cli.front->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "there is a policy in '%s' and none in '%s'",
                 sides[0].policy ? old : new, sides[0].policy ? new : old);
        good = false;
    }
    if (good) {
        a = reviewed(&sides[0]);
        b = reviewed(&sides[1]);
        changes = review(r->cli.arena, r->cli.front->names, &a, &b, &options);
        job = (struct print_job){ .changes = &changes, .sources = r->cli.front->sources, .old = old, .new = new,
                                  .least = r->least, .exported = { sides[0].exported, sides[1].exported },
                                  .colour = !strcmp(r->path, "-") && cli_colour(STDOUT_FILENO) };
        print(r, &out, &job);
        outputs = outputs_create(&r->cli);
        outputs_add(outputs, r->path, cli_text(&out), out.len);
        outputs_commit(outputs, NULL);
        buf_free(&out);
        if (r->fail_on != GRADE_SAME && changes.items.n && changes.items.items[0].grade >= r->fail_on)
            status = EXIT_FINDINGS;
    }
    side_end(&sides[0]);
    side_end(&sides[1]);
    return status;
}

/* The grade of that name; `any` is the mildest. */
static enum grade grade_find(const char *name)
{
    int i;

    for (i = GRADE_TEXT; i < N_GRADES; i++)
        if (!strcmp(name, grade_name((enum grade)i)))
            return (enum grade)i;
    return GRADE_TEXT;
}

enum { FORMAT = OPTION_OWN, FAIL_ON, LEAST, FIXED, WITH, WORDS };

static int run(int argc, char **argv)
{
    struct diff_run r = { .format = "text", .path = "-", .least = GRADE_TEXT };
    int option;

    cli_begin(&r.cli, &command_diff);
    while ((option = cli_option(&command_diff, argc, argv)) != -1) {
        if (load_option(&r.cli, &r.load, option, optarg))
            continue;
        switch (option) {
        case FORMAT:
            r.format = optarg;
            break;
        case FAIL_ON:
            r.fail_on = grade_find(optarg);
            break;
        case LEAST:
            r.least = grade_find(optarg);
            break;
        case FIXED:
            r.fixed = true;
            break;
        case WITH:
            *LIST_PUSH(r.cli.arena, &r.with) = optarg;
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
    if (argc - optind != 2)
        return cli_end(&r.cli, cli_usage(&command_diff, "what is to be compared with what?"));
    return cli_end(&r.cli, diff(&r, argv[optind], argv[optind + 1]));
}

static const struct cli_option diff_options[] = {
    { .name = "format", .value = "FORMAT", .words = "text markdown html json", .id = FORMAT,
      .help = "for a terminal (the default), for a mail or a merge request, for a browser (with all operations: `xsmc report`), or "
              "for programs" },
    { .name = "output", .letter = 'o', .value = "FILE", .help = "where to; standard output if not given" },
    { .name = "fail-on", .value = "GRADE", .words = "looser stricter moved text any", .id = FAIL_ON,
      .help = "exit with 1 if there is a change of this grade or worse; `any` is every change" },
    { .name = "least", .value = "GRADE", .words = "looser stricter moved text", .id = LEAST, .help = "show no milder ones" },
    { .name = "fixed", .id = FIXED, .help = "compare what defects say is right, not what the trees do" },
    { .name = "with", .value = "FILE", .id = WITH,
      .help = "read this on both sides as well: a policy that is derived from the databases, the database that policies are "
              "about" },
    { .name = "words", .value = "DB", .id = WORDS,
      .help = "what Xen trees do not say, sentences and where hooks are called from, is taken from this database; of a tree and "
              "a database, from the latter" },
    { 0 },
};

const struct command command_diff = {
    .name = "diff",
    .summary = "say what a change means, for whom",
    .usage = "[OPTION...] OLD NEW",
    .about =
        "OLD and NEW are databases, Xen source trees (unpacked, unbuilt) or policies (.xsm, .te, binary): files, folders, or\n"
        "either in a git revision, as REV:PATH. Of databases and trees effective defaults are compared (everything on the way to an operation counts), for every\n"
        "kind of domain and every relation to the object, and what Flask asks; of policies, who may do what to whom,\n"
        "however the rules say it. Says in sentences who may now do what, or no longer, and what policies need. Worst\n"
        "first:\n\n"
        "  looser    somebody may do more, or Flask asks less: needs a security review\n"
        "  stricter  somebody may do less, Flask asks more, or compiled policies do not fit any more: may break somebody\n"
        "  moved     the same answer, by another check\n"
        "  text      words alone\n\n"
        "An operation that is new is compared with the row for unlisted commands (`*`) that it came in place of, or with\n"
        "none; one that is gone, with that row, or with no check at all.\n",
    .options = { diff_options, load_options },
    .status = "0 no change of that grade (or no --fail-on), 1 there is one or an input is wrong, 2 usage or I/O",
    .run = run,
};
