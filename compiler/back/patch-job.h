/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that make a patch of hand-written places share. Private to them. */
#ifndef XSMC_PATCH_JOB_H
#define XSMC_PATCH_JOB_H

#include "back/install-tree.h"
#include "back/patch-case.h"
#include "back/patch.h"
#include "judge/effective.h"

/* A hook whose callers have to hand in another default action; both interned. */
struct patch_action {
    const struct hook *hook;
    const char *old, *new;
};

struct patch_job {
    struct patch *p;
    struct install tree;                /* seen with the old database's eyes, or the new one's if there is none */
    struct xen_source fresh[PARTS];     /* generated from the new database */
    struct patch_edit edit[PATCH_FILES];
    struct operations ops;              /* of the new database */
    struct effective *effective;
    LIST(struct patch_action) actions;
    struct patch_names added;           /* hooks and commands that the tree did not have */
};

/* Says what is left to be done by hand. */
void patch_leave(struct patch *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Says what changes. */
void patch_say(struct patch *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a file and what it becomes, unless that is the same. The texts must stay. */
void patch_add_file(struct patch *p, const char *path, const char *old, size_t old_len, const char *text, size_t len);

/* The callers of hooks whose default action is another. */
void patch_calls(struct patch_job *j);
/* Hooks: what is new, changed, gone, in the five places. */
void patch_hooks(struct patch_job *j);
/* Access vectors, classes, initial SIDs; and what the example policy grants of new permissions. */
void patch_lists(struct patch_job *j);
void patch_policy(struct patch_job *j, const struct perm *perm);

/* Says what changes for whom: what was added, or what differs from the old database. */
void patch_say_operations(struct patch_job *j);

/* Whether Flask asks for the permission at the last stage of the operation; `check` is where. */
bool patch_asks(const struct operation *op, const struct perm *perm, const struct check **check);

#endif
