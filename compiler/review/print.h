/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes as text: for a terminal, a mail or merge request, a browser, another program. */
#ifndef XSMC_REVIEW_PRINT_H
#define XSMC_REVIEW_PRINT_H

#include "review/change.h"
#include "text/source.h"

struct buf;

struct print_job {
    const struct changes *changes;
    const struct sources *sources;      /* of both sides' places */
    const char *old, *new;              /* what the sides are called */
    const char *exported[2];            /* temporary folders that stand for them in places, or NULL */
    enum grade least;                   /* milder changes are counted, not shown */
    bool colour;                        /* terminal only */
};

/* "path:line:column"; a binary policy is its path alone. */
void place_print(struct buf *out, const struct print_job *job, struct span s);

/* Lines for a person, at most about 100 columns. */
void changes_print_text(struct buf *out, const struct print_job *job);
/* GitHub's and GitLab's dialect. */
void changes_print_markdown(struct buf *out, const struct print_job *job);
/*
 * {"old", "new", "counts": {grade: n}, "changes": [{"grade", "about", "name", "text", "advice", "old": {"path", "line",
 * "column"}, "new", of operations "operations": [{"old", "new", "meaning"}], "answers": [{"subject", "relation",
 * "allowed", "when", "build"}], "flask": {"grade", "dropped", "added", "kept", "build"}, of
 * access "access": {"kind", "added", "subjects", "objects", "class", "permissions", "condition", "otherwise"}}]}
 */
void changes_print_json(struct buf *out, const struct print_job *job);

#endif
