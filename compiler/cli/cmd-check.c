/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc check: everything the compiler can know without a Xen tree. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/report.h"
#include "judge/check.h"

enum { LIST_RULES = OPTION_OWN };

/* The registry: one paragraph a rule. */
static int list(void)
{
    struct buf out = BUF_INIT;
    unsigned int i;
    bool good;

    for (i = 0; i < n_rules; i++)
        buf_printf(&out, "%s (%s%s)\n    %s:\n    %s\n", rules[i]->id, level_name(rules[i]->level),
                   check_waivable(rules[i]) ? ", can be waived" : "", rules[i]->summary, rules[i]->why);
    good = fwrite(cli_text(&out), 1, out.len, stdout) == out.len && !fflush(stdout);
    buf_free(&out);
    return good ? EXIT_CLEAN : EXIT_TROUBLE;
}

static int run(int argc, char **argv)
{
    struct load load = { 0 };
    struct policy *p;
    struct cli c;
    int option;

    cli_begin(&c, &command_check);
    while ((option = cli_option(&command_check, argc, argv)) != -1) {
        if (load_option(&c, &load, option, optarg) || report_option(&c, option, optarg))
            continue;
        if (option == LIST_RULES)
            return cli_end(&c, list());
        return cli_end(&c, EXIT_TROUBLE);
    }
    if (!report_ready(&c))
        return cli_end(&c, EXIT_TROUBLE);
    if (optind == argc)
        return cli_end(&c, cli_usage(&command_check, "which files?"));
    p = load_policy(&c, &load, argv + optind, argc - optind);
    if (!diags_count(c.front->diags, LEVEL_ERROR)) {
        check(c.arena, c.front->diags, c.front->model);
        if (p)
            load_flatten(&c, p);
    }
    return cli_end(&c, EXIT_CLEAN);
}

static const struct cli_option check_options[] = {
    { .name = "list", .id = LIST_RULES, .help = "show every rule: its id, its level, what it finds and why that matters" },
    { 0 },
};

const struct command command_check = {
    .name = "check",
    .summary = "find what is wrong in a database and its policies",
    .usage = "[OPTION...] DB... [POLICY...]",
    .about =
        "Reads .xsm files (a folder stands for all .xsm files in it, - for standard input) and policies in the checkpolicy\n"
        "dialect, and reports every independent error, with its place and the id of the rule. Nothing is written.\n",
    .options = { check_options, report_main_options, report_options, load_options },
    .run = run,
};
