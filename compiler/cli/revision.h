/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files as they are in a git revision: `REV:path`, as git itself spells it. */
#ifndef XSMC_REVISION_H
#define XSMC_REVISION_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Whether an argument that is no file names something in a revision: "v1.2:hooks-db", "HEAD~1:./db". */
bool revision_is(const char *argument);

enum revision_kind { REVISION_NONE, REVISION_FILE, REVISION_FOLDER };

/* What it is; REVISION_NONE with the reason in `why` if git does not know it. Runs git in the current folder. */
enum revision_kind revision_kind(struct arena *a, const char *argument, const char **why);
/* The bytes of a file; NULL with the reason in `why`. */
const char *revision_read(struct arena *a, const char *argument, size_t *len, const char **why);
/* The names in a folder, sorted by git, folders with a `/` at their end; their number. */
const char **revision_list(struct arena *a, const char *argument, unsigned int *n, const char **why);
/*
 * Writes all of a folder below the empty folder `into`. False with the reason in `why`.
 */
bool revision_export(struct arena *a, const char *argument, const char *into, const char **why);

/* The files below `folder`, a work tree, that differ from the revision, with their paths from there; their number. */
const char **revision_changed(struct arena *a, const char *folder, const char *rev, unsigned int *n, const char **why);

#endif
