/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which checks every command of every hypercall comes to, and where: a table for reviewers. */
#ifndef XSMC_AUDIT_COVERAGE_H
#define XSMC_AUDIT_COVERAGE_H

#include <stdbool.h>

struct audit;
struct buf;

enum coverage_format {
    COVERAGE_TEXT,
    COVERAGE_CSV,       /* RFC 4180, with a line of names */
    COVERAGE_JSON,
    COVERAGE_HTML,      /* one page that needs nothing else */
};

/* The format of that name; false if there is none. */
bool coverage_find(const char *name, enum coverage_format *format);
/* Appends the table. */
void coverage_print(struct audit *a, struct buf *out, enum coverage_format format);

#endif
