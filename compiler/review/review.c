/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A review is the sum of its parts. */
#include "review/review.h"

#include "review/match.h"

static void databases(struct changes *c, struct names *n, const struct model *old, const struct model *new, bool fixed,
                      bool wordless)
{
    struct operations old_ops = operations_list(c->arena, old), new_ops = operations_list(c->arena, new);
    struct match match;

    match_operations(&match, c->arena, old, &old_ops, new, &new_ops);
    review_operations(c, n, old, new, &match, fixed, wordless);
    review_classes(c, old, new, wordless);
    review_hooks(c, old, new, wordless);
    c->n_operations = new_ops.n > old_ops.n ? new_ops.n : old_ops.n;
}

struct changes review(struct arena *a, struct names *n, const struct review_side *old, const struct review_side *new,
                      const struct review_options *options)
{
    struct changes c = { .arena = a };

    if ((old->model->n_classes || old->model->n_hooks) && (new->model->n_classes || new->model->n_hooks))
        databases(&c, n, old->model, new->model, options->fixed, old->wordless || new->wordless);
    if (old->policy.policy && new->policy.policy)
        review_policies(&c, &old->policy, &new->policy, new->model);
    changes_finish(&c);
    return c;
}
