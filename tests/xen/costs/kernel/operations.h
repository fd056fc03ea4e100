/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is measured: the domain does everything to itself, so that nothing is but the way into Xen, the check, the
 * operation, and the way back.
 *
 * Part of main.c.
 */
#include <xen/argo.h>
#include <xen/event_channel.h>
#include <xen/grant_table.h>

enum { GRANT = 9, PORT = 7, RING = 2048 };

static uint8_t mapped[PAGE] __attribute__((aligned(4096)));
static uint8_t table[PAGE] __attribute__((aligned(4096)));
static evtchn_port_t port;
static domid_t self;
static struct gnttab_map_grant_ref grant_map;
static unsigned long entry_address, entry_value;
static xen_argo_ring_t *const ring = (xen_argo_ring_t *)shared_pages[0];

static long nothing(void)
{
    return 0;
}

static long version(void)
{
    return xen_version(XENVER_pagesize, NULL) - (long)PAGE;
}

static long event_call(int command, void *argument)
{
    return hypercall(__HYPERVISOR_event_channel_op, (unsigned long)command, (unsigned long)argument, 0, 0, 0);
}

static long evtchn_send(void)
{
    struct evtchn_send send = { .port = port };

    return event_call(EVTCHNOP_send, &send);
}

/* An event channel to itself, which also says who that is */
static long evtchn_prepare(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_bind_interdomain bind;
    struct evtchn_status status = { .dom = DOMID_SELF };
    long result = event_call(EVTCHNOP_alloc_unbound, &alloc);

    if (result)
        return result;
    bind = (struct evtchn_bind_interdomain){ .remote_dom = DOMID_SELF, .remote_port = alloc.port };
    result = event_call(EVTCHNOP_bind_interdomain, &bind);
    if (result)
        return result;
    port = status.port = bind.local_port;
    result = event_call(EVTCHNOP_status, &status);
    self = status.u.interdomain.dom;
    return result;
}

static long grant_call(unsigned int command, void *argument)
{
    return hypercall(__HYPERVISOR_grant_table_op, command, (unsigned long)argument, 1, 0, 0);
}

static long grant_mapref(void)
{
    grant_map = (struct gnttab_map_grant_ref){ .host_addr = (unsigned long)mapped, .flags = GNTMAP_host_map,
                                               .ref = GRANT, .dom = self };
    return grant_call(GNTTABOP_map_grant_ref, &grant_map) ?: grant_map.status;
}

static long grant_unmapref(void)
{
    struct gnttab_unmap_grant_ref unmap_ref = { .host_addr = (unsigned long)mapped, .handle = grant_map.handle };

    return grant_call(GNTTABOP_unmap_grant_ref, &unmap_ref) ?: unmap_ref.status;
}

static long grant_copy(void)
{
    struct gnttab_copy copy = { .source = { .u.ref = GRANT, .domid = self },
                                .dest = { .u.gmfn = own_frame(scratch), .domid = DOMID_SELF },
                                .len = 64, .flags = GNTCOPY_source_gref };

    return grant_call(GNTTABOP_copy, &copy) ?: copy.status;
}

/* A page granted to itself */
static long grant_prepare(void)
{
    struct gnttab_setup_table setup = { .dom = DOMID_SELF, .nr_frames = 1 };
    xen_pfn_t frame = 0;
    long result;

    set_xen_guest_handle(setup.frame_list, &frame);
    result = grant_call(GNTTABOP_setup_table, &setup) ?: setup.status;
    if (result)
        return result;
    map(table, frame, DOMID_SELF);
    ((grant_entry_v1_t *)table)[GRANT] = (grant_entry_v1_t){ .flags = GTF_permit_access, .domid = self,
                                                             .frame = (uint32_t)own_frame(shared_pages[1]) };
    return 0;
}

static long mmu_update(void)
{
    struct mmu_update update = { .ptr = entry_address, .val = entry_value ^= 0x20 };    /* the accessed bit */

    return hypercall(__HYPERVISOR_mmu_update, (unsigned long)&update, 1, 0, DOMID_SELF, 0);
}

/* The entry of the page table that maps `scratch`, found from the root, which Xen has mapped for us like all memory */
static long mmu_prepare(void)
{
    const unsigned long *level = (const unsigned long *)start_info->pt_base;
    unsigned long place = (unsigned long)scratch, frame = 0;

    for (int shift = 39; shift >= 12; shift -= 9) {
        unsigned long index = place >> shift & 511;

        entry_address = (frame << 12) + index * sizeof(*level);
        entry_value = level[index];
        frame = entry_value << 12 >> 24;
        level = (const unsigned long *)(VIRT_BASE + machine_to_phys_mapping[frame] * PAGE);
    }
    return 0;
}

static long argo_sendv(void)
{
    static uint8_t message[16];
    static xen_argo_iov_t iov = { .iov_len = sizeof(message) };
    static xen_argo_send_addr_t address = { .src.domain_id = XEN_ARGO_DOMID_ANY, .dst.aport = PORT };
    long sent;

    address.dst.domain_id = self;
    set_xen_guest_handle(iov.iov_hnd, message);
    sent = hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_sendv, (unsigned long)&address, (unsigned long)&iov, 1, 0);
    ring->rx_ptr = ring->tx_ptr;
    return sent - (long)sizeof(message);
}

static long argo_prepare(void)
{
    static xen_argo_register_ring_t request = { .aport = PORT, .len = RING };
    static xen_argo_gfn_t frame;

    request.partner_id = self;
    frame = own_frame(ring);
    return hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_register_ring, (unsigned long)&request, (unsigned long)&frame,
                     1, 0);
}

static long getvcpuinfo(void)
{
    domctl.cmd = XEN_DOMCTL_getvcpuinfo;
    domctl.domain = self;
    domctl.u.getvcpuinfo.vcpu = 0;
    return xen_domctl(&domctl);
}

/* Not a hypercall: Xen is asked to emulate the instruction. */
static long cpuid(void)
{
    uint32_t leaf = 1, b, c, d;

    asm volatile("ud2a; .ascii \"xen\"; cpuid" : "+a"(leaf), "=b"(b), "=c"(c), "=d"(d));
    return 0;
}

/* Each returns 0 or an error; `prepare` comes once, `before` and `after` each time, and are not measured. */
static const struct operation {
    const char *name;
    long (*run)(void);
    long (*prepare)(void);
    long (*before)(void);
    long (*after)(void);
} operations[] = {
    { .name = "nothing", .run = nothing },
    { .name = "xen_version", .run = version },
    { .name = "evtchn_send", .run = evtchn_send, .prepare = evtchn_prepare },
    { .name = "grant map", .run = grant_mapref, .prepare = grant_prepare, .after = grant_unmapref },
    { .name = "grant unmap", .run = grant_unmapref, .before = grant_mapref },
    { .name = "grant copy", .run = grant_copy },
    { .name = "mmu_update", .run = mmu_update, .prepare = mmu_prepare },
    { .name = "argo sendv", .run = argo_sendv, .prepare = argo_prepare },
    { .name = "domctl getvcpuinfo", .run = getvcpuinfo },
    { .name = "CPUID exit", .run = cpuid },
};
