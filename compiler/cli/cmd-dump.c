/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc dump: the database as JSON. */
#include "back/dump.h"
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"

static int run(int argc, char **argv)
{
    struct cli c;

    if (cli_option(&command_dump, argc, argv) != -1)
        return EXIT_TROUBLE;
    if (optind == argc)
        return cli_usage(&command_dump, "which database?");
    cli_begin(&c, &command_dump);
    if (cli_load(&c, argv + optind, argc - optind)) {
        struct buf out = BUF_INIT;

        dump_json(&out, c.front->model);
        cli_print(&c, cli_text(&out), out.len);
        buf_free(&out);
    }
    return cli_end(&c, EXIT_CLEAN);
}

const struct command command_dump = {
    .name = "dump",
    .summary = "print a database as JSON, for other tools",
    .usage = "DB...",
    .about =
        "Prints everything the database says, in declaration order (hooks in the order of struct xsm_ops): classes with\n"
        "their numbers, permissions with their bits, initial SIDs with their numbers, hooks with parameters, guards,\n"
        "default actions, Flask steps, tables and SILO rules. Labels, checks and conditions are texts of the language.\n"
        "A database with errors is not printed.\n",
    .run = run,
};
