/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc summary: a database at a glance. */
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "judge/summary.h"

enum { WIDTH = 100 };

static int run(int argc, char **argv)
{
    struct cli c;

    if (cli_option(&command_summary, argc, argv) != -1)
        return EXIT_TROUBLE;
    if (optind == argc)
        return cli_usage(&command_summary, "which database?");
    cli_begin(&c, &command_summary);
    if (cli_load(&c, argv + optind, argc - optind)) {
        struct buf out = BUF_INIT;

        summary_print(&out, c.arena, c.front->diags, c.front->model, WIDTH);
        cli_print(&c, cli_text(&out), out.len);
        buf_free(&out);
    }
    return cli_end(&c, EXIT_CLEAN);
}

const struct command command_summary = {
    .name = "summary",
    .summary = "say how much there is of what, and who may do what by default",
    .usage = "DB...",
    .about =
        "Counts hooks, classes, permissions and operations, and groups the operations by who may ask for them by default.\n"
        "That is the effective default: everything on the path counts, so that an operation whose dispatcher asks for\n"
        "control is control's, whatever the hook behind it says. `xsmc dump` prints everything, for programs.\n",
    .run = run,
};
