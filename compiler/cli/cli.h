/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the subcommands share: the table that drives dispatch and help, one run's state, and output that appears whole
 * or not at all.
 */
#ifndef XSMC_CLI_H
#define XSMC_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "cli/options.h"
#include "front/front.h"

#ifndef XSMC_VERSION
#define XSMC_VERSION "unknown"
#endif

/* What xsmc is, in a line. */
#define CLI_SUMMARY "the policy compiler for Xen's security modules"

/* Exit status of every subcommand. */
enum {
    EXIT_CLEAN = 0,
    EXIT_FINDINGS = 1,      /* the input was read and something is wrong with it */
    EXIT_TROUBLE = 2,       /* usage, or a file that cannot be read or written */
};

/* One file cli/cmd-NAME.c each; the table is in main.c. */
struct command {
    const char *name;
    const char *summary;    /* one line, for `xsmc help` */
    const char *usage;      /* what follows `xsmc NAME` */
    /* What `xsmc NAME --help` says between usage and options: paragraphs of lines; indented ones stay as they are in the manual. */
    const char *about;
    const struct cli_option *options[OPTION_TABLES];
    const char *after;      /* and below the options, or NULL */
    /* For completion: the words an operand can be, between blanks; COMMANDS: any subcommand; NULL: paths. */
    const char *operands;
    const char *first;      /* the words that the first operand can be, where the others are paths; NULL: a path as well */
    const char *status;     /* what the exit statuses mean, if not the usual */
    int (*run)(int argc, char **argv);  /* argv[0] is the subcommand's name */
};

/* Every command, NULL at the end; and the one of that name, or NULL. */
extern const struct command *const commands[];
const struct command *cli_command(const char *name);

/* ---- a run ---- */

struct cli {
    const struct command *command;
    struct arena *arena;
    struct front *front;
    struct {
        const char *format;     /* as given, or NULL */
        const char *path;       /* the file to write, or NULL */
        const char *root;       /* what paths are relative to, or NULL */
        bool quiet;
    } report;                   /* options of cli/report.h */
};

/* Begins a run; ends the process with EXIT_TROUBLE when memory runs out, then or later. */
void cli_begin(struct cli *c, const struct command *command);
/* Says that memory ran out and ends the process. */
void cli_no_memory(void);
/* What is in a buffer, all of it: ends the process if memory ran out before. Whatever is shown or written goes through here. */
const char *cli_text(const struct buf *b);
/* Reads every path and binds the names. Returns whether there are no errors so far. */
bool cli_load(struct cli *c, char *const *paths, int n);
/*
 * Shows and reports the diagnostics, releases the run, and returns the exit status: EXIT_TROUBLE if a file could not be
 * read or written, else EXIT_FINDINGS if there are errors, else `status`.
 */
int cli_end(struct cli *c, int status);

/* Complains about the command line ("xsmc NAME: ..."), points to --help, and returns EXIT_TROUBLE. */
int cli_usage(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* After a complaint of the command line: points to --help and returns EXIT_TROUBLE. */
int cli_bad_option(const struct command *command);
/* What the exit statuses of the command mean. */
const char *cli_status(const struct command *command);
/* Prints the help text of the command; returns EXIT_CLEAN, or EXIT_TROUBLE if stdout cannot be written. */
int cli_help(const struct command *command);

/* Whether to colour what goes to this stream: a terminal, and NO_COLOR is not set. */
bool cli_colour(int fd);

/* ---- output ---- */

/* Writes to standard output and reports failure (a full disk, a closed pipe). Returns whether it worked. */
bool cli_print(struct cli *c, const char *data, size_t len);

struct outputs;

/* Files to be written together: all of them appear, or none. */
struct outputs *outputs_create(struct cli *c);
/* Adds a file; the data must stay until outputs_commit(). "-" is standard output. */
void outputs_add(struct outputs *o, const char *path, const char *data, size_t len);
/*
 * Writes every file beside its place under a temporary name, then renames them all. Missing folders are made, symbolic
 * links followed, owner and mode kept; devices and pipes are written to. A file that has the same content already is left
 * alone, its time too. On failure no file or folder has changed and a diagnostic says why: one that may not be written,
 * two different outputs of one name, a full disk. Interrupts wait until it is over. Returns whether it worked; `changed`,
 * if not NULL, is how many files are new or different.
 */
bool outputs_commit(struct outputs *o, unsigned int *changed);

#endif
