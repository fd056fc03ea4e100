/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One Flask function of Xen as it is being written: its locals, and how a check of the model becomes a question to
 * the access vector cache.
 *
 * Which helper asks is decided as in xen/xsm/flask/hooks.c, so that the machine code is the same: a domain about a
 * domain is current_has_perm() or domain_has_perm(), the hypervisor itself domain_has_xen(), an event channel
 * domain_has_evtchn(); everything else looks the SIDs up and calls avc_has_perm() or avc_current_has_perm().
 * Private to the back end.
 */
#ifndef XSMC_XEN_ASK_H
#define XSMC_XEN_ASK_H

#include "back/xen-c.h"

enum ask_kind {
    ASK_HAS_PERM,
    ASK_HAS_XEN,
    ASK_HAS_EVTCHN,
    ASK_RAW,            /* avc_has_perm() and avc_current_has_perm() */
};

/* A resource whose SID has to be looked up: device, interrupt, device tree node. */
struct ask_sid {
    const struct label *label;
    const char *variable, *audit;   /* the SID and the audit record, names of locals; audit NULL: not used */
    bool looked_up, audited;        /* at this point of the function */
};

struct ask_local {
    const char *type, *name;
    const char *value;          /* initializer, or NULL */
};

/* A permission picked by a function of the hypervisor, asked for once at the beginning. */
struct ask_choice {
    const struct perm_use *use;
    const char *variable;
};

struct ask {
    struct gen *g;
    const struct hook *hook;
    struct buf *out;            /* the body without its declarations */
    LIST(struct ask_local) locals;
    LIST(struct ask_sid) sids;
    LIST(struct ask_choice) choices;
    const char *rc;             /* the local that holds a refusal, NULL until one is needed */
    bool rc_zero;               /* it begins as 0, for a question that may be left out */
    const char *subject_sid;    /* a local that holds the subject's SID, or NULL */
};

/* Who asks about what: the check's own labels or the hook's. Never NULL; LABEL_NONE if there is no object. */
const struct label *ask_subject(const struct ask *a, const struct check *c);
const struct label *ask_object(const struct ask *a, const struct check *c);
enum ask_kind ask_kind(const struct ask *a, const struct check *c);
/* Whether all permissions are asked for unconditionally and none is chosen by a function. */
bool ask_plain(const struct check *c);

/* A local whose name begins with `base` and is no argument's. */
const char *ask_local(struct ask *a, const char *type, const char *base, const char *value);
/* "rc", a local of the function, declared at the first call. */
const char *ask_rc(struct ask *a);
/* Whether the question is one call, with nothing to look up or to work out before. */
bool ask_simple(const struct ask *a, const struct check *c);
/* Prints `rc = question;` alone. */
void ask_print_into_rc(struct ask *a, unsigned int indent, const struct check *c);
/* The C text of the subject's SID. */
const char *ask_subject_sid(struct ask *a, const struct check *c);
/* "GRANT__MAP_READ | GRANT__MAP_WRITE" of a plain check. */
const char *ask_perms(struct ask *a, const struct check *c);

/* Looks up, once for the whole function, the permission that a check leaves to a function of the hypervisor. */
void ask_choose_early(struct ask *a, unsigned int indent, const struct check *c);

/*
 * Prints the question with what has to come before it. `last`: the function ends with its answer; otherwise a
 * refusal returns and an allowance goes on. `perms` replaces the check's permissions if it is not NULL.
 */
void ask_print(struct ask *a, unsigned int indent, const struct check *c, const char *perms, bool last);

/* The declarations of all locals, and a blank line if there are any. */
void ask_print_locals(const struct ask *a, struct buf *out);

#endif
