/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A database, or what changes in it, as one HTML page that holds all it needs: no network, no file beside it. What it
 * says is there without its script, which only filters and searches.
 */
#ifndef XSMC_PAGE_H
#define XSMC_PAGE_H

#include "review/print.h"
#include "review/overview.h"

struct buf;

struct page {
    const struct model *model;          /* of the overview */
    const struct overview *overview;        /* NULL: changes alone */
    const struct print_job *job;        /* sources and names; `changes` NULL: there is nothing to compare with */
};

void page_print(struct buf *out, const struct page *p);

/* ---- parts ---- */

/* The matrix of operations and subjects as a picture, inline SVG. `changed[i]` is the change of row i, or NULL. */
void page_picture(struct buf *out, const struct overview *s, const struct change *const *changed);

/* How a subject fares with an operation, in the picture and the table. */
enum fare { FARE_NEVER, FARE_SOME, FARE_DEPENDS, FARE_ANY, N_FARES };
enum fare page_fare(const struct overview_row *r, enum domain_kind kind);
/* "any", "own", "depends", "never": the class of a cell in page.css. */
const char *page_fare_class(enum fare f);

/* The kinds that have a column, in its order. */
enum { PAGE_SUBJECTS = 5 };
extern const enum domain_kind page_subjects[PAGE_SUBJECTS];

/* page.css and page.js, as the build embeds them. */
extern const char page_style[], page_script[];

#endif
