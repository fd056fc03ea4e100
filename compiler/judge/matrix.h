/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answers of a proof as a table for other programs, and its outcome for people. */
#ifndef XSMC_MATRIX_H
#define XSMC_MATRIX_H

#include "base/buf.h"
#include "judge/prove.h"
#include "text/json.h"
#include "text/source.h"

struct matrix {
    struct buf out;
    struct json json;
    bool as_json;               /* else CSV */
};

/*
 * Columns, or members of one object an answer: operation, subject (kind), type, relation, object (its type, empty if
 * none), when (the case in words), others (the types of further domains and labels in it), action (the effective
 * default), default (allowed or refused without Flask), flask (allowed or refused with this policy), verdict, reason.
 */
void matrix_begin(struct matrix *m, bool as_json);
/* For struct prove_options; `with` is the matrix. */
void matrix_add(void *with, const struct answer *a);
void matrix_end(struct matrix *m);

/* The counts, and every reason with how often it holds. */
void proof_print(struct buf *out, const struct proof *p, const struct sources *s);

#endif
