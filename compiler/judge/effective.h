/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The effective answer of an operation: what the dummy policy says, and what Flask asks, for one subject and one
 * relation, in every case that matters.
 *
 * Conditions (`when`, `if`, choices, further domains) make cases. A case is one consistent assignment of everything the
 * evaluation had to know: it is found by evaluating, and by going back over every choice that was made on the way. So
 * only what matters makes cases, and a condition has one truth in all the places of a path that ask for it.
 */
#ifndef XSMC_EFFECTIVE_H
#define XSMC_EFFECTIVE_H

#include "judge/operation.h"

struct arena;
struct buf;

/* ---- what Flask is asked ---------------------------------------------------------------------------- */

enum sid_kind {
    SID_OWN,                /* the SID of domain a */
    SID_SEEN,               /* domain b as a sees it: a's self SID, a's target SID, or b's own */
    SID_ISID,
    SID_CREATED,            /* a label handed in: that of a domain of kind a->kind */
    SID_NEW,                /* what a transition from `from` to `to` yields */
    SID_RESOURCE,           /* a device, interrupt, I/O memory or I/O port: `resource` says which */
};

struct sid {
    enum sid_kind kind;
    const struct actor *a, *b;
    const struct isid *isid;
    const struct class *class;      /* SID_NEW */
    const struct sid *from, *to;    /* SID_NEW */
    enum label_kind resource;       /* LABEL_DEVICE, LABEL_IRQ, LABEL_IOMEM, LABEL_IOPORT, LABEL_DTDEV */
};

/* avc_has_perm(subject, object, class, bits) */
struct question {
    struct sid subject, object;
    const struct class *class;      /* the class that is asked */
    uint32_t bits;                  /* in that class, whatever their names */
    const struct class *names;      /* the class their names are taken from */
    const struct step *step;        /* where it is written */
};

/* How the Flask side ends when every question is answered yes. */
enum ending {
    END_ALLOWED,
    END_REFUSED,            /* refused whatever the policy says */
    END_UNKNOWN,            /* as the policy says of what it does not know */
};

/* ---- a case ------------------------------------------------------------------------------------------- */

/* One thing that had to be decided. */
struct fact {
    const struct expr *expr;        /* a condition; NULL if something was chosen */
    const struct actor *about;      /* the domain that `d->field` is a field of, or NULL */
    unsigned int scope;             /* the stage it belongs to */
    bool truth;
    bool given;                     /* a guard: without it there is no question */
    const char *chooser, *choice;   /* the function of the hypervisor and the permission it chose; else NULL */
};

struct instance {
    const struct operation *op;
    const struct actor *subject;
    enum relation relation;         /* of the operation's object */
    const struct actor **vars;      /* by index; NULL: no domain */
    const bool *decided;            /* whether the case depends on that variable at all */
    const struct fact *facts;
    unsigned int n_facts;

    bool allowed;                   /* the dummy policy's effective answer */
    struct span deciding;           /* the row, clause or hook that decided it */
    enum action action;             /* and the default action that stands there */

    const struct question *questions;
    unsigned int n_questions;
    enum ending ending;
    const char *unknown;            /* END_UNKNOWN: what is */
};

/* ---- evaluation ----------------------------------------------------------------------------------------- */

/* Decides a condition from outside (the policy's `suppose`). Returns whether it is decided; then `truth` says how. */
struct supposing {
    bool (*decide)(const void *with, const struct expr *e, const struct actor *about, bool *truth);
    const void *with;
};

struct effective;

/* `fixed`: take what defects say is right for what the tree does. `s` may be NULL. */
struct effective *effective_create(struct arena *a, const struct supposing *s, bool fixed);

/*
 * Calls `each` for every case of `op` with this subject and relation. The instance and all it points to are good
 * during the call only. Nothing is called if the relation cannot be (see effective_relation()). Returns false if there
 * were more cases than are looked at.
 */
bool effective_each(struct effective *e, const struct operation *op, enum domain_kind subject, enum relation r,
                    void (*each)(void *with, const struct instance *i), void *with);

/* Whether the object of the operation can stand in that relation to such a subject. */
bool effective_relation(const struct operation *op, enum domain_kind subject, enum relation r);

/* ---- showing --------------------------------------------------------------------------------------------- */

/* The facts of a case in words: "flags & GNTMAP_readonly, t is its target"; nothing if there are none. */
void instance_print_facts(struct buf *out, const struct instance *i);
/* "grant:map_read", "resource:{ add, use_iommu }" */
void question_print(struct buf *out, const struct question *q);

#endif
