/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Diagnostics: collected as records, sorted, and shown by whoever owns the terminal.
 *
 * Every diagnostic belongs to a named rule of the one registry (text/rules.c). The library only adds records;
 * nothing is printed and nothing exits. Memory belongs to the run's arena.
 */
#ifndef XSMC_DIAG_H
#define XSMC_DIAG_H

#include <stdbool.h>

#include "text/source.h"

struct buf;

enum level {
    LEVEL_NOTE,
    LEVEL_WARNING,
    LEVEL_ERROR,
};

/* The registry, text/rules.c. Designated initialisers only. */
struct rule {
    const char *id;         /* "unknown-name" */
    enum level level;
    const char *summary;    /* what it finds, one line */
    const char *why;        /* why that matters, one sentence */
};

/* One entry for each rule id; X(NAME, ...) in text/rules.c gives RULE_NAME. */
extern const struct rule *const rules[];
extern const unsigned int n_rules;
/* The rule with this id, or NULL. */
const struct rule *rule_find(const char *id);

struct diag_note {
    struct span span;       /* file 0: no place */
    const char *text;
};

struct diag {
    const struct rule *rule;
    enum level level;
    struct span span;       /* file 0: no place */
    const char *message;
    const char *help;       /* what to do, or NULL */
    struct diag_note *notes;
    unsigned int n_notes, cap_notes;
    unsigned int order;     /* of arrival */
};

struct diags;

struct diags *diags_create(struct arena *a, const struct sources *s);
const struct sources *diags_sources(const struct diags *d);
/*
 * Adds a record; the message is a sentence without its full stop. A run keeps the first 100,000 records and counts the
 * rest, which may be noted upon but are not kept.
 */
struct diag *diag_add(struct diags *d, const struct rule *rule, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds another place to look at. */
void diag_note(struct diags *d, struct diag *diag, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Says what to do about it. */
void diag_help(struct diags *d, struct diag *diag, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Whether further records are only counted: time to stop working on good messages. */
bool diags_full(const struct diags *d);

/*
 * Sorts by file, place, then arrival, and drops exact repetitions. Returns the array; `n` its length. Notes and helps
 * must not be added to records that have been sorted.
 */
const struct diag *diags_sorted(struct diags *d, unsigned int *n);
unsigned int diags_count(const struct diags *d, enum level level);

/* Renders the first `most` as text with source lines and carets; `colour` uses terminal colours. */
void diags_render_text(struct diags *d, struct buf *out, bool colour, unsigned int most);

#endif
