/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of subcommands, as tables: from the same rows come what is accepted, `--help`, the manual pages and the
 * completions of the shells. One place to add an option.
 */
#ifndef XSMC_CLI_OPTIONS_H
#define XSMC_CLI_OPTIONS_H

#include <getopt.h>     /* optarg, optind */

#include "base/buf.h"

struct command;

struct cli_option {
    const char *name;       /* what follows the two dashes, or NULL: a letter alone */
    char letter;            /* what follows one dash, or 0 */
    const char *value;      /* what its value is called, or NULL: it takes none. FILE and DIR are completed as paths */
    const char *words;      /* the values it takes, between blanks; NULL: any */
    const char *help;       /* a sentence or two; wrapped here, but a '\n' begins a line */
    int id;                 /* what cli_option() returns for it; 0: the letter */
};

/* A table ends with { 0 }. Ids are unique in a command: */
enum {
    OPTION_LOAD = 256,      /* load_options */
    OPTION_REPORT = 300,    /* report_options */
    OPTION_OWN = 400,       /* the command's own */
};

/* A command has at most so many tables, the last of them NULL. */
enum { OPTION_TABLES = 5 };

/*
 * getopt_long() over the command's tables: the id of the next option, with `optarg` its value; -1 at the end, with `optind`
 * the first operand. What is wrong (an unknown option, a missing or impossible value) is said on stderr with the usage;
 * it then returns '?'.
 */
int cli_option(const struct command *command, int argc, char **argv);

/* What stands before the text of an option: "-o, --output DIR". */
void options_head(struct buf *out, const struct cli_option *o);
/* The options as `--help` shows them: two columns, in the order of the tables. */
void options_help(struct buf *out, const struct command *command);

#endif
