/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy being written as policy.conf; shared by conf.c and conf-text.c. Private to them. */
#ifndef XSMC_CONF_TEXT_H
#define XSMC_CONF_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/policy.h"

/*
 * checkpolicy keeps each line as a token of its lexer, and refuses one longer than that. So whatever may be long is
 * broken at a blank, when a line has become a good deal longer than one likes to read.
 */
enum { CONF_LONGEST_LINE = 8190, CONF_LONG_LINE = 1000 };

struct conf {
    struct policy *policy;
    struct buf *out;
    struct bits types;              /* of a set */
    const struct origin *origin;    /* what the last comments said */
    const char *reason;
};

/* A blank between two words: the end of the line, if that is long. */
void conf_add_blank(struct conf *w);
/* The next word of a list, behind a blank. */
void conf_add_word(struct conf *w, const char *prefix, const char *word);

/* Is there nothing in it, so that it cannot be written? */
bool conf_set_empty(struct conf *w, const struct typeset *set);

/* Each writes its argument as the dialect has it. `wild`: `*` and `~` may be written, as neverallow rules allow. */
void conf_add_types(struct conf *w, const struct typeset *set, bool wild);
void conf_add_roles(struct conf *w, const struct roleset *set);
void conf_add_perms(struct conf *w, const struct access *a);
void conf_add_level(struct conf *w, const struct seclevel *level);
void conf_add_range(struct conf *w, const struct secrange *range);
void conf_add_context(struct conf *w, const struct context *c);

#endif
