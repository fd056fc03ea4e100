/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A policy being written in CIL; shared by the files cil*.c. Private to them. */
#ifndef XSMC_CIL_TEXT_H
#define XSMC_CIL_TEXT_H

#include "base/buf.h"
#include "model/policy.h"

struct cil {
    struct policy *policy;
    struct arena *arena;
    struct buf *out;
    struct map made;            /* the expression of a set -> the attribute made for it */
    unsigned int n_made;
    uint32_t marked_file;       /* the line mark that is open, 0: none */
    unsigned int marked_line;
    const struct origin *origin;
};

/* The names that a set is written as: its own, or the one made for it, and `self`. */
struct cil_sides {
    const char **names;
    unsigned int n;
};

/* Says that what follows was written at `span`, or nowhere; end with cil_end_mark(). */
void cil_mark(struct cil *w, struct span span);
void cil_end_mark(struct cil *w);
/* Where a derived rule comes from, said once for all in a row. */
void cil_comment(struct cil *w, const struct origin *origin);

/* Complains of a name that CIL cannot have; `what` is called so. */
void cil_check_name(struct cil *w, const char *name, const char *what, struct span span);
/* The names of a set; an attribute that is made for it is declared in the output now. `as_one`: one name if possible. */
struct cil_sides cil_sides(struct cil *w, const struct typeset *set, bool as_one);
/* The same for subjects and objects of one rule. */
void cil_both_sides(struct cil *w, const struct typeset *subjects, const struct typeset *objects, struct cil_sides *s,
                    struct cil_sides *o);
/* The names of the roles in a set. */
struct cil_sides cil_role_sides(struct cil *w, const struct roleset *set);

/* Each writes its argument as CIL has it. */
void cil_perms(struct cil *w, const struct access *a);
void cil_categories(struct cil *w, const struct seclevel *level);
void cil_level(struct cil *w, const struct seclevel *level);
void cil_range(struct cil *w, const struct secrange *range);
void cil_context(struct cil *w, const struct context *c);

/* ---- cil-declare.c ---- */
/* Everything that has a name, and what belongs to it. */
void cil_declare(struct cil *w);

#endif
