/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between two sides, as records; how they read is for words.h, how they look for print.h.
 *
 * All memory is the arena's of the review. Lists are in the order in which they are shown: worst grade first, then by
 * place.
 */
#ifndef XSMC_CHANGE_H
#define XSMC_CHANGE_H

#include "base/arena.h"
#include "judge/operation.h"
#include "judge/summary.h"
#include "model/kinds.h"
#include "model/model.h"

/* Ordered: the larger, the more a reviewer wants to see it. */
enum grade {
    GRADE_SAME,
    GRADE_TEXT,         /* words alone */
    GRADE_MOVED,        /* the same answer, by another check */
    GRADE_STRICTER,     /* somebody loses something: may break them */
    GRADE_LOOSER,       /* somebody gains something: needs a security review */
    N_GRADES,
};

/* "looser", "stricter", "moved", "text", "same" */
const char *grade_name(enum grade g);
/* What the grade asks of the reader, in a few words. */
const char *grade_meaning(enum grade g);

/* What a change is about. */
enum subject_matter {
    ABOUT_OPERATION,    /* who may do what */
    ABOUT_CLASS,        /* classes, permissions and their numbers */
    ABOUT_SID,          /* initial SIDs */
    ABOUT_HOOK,         /* how a hook is declared: its signature, guard, hand-written bodies */
    ABOUT_SILO,
    ABOUT_DEFECT,
    ABOUT_TEXT,         /* sentences */
    ABOUT_ACCESS,       /* access that a policy allows */
    ABOUT_POLICY,       /* anything else in a policy */
    N_MATTERS,
};
/* "operation", "class", ... */
const char *matter_name(enum subject_matter m);

/* Where one side says it; `sources` knows the files. File 0: it does not. */
struct change_place {
    struct span old, new;
};

/* The default's answer to one kind of subject on an object in one relation to it. */
struct answer_change {
    enum domain_kind subject;
    enum relation relation;
    bool allowed;               /* now; before it was the contrary */
    const char *when;           /* at run time, in words; NULL: always */
    const char *build;          /* only in builds with, "CONFIG_X"; NULL: in all */
};

/* What Flask asks about an operation, as the permissions' names: "domain:pause". */
struct flask_change {
    enum grade grade;
    const char **dropped, **added, **kept;      /* each sorted and once */
    unsigned int n_dropped, n_added, n_kept;
    bool objects;               /* the permissions are the same, who is asked about whom is not */
    const char *build;          /* only in builds with, or NULL */
    const char *ends_old, *ends_new;    /* "refused", "unknown", "allowed": how it ends if all is granted */
};

/* An operation on both sides; NULL on the side that has none. */
struct operation_pair {
    const struct operation *old, *new;
};

/* Access of some subjects to some objects, the same for each of them. */
struct access_told {
    const char *kind;           /* "allow", "auditallow", "dontaudit" */
    bool added;                 /* else it is gone */
    const char **subjects, **objects;
    unsigned int n_subjects, n_objects;
    const char *class;
    const char **perms;
    unsigned int n_perms;
    const char *condition;      /* of booleans, or NULL: always */
    bool otherwise;             /* when the condition is false */
};

struct change {
    enum grade grade;
    enum subject_matter about;
    const char *name;           /* "domctl/XEN_DOMCTL_pausedomain", "class domain2", ... */
    const char *text;           /* one or more sentences */
    const char *advice;         /* what whoever keeps a policy, a caller or a manual has to do; or NULL */
    struct change_place place;

    /* ABOUT_OPERATION; several operations if they all change alike */
    LIST(struct operation_pair) pairs;
    LIST(struct answer_change) answers;
    struct flask_change flask;
    enum reach before, after;
    bool rerouted;              /* another way leads to it, or another stage decides */
    bool incomplete;            /* there are more cases than were compared */

    const struct access_told *access;   /* ABOUT_ACCESS, or NULL: there is more than can be told */
};

struct changes {
    struct arena *arena;
    LIST(struct change) items;
    unsigned int n[N_GRADES];
    unsigned int n_operations;  /* compared */
};

struct change *change_add(struct changes *c, enum grade grade, enum subject_matter about, const char *name);
/* Sorts and counts; nothing may be added afterwards. */
void changes_finish(struct changes *c);

#endif
