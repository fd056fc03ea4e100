/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The review of a change: what two databases, or two policies, differ in, for whom, and what follows.
 *
 * Effective defaults are compared (judge/effective.h), not rows: for every operation, every kind of subject and every
 * relation to the object, what the dummy policy answers on either side and what Flask asks.
 */
#ifndef XSMC_REVIEW_H
#define XSMC_REVIEW_H

#include "review/change.h"
#include "review/policies.h"

struct names;

struct review_options {
    bool fixed;         /* take what defects say is right for what the trees do */
};

struct review_side {
    const struct model *model;          /* bound; may be empty */
    struct policy_side policy;          /* policy NULL: none */
    bool wordless;                      /* made of C: it has no sentences, reasons and known defects */
};

/*
 * Names of both sides must come from the one table `n`. Databases are compared if both sides have one, policies if both
 * have one. An operation that only NEW has is compared with the row for unlisted commands in whose place it came, or else
 * with none: nobody could do it. One that only OLD has, with the row for unlisted commands, or else with no check at all:
 * what is checked nowhere any more is open, unless it is gone.
 */
struct changes review(struct arena *a, struct names *n, const struct review_side *old, const struct review_side *new,
                      const struct review_options *options);

/* ---- parts ---- */

struct match;

/* Who may do what: adds ABOUT_OPERATION; unless `wordless` also where the same is written in another way. */
void review_operations(struct changes *c, struct names *n, const struct model *old, const struct model *new,
                       const struct match *m, bool fixed, bool wordless);
/* Classes, permissions, initial SIDs, and unless `wordless` how they are described. */
void review_classes(struct changes *c, const struct model *old, const struct model *new, bool wordless);
/* Signatures, guards, bodies, SILO, and unless `wordless` defects and sentences. */
void review_hooks(struct changes *c, const struct model *old, const struct model *new, bool wordless);

#endif
