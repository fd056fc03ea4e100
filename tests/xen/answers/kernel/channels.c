/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What domains share: event channels, grants, Argo. */
#include "question.h"

#include <xen/argo.h>
#include <xen/event_channel.h>
#include <xen/grant_table.h>
#include <xen/memory.h>
#include <xen/sched.h>

static long event_op(unsigned int subject, unsigned int command, const void *arguments)
{
    return call(subject, __HYPERVISOR_event_channel_op, command, there(subject, arguments), 0, 0, 0);
}

static void close_port(unsigned int subject, evtchn_port_t port)
{
    struct evtchn_close *close = request(subject);

    close->port = port;
    event_op(subject, EVTCHNOP_close, close);
}

/* An endpoint of `holder` that `peer` may connect to, made by `maker`; if it cannot be made, 0, and `why` says why. */
static evtchn_port_t open_port_why(unsigned int maker, domid_t holder, domid_t peer, long *why)
{
    struct evtchn_alloc_unbound *alloc = request(maker);

    alloc->dom = holder;
    alloc->remote_dom = peer;
    *why = event_op(maker, EVTCHNOP_alloc_unbound, alloc);
    return *why ? 0 : alloc->port;
}

static evtchn_port_t open_port(unsigned int maker, domid_t holder, domid_t peer)
{
    long why;

    return open_port_why(maker, holder, peer, &why);
}

static long unbound(const struct asking *asking)
{
    struct evtchn_alloc_unbound *alloc = request(asking->subject);

    alloc->dom = asking->object;
    alloc->remote_dom = asking->question->value ? ordinary_guest() : 0;
    return event_op(asking->subject, EVTCHNOP_alloc_unbound, alloc);
}

/* Control makes the endpoint that waits; if it may not, there is none to connect to. */
static long interdomain(const struct asking *asking)
{
    long answer;
    evtchn_port_t port = open_port_why(0, asking->object, (domid_t)asking->subject, &answer);
    struct evtchn_bind_interdomain *bind = request(asking->subject);

    if (!port)
        return answer == -XEN_EACCES ? REFUSED_BEFORE : NOT_PUT;
    asking_now();
    bind->remote_dom = asking->object;
    bind->remote_port = port;
    answer = event_op(asking->subject, EVTCHNOP_bind_interdomain, bind);
    if (answer == 0)
        close_port(asking->subject, bind->local_port);
    return answer;
}

static long send(unsigned int subject, evtchn_port_t port)
{
    struct evtchn_send *send = request(subject);

    send->port = port;
    return event_op(subject, EVTCHNOP_send, send);
}

/* To control, who may connect to everybody */
static long send_interdomain(const struct asking *asking)
{
    evtchn_port_t port = open_port(0, 0, (domid_t)asking->subject);
    struct evtchn_bind_interdomain *bind = request(asking->subject);
    long answer;

    if (!port)
        return NOT_PUT;
    bind->remote_port = port;
    answer = event_op(asking->subject, EVTCHNOP_bind_interdomain, bind);
    if (answer)
        return answer;
    port = bind->local_port;
    answer = send(asking->subject, port);
    close_port(asking->subject, port);
    return answer;
}

static long send_unbound(const struct asking *asking)
{
    evtchn_port_t port = open_port(0, (domid_t)asking->subject, 0);
    long answer = port ? send(asking->subject, port) : NOT_PUT;

    if (port)
        close_port(asking->subject, port);
    return answer;
}

static long send_ipi(const struct asking *asking)
{
    struct evtchn_bind_ipi *bind = request(asking->subject);
    evtchn_port_t port;
    long answer = event_op(asking->subject, EVTCHNOP_bind_ipi, bind);

    if (answer)
        return answer;
    port = bind->port;
    answer = send(asking->subject, port);
    close_port(asking->subject, port);
    return answer;
}

static long send_free(const struct asking *asking)
{
    evtchn_port_t port = open_port(0, (domid_t)asking->subject, 0);

    if (!port)
        return NOT_PUT;
    close_port(asking->subject, port);
    return send(asking->subject, port);
}

