/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change of an operation in sentences. */
#ifndef XSMC_WORDS_H
#define XSMC_WORDS_H

#include "review/change.h"

struct buf;

/* The operation a change is told of: the new one, but a command or a last check that is gone goes by its old name. */
const struct operation *operation_told(const struct operation_pair *p);
/* "A guest may now stop a domain's vCPUs (any other domain). Before: only the control domain." Sets text and advice. */
void words_fill(struct arena *a, struct change *c, const struct model *old, const struct model *new);
/* Relations as bits, out of those that can be: "itself and its target", "any domain"; nothing if not about a domain. */
void words_relations(struct buf *out, unsigned int some, unsigned int possible);
/* "the control domain", "a guest" */
const char *subject_words(enum domain_kind kind);

#endif
