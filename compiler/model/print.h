/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model as text: in the spelling of the language, for messages and reports, and as C, for what is generated.
 *
 * Everything is appended to a buffer; nothing here fails but for memory, which the buffer remembers.
 */
#ifndef XSMC_PRINT_H
#define XSMC_PRINT_H

#include <stdbool.h>

#include "model/model.h"

struct buf;

enum print_style {
    PRINT_LANGUAGE,     /* as one writes it in a .xsm file */
    PRINT_C,            /* `current` is current->domain, nospec(x) is evaluate_nospec(x) */
};

/* The word of the language: "self-or-target"; "(unset)" if nobody decided. */
const char *print_action(enum action action);
/* The dummy policy's constant: "XSM_TARGET"; NULL for `nobody` and for an action nobody decided. */
const char *print_action_c(enum action action);

void print_expr(struct buf *out, const struct expr *e, enum print_style style);

/* "struct domain *d", "struct evtchn chn[]". */
void print_param(struct buf *out, const struct param *p);

/*
 * A guard as the condition of an #if: "defined(CONFIG_A) && defined(CONFIG_B)", "" for none. Two equal guards give
 * equal texts.
 */
void print_guard(struct buf *out, const struct expr *guard);
/* The line that opens a guard, with its end of line: "#ifdef CONFIG_X", "#ifndef CONFIG_X" or "#if ...". */
void print_guard_open(struct buf *out, const struct expr *guard);
/* The line that closes it, with the condition as a comment if `comment`. */
void print_guard_close(struct buf *out, const struct expr *guard, bool comment);

/* In the language's spelling. A NULL label is nothing. */
void print_label(struct buf *out, const struct label *l);
void print_perms(struct buf *out, const struct check *c);
/* "d1 -> d2 event:send"; subject and object only where they are written. */
void print_check(struct buf *out, const struct check *c);
void print_step(struct buf *out, const struct step *s);
/* One step alone, several as "{ a; b; }". */
void print_steps(struct buf *out, const struct steps *s);

/* Of two expressions that are not NULL, the slow way; expr_equal() is what one wants. */
bool expr_same(const struct expr *a, const struct expr *b);

/*
 * Structural equality, places aside: two that are equal mean the same wherever they stand in one hook. NULL equals
 * only NULL.
 */
static inline bool expr_equal(const struct expr *a, const struct expr *b)
{
    return a == b || (a && b && a->likeness == b->likeness && expr_same(a, b));
}
bool label_equal(const struct label *a, const struct label *b);
bool check_equal(const struct check *a, const struct check *b);
bool steps_equal(const struct steps *a, const struct steps *b);

#endif
