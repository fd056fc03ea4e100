/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests that use Argo as domain 0 tells them to (guests/lib/puppets.c), each with rings that domain 0 has mapped.
 *
 * Included by a test, not compiled by itself.
 */
#include "guest.h"

#include <xen/argo.h>

#ifndef PUPPETS
#define PUPPETS 4
#endif
#define PUPPET_PAGES 2      /* a ring each */
#define PUPPET_DATA                                                                                                    \
    xen_argo_register_ring_t reg;                                                                                      \
    struct {                                                                                                           \
        xen_argo_cable_t cable;                                                                                        \
        xen_argo_addr_t parent;                                                                                        \
    } up;                                                                                                              \
    xen_argo_up_info_t info;                                                                                           \
    xen_argo_cable_t cable;                                                                                            \
    xen_argo_addr_t address;                                                                                           \
    xen_argo_cable_list_t list;                                                                                        \
    xen_argo_ring_data_t query;                                                                                        \
    struct {                                                                                                           \
        xen_argo_send_addr_t address;                                                                                  \
        xen_argo_iov_t iov;                                                                                            \
        uint8_t message[2048];                                                                                         \
    } send;                                                                                                            \
    struct {                                                                                                           \
        xen_argo_send_addr_t address;                                                                                  \
        xen_argo_iov_t iov;                                                                                            \
        uint32_t message[4];                                                                                           \
        uint32_t count, sent, refused, again;                                                                          \
        long other;                                                                                                    \
    } traffic;

#include "puppets.c"

static __attribute__((unused)) xen_argo_ring_t *ring_of(unsigned int d, unsigned int ring)
{
    return puppets[d].pages[ring];
}

/* An Argo hypercall by domain d; arg1 and arg2 point to nothing or into `mailbox`, whichever domain it is. */
static long argo(unsigned int d, unsigned int cmd, const void *arg1, const void *arg2, unsigned long arg3,
                 unsigned long arg4)
{
    return puppet_call(d, __HYPERVISOR_argo_op, cmd, (unsigned long)arg1, (unsigned long)arg2, arg3, arg4);
}

/* Rings are at PORT and the numbers after it. */
enum { PORT = 10, RING = 1024, CONTROL = 0 };

static long __attribute__((unused)) cable_set(unsigned int caller, unsigned int src, uint32_t from, unsigned int dst,
                                              uint32_t to, unsigned int flags)
{
    puppets[caller].mailbox->data.cable = (xen_argo_cable_t){ .src = { .aport = from, .domain_id = (domid_t)src },
                                                              .dst = { .aport = to, .domain_id = (domid_t)dst } };
    return argo(caller, XEN_ARGO_OP_cable_set, &mailbox.data, NULL, flags, 0);
}

static long __attribute__((unused)) cable_clear(unsigned int caller, unsigned int src, uint32_t from)
{
    puppets[caller].mailbox->data.address = (xen_argo_addr_t){ .aport = from, .domain_id = (domid_t)src };
    return argo(caller, XEN_ARGO_OP_cable_clear, &mailbox.data, NULL, 0, 0);
}

/* The number of cables from a domain, counted in pages of 100; the last page stays in the mailbox. */
static long __attribute__((unused)) cable_count(unsigned int caller, unsigned int src)
{
    xen_argo_cable_list_t *list = &puppets[caller].mailbox->data.list;
    long count = 0, result;

    *list = (xen_argo_cable_list_t){ .domain_id = (domid_t)src };
    do {
        list->nent = 100;
        result = argo(caller, XEN_ARGO_OP_cable_list, &mailbox.data, NULL, 0, 0);
        if (result)
            return result;
        count += list->nent;
    } while (list->cursor != XEN_ARGO_CABLE_LIST_END);
    return count;
}

static long __attribute__((unused)) cable_flush(unsigned int caller, unsigned int d, unsigned int flags)
{
    return argo(caller, XEN_ARGO_OP_cable_flush, NULL, NULL, d, flags);
}

static long __attribute__((unused)) register_ring(unsigned int d, unsigned int ring)
{
    puppets[d].mailbox->data.reg = (xen_argo_register_ring_t){ .aport = PORT + ring,
                                                               .partner_id = XEN_ARGO_DOMID_ANY, .len = RING };
    puppets[d].mailbox->frame = puppets[d].page_frames[ring];
    return argo(d, XEN_ARGO_OP_register_ring, &mailbox.data, &mailbox.frame, 1, 0);
}
