/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking definitions out of a C file, whole lines at a time, and putting other lines in their place.
 *
 * With a definition goes the comment that stands right above it. Conditions of the preprocessor that have nothing left
 * inside go as well, and where lines were taken out one blank line separates what remains.
 * Private to the back end.
 */
#ifndef XSMC_XEN_EDIT_H
#define XSMC_XEN_EDIT_H

#include "back/xen-source.h"

struct buf;

struct xen_insert {
    unsigned int line;          /* behind which */
    const char *text;
};

struct xen_edit {
    struct xen_source *source;
    uint32_t *lines;            /* where each begins; one more at the end */
    unsigned int n_lines;
    bool *removed;
    struct {
        struct xen_insert *items;
        unsigned int n, cap;
    } inserts;
    bool changed;
};

struct xen_edit xen_edit_begin(struct xen_source *s);

/*
 * Takes out an item with its comment; `keep_directives` leaves the preprocessor lines in it. Something else on its
 * lines is a diagnostic, and false.
 */
bool xen_edit_remove(struct xen_edit *e, const struct xen_item *item, bool keep_directives);

/* Puts a line (without its end) behind the item, but outside of all conditions within `base`. */
void xen_edit_insert(struct xen_edit *e, const struct xen_item *item, const struct xen_guard *base,
                     const char *text);

/* The text that remains. */
void xen_edit_finish(struct xen_edit *e, struct buf *out);

#endif
