/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libargopatch: plug Argo's cables, the implicit destinations of Xen's domains.
 *
 * A cable leads from (source domain, port) to (destination domain, port). A domain that sends an Argo message and names
 * no destination sends it by the cable from its own port. This library sets, clears and lists cables; it is for the
 * toolstack, which has power over both domains. It works on domids; who a domain is, by name, is for the caller to know.
 *
 * Where Xen is itself a guest of another Xen, a cable can lead up to that one, by a port of this Xen's own there, and
 * another can come down from such a port to a domain.
 *
 * All functions return 0 (or a handle), or -1 (or NULL) with errno set. Nothing is printed, nothing exits. A handle can
 * be used by several threads at a time. After fork() the child must not use the parent's handle, except to close it.
 *
 * Every call that reaches the hypervisor may fail with these, beside what is said with the call:
 *   EPERM, EACCES   the calling domain has no such power over the domain (the dummy policy or SILO; Flask), or it may
 *                   not use Argo at all
 *   ESRCH           there is no such domain; or, for what is up, Xen is no guest of a Xen that lets it use Argo
 *   ENODEV          the domain was created while Argo was off, or may not use it
 *   EOPNOTSUPP      Xen has no implicit destinations, or was booted without `argo=1`
 *   ENOSYS          Xen was built without Argo
 *   ENOMEM          the hypervisor, the kernel or the process is out of memory
 *   EFAULT          the kernel took the memory of a request away at the wrong moment, and did so again and again
 *   EPROTO          Xen's answer makes no sense
 */
#ifndef ARGOPATCH_H
#define ARGOPATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* From libxentoollog; may be NULL, which logs to stderr what goes wrong with opening the hypercall driver. */
struct xentoollog_logger;

/* A handle: the way to the hypervisor */
struct argopatch;

/* One end of a cable */
struct argopatch_address {
    uint32_t port;
    uint16_t domid; /* 0 to 0x7fef, or ARGOPATCH_UP: the other special ones, such as DOMID_SELF, are not domains */
};

/* The end that is the Xen which this one is a guest of; its port is one of this Xen's own there. */
#define ARGOPATCH_UP 0x7ff2

struct argopatch_cable {
    struct argopatch_address source;
    struct argopatch_address destination;
    /*
     * For a cable that leads up: whether it says itself where its messages go from there, and that address, of a domain
     * up there; by default the table up there does. For one that comes down: whether it takes the messages of one
     * domain up there only, and which (the port is not used); by default it takes those of any.
     */
    bool has_outside;
    struct argopatch_address outside;
};

/* Xen lets no more cables than this lead from a domain, nor to one. */
#define ARGOPATCH_CABLES_MAX 4096

/* argopatch_set(): at most one of them */
#define ARGOPATCH_SET_NEW 0x1     /* there must not be a cable from the source yet */
#define ARGOPATCH_SET_REPLACE 0x2 /* there must be one already */

/* argopatch_flush(): one of them or both */
#define ARGOPATCH_FLUSH_FROM 0x1 /* the cables by which the domain sends */
#define ARGOPATCH_FLUSH_TO 0x2   /* the cables by which it receives */

/*
 * Open a way to the hypervisor. The caller closes it. Errors: those of opening the hypercall driver (/dev/xen/privcmd
 * on Linux): ENOENT, ENXIO or ENODEV when this is not a Xen domain or the driver is not loaded, EACCES or EPERM when
 * the process may not; ENOMEM. Does not say whether Xen has implicit destinations: argopatch_probe() does.
 */
struct argopatch *argopatch_open(struct xentoollog_logger *logger);

/* Close a handle that no thread uses any more. NULL does nothing. Leaves cables as they are, and errno too. */
void argopatch_close(struct argopatch *handle);

/*
 * Ask whether Xen has implicit destinations and may be asked for them: 0, or EOPNOTSUPP, ENOSYS, EPERM or EACCES as
 * above. Changes nothing.
 */
int argopatch_probe(struct argopatch *handle);

