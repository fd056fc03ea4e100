/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests that use Argo as domain 0 tells them to (guests/lib/puppets.c), each with rings that domain 0 has mapped.
 *
 * Included by a test, not compiled by itself.
 */
#include "guest.h"

#include <xen/argo.h>

#define PUPPETS 4
#define PUPPET_PAGES 2      /* a ring each */
#define PUPPET_DATA                                                                                                    \
    xen_argo_register_ring_t reg;                                                                                      \
    xen_argo_cable_t cable;                                                                                            \
    xen_argo_addr_t address;                                                                                           \
    xen_argo_cable_list_t list;                                                                                        \
    xen_argo_ring_data_t query;                                                                                        \
    struct {                                                                                                           \
        xen_argo_send_addr_t address;                                                                                  \
        xen_argo_iov_t iov;                                                                                            \
        uint8_t message[2048];                                                                                         \
    } send;

#include "puppets.c"

static xen_argo_ring_t *ring_of(unsigned int d, unsigned int ring)
{
    return puppets[d].pages[ring];
}

/* An Argo hypercall by domain d; arg1 and arg2 point to nothing or into `mailbox`, whichever domain it is. */
static long argo(unsigned int d, unsigned int cmd, const void *arg1, const void *arg2, unsigned long arg3,
                 unsigned long arg4)
{
    return puppet_call(d, __HYPERVISOR_argo_op, cmd, (unsigned long)arg1, (unsigned long)arg2, arg3, arg4);
}
