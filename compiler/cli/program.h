/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other programs: given something to read, and what they print taken into memory. Never through a shell. */
#ifndef XSMC_CLI_PROGRAM_H
#define XSMC_CLI_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

/*
 * Runs argv (found on the PATH) with `input` as its standard input and appends what it prints to `out`. False with the
 * reason in *why, which is its own complaint if it made one, if it could not be run or did not end well.
 */
bool program_run(struct arena *a, char *const *argv, const char *input, size_t len, struct buf *out, const char **why);

#endif
