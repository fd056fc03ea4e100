/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A waiver covers every place inside the declaration it stands in; the narrowest one counts. */
#include "judge/waive.h"

#include <string.h>

const struct waiver *waiver_find(const struct model *m, const struct rule *rule, struct span where)
{
    const struct waiver *best = NULL;
    unsigned int i;

    for (i = 0; i < m->n_waivers; i++) {
        const struct waiver *w = &m->waivers[i];

        if (w->scope.file != where.file || w->scope.start > where.start || w->scope.end < where.end ||
            strcmp(w->rule, rule->id))
            continue;
        if (!best || w->scope.end - w->scope.start < best->scope.end - best->scope.start)
            best = w;
    }
    return best;
}
