/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edit distance: letters added, left out or changed. Names further off than two (one, if short) are no help, nor are guesses at a single letter. */
#include "base/nearest.h"

#include <string.h>

/* Edit distance, cut off above `most`. */
static unsigned int distance(const char *a, const char *b, unsigned int most)
{
    enum { LONGEST = 64 };
    size_t la = strlen(a), lb = strlen(b), i, j;
    unsigned int row[LONGEST + 1];

    if (la > LONGEST || lb > LONGEST || (la > lb ? la - lb : lb - la) > most)
        return most + 1;
    for (j = 0; j <= lb; j++)
        row[j] = (unsigned int)j;
    for (i = 1; i <= la; i++) {
        unsigned int diagonal = row[0], best;

        best = row[0] = (unsigned int)i;
        for (j = 1; j <= lb; j++) {
            unsigned int above = row[j], cost = diagonal + (a[i - 1] != b[j - 1]);

            if (above + 1 < cost)
                cost = above + 1;
            if (row[j - 1] + 1 < cost)
                cost = row[j - 1] + 1;
            diagonal = above;
            row[j] = cost;
            if (cost < best)
                best = cost;
        }
        if (best > most)
            return most + 1;
    }
    return row[lb];
}

struct nearest nearest_to(const char *name)
{
    size_t len = strlen(name);

    return (struct nearest){ name, NULL, len < 2 ? 0 : len < 4 ? 2 : 3 };
}

void nearest_try(struct nearest *n, const char *candidate)
{
    unsigned int d = n->distance ? distance(n->name, candidate, n->distance) : 0;

    if (d < n->distance) {
        n->distance = d;
        n->best = candidate;
    }
}
