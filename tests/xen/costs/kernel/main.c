/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What operations cost, in steps of the time stamp counter: instructions under QEMU's instruction counter, where
 * tests/xen/test-costs runs this, cycles on a machine.
 *
 * Domain 0 does everything to itself, so nothing is measured but the way into Xen, the check, the operation, and the way
 * back. The least of some tries counts: the others were interrupted. With the module that test-costs hands in, the
 * policy that runs, each operation is measured once more after that policy has been loaded again, which empties the
 * cache of decisions.
 *
 * seconds: 120
 */
#define PUPPETS 1
#define PUPPET_PAGES 2
#define PUPPET_DATA

#include "puppets.c"

#include <xen/argo.h>
#include <xen/event_channel.h>
#include <xen/grant_table.h>

enum { HITS = 50, MISSES = 5, GRANT = 9, PORT = 7, RING = 2048 };

#define M2P ((const unsigned long *)0xffff800000000000ul)

static uint8_t mapped[PAGE] __attribute__((aligned(4096)));
static uint8_t table[PAGE] __attribute__((aligned(4096)));
static evtchn_port_t port;
static struct gnttab_map_grant_ref grant_map;
static unsigned long entry_address, entry_value;
static xen_argo_ring_t *const ring = (xen_argo_ring_t *)shared_pages[0];

static unsigned long now(void)
{
    uint32_t low, high;

    asm volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return (unsigned long)high << 32 | low;
}

static long version(void)
{
    return xen_version(XENVER_pagesize, NULL) - PAGE;
}

static long evtchn_send(void)
{
    struct evtchn_send send = { .port = port };

    return hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_send, (unsigned long)&send, 0, 0, 0);
}

static long grant_mapref(void)
{
    grant_map = (struct gnttab_map_grant_ref){ .host_addr = (unsigned long)mapped, .flags = GNTMAP_host_map,
                                               .ref = GRANT };
    hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, (unsigned long)&grant_map, 1, 0, 0);
    return grant_map.status;
}

static long grant_unmapref(void)
{
    struct gnttab_unmap_grant_ref unmap_ref = { .host_addr = (unsigned long)mapped, .handle = grant_map.handle };

    hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_unmap_grant_ref, (unsigned long)&unmap_ref, 1, 0, 0);
    return unmap_ref.status;
}

static long grant_copy(void)
{
    struct gnttab_copy copy = { .source = { .u.ref = GRANT, .domid = 0 },
                                .dest = { .u.gmfn = own_frame(scratch), .domid = DOMID_SELF },
                                .len = 64, .flags = GNTCOPY_source_gref };

    hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_copy, (unsigned long)&copy, 1, 0, 0);
    return copy.status;
}

static long mmu_update(void)
{
    struct mmu_update update = { .ptr = entry_address, .val = entry_value ^= 0x20 };    /* the accessed bit */

    return hypercall(__HYPERVISOR_mmu_update, (unsigned long)&update, 1, 0, DOMID_SELF, 0);
}

static long argo_sendv(void)
{
    static uint8_t message[16];
    static xen_argo_iov_t iov = { .iov_len = sizeof(message) };
    static xen_argo_send_addr_t address = { .src.domain_id = XEN_ARGO_DOMID_ANY, .dst.aport = PORT };
    long sent;

    set_xen_guest_handle(iov.iov_hnd, message);
    sent = hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_sendv, (unsigned long)&address, (unsigned long)&iov, 1, 0);
    ring->rx_ptr = ring->tx_ptr;
    return sent - (long)sizeof(message);
}

static long getvcpuinfo(void)
{
    static struct xen_domctl op;

    op.cmd = XEN_DOMCTL_getvcpuinfo;
    return xen_domctl(&op);
}

/* Not a hypercall: Xen is asked to emulate the instruction. */
static long cpuid(void)
{
    uint32_t leaf = 1, b, c, d;

    asm volatile("ud2a; .ascii \"xen\"; cpuid" : "+a"(leaf), "=b"(b), "=c"(c), "=d"(d));
    return 0;
}

