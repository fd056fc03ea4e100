/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc fmt: sources in their canonical layout. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "front/format.h"
#include "text/rules.h"

enum { CHECK = OPTION_OWN, STDOUT };

struct job {
    struct cli cli;
    struct outputs *outputs;
    bool check, print;
    unsigned int different;
};

static bool fmt_one(uint32_t index, void *context)
{
    struct job *j = context;
    struct front *f = j->cli.front;
    const char *path = source_path(f->sources, index), *text;
    struct buf out = BUF_INIT;
    size_t len;

    if (!format_source(f, index, &out)) {
        buf_free(&out);
        return false;
    }
    if (out.failed) {
        diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "not enough memory to lay out '%s'", path);
        buf_free(&out);
        return false;
    }
    text = source_text(f->sources, index, &len);
    if (out.len != len || memcmp(buf_text(&out), text, len)) {
        j->different++;
        if (j->check)
            fprintf(stderr, "%s: not in canonical layout; run `xsmc fmt %s`\n", path, path);
    }
    if (!j->check) {
        const char *to = j->print || !strcmp(path, "-") ? "-" : path;

        outputs_add(j->outputs, to, arena_text(j->cli.arena, cli_text(&out), out.len), out.len);
    }
    buf_free(&out);
    return true;
}

static int run(int argc, char **argv)
{
    struct job j = { .check = false };
    bool good = true;
    int o;

    while ((o = cli_option(&command_fmt, argc, argv)) != -1) {
        switch (o) {
        case CHECK:
            j.check = true;
            break;
        case STDOUT:
            j.print = true;
            break;
        default:
            return EXIT_TROUBLE;
        }
    }
    if (optind == argc)
        return cli_usage(&command_fmt, "which files?");
    cli_begin(&j.cli, &command_fmt);
    j.outputs = outputs_create(&j.cli);
    for (; optind < argc; optind++)
        good &= front_sources(j.cli.front, argv[optind], fmt_one, &j);
    if (good && !j.check)
        outputs_commit(j.outputs, NULL);
    return cli_end(&j.cli, j.check && j.different ? EXIT_FINDINGS : EXIT_CLEAN);
}

static const struct cli_option fmt_options[] = {
    { .name = "check", .id = CHECK, .help = "write nothing; name the files that would change and exit with 1 (for CI)" },
    { .name = "stdout", .id = STDOUT, .help = "write the result to standard output instead" },
    { 0 },
};

const struct command command_fmt = {
    .name = "fmt",
    .summary = "lay sources out in their canonical form",
    .usage = "[--check | --stdout] FILE...",
    .about =
        "Rewrites each file (a folder stands for all .xsm files in it) in the canonical layout: rows in columns,\n"
        "statements lined up, comments and single blank lines kept. Doing it twice changes nothing. With - it reads\n"
        "standard input and writes standard output. If any file has a syntax error, no file is touched.\n",
    .options = { fmt_options },
    .run = run,
};