/*
 * Plug `cable` in. One that is there from the same source is moved, in one step: each message goes wholly by the old
 * cable or wholly by the new one, and when this returns none is under way by the old one. Nothing has changed on error:
 *   EINVAL   undefined or contradictory flags
 *   EEXIST   there is a cable from the source (ARGOPATCH_SET_NEW)
 *   ENOENT   there is none (ARGOPATCH_SET_REPLACE)
 *   ENOSPC   ARGOPATCH_CABLES_MAX cables lead from the source's domain, or to the destination's; or as many cables come
 *            down as may (the option argo-up-rings of Xen's command line)
 * With a cable that leads up or comes down:
 *   EINVAL   it does both, or neither although it has an outside, or it comes down from port 0xffffffff
 *   EADDRINUSE  another one leads up by the same port
 *   EBUSY    the one that comes down from this port takes other domains' messages: clear it first
 *   ENXIO    the Xen up there does not want its messages to be taken: there is no such domain, or it does not allow it
 */
int argopatch_set(struct argopatch *handle, const struct argopatch_cable *cable, unsigned int flags);

/*
 * Pull the cable from `source` out. When this returns, no message is under way by it. Errors:
 *   ENOENT   there is no such cable
 */
int argopatch_clear(struct argopatch *handle, const struct argopatch_address *source);

/*
 * List the cables from `domid` in ascending order of their source ports: an array of `*count` in `*cables`, which the
 * caller frees with free(), and which is NULL if there are none. Others may change cables meanwhile: a port whose cable
 * is there all the time is listed once, and none is listed twice. On error neither is set.
 */
int argopatch_list(struct argopatch *handle, uint16_t domid, struct argopatch_cable **cables, size_t *count);

/*
 * The same in pieces, without allocating the result: write at most `room` (not 0) cables to `cables` and their number
 * to `*count`, which may be less than what is left. `*cursor` is 0 at first, and then what the call before left in it;
 * ARGOPATCH_LIST_END means that the list is complete, and is not to be passed in again. On error nothing is set.
 *   EINVAL   `room` is 0, or `*cursor` is at the end
 */
#define ARGOPATCH_LIST_END UINT64_MAX
int argopatch_list_some(struct argopatch *handle, uint16_t domid, uint64_t *cursor, struct argopatch_cable *cables,
                        size_t room, size_t *count);

/*
 * Pull out all cables from `domid`, all to it, or both. It is no error if there are none. Cables that others set
 * meanwhile may stay. Errors:
 *   EINVAL   no flag, or undefined ones
 */
int argopatch_flush(struct argopatch *handle, uint16_t domid, unsigned int flags);

/*
 * What has become of the messages that came from up. Those that a cable brings down wait in a ring of Xen's, one for
 * each port, until the domain has space for them.
 */
struct argopatch_up_info {
    uint32_t rings, ring_bytes; /* how many rings there are, and how much messages and their headers they hold in all */
    bool waiting; /* messages are in a ring that have not been handed on yet; they will be */
    bool broken;  /* the Xen up there has spoilt a ring: nothing comes by it until its cable is cleared and set anew */
    bool lost;    /* the Xen up there does not know a ring any more: likewise */
    uint64_t delivered; /* messages that were handed to a domain */
    /* Messages that were dropped, for one reason each: */
    uint64_t refused;   /* the domain had no ring for them, at the port that the cable leads to */
    uint64_t too_long;  /* the domain's ring is too small for them, even when it is empty */
    uint64_t denied;    /* the security policy does not let the domain receive from up */
    uint64_t failed;    /* the hypervisor was out of memory */
    uint64_t discarded; /* they were waiting when the cable was pulled out, or its domain ended */
    /* How often what came was no message; what waited behind it was dropped with it, nobody knows how much. */
    uint64_t malformed;
};

/* argopatch_up_info(): all ports together */
#define ARGOPATCH_UP_ALL 0xffffffff

/*
 * Ask what has become of the messages from up: by the cable that comes down from `port`, since it was set for the first
 * time (moving it resets nothing); or, for ARGOPATCH_UP_ALL, by all cables since Xen was booted, those that are gone
 * included. The numbers are of one moment only when no message comes meanwhile. On error nothing is set:
 *   ENOENT   no cable comes down from that port
 */
int argopatch_up_info(struct argopatch *handle, uint32_t port, struct argopatch_up_info *info);

#ifdef __cplusplus
}
#endif

#endif
