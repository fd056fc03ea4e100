/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen enforces the isolated policy: guests reach control and themselves, not each other, and control cannot look into a
 * private guest once it has been relabelled. What test-answers asks one by one is here a story, with the ways that it
 * cannot ask about: two guests at once, and the way back.
 *
 * xen: xsm=flask flask=enforcing
 * policy: classic+isolated
 * cpu: EPYC,family=22,+svm,+npt,-smap,-rdtscp,-monitor
 * log: avc:  denied  \{ map_read map_write \} for source=d1 target=d2 .*tclass=grant
 * log: avc:  denied  \{ bind \} .*tclass=event
 * log: avc:  denied  \{ map_read map_write \} .*scontext=system_u:system_r:dom0_t tcontext=system_u:system_r:private_t tclass=mmu
 * log: avc:  denied  \{ getvcpucontext \} .*tcontext=system_u:system_r:private_t
 * log: avc:  denied  \{ setdebugging \} .*tcontext=system_u:system_r:private_t
 * log: avc:  denied  \{ adjust \} .*tcontext=system_u:system_r:private_t
 * log: avc:  denied  \{ set_as_target \} .*tcontext=system_u:system_r:private_t
 * log: avc:  denied  \{ relabelfrom \} .*tcontext=system_u:system_r:private_t
 * log: avc:  denied  \{ setenforce \} .*scontext=system_u:system_r:dom0_t
 * log: avc:  denied  \{ load_policy \} .*scontext=system_u:system_r:dom0_t
 */
#define PUPPETS 4
#define PUPPET_PAGES 1
#define PUPPET_DATA                                                                                                    \
    struct evtchn_alloc_unbound alloc;                                                                                 \
    struct gnttab_map_grant_ref map;

#include "guest.h"

#include <xen/event_channel.h>
#include <xen/grant_table.h>

#include "puppets.c"

enum { CONTROL, A, B, PRIVATE, EMULATED };

static long alloc_unbound(unsigned int caller, domid_t remote)
{
    puppets[caller].mailbox->data.alloc = (struct evtchn_alloc_unbound){ .dom = DOMID_SELF, .remote_dom = remote };
    return puppet_call(caller, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound,
                       (unsigned long)&mailbox.data, 0, 0, 0);
}

static long mapref(unsigned int caller, domid_t granter)
{
    struct gnttab_map_grant_ref *map_ref = &puppets[caller].mailbox->data.map;

    *map_ref = (struct gnttab_map_grant_ref){ .flags = GNTMAP_host_map, .ref = 0xffff, .dom = granter };
    puppet_call(caller, __HYPERVISOR_grant_table_op, GNTTABOP_map_grant_ref, (unsigned long)&mailbox.data, 1, 0, 0);
    return map_ref->status;
}

static long alloc_between(unsigned int one, domid_t other)
{
    struct evtchn_alloc_unbound alloc = { .dom = (domid_t)one, .remote_dom = other };

    return hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (unsigned long)&alloc, 0, 0, 0);
}

static long debugger_reads(unsigned int guest)
{
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.gdbsx_guest_memio.gva = (unsigned long)&mailbox;
    domctl.u.gdbsx_guest_memio.uva = (unsigned long)scratch;
    domctl.u.gdbsx_guest_memio.len = 8;
    return control(XEN_DOMCTL_gdbsx_guestmemio, (domid_t)guest);
}

/* What a guest had in a page that is taken from it goes to whoever gets it next: Xen clears pages of dead domains only. */
static long take_page(unsigned int guest)
{
    xen_pfn_t frame = puppets[guest].page_frames[0];
    struct xen_memory_reservation reservation = { .nr_extents = 1, .domid = (domid_t)guest };

    set_xen_guest_handle(reservation.extent_start, &frame);
    return hypercall(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, (unsigned long)&reservation, 0, 0, 0);
}

static long make_target(unsigned int model, unsigned int guest)
{
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.set_target.target = (domid_t)guest;
    return control(XEN_DOMCTL_set_target, (domid_t)model);
}

