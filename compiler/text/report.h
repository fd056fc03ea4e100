/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings in the formats of those who show them: SARIF 2.1.0 (code scanning, editors), GitLab's code quality report,
 * GitHub's workflow commands, and JSON of our own for everyone else. Paths are relative (diags_path()), findings carry
 * their fingerprint, and texts are UTF-8 without control characters whatever the sources hold. The same findings give
 * the same bytes.
 */
#ifndef XSMC_REPORT_H
#define XSMC_REPORT_H

#include <stdbool.h>

#include "text/diag.h"

enum report_format {
    REPORT_TEXT,        /* diags_render_text() */
    REPORT_SARIF,
    REPORT_GITLAB,
    REPORT_GITHUB,
    REPORT_JSON,
};

/* Their names, between blanks, in the order of the enum. */
#define REPORT_WORDS "text sarif gitlab github json"

/* The format of that name; false if there is none. */
bool report_find(const char *name, enum report_format *format);

/*
 * Appends the report on everything found so far. `version` is the tool's; `good` is false if the run came to no end,
 * because a file could not be read.
 */
void report_render(struct diags *d, struct buf *out, enum report_format format, const char *version, bool good);

/* ---- what the formats share ---- */

/* The text as UTF-8 that can be shown; valid until the arena goes. */
const char *report_text(struct diags *d, const char *text);

void report_sarif(struct diags *d, struct buf *out, const char *version, bool good);

#endif