static const struct operation {
    const char *name;
    long (*run)(void);
    long (*undo)(void);
    long (*prepare)(void);
} operations[] = {
    { "xen_version", version, NULL, NULL },
    { "evtchn_send", evtchn_send, NULL, NULL },
    { "grant map", grant_mapref, grant_unmapref, NULL },
    { "grant unmap", grant_unmapref, NULL, grant_mapref },
    { "grant copy", grant_copy, NULL, NULL },
    { "mmu_update", mmu_update, NULL, NULL },
    { "argo sendv", argo_sendv, NULL, NULL },
    { "domctl getvcpuinfo", getvcpuinfo, NULL, NULL },
    { "CPUID exit", cpuid, NULL, NULL },
};

static void load_policy(void)
{
    struct xen_flask_op op = { .cmd = FLASK_LOAD };

    op.u.load.size = (uint32_t)start_info->mod_len;
    set_xen_guest_handle(op.u.load.buffer, (char *)start_info->mod_start);
    expect("loading the policy again", xen_flask(&op), 0);
}

static unsigned long least(const struct operation *operation, unsigned int tries, bool miss)
{
    unsigned long result = ~0ul;

    while (tries--) {
        unsigned long begun, taken;
        long answer;

        if (operation->prepare)
            expect(operation->name, operation->prepare(), 0);
        if (miss)
            load_policy();
        begun = now();
        answer = operation->run();
        taken = now() - begun;
        if (taken < result)
            result = taken;
        expect(operation->name, answer, 0);
        if (operation->undo)
            expect(operation->name, operation->undo(), 0);
    }
    return result;
}

static void prepare_event(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF };
    struct evtchn_bind_interdomain bind;

    must("alloc_unbound", hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (unsigned long)&alloc,
                                    0, 0, 0));
    bind = (struct evtchn_bind_interdomain){ .remote_port = alloc.port };
    must("bind_interdomain", hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain, (unsigned long)&bind,
                                       0, 0, 0));
    port = bind.local_port;
}

static void prepare_grant(void)
{
    struct gnttab_setup_table setup = { .dom = DOMID_SELF, .nr_frames = 1 };
    xen_pfn_t frame = 0;

    set_xen_guest_handle(setup.frame_list, &frame);
    must("setup_table", hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_setup_table, (unsigned long)&setup, 1, 0, 0));
    map(table, frame, DOMID_SELF);
    ((grant_entry_v1_t *)table)[GRANT] = (grant_entry_v1_t){ .flags = GTF_permit_access,
                                                             .frame = (uint32_t)own_frame(shared_pages[1]) };
}

/* The entry of the page table that maps `scratch`, found from the root, which Xen has mapped for us like all memory */
static void prepare_mmu(void)
{
    const unsigned long *level = (const unsigned long *)start_info->pt_base;
    unsigned long place = (unsigned long)scratch, frame = 0;

    for (int shift = 39; shift >= 12; shift -= 9) {
        unsigned long index = place >> shift & 511;

        entry_address = (frame << 12) + index * sizeof(*level);
        entry_value = level[index];
        frame = entry_value << 12 >> 24;
        level = (const unsigned long *)(VIRT_BASE + M2P[frame] * PAGE);
    }
}

static void prepare_argo(void)
{
    static xen_argo_register_ring_t request = { .aport = PORT, .partner_id = XEN_ARGO_DOMID_ANY, .len = RING };
    static xen_argo_gfn_t frame;

    frame = own_frame(ring);
    must("register_ring", hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_register_ring, (unsigned long)&request,
                                    (unsigned long)&frame, 1, 0));
}

void test(void)
{
    prepare_event();
    prepare_grant();
    prepare_mmu();
    prepare_argo();
    for (unsigned int i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        print("COST %s: %lu\n", operations[i].name, least(&operations[i], HITS, false));
        if (start_info->mod_len)
            print("MISS %s: %lu\n", operations[i].name, least(&operations[i], MISSES, true));
    }
}
