/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which operation of the one side is which of the other.
 *
 * The same path is the same operation. What is left over on either side is what the other side does about the same
 * command: the one that is reached by the same commands (a check was moved into its dispatcher, or out of it), the
 * row of its own that `*` stood for before, the last check on the way, called from elsewhere, or the way without its last
 * check. A hook may also have got another name. Private to the review.
 */
#ifndef XSMC_MATCH_H
#define XSMC_MATCH_H

#include "review/change.h"

struct match {
    LIST(struct operation_pair) pairs;      /* each at most once; either side NULL where it has no counterpart */
};

/* Both models' names must come from one table. Memory from `a`. */
void match_operations(struct match *out, struct arena *a, const struct model *old_model, const struct operations *old,
                      const struct model *new_model, const struct operations *new);
/* What a hook of the old side is called on the new one; NULL if it is gone. */
const struct hook *match_hook(const struct model *old_model, const struct model *new_model, const struct hook *old);

#endif
