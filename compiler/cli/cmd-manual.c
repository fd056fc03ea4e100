/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc manual: the manual pages. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/manual.h"

static int run(int argc, char **argv)
{
    const struct command *command = NULL;
    struct buf out = BUF_INIT;
    struct cli c;
    int status;

    if (cli_option(&command_manual, argc, argv) != -1)
        return EXIT_TROUBLE;
    if (argc - optind > 1)
        return cli_usage(&command_manual, "one page at a time");
    if (argc > optind && !(command = cli_command(argv[optind])))
        return cli_usage(&command_manual, "there is no command '%s'", argv[optind]);
    cli_begin(&c, &command_manual);
    manual_page(&out, command);
    status = cli_print(&c, cli_text(&out), out.len) ? EXIT_CLEAN : EXIT_TROUBLE;
    buf_free(&out);
    return cli_end(&c, status);
}

const struct command command_manual = {
    .name = "manual",
    .summary = "print a manual page",
    .usage = "[COMMAND]",
    .about =
        "Prints the manual page of a command, or that of xsmc, for man: `xsmc manual check | man -l -`. The pages say what\n"
        "--help says, and are made of the same tables; an installed xsmc has them as xsmc(1), xsmc-check(1) and so on.\n",
    .operands = "COMMANDS",
    .run = run,
};
