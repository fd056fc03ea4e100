/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files that write Flask's hook functions share: xen-flask.c, xen-flask-steps.c, xen-flask-table.c. Private to
 * them.
 */
#ifndef XSMC_XEN_FLASK_H
#define XSMC_XEN_FLASK_H

#include "back/xen-ask.h"

/* How the questions of a table are put. */
struct flask_shape {
    bool behind;                /* once, behind the switch; rows go there by `break` */
    const struct check *check;  /* that question */
    const char *perm;           /* the local its permission is picked into, or NULL: always the same */
};

/* One function as it is being written. */
struct flask {
    struct ask ask;
    struct gen *g;
    struct flask_shape shape;
    struct buf *before;         /* functions of its own that this one needs */
    unsigned int n_cases;       /* of them */
};

/* Whether a step ends the matter: it is no check. */
bool flask_step_ends(const struct step *s);

/*
 * Steps in their order. `last`: they are all that the function does from here on. `on` is what the innermost switch
 * is about, or NULL.
 */
void flask_steps(struct flask *f, unsigned int indent, const struct step *s, unsigned int n, bool last,
                 const struct expr *on);

/* Decides how the questions of a hook's table are put; before flask_table(). */
void flask_shape(struct flask *f, const struct table *t);
/* The table as a switch. Returns whether some row goes on behind it, to the one question. */
bool flask_table(struct flask *f, unsigned int indent, const struct table *t);

#endif
