/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A review is the sum of its parts. */
#include "review/review.h"

#include "review/match.h"

struct changes review_databases(struct arena *a, struct names *n, const struct model *old, const struct model *new,
                                const struct review_options *options)
{
    struct operations old_ops = operations_list(a, old), new_ops = operations_list(a, new);
    struct changes c = { .arena = a };
    struct match match;

    match_operations(&match, a, old, &old_ops, new, &new_ops);
    review_operations(&c, n, old, new, &match, options->fixed);
    review_classes(&c, old, new);
    review_hooks(&c, old, new);
    c.n_operations = new_ops.n > old_ops.n ? new_ops.n : old_ops.n;
    changes_finish(&c);
    return c;
}
