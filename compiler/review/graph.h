/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who can pass information to whom in one step, as a graph for graphviz: nodes are types, or the actors they belong to,
 * edges lead from where information comes to where it goes and are labelled by the permissions that carry it.
 */
#ifndef XSMC_GRAPH_H
#define XSMC_GRAPH_H

#include "judge/query.h"

struct buf;
struct stock;

struct graph_options {
    bool actors;                    /* the labels of one domain are one node; needs a policy with `domain` statements */
    const struct stock *stock;      /* its `domain` statements, or NULL */
    const char *const *only;        /* interned types: only edges that touch one of them; none: all */
    unsigned int n_only;
};

/*
 * Writes the graph of a finished policy as DOT. What needs a constraint to hold is dashed. False, with a diagnostic of the
 * policy's, if there is too much of it.
 */
bool graph_print(struct buf *out, struct answerer *w, const struct graph_options *options);

#endif
