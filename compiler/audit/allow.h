/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings taken back: in the C source, in a file beside it, by a baseline.
 *
 * In the source, a comment in the line of the finding or the line before:
 *     xsmc: allow RULE reason
 * In a file, one a line, `#` begins a comment; PATH is below the tree, NAME one of the 'names' in the message or *:
 *     RULE PATH NAME reason
 * Each needs a reason, and one that takes nothing back is a finding itself. A baseline is a list of fingerprints.
 */
#ifndef XSMC_AUDIT_ALLOW_H
#define XSMC_AUDIT_ALLOW_H

#include <stdbool.h>

struct audit;
struct buf;

/* Takes back what comments in the tree and these files allow. A file that cannot be read is a diagnostic; false then. */
bool audit_allow(struct audit *a, const char *const *files, unsigned int n_files);
/* Takes back what the baseline lists; what it lists in vain is a finding. A file that cannot be read is a diagnostic. */
bool audit_baseline(struct audit *a, const char *file);
/* Appends a baseline of everything found and not taken back. */
void audit_print_baseline(struct audit *a, struct buf *out);

#endif
