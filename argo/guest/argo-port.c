/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See argo-port.h. */
#include "argo-port.h"

#include <stddef.h>
#include <xen/errno.h>

#ifndef XEN_ARGO_PORT_IMPLICIT
#define XEN_ARGO_PORT_IMPLICIT 0xffffffffU /* of headers before implicit destinations */
#endif

void *memcpy(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);

enum { SLOT = 16, HEADER = sizeof(struct xen_argo_ring_message_header) };

static uint32_t round_up(uint32_t length)
{
    return (length + SLOT - 1) & ~(uint32_t)(SLOT - 1);
}

long argo_port_open(struct argo_port *port, const xen_argo_gfn_t *frames, uint32_t pages)
{
    memset(&port->request, 0, sizeof port->request);
    port->request.reg.aport = port->port;
    port->request.reg.partner_id = port->partner;
    port->request.reg.len = port->size;
    return port->hypercall(port, XEN_ARGO_OP_register_ring, &port->request, frames, pages, 0);
}

long argo_port_close(struct argo_port *port)
{
    memset(&port->request, 0, sizeof port->request);
    port->request.unreg.aport = port->port;
    port->request.unreg.partner_id = port->partner;
    return port->hypercall(port, XEN_ARGO_OP_unregister_ring, &port->request, NULL, 0, 0);
}

long argo_port_send(struct argo_port *port, const void *data, uint32_t length, uint32_t type)
{
    memset(&port->request, 0, sizeof port->request);
    /* The source's domid is Xen's to fill in. */
    port->request.send.address.src.aport = port->port;
    port->request.send.address.src.domain_id = XEN_ARGO_DOMID_ANY;
    port->request.send.address.dst.aport = XEN_ARGO_PORT_IMPLICIT;
    port->request.send.address.dst.domain_id = XEN_ARGO_DOMID_ANY;
    set_xen_guest_handle(port->request.send.iov.iov_hnd, (uint8_t *)data);
    port->request.send.iov.iov_len = length;
    /* A Xen without implicit destinations may answer with an error of 32 bits only: extend its sign. */
    return (int)port->hypercall(port, XEN_ARGO_OP_sendv, &port->request.send.address, &port->request.send.iov, 1, type);
}

long argo_port_room(struct argo_port *port, uint32_t length)
{
    xen_argo_ring_data_t *query = (xen_argo_ring_data_t *)port->request.query;
    long result;

    memset(&port->request, 0, sizeof port->request);
    query->nent = 1;
    query->data[0].ring.aport = port->port;
    query->data[0].ring.domain_id = XEN_ARGO_DOMID_ANY;
    query->data[0].space_required = length;
    result = port->hypercall(port, XEN_ARGO_OP_notify, &port->request, NULL, 0, 0);
    if (result < 0)
        return result;
    if (!(query->data[0].flags & XEN_ARGO_RING_EXISTS))
        return -XEN_ECONNREFUSED;
    if (query->data[0].flags & XEN_ARGO_RING_EMSGSIZE)
        return -XEN_EMSGSIZE;
    if (query->data[0].flags & XEN_ARGO_RING_EBUSY)
        return -XEN_EBUSY;
    return (query->data[0].flags & XEN_ARGO_RING_SUFFICIENT) != 0;
}

/* Copy out of the ring, around its end. */
static void copy_out(const struct argo_port *port, void *to, uint32_t from, uint32_t length)
{
    uint32_t first = port->size - from < length ? port->size - from : length;

    memcpy(to, port->ring->ring + from, first);
    memcpy((uint8_t *)to + first, port->ring->ring, length - first);
}

long argo_port_receive(struct argo_port *port, void *data, uint32_t room, struct argo_port_message *message)
{
    /* What Xen has written before it moved the index is there. */
    uint32_t tx = __atomic_load_n(&port->ring->tx_ptr, __ATOMIC_ACQUIRE), rx = port->ring->rx_ptr;
    struct xen_argo_ring_message_header header;
    uint32_t used;

    if (rx == tx)
        return -XEN_EAGAIN;
    if (rx >= port->size || tx >= port->size || rx % SLOT || tx % SLOT)
        return -XEN_EIO;
    used = tx > rx ? tx - rx : port->size - rx + tx;
    copy_out(port, &header, rx, HEADER);
    if (header.len < HEADER || header.len > used || round_up(header.len) > used)
        return -XEN_EIO;
    message->length = header.len - HEADER;
    message->type = header.message_type;
    message->source = header.source;
    if (message->length > room)
        return -XEN_EMSGSIZE;
    copy_out(port, data, (rx + HEADER) % port->size, message->length);
    /* Xen must not find the room before the message has been copied. */
    __atomic_store_n(&port->ring->rx_ptr, (rx + round_up(header.len)) % port->size, __ATOMIC_RELEASE);
    return message->length;
}

long argo_port_taken(struct argo_port *port)
{
    return port->hypercall(port, XEN_ARGO_OP_notify, NULL, NULL, 0, 0);
}
