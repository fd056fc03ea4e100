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

/* "note", "warning", "error" */
const char *level_name(enum level level);

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
    unsigned int repeated;  /* how often the same was added again; once sorted */
    const char *declaration;    /* the name of what it stands in, or NULL */
    const char *fingerprint;    /* diags_fingerprint() */
    const char *suppressed; /* why it does not count, or NULL */
    bool suppressed_in_source;
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

/* Names the declaration or function it stands in, where that is known better than by the shape of the text. */
void diag_declare(struct diags *d, struct diag *diag, const char *name);

/* Whether further records are only counted: time to stop working on good messages. */
bool diags_full(const struct diags *d);

/*
 * Sorts by file, place, then arrival, and drops exact repetitions. Returns the array; `n` its length. Notes and helps
 * must not be added to records that have been sorted.
 */
const struct diag *diags_sorted(struct diags *d, unsigned int *n);
unsigned int diags_count(const struct diags *d, enum level level);

/*
 * Where reports count paths from: `root`, an absolute path without a last `/`, or NULL for `folder`, the absolute path of
 * the working folder.
 */
void diags_root(struct diags *d, const char *folder, const char *root);
/* The path of a file from that root; as it was given if it is not below. NULL for file 0. */
const char *diags_path(struct diags *d, uint32_t file);

/*
 * Sorts, and gives every finding a fingerprint of 16 hexadecimal digits, which stays the same while lines move, other
 * text changes and messages are put in other words. It is made of the rule, the path from the root, the declaration
 * around (diag_declare(), else the last line before that begins in the first column), the marked text of one line with
 * its blanks folded, the 'names' in the message, and the ordinal among findings that are equal so far.
 */
const struct diag *diags_fingerprint(struct diags *d, unsigned int *n);
/*
 * Takes back finding `i` of that list, for this reason, which stands in the source or elsewhere: it no longer counts and
 * is not shown as text. Reports that know of such findings list it with the reason.
 */
void diags_suppress(struct diags *d, unsigned int i, bool in_source, const char *reason);

/* Renders the first `most` as text with source lines and carets; `colour` uses terminal colours. */
void diags_render_text(struct diags *d, struct buf *out, bool colour, unsigned int most);
void diag_render_text(const struct diags *d, struct buf *out, const struct diag *diag, bool colour);

#endif
