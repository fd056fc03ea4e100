/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a subcommand's findings are shown and reported; for every subcommand that has some. */
#ifndef XSMC_CLI_REPORT_H
#define XSMC_CLI_REPORT_H

#include "cli/cli.h"
#include "cli/load.h"
#include "text/report.h"

/*
 * For getopt_long(): --findings FORMAT, --findings-to FILE, --quiet, --relative-to DIR. A subcommand without another use
 * for --format and --output gives them REPORT_FORMAT and REPORT_TO.
 */
#define REPORT_OPTIONS                                                      \
    { "findings", required_argument, NULL, REPORT_FORMAT },                 \
    { "findings-to", required_argument, NULL, REPORT_TO },                  \
    { "quiet", no_argument, NULL, REPORT_QUIET },                           \
    { "relative-to", required_argument, NULL, REPORT_RELATIVE }
enum { REPORT_FORMAT = LOAD_NEXT, REPORT_TO, REPORT_QUIET, REPORT_RELATIVE, REPORT_NEXT };
#define REPORT_SHORT "q"
#define REPORT_FORMAT_HELP                                                                                      \
    "  --findings FORMAT  findings as " REPORT_FORMATS "; all but text go to standard output\n"                 \
    "  --findings-to FILE  write them to this file instead, and show them as text, too\n"
#define REPORT_HELP                                                                                             \
    "  -q, --quiet      show no findings; the exit status tells, and a report is written all the same\n"        \
    "  --relative-to DIR  what paths in reports are relative to, if not the git repository around the working\n" \
    "                   folder\n"

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
