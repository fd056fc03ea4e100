/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generated sources into a Xen 4.17 tree: what of the hand-written files they replace is taken out, and one #include
 * put in its place. All other text stays as it is, so nothing of Xen's own needs to be known here.
 *
 * The tree has to be the one the database describes. A definition or table row of a hook the database does not know,
 * one that is missing, another signature or condition, a command or permission in a function that its generated
 * counterpart does not have, a class or permission of another number: each is a diagnostic of rule `xen-tree` at its
 * place in the tree, and then there is no output at all. Running it on its own result gives the same files again.
 */
#ifndef XSMC_INSTALL_H
#define XSMC_INSTALL_H

#include "back/gen.h"

enum {
    INSTALL_MAKEFILE,
    INSTALL_XSM_H,
    INSTALL_DUMMY_H,
    INSTALL_DUMMY_C,
    INSTALL_SILO_C,
    INSTALL_HOOKS_C,
    INSTALL_VECTORS,
    INSTALL_CLASSES,
    INSTALL_SIDS,
    INSTALL_FILES
};

/* The files that are read, from the top of the tree. */
extern const char *const install_paths[INSTALL_FILES];

/* The target whose files can be installed. */
#define INSTALL_TARGET "xen-4.17"

/*
 * `files` holds the index in g->sources of each of install_paths; gen_run() has run for INSTALL_TARGET. Adds the
 * hand-written files as they shall be to g->files. Returns whether the tree was recognised.
 */
bool install_tree(struct gen *g, const uint32_t files[INSTALL_FILES]);

/* ---- for the files of this back end ---- */

/* Reports something about the tree. */
struct diag *install_refuse(struct gen *g, struct span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The Makefile says Xen 4.17; classes, permissions and initial SIDs have the database's numbers. */
void install_check_version(struct gen *g, uint32_t makefile);
void install_check_numbers(struct gen *g, uint32_t vectors, uint32_t classes, uint32_t sids);

#endif