static long flask(uint32_t cmd)
{
    struct xen_flask_op op = { .cmd = cmd };

    return xen_flask(&op);
}

static long look_into(unsigned int guest)
{
    return hypercall(__HYPERVISOR_update_va_mapping_otherdomain, (unsigned long)scratch,
                     puppets[guest].page_frames[0] << 12 | PTE_RW, UVMF_INVLPG, guest, 0);
}

static long registers_of(unsigned int guest)
{
    memset(&domctl, 0, sizeof(domctl));
    set_xen_guest_handle(domctl.u.vcpucontext.ctxt, &context);
    return control(XEN_DOMCTL_getvcpucontext, (domid_t)guest);
}

static long relabel(unsigned int guest, const char *label)
{
    struct xen_flask_op op = { .cmd = FLASK_RELABEL_DOMAIN };

    op.u.relabel.domid = guest;
    op.u.relabel.sid = sid_of(label);
    return xen_flask(&op);
}

void test(void)
{
    if (is_puppet)
        puppet_main();
    puppets_init();
    for (unsigned int d = A; d <= PRIVATE; d++)
        puppet_create(d, "system_u:system_r:domU_t", 0);

    expect("A waits for itself", alloc_unbound(A, A), 0);
    expect("A waits for control", alloc_unbound(A, CONTROL), 0);
    expect("control waits for A", alloc_unbound(CONTROL, A), 0);
    expect("A waits for B", alloc_unbound(A, B), -XEN_EACCES);
    expect("control lets A wait for B", alloc_between(A, B), -XEN_EACCES);
    /* What is let through ends because nothing has been granted. */
    expect("A maps a page of its own that it has not granted", mapref(A, A), GNTST_bad_gntref);
    expect("A maps one of control", mapref(A, CONTROL), GNTST_bad_gntref);
    expect("control maps one of A", mapref(CONTROL, A), GNTST_bad_gntref);
    expect("A maps one of B", mapref(A, B), GNTST_permission_denied);

    expect("control looks into an ordinary guest", look_into(A), 0);
    expect("and into one that is to be private", look_into(PRIVATE), 0);
    expect("and reads its registers", registers_of(PRIVATE), 0);
    unmap(scratch);
    expect("and its memory, as a debugger", debugger_reads(PRIVATE), 0);
    domain_create(EMULATED, "system_u:system_r:domU_t", XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap);
    unmap(windows[PRIVATE][0]);
    unmap(windows[PRIVATE][1]);
    expect("which it then is", relabel(PRIVATE, "system_u:system_r:private_t"), 0);
    expect("control looks into it", look_into(PRIVATE), -XEN_EACCES);
    expect("and reads its registers now", registers_of(PRIVATE), -XEN_EACCES);
    expect("and its memory, as a debugger", debugger_reads(PRIVATE), -XEN_EACCES);
    expect("and takes a page from it", take_page(PRIVATE), 0);
    expect("and from an ordinary one", (unmap(windows[B][1]), take_page(B)), 1);
    expect("a guest with hardware assistance becomes private", relabel(EMULATED, "system_u:system_r:private_t"), 0);
    expect("and A its device model", make_target(A, EMULATED), -XEN_EACCES);
    expect("and control its device model", make_target(CONTROL, EMULATED), -XEN_EACCES);
    expect("it is made an ordinary one again", relabel(PRIVATE, "system_u:system_r:domU_t"), -XEN_EACCES);
    expect("Flask is made permissive", flask(FLASK_SETENFORCE), -XEN_EACCES);
    expect("or gets another policy", flask(FLASK_LOAD), -XEN_EACCES);
    expect("it still enforces", flask_enforcing(), 1);
    expect("control pauses it", (memset(&domctl, 0, sizeof(domctl)), control(XEN_DOMCTL_pausedomain, PRIVATE)), 0);
    expect("and looks into the ordinary one", look_into(A), 0);
    unmap(scratch);
}
