/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc diff: what a change means, for whom. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/revision.h"
#include "review/print.h"
#include "review/review.h"
#include "text/rules.h"

struct diff_run {
    struct cli cli;
    LIST(char *) with;              /* read on both sides */
    const char *format;
    const char *path;               /* where it goes */
    enum grade fail_on;             /* GRADE_SAME: never */
    enum grade least;
    bool fixed;
};

static void unreadable(struct front *f, const char *path, const char *why)
{
    diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "cannot read '%s': %s", path, why);
}

static bool is_source(const char *name)
{
    size_t len = strlen(name);

    return name[0] != '.' && len > 4 && !strcmp(name + len - 4, ".xsm");
}

static void read_revision_file(struct front *f, const char *name)
{
    const char *why, *text;
    size_t len;

    text = revision_read(f->arena, name, &len, &why);
    if (text)
        front_read_text(f, name, text, len);
    else
        unreadable(f, name, why);
}

static void read_revision(struct front *f, const char *argument)
{
    unsigned int n, i, read = 0;
    const char *why, **names;
    size_t len = strlen(argument);

    switch (revision_kind(f->arena, argument, &why)) {
    case REVISION_NONE:
        unreadable(f, argument, why);
        break;

    case REVISION_FILE:
        read_revision_file(f, argument);
        break;

    case REVISION_FOLDER:
        names = revision_list(f->arena, argument, &n, &why);
        if (!names) {
            unreadable(f, argument, why);
            break;
        }
        while (len > 1 && argument[len - 1] == '/')
            len--;
        for (i = 0; i < n; i++) {
            if (!is_source(names[i]))
                continue;
            read_revision_file(f, arena_printf(f->arena, "%.*s%s%s", (int)len, argument,
                                               argument[len - 1] == ':' ? "" : "/", names[i]));
            read++;
        }
        if (!read)
            unreadable(f, argument, "there is no .xsm file in it");
        break;
    }
}

static bool read_side(struct diff_run *r, struct front *f, const char *argument)
{
    unsigned int i;

    if (revision_is(argument))
        read_revision(f, argument);
    else
        front_read(f, argument);
    for (i = 0; i < r->with.n; i++)
        front_read(f, r->with.items[i]);
    return front_bind(f);
}

static int diff(struct diff_run *r, const char *old, const char *new)
{
    struct front *f = r->cli.front, *beside = front_create_beside(f);
    struct review_options options = { .fixed = r->fixed };
    struct changes changes;
    struct print_job job;
    struct buf out = BUF_INIT;
    struct outputs *outputs;
    bool good = read_side(r, f, old);

    good &= read_side(r, beside, new);
    if (!good)
        return EXIT_CLEAN;  /* cli_end() knows better */
    changes = review_databases(r->cli.arena, f->names, f->model, beside->model, &options);
    job = (struct print_job){ .changes = &changes, .sources = f->sources, .old = old, .new = new, .least = r->least };
    if (!strcmp(r->format, "json")) {
        changes_print_json(&out, &job);
    } else if (!strcmp(r->format, "markdown")) {
        changes_print_markdown(&out, &job);
    } else {
        job.colour = !strcmp(r->path, "-") && cli_colour(STDOUT_FILENO);
        changes_print_text(&out, &job);
    }
    outputs = outputs_create(&r->cli);
    outputs_add(outputs, r->path, buf_text(&out), out.len);
    outputs_commit(outputs, NULL);
    buf_free(&out);
    return r->fail_on != GRADE_SAME && changes.items.n && changes.items.items[0].grade >= r->fail_on ? EXIT_FINDINGS
                                                                                                      : EXIT_CLEAN;
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

enum { FORMAT = OPTION_OWN, FAIL_ON, LEAST, FIXED, WITH };

static int run(int argc, char **argv)
{
    struct diff_run r = { .format = "text", .path = "-", .least = GRADE_TEXT };
    int option;

    cli_begin(&r.cli, &command_diff);
    while ((option = cli_option(&command_diff, argc, argv)) != -1) {
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
    { .name = "format", .value = "FORMAT", .words = "text markdown json", .id = FORMAT,
      .help = "for a terminal (the default), for a mail or a merge request, or for programs" },
    { .name = "output", .letter = 'o', .value = "FILE", .help = "where to; standard output if not given" },
    { .name = "fail-on", .value = "GRADE", .words = "looser stricter moved text any", .id = FAIL_ON,
      .help = "exit with 1 if there is a change of this grade or worse; `any` is every change" },
    { .name = "least", .value = "GRADE", .words = "looser stricter moved text", .id = LEAST, .help = "show no milder ones" },
    { .name = "fixed", .id = FIXED, .help = "compare what defects say is right, not what the trees do" },
    { .name = "with", .value = "FILE", .id = WITH, .help = "read this on both sides as well" },
    { 0 },
};

const struct command command_diff = {
    .name = "diff",
    .summary = "say what a change means, for whom",
    .usage = "[OPTION...] OLD NEW",
    .about =
        "OLD and NEW are databases: files, folders, or either in a git revision, as REV:PATH. Compares effective defaults\n"
        "(everything on the way to an operation counts), for every kind of domain and every relation to the object, and\n"
        "what Flask asks; says in sentences who may now do what, or no longer, and what policies need. Worst first:\n\n"
        "  looser    somebody may do more, or Flask asks less: needs a security review\n"
        "  stricter  somebody may do less, Flask asks more, or compiled policies do not fit any more: may break somebody\n"
        "  moved     the same answer, by another check\n"
        "  text      words alone\n\n"
        "An operation that is new is compared with the row for unlisted commands (`*`) that it came in place of, or with\n"
        "none; one that is gone, with that row, or with no check at all.\n",
    .options = { diff_options },
    .status = "0 no change of that grade (or no --fail-on), 1 there is one or an input is wrong, 2 usage or I/O",
    .run = run,
};
