/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flask's messages in a log of Xen's console: `xl dmesg`, a serial line, a file of xenconsoled, a journal.
 *
 * What counts is a line that Xen itself wrote, "(XEN) ..." after whatever the log puts in front, or a bare line that
 * begins with the message. A guest can print anything it likes to the same console: Xen marks that "(d1) ...", and it
 * is left out. The two messages are those of avc_audit() in xen/xsm/flask/avc.c and avc_unknown_permission() in
 * xen/xsm/flask/hooks.c. A log may begin and end in the middle of a message, messages may be cut, or broken over lines by
 * whoever wrote the log down; what cannot be made whole is counted and never guessed at.
 */
#ifndef XSMC_AVC_LOG_H
#define XSMC_AVC_LOG_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum avc_kind {
    AVC_DENIED,             /* "avc:  denied" */
    AVC_GRANTED,            /* "avc:  granted": a rule `auditallow` asked for it */
    AVC_UNKNOWN_DENIED,     /* "FLASK: Denying unknown domctl: 91." */
    AVC_UNKNOWN_ALLOWED,    /* "FLASK: Allowing unknown ..." */
};

enum { AVC_MOST_PERMS = 32 };

/* One message. Texts are slices of the line that was fed in; they last until the next call. */
struct avc_text {
    const char *s;
    size_t len;
};
struct avc_record {
    enum avc_kind kind;
    unsigned long line;                 /* 1.. where it begins */
    /* AVC_DENIED, AVC_GRANTED */
    struct avc_text perms[AVC_MOST_PERMS];
    unsigned int n_perms;
    struct avc_text source, target;     /* domains as Xen calls them, "d1"; empty if it does not say */
    struct avc_text detail;             /* "device=0x10", "range=0x60-0x60", ...; empty: nothing of the kind */
    struct avc_text subject, object;    /* contexts, or "ssid=5" where Flask had none */
    struct avc_text class;
    /* AVC_UNKNOWN_* */
    struct avc_text thing;              /* "domctl" */
    long number;
};

struct avc_log {
    struct arena *arena;
    char *held;                 /* a message that breaks off at the end of its line */
    size_t held_len, held_cap;
    unsigned long held_line;
    unsigned long lines;        /* seen so far */
    unsigned long cut;          /* messages that are not whole */
    unsigned long foreign;      /* lines with such a message that Xen did not write */
    unsigned long last_cut, last_foreign;   /* the line of the last one, or 0 */
};

enum { AVC_MOST_LINE = 8192 };  /* Xen's own limit for a message is 1024; longer lines are looked at so far */

void avc_log_init(struct avc_log *log, struct arena *a);
/*
 * Takes the next line, without its end, and fills `r` if it completes a message. Any bytes will do; the record consists
 * of printable ASCII alone.
 */
bool avc_log_line(struct avc_log *log, const char *line, size_t len, struct avc_record *r);
/* After the last line: counts a message that is still incomplete. */
void avc_log_end(struct avc_log *log);

#endif
