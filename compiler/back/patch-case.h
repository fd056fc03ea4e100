/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cases of a function that is one switch: what a dispatching hook consists of in C, generated or hand-written. Private to the back end. */
#ifndef XSMC_PATCH_CASE_H
#define XSMC_PATCH_CASE_H

#include "back/patch-text.h"
#include "back/xen-source.h"

/* A function of one of the sides; `item` NULL: there is none. */
struct patch_function {
    struct xen_source *source;
    const struct xen_item *item;
};

struct patch_names {
    const char **items;
    unsigned int n, cap;
};

/*
 * Edits the tree's function, case by case, so that it does what the new generated one does. What changed is told from the
 * old generated one; without it, a case that the tree does not have is new, and nothing else. Returns false, with
 * nothing edited, if more than cases differs: a local, a head, what follows the switch. The labels it adds are added to
 * `added`, too.
 */
bool patch_cases(struct patch_edit *e, struct patch_function tree, struct patch_function old, struct patch_function new,
                 struct patch_names *added);

/*
 * Whether the new function has cases that the tree's does not; false if it is not a switch, true if only
 * the tree's is not. They are added to
 * `missing`, if that is not NULL.
 */
bool patch_cases_missing(struct patch_function tree, struct patch_function new, struct patch_names *missing);

#endif
