/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a denial means: who wanted what of whom, which operation that is and where it is checked, who may by default, why the
 * policy refuses, which rule would allow it, and what else that rule would allow.
 */
#ifndef XSMC_AVC_EXPLAIN_H
#define XSMC_AVC_EXPLAIN_H

#include "avc/cause.h"
#include "avc/denial.h"
#include "judge/query.h"

struct buf;
struct json;

struct avc_explainer;

/*
 * For a finished policy without errors that was made from database `m`, and `w`, which answers questions about it.
 * Memory is the policy's arena.
 */
struct avc_explainer *avc_explainer_create(struct policy *p, const struct model *m, struct answerer *w,
                                           const struct sources *s);

/* A paragraph about one entry of the log. */
void avc_explain(struct buf *out, struct avc_explainer *x, const struct avc_denial *d);
/* The same as an object of an array. */
void avc_explain_json(struct json *j, struct avc_explainer *x, const struct avc_denial *d);

/*
 * The smallest policy rows that allow what the denials are about, in the language, as comments say why each is needed
 * and what it opens. Where no rule helps (a `never`, a constraint, a command Flask does not know) a comment says so.
 */
void avc_allow(struct buf *out, struct avc_explainer *x, const struct avc_denials *d);

/* The count of what could not be read, if any: cut messages, lines that Xen did not write. */
void avc_log_print(struct buf *out, const struct avc_log *log);

#endif