/* Control has made the endpoint in the object. */
static long status(const struct asking *asking)
{
    evtchn_port_t port = open_port(0, asking->object, 0);
    struct evtchn_status *status = request(asking->subject);

    if (!port)
        return NOT_PUT;
    status->dom = asking->object;
    status->port = port;
    return event_op(asking->subject, EVTCHNOP_status, status);
}

static long reset(const struct asking *asking)
{
    struct evtchn_reset *reset = request(asking->subject);

    reset->dom = asking->object;
    return event_op(asking->subject, EVTCHNOP_reset, reset);
}

static bool grant_refused(const struct asking *asking, long answer)
{
    (void)asking;
    return answer == GNTST_permission_denied;
}

static long grant_op(unsigned int subject, unsigned int command, const void *arguments)
{
    return call(subject, __HYPERVISOR_grant_table_op, command, there(subject, arguments), 1, 0, 0);
}

static long mapref(const struct asking *asking)
{
    struct gnttab_map_grant_ref *map = request(asking->subject);
    long answer;

    map->flags = GNTMAP_host_map | (uint32_t)asking->question->value;
    map->ref = 0xffff;
    map->dom = asking->object;
    answer = grant_op(asking->subject, GNTTABOP_map_grant_ref, map);
    return answer ? answer : map->status;
}

/* For a device only, which needs no place in a page table */
static long unmapref(const struct asking *asking)
{
    struct gnttab_map_grant_ref *map = request(asking->subject);
    struct gnttab_unmap_grant_ref *unmap;
    uint64_t address;
    uint32_t handle;
    long answer;

    map->flags = GNTMAP_device_map;
    map->ref = grant_for(asking->subject);
    map->dom = asking->object;
    answer = grant_op(asking->subject, GNTTABOP_map_grant_ref, map);
    if (answer || map->status)
        return map->status == GNTST_permission_denied ? REFUSED_BEFORE : NOT_PUT;
    handle = map->handle;
    address = map->dev_bus_addr;
    asking_now();
    unmap = request(asking->subject);
    unmap->handle = handle;
    unmap->dev_bus_addr = address;
    answer = grant_op(asking->subject, GNTTABOP_unmap_grant_ref, unmap);
    return answer ? answer : unmap->status;
}

static long setup(const struct asking *asking)
{
    struct gnttab_setup_table *setup = request(asking->subject);
    long answer;

    setup->dom = asking->object;
    answer = grant_op(asking->subject, GNTTABOP_setup_table, setup);
    return answer ? answer : setup->status;
}

static long copy(const struct asking *asking)
{
    struct gnttab_copy *copy = request(asking->subject);
    long answer;

    copy->source.domid = DOMID_SELF;
    copy->source.u.gmfn = spare_frame(asking->subject);
    copy->dest.domid = asking->object;
    copy->dest.u.ref = 0xffff;
    copy->len = 1;
    copy->flags = GNTCOPY_dest_gref;
    answer = grant_op(asking->subject, GNTTABOP_copy, copy);
    return answer ? answer : copy->status;
}

static xen_pfn_t own_page(unsigned int subject)
{
    struct xen_memory_reservation *reservation = request(subject);
    xen_pfn_t *frame = (xen_pfn_t *)(reservation + 1);

    reservation->nr_extents = 1;
    reservation->domid = DOMID_SELF;
    set_xen_guest_handle(reservation->extent_start, (xen_pfn_t *)there(subject, frame));
    return call(subject, __HYPERVISOR_memory_op, XENMEM_increase_reservation, there(subject, reservation), 0, 0, 0) == 1 ?
           *frame : 0;
}

/*
 * Control gives the subject a page for it, or it takes one where control may not. The page is gone in any case: Xen takes
 * it before it asks.
 */
static long transfer(const struct asking *asking)
{
    struct xen_memory_reservation reservation = { .nr_extents = 1, .domid = (domid_t)asking->subject };
    struct gnttab_transfer *transfer;
    xen_pfn_t frame = 0;
    long answer;

    set_xen_guest_handle(reservation.extent_start, &frame);
    if (hypercall(__HYPERVISOR_memory_op, XENMEM_increase_reservation, (unsigned long)&reservation, 0, 0, 0) != 1 &&
        !(frame = own_page(asking->subject)))
        return NOT_PUT;
    asking_now();
    transfer = request(asking->subject);
    transfer->mfn = frame;
    transfer->domid = asking->object;
    transfer->ref = 0xffff;
    answer = grant_op(asking->subject, GNTTABOP_transfer, transfer);
    return answer ? answer : transfer->status;
}

