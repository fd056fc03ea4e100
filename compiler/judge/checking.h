/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the checks share. A check is a row in check.c and a function in one of the check-*.c. Private to them. */
#ifndef XSMC_CHECKING_H
#define XSMC_CHECKING_H

#include "base/arena.h"
#include "judge/operation.h"
#include "model/model.h"
#include "text/diag.h"
#include "text/rules.h"

struct checking {
    struct arena *arena;
    struct diags *diags;
    const struct model *model;
    struct waivers *waivers;
    bool *waiver_used;              /* by index */
    struct operations ops;
};

/* Whether a waiver takes back what `rule` finds at `where`; it is then one that is used. */
bool waived(struct checking *c, const struct rule *rule, struct span where);
/* Adds a finding; NULL if a waiver takes it back. The message is a sentence without its full stop. */
struct diag *finding(struct checking *c, const struct rule *rule, struct span where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same as diag_note() and diag_help(), for a finding that may have been taken back. */
void finding_note(struct checking *c, struct diag *d, struct span where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void finding_help(struct checking *c, struct diag *d, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Calls `each` for every list of steps of a hook; `row` is NULL for the hook's own, `fix` tells a defect's. */
void each_steps(const struct hook *h, void (*each)(void *with, const struct hook *h, const struct row *row,
                                                   const struct steps *steps, bool fix), void *with);
/* Calls `each` for every row of a hook, nested ones after the row they are nested in. */
void each_row(const struct hook *h, void (*each)(void *with, const struct hook *h, const struct row *row), void *with);

/* ---- check-hook.c ---- */
void check_defaults(struct checking *c);
void check_clauses(struct checking *c);
void check_silo(struct checking *c);
void check_manual(struct checking *c);
void check_lifecycle(struct checking *c);
void check_defects(struct checking *c);

/* ---- check-row.c ---- */
void check_tables(struct checking *c);
void check_actions(struct checking *c);
void check_deferrals(struct checking *c);
void check_cycles(struct checking *c);

/* ---- check-flask.c ---- */
void check_asked(struct checking *c);
void check_steps(struct checking *c);
void check_classes(struct checking *c);
void check_channels(struct checking *c);

/* ---- check-use.c ---- */
void check_unused(struct checking *c);
void check_meanings(struct checking *c);

/* ---- check-case.c ---- */
void check_cases(struct checking *c);

#endif
