/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong between a Xen tree and itself, and between a tree and a database.
 *
 * A tree is wrong with itself where its parts disagree: a dispatcher handles a command that Flask does not know, a call
 * hands in another default than the dummy policy asserts, a check comes after the lock it should protect. All findings are
 * diagnostics of the rules that lore.h tells more about.
 */
#ifndef XSMC_AUDIT_H
#define XSMC_AUDIT_H

#include "base/arena.h"
#include "base/names.h"
#include "model/model.h"
#include "text/diag.h"
#include "tree/tree.h"

struct buf;
struct audit;

/* What is audited. `model` is the database to compare with, or NULL; `root` the folder that the tree was read from. */
struct audit_input {
    struct arena *arena;
    struct names *names;
    struct sources *sources;
    struct diags *diags;
    const struct tree *tree;
    const struct model *model;
    const char *root;
    bool rows_only;                 /* only calls and commands without a row in the database, and rows without them */
};

/* Finds everything. The result tells more (coverage.h). */
struct audit *audit(const struct audit_input *in);

#endif
