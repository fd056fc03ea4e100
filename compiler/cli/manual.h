/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tables of commands and options (cli.h, options.h) become besides `--help`: manual pages and completions. */
#ifndef XSMC_CLI_MANUAL_H
#define XSMC_CLI_MANUAL_H

#include "base/buf.h"

struct command;

/* The manual page of a command, or with NULL that of xsmc, as man(7) has it. */
void manual_page(struct buf *out, const struct command *command);

/* The completion of xsmc for a shell; to be read by it. */
void complete_bash(struct buf *out);
void complete_zsh(struct buf *out);
void complete_fish(struct buf *out);

#endif