static long query_size(const struct asking *asking)
{
    struct gnttab_query_size *query = request(asking->subject);
    long answer;

    query->dom = asking->object;
    answer = grant_op(asking->subject, GNTTABOP_query_size, query);
    return answer ? answer : query->status;
}

static long argo_enable(const struct asking *asking)
{
    return call(asking->subject, __HYPERVISOR_argo_op, 99, 0, 0, 0, 0);
}

/* A ring for the object, or for everybody, in a frame that is none */
static long argo_register(const struct asking *asking)
{
    xen_argo_register_ring_t *ring = request(asking->subject);
    xen_argo_gfn_t *frame = (xen_argo_gfn_t *)(ring + 1);

    ring->aport = 1;
    ring->partner_id = asking->question->object == MACHINE ? XEN_ARGO_DOMID_ANY : asking->object;
    ring->len = 1024;
    *frame = 0xfffffffful;
    return (int)call(asking->subject, __HYPERVISOR_argo_op, XEN_ARGO_OP_register_ring,
                     there(asking->subject, ring), there(asking->subject, frame), 1, 0);
}

static long argo_send(const struct asking *asking)
{
    struct {
        xen_argo_send_addr_t address;
        xen_argo_iov_t iov;
        uint8_t message[16];
    } *message = request(asking->subject);

    message->address.src.domain_id = XEN_ARGO_DOMID_ANY;
    message->address.dst.domain_id = asking->object;
    message->address.dst.aport = 77;
    message->iov.iov_len = sizeof(message->message);
    set_xen_guest_handle(message->iov.iov_hnd, (uint8_t *)there(asking->subject, message->message));
    return (int)call(asking->subject, __HYPERVISOR_argo_op, XEN_ARGO_OP_sendv,
                     there(asking->subject, &message->address), there(asking->subject, &message->iov), 1, 0);
}

static const struct question questions[] = {
    { .operation = "evtchn_unbound", .when = "id2 is control|id2 is self", .object = DOMAIN, .ask = unbound },
    { .operation = "evtchn_unbound", .when = "id2 is another guest", .third = true, .object = DOMAIN, .ask = unbound,
      .value = 1 },
    { .operation = "evtchn_interdomain", .object = DOMAIN, .ask = interdomain },
    { .operation = "evtchn_send/ECS_INTERDOMAIN", .ask = send_interdomain },
    { .operation = "evtchn_send/ECS_IPI", .ask = send_ipi },
    { .operation = "evtchn_send/ECS_UNBOUND", .ask = send_unbound },
    { .operation = "evtchn_send/*", .ask = send_free },
    { .operation = "evtchn_status", .object = DOMAIN, .ask = status },
    { .operation = "evtchn_reset", .object = DOMAIN, .ask = reset },

    { .operation = "grant_mapref", .when = "flags & GNTMAP_readonly", .value = GNTMAP_readonly,
      .object = DOMAIN, .ask = mapref, .refused = grant_refused },
    { .operation = "grant_mapref", .when = "!(flags & GNTMAP_readonly)",
      .object = DOMAIN, .ask = mapref, .refused = grant_refused },
    { .operation = "grant_unmapref", .object = DOMAIN, .paravirtual = true, .ask = unmapref,
      .refused = grant_refused },
    { .operation = "grant_setup", .object = DOMAIN, .ask = setup, .refused = grant_refused },
    { .operation = "grant_transfer", .object = DOMAIN, .ask = transfer, .refused = grant_refused },
    { .operation = "grant_copy", .object = DOMAIN, .ask = copy, .refused = grant_refused },
    { .operation = "grant_query_size", .object = DOMAIN, .ask = query_size, .refused = grant_refused },

    { .operation = "argo_enable", .ask = argo_enable },
    { .operation = "argo_enable/argo_register_single_source", .object = DOMAIN, .ask = argo_register },
    { .operation = "argo_enable/argo_register_any_source", .ask = argo_register },
    { .operation = "argo_enable/argo_send", .object = DOMAIN, .ask = argo_send },
};

const struct family channel_questions = FAMILY(questions);
