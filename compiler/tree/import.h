/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a Xen tree to a hook database: struct xsm_ops or the XSM_HOOK() list, the dummy policy, SILO, Flask's functions and
 * tables, and the dispatchers that carry the commands out.
 */
#ifndef XSMC_TREE_IMPORT_H
#define XSMC_TREE_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "tree/tree.h"

struct import_file {
    const char *name;       /* "domctl.xsm" */
    const char *text;       /* in the language, not yet laid out */
    size_t len;
};

struct import_files {
    struct import_file *items;
    unsigned int n, cap;
};

/*
 * Reads the security files of a tree that tree_read() has read, and writes the database `name` in the files' texts. What
 * cannot be read is a diagnostic of rule `not-understood` with its place, and the hook is marked `manual`: its declared
 * checks are what could be read. A tree without hooks, and policy files that cannot be read, are errors; returns false.
 * What a tree does not say is not there: sentences, reasons, waivers, on whose behalf Xen calls a hook (`within by`), and
 * what is a defect.
 */
bool tree_import(struct tree *t, const char *name, struct import_files *files);

/* Whether importing needs this file: the security modules' own, for a tree_filter of little reading. */
bool tree_import_needs(const char *path);

#endif
