/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A database at a glance: how much there is of what, and who may do what by default.
 */
#ifndef XSMC_SUMMARY_H
#define XSMC_SUMMARY_H

#include "judge/effective.h"

struct arena;
struct buf;
struct diags;

/*
 * Who may ask for an operation by its effective default, weakest privilege first. Read off the dummy policy's answers
 * for every kind of subject and every relation (effective.h), so that a path's stricter check counts.
 */
enum reach {
    REACH_ANYONE,           /* a guest, on whatever it is about */
    REACH_SELF,             /* a guest on itself, a device model on its target, control */
    REACH_DEVICE_MODEL,     /* a device model on its target, control */
    REACH_XENSTORE,         /* the xenstore domain, a device model on its target, control */
    REACH_CONTROL,
    REACH_HYPERVISOR,       /* only Xen itself asks */
    REACH_NOBODY,
    REACH_DEPENDS,          /* conditions beyond the relation decide */
    N_REACHES,
};

struct effective;
struct operation;

/* Of one operation; `e` is an evaluation that is not in use. `whole`, if not NULL: whether every case was looked at. */
enum reach operation_reach(struct effective *e, const struct operation *op, bool *whole);
/* "control", "the domain's device model, control", ... */
const char *reach_asked_by(enum reach r);
/* "only the control domain", "only the domain's device model and the control domain", ...: of a reach as it was before */
const char *reach_words(enum reach r);

struct summary {
    const char **paths[N_REACHES];      /* operations, in order */
    unsigned int n[N_REACHES];
    unsigned int n_operations;
};

/* What could not be looked at as a whole is an error in `d`. */
struct summary summarise(struct arena *a, struct diags *d, const struct model *m);

/* The summary as text for a person, lines of at most `width` columns. */
void summary_print(struct buf *out, struct arena *a, struct diags *d, const struct model *m, unsigned int width);

#endif
