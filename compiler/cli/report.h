/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a subcommand's findings are shown and reported; for every subcommand that has some. */
#ifndef XSMC_CLI_REPORT_H
#define XSMC_CLI_REPORT_H

#include "cli/cli.h"
#include "cli/load.h"
#include "text/report.h"

/*
 * Tables for struct command: --findings FORMAT, --findings-to FILE, --quiet, --relative-to DIR; and --format and --output,
 * which say the same as the first two, for a subcommand that has no other use for them.
 */
extern const struct cli_option report_options[];
extern const struct cli_option report_main_options[];

/* Takes one option; returns whether it was one of these. */
bool report_option(struct cli *c, int option, const char *argument);
/* After the last option: returns whether they can be obeyed, or complains. */
bool report_ready(struct cli *c);
/* Whether the report will take standard output. */
bool report_takes_output(const struct cli *c);

/* For cli_begin() and cli_end(): finds the repository; shows and writes everything. Returns whether all files were read and written. */
void report_begin(struct cli *c);
bool report_write(struct cli *c, int status);

#endif
