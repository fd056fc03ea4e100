/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a changed database to the patch that a maintainer of Xen would take.
 *
 * In a tree with hand-written hooks (the five places of 4.17) the patch edits those places: members of struct xsm_ops,
 * wrappers, the dummy policy, SILO, Flask's functions and tables, access vectors, security classes, initial SIDs, and
 * Xen's own example policy. In a tree where the generated files are installed it is the difference of those. All other
 * text stays. What has to be written by hand is said.
 *
 * Without the old database the patch holds what the new one has and the tree has not: hooks, commands, permissions,
 * classes, initial SIDs. With it, what was changed and what was taken away, too.
 */
#ifndef XSMC_PATCH_H
#define XSMC_PATCH_H

#include "back/install.h"

enum {
    PATCH_POLICY = INSTALL_FILES,                   /* files of the example policy follow; they may be missing */
    PATCH_DOM0_TE = PATCH_POLICY,
    PATCH_XEN_IF,
    PATCH_XEN_TE,
    PATCH_XENSTORE_TE,
    PATCH_FILES
};

/* The files that are read, from the top of the tree: install_paths, then those of the policy. */
const char *patch_path(unsigned int file);

/* A file and what it becomes. */
struct patched {
    const char *path;
    const char *old;            /* NULL: new */
    size_t old_len;
    const char *text;
    size_t len;
};

struct patch {
    struct gen *g, *old;        /* new and old database; both ran for INSTALL_TARGET. `old` may be NULL */
    struct sources *sources;    /* g->sources */
    const char *root;           /* the top of the tree */
    const uint32_t *files;      /* PATCH_FILES of them, in g->sources; of the policy 0 if missing */
    /* Reads another file of the tree, which is there if the generated files are; NULL if it is not. */
    const char *(*read)(void *with, const char *path, size_t *len);
    void *with;
    LIST(struct patched) changed;
    LIST(const char *) added;   /* hooks and commands, for the subject */
    LIST(const char *) said;    /* what changes, in sentences, for the commit message */
    LIST(const char *) left;    /* what is left to be done by hand */
};

/* Fills in the last four. Returns whether the tree was understood; what it is not is a diagnostic. */
bool patch_tree(struct patch *p);

/* The whole of it: a subject line, what changes, what is left, and the diff. Nothing if nothing changes. */
void patch_print(const struct patch *p, struct buf *out);

#endif
