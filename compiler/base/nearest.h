/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The known name that a misspelt one most likely stands for. */
#ifndef XSMC_NEAREST_H
#define XSMC_NEAREST_H

struct nearest {
    const char *name;       /* looked for */
    const char *best;       /* the nearest one tried, or NULL if none is near */
    unsigned int distance;
};

struct nearest nearest_to(const char *name);
void nearest_try(struct nearest *n, const char *candidate);

#endif
