/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen enforces the isolated policy: guests reach control and themselves, not each other, and control cannot look into a
 * private guest once it has been relabelled.
 *
 * xen: xsm=flask flask=enforcing
 * policy: classic+isolated
 * log: avc:  denied  \{ map_read map_write \} for source=d1 target=d2 .*tclass=grant
 * log: avc:  denied  \{ bind \} .*tclass=event
 * log: avc:  denied  \{ map_read map_write \} .*scontext=system_u:system_r:dom0_t tcontext=system_u:system_r:private_t tclass=mmu
 * log: avc:  denied  \{ getvcpucontext \} .*tcontext=system_u:system_r:private_t
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

enum { CONTROL, A, B, PRIVATE };

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
    /* What is let through ends because the guest keeps no records of mappings, or because nothing has been granted. */
    expect("A maps a page of its own that it has not granted", mapref(A, A), GNTST_no_space);
    expect("A maps one of control", mapref(A, CONTROL), GNTST_no_space);
    expect("control maps one of A", mapref(CONTROL, A), GNTST_bad_gntref);
    expect("A maps one of B", mapref(A, B), GNTST_permission_denied);

    expect("control looks into an ordinary guest", look_into(A), 0);
    expect("and into one that is to be private", look_into(PRIVATE), 0);
    expect("and reads its registers", registers_of(PRIVATE), 0);
    unmap(scratch);
    unmap(windows[PRIVATE][0]);
    unmap(windows[PRIVATE][1]);
    expect("which it then is", relabel(PRIVATE, "system_u:system_r:private_t"), 0);
    expect("control looks into it", look_into(PRIVATE), -XEN_EACCES);
    expect("and reads its registers now", registers_of(PRIVATE), -XEN_EACCES);
    expect("and pauses it", (memset(&domctl, 0, sizeof(domctl)), control(XEN_DOMCTL_pausedomain, PRIVATE)), 0);
    expect("and looks into the ordinary one", look_into(A), 0);
    unmap(scratch);
}
