/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc check: everything the compiler can know without a Xen tree. */
#include <getopt.h>

#include "cli/cli.h"
#include "cli/commands.h"

static int run(int argc, char **argv)
{
    static const struct option options[] = { { NULL, 0, NULL, 0 } };
    struct cli c;

    if (getopt_long(argc, argv, "", options, NULL) != -1)
        return cli_usage(&command_check, "unknown option");
    if (optind == argc)
        return cli_usage(&command_check, "which files?");
    cli_begin(&c, &command_check);
    cli_load(&c, argv + optind, argc - optind);
    return cli_end(&c, EXIT_CLEAN);
}

const struct command command_check = {
    .name = "check",
    .summary = "find what is wrong in a database and its policies",
    .usage = "DB... [POLICY...]",
    .help =
        "Reads .xsm files (a folder stands for all .xsm files in it, - for standard input) and reports every\n"
        "independent error, with its place and the id of the rule. Nothing is written.\n",
    .run = run,
};
