/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's end of Argo's implicit destinations, to be lifted into whatever runs in the guest: a kernel, a unikernel, a
 * program with a hypercall driver. Needs Xen's public headers and memcpy(), memset(); allocates nothing.
 *
 * A port is where a domain sends from and receives at. It names no other domain: where its messages go is the
 * toolstack's affair. Fill in the first part of the structure, the rest with zeros. The structure itself, and every
 * message and ring, has to be in memory that Xen can reach by the caller's address: in a Linux program, locked.
 *
 * Functions return 0 or more, or a negative XEN_E... error of xen/errno.h. Nothing here waits: bind VIRQ_ARGO, and try
 * again whenever it arrives. A port is one thread's at a time.
 */
#ifndef ARGO_PORT_H
#define ARGO_PORT_H

#include <stdint.h>

#ifndef __XEN_INTERFACE_VERSION__
#define __XEN_INTERFACE_VERSION__ 0x00040d00 /* structures for handles */
#endif
#include <xen/xen.h>

#include <xen/argo.h>

struct argo_port {
    /* The hypercall argo_op; returns Xen's answer. The port is this one, for those that have to find their driver. */
    long (*hypercall)(struct argo_port *port, unsigned int operation, const void *arg1, const void *arg2,
                      unsigned long arg3, unsigned long arg4);
    uint32_t port;
    /* To receive: zeroed pages one after the other, and the bytes in them for messages, a multiple of 16, at least 48
     * and at most all pages but sizeof(xen_argo_ring_t). */
    xen_argo_ring_t *ring;
    uint32_t size;
    /* Who may send to it: a domid, or XEN_ARGO_DOMID_ANY, for which Xen wants `argo=mac-permissive=1`. */
    uint16_t partner;

    /* Requests, where Xen reads them */
    union {
        xen_argo_register_ring_t reg;
        xen_argo_unregister_ring_t unreg;
        struct {
            xen_argo_send_addr_t address;
            xen_argo_iov_t iov;
        } send;
        uint64_t query[(sizeof(xen_argo_ring_data_t) + sizeof(xen_argo_ring_data_ent_t) + 7) / 8];
    } request;
};

/* What is known of a message. The source is Xen's word, not the sender's. */
struct argo_port_message {
    uint32_t length, type;
    xen_argo_addr_t source;
};

/*
 * Open a port to receive: register its ring, which lies in these guest frames. Not needed to send. One that is open
 * already may be opened again, and keeps what is in it; a domain that was restored or migrated has to.
 * Errors: -XEN_EINVAL a bad ring; -XEN_EEXIST there is one of another size; -XEN_EPERM, -XEN_EACCES not allowed; -XEN_EOPNOTSUPP Argo
 * is off; -XEN_ESRCH no such partner; -XEN_ENOSPC too many rings; -XEN_ENOMEM.
 */
long argo_port_open(struct argo_port *port, const xen_argo_gfn_t *frames, uint32_t pages);

/* Close it: nothing is received any more, and the memory is the caller's again. */
long argo_port_close(struct argo_port *port);

/*
 * Send to wherever the cable from this port leads; returns the length. VIRQ_ARGO arrives when it is worthwhile to try
 * again. Errors: -XEN_EAGAIN no room now; -XEN_EBUSY the same, but nothing will tell when there is; -XEN_ECONNREFUSED
 * there is no cable, or nobody receives at its end, or it is not allowed; -XEN_EMSGSIZE it would never fit; -XEN_ESRCH
 * this Xen has no implicit destinations.
 */
long argo_port_send(struct argo_port *port, const void *data, uint32_t length, uint32_t type);

/*
 * Ask whether a message of this length could be sent now: 1, or 0 and VIRQ_ARGO arrives when it can. Errors:
 * -XEN_ECONNREFUSED, -XEN_EMSGSIZE and -XEN_EBUSY as above.
 */
long argo_port_room(struct argo_port *port, uint32_t length);

/*
 * Take the oldest message: at most `room` bytes of it to `data`; returns its length. Errors: -XEN_EAGAIN there is none;
 * -XEN_EMSGSIZE it does not fit, and stays, with what is known in *message; -XEN_EIO the ring is damaged.
 */
long argo_port_receive(struct argo_port *port, void *data, uint32_t room, struct argo_port_message *message);

/* Let Xen tell those who wait for room that messages have been taken. Call it when there are none left. */
long argo_port_taken(struct argo_port *port);

#endif
