/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See argo-linux.h. Three things have to be found in user space:
 *
 * Memory that Xen may write to at any time. The kernel may move a process's page, even if it is locked; those of the
 * driver for grants stay where they are, so the ring is made of pages that are granted to nobody.
 *
 * Its frames. Where the hypervisor translates them, they are what /proc/self/pagemap says; in a paravirtualised guest
 * Xen wants machine frames, and the entries of the grants, which it shares with the guest, name them.
 *
 * An end. Xen does not know of processes, and would write on when the kernel has given the pages to others. So a second
 * process, the keeper, has the pages too, and unregisters the ring when the first has died, whatever of.
 */
#include "argo-linux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xen/event_channel.h>
#include <xen/features.h>
#include <xen/grant_table.h>
#include <xen/version.h>
#include <xencall.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>
#include <xengnttab.h>

enum { PAGE = 4096, PAGES = 5, GRANTS_A_PAGE = PAGE / sizeof(grant_entry_v1_t), TABLE = 64 };
enum { RING = PAGES * PAGE - (int)sizeof(xen_argo_ring_t) }; /* a multiple of 16 */

/* What Xen reads and writes at addresses of this process */
struct shared {
    struct argo_port port;
    xencall_handle *call;
    xen_argo_gfn_t frames[PAGES];
    union {
        xen_feature_info_t features;
        struct gnttab_query_size size;
        struct gnttab_get_version version;
        struct gnttab_setup_table table;
        struct evtchn_alloc_unbound unbound;
        struct evtchn_status status;
        struct evtchn_close close;
    } ask;
    xen_pfn_t table[TABLE];
    uint8_t data[ARGO_LINUX_LONGEST];
};

struct argo_linux {
    struct shared *shared;
    xencall_handle *call;
    xengntshr_handle *granted;
    xenforeignmemory_handle *memory;
    xenevtchn_handle *events;
    uint32_t grants[PAGES];
    bool translated;
    bool lost;             /* the ring has to be registered anew */
    evtchn_port_t witness; /* an event channel that is gone when the domain is another */
    domid_t witness_for;
    int keeper_pipe; /* its end tells the keeper */
    pid_t keeper;
};

static long argo_op(struct argo_port *port, unsigned int operation, const void *arg1, const void *arg2,
                    unsigned long arg3, unsigned long arg4)
{
    /* A port is the first member of what it is shared with. */
    int result = xencall5(((struct shared *)(void *)port)->call, __HYPERVISOR_argo_op, operation, (uintptr_t)arg1,
                          (uintptr_t)arg2, arg3, arg4);

    return result < 0 ? -errno : result;
}

/* ---- the ring's frames */

static int ask_features(struct argo_linux *argo)
{
    argo->shared->ask.features = (xen_feature_info_t){ 0 };
    if (xencall2(argo->call, __HYPERVISOR_xen_version, XENVER_get_features, (uintptr_t)&argo->shared->ask.features) < 0)
        return -1;
    argo->translated = argo->shared->ask.features.submap >> XENFEAT_auto_translated_physmap & 1;
    return 0;
}

static int frames_translated(struct argo_linux *argo)
{
    int file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC), result = file < 0 ? -1 : 0;

    for (int i = 0; !result && i < PAGES; i++) {
        uintptr_t page = (uintptr_t)argo->shared->port.ring / PAGE + (uintptr_t)i;
        uint64_t entry = 0;

        if (pread(file, &entry, sizeof entry, (off_t)(page * sizeof entry)) != sizeof entry)
            result = -1;
        argo->shared->frames[i] = entry & (((uint64_t)1 << 55) - 1);
        /* Without the right to see them all frames are 0. */
        if (!(entry >> 63) || !argo->shared->frames[i]) {
            errno = EPERM;
            result = -1;
        }
    }
    if (file >= 0)
        close(file);
    return result;
}

static int grant_op(struct argo_linux *argo, unsigned int operation)
{
    return xencall3(argo->call, __HYPERVISOR_grant_table_op, operation, (uintptr_t)&argo->shared->ask, 1);
}

static int frames_granted(struct argo_linux *argo)
{
    struct shared *shared = argo->shared;
    grant_entry_v1_t *table;
    uint32_t size;
    int result = 0;

    shared->ask.version = (struct gnttab_get_version){ .dom = DOMID_SELF };
    if (grant_op(argo, GNTTABOP_get_version) < 0)
        return -1;
    if (shared->ask.version.version != 1) {
        errno = ENOTSUP;
        return -1;
    }
    shared->ask.size = (struct gnttab_query_size){ .dom = DOMID_SELF };
    if (grant_op(argo, GNTTABOP_query_size) < 0 || shared->ask.size.status != GNTST_okay)
        return -1;
    size = shared->ask.size.nr_frames;
    if (size > TABLE) {
        errno = ENOSPC;
        return -1;
    }
    shared->ask.table = (struct gnttab_setup_table){ .dom = DOMID_SELF, .nr_frames = size };
    set_xen_guest_handle(shared->ask.table.frame_list, shared->table);
    if (grant_op(argo, GNTTABOP_setup_table) < 0 || shared->ask.table.status != GNTST_okay)
        return -1;
    table = xenforeignmemory_map(argo->memory, DOMID_SELF, PROT_READ, size, shared->table, NULL);
    if (!table)
        return -1;
    for (int i = 0; i < PAGES; i++) {
        const grant_entry_v1_t *entry = &table[argo->grants[i]];

        /* After a restore the entries are gone, or others'. */
        if (argo->grants[i] >= size * GRANTS_A_PAGE || entry->domid != DOMID_SELF ||
            !(entry->flags & GTF_permit_access)) {
            errno = ESTALE;
            result = -1;
            break;
        }
        shared->frames[i] = entry->frame;
    }
    xenforeignmemory_unmap(argo->memory, table, size);
    return result;
}

/* ---- the end of this domain, when it is restored or migrated: Xen's event channels end with it */

static int witness_op(struct argo_linux *argo, unsigned int operation)
{
    return xencall2(argo->call, __HYPERVISOR_event_channel_op, operation, (uintptr_t)&argo->shared->ask);
}

/* Whether the witness is there, and in `*dom` for whom it was made */
static bool witness_lives(struct argo_linux *argo, domid_t *dom)
{
    argo->shared->ask.status = (struct evtchn_status){ .dom = DOMID_SELF, .port = argo->witness };
    if (witness_op(argo, EVTCHNOP_status) < 0 || argo->shared->ask.status.status != EVTCHNSTAT_unbound)
        return false;
    *dom = argo->shared->ask.status.u.unbound.dom;
    return true;
}

/* One that leads to this domain itself, as no other of the kernel's does. It may be denied: then there is none. */
static void witness_make(struct argo_linux *argo)
{
    argo->witness = 0;
    argo->shared->ask.unbound = (struct evtchn_alloc_unbound){ .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    if (witness_op(argo, EVTCHNOP_alloc_unbound) < 0)
        return;
    argo->witness = argo->shared->ask.unbound.port;
    if (!witness_lives(argo, &argo->witness_for))
        argo->witness = 0;
}

static bool moved(struct argo_linux *argo)
{
    domid_t dom;

    return argo->witness && (!witness_lives(argo, &dom) || dom != argo->witness_for);
}

static void witness_close(struct argo_linux *argo)
{
    if (!argo->witness || moved(argo))
        return;
    argo->shared->ask.close = (struct evtchn_close){ .port = argo->witness };
    witness_op(argo, EVTCHNOP_close);
}

/* ---- the ring */

static void keeper_main(const struct argo_linux *argo, int end)
{
    struct argo_linux own = { .call = xencall_open(NULL, 0), .witness = argo->witness,
                              .witness_for = argo->witness_for };
    sigset_t all;
    char byte;

    setsid();
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    own.shared = own.call ? xencall_alloc_buffer(own.call, sizeof *own.shared) : NULL;
    if (!own.shared)
        _exit(1);
    *own.shared = (struct shared){
        .port = { .hypercall = argo_op, .port = argo->shared->port.port, .partner = argo->shared->port.partner },
        .call = own.call,
    };
    while (read(end, &byte, 1) < 0 && errno == EINTR)
        ;
    argo_port_close(&own.shared->port);
    witness_close(&own);
    _exit(0);
}

static int keeper_start(struct argo_linux *argo)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC))
        return -1;
    argo->keeper = fork();
    if (argo->keeper == 0) {
        close(ends[1]);
        keeper_main(argo, ends[0]);
    }
    close(ends[0]);
    argo->keeper_pipe = ends[1];
    return argo->keeper < 0 ? -1 : 0;
}

/* Unregister the ring and give its pages back. */
static void ring_close(struct argo_linux *argo)
{
    struct argo_port *port = &argo->shared->port;

    if (!port->ring)
        return;
    /* In another domain than it was registered in there is none. */
    argo_port_close(port);
    witness_close(argo);
    if (argo->keeper_pipe >= 0)
        close(argo->keeper_pipe);
    if (argo->keeper > 0)
        waitpid(argo->keeper, NULL, 0);
    xengntshr_unshare(argo->granted, port->ring, PAGES);
    port->ring = NULL;
    argo->keeper_pipe = -1;
    argo->keeper = 0;
}

static int ring_open(struct argo_linux *argo, const char **what)
{
    struct argo_port *port = &argo->shared->port;
    long result;

    *what = "cannot have pages from xen-gntalloc";
    port->ring = xengntshr_share_pages(argo->granted, DOMID_SELF, PAGES, argo->grants, 0);
    if (!port->ring)
        return -1;
    memset(port->ring, 0, PAGES * PAGE);
    port->size = RING;
    *what = "cannot find the frames of the ring";
    if (argo->translated ? frames_translated(argo) : frames_granted(argo))
        return -1;
    witness_make(argo);
    *what = "cannot start a second process";
    if (keeper_start(argo))
        return -1;
    *what = "cannot register the ring";
    result = argo_port_open(port, argo->shared->frames, PAGES);
    if (result < 0) {
        errno = (int)-result;
        return -1;
    }
    return 0;
}

/* ---- all together */

struct argo_linux *argo_linux_open(uint32_t port, uint16_t partner, bool receive, bool events, const char **what)
{
    struct argo_linux *argo = calloc(1, sizeof *argo);

    *what = "out of memory";
    if (!argo)
        return NULL;
    argo->keeper_pipe = -1;
    *what = "cannot reach Xen";
    argo->call = xencall_open(NULL, 0);
    argo->shared = argo->call ? xencall_alloc_buffer(argo->call, sizeof *argo->shared) : NULL;
    if (!argo->shared)
        goto failed;
    *argo->shared = (struct shared){ .port = { .hypercall = argo_op, .port = port, .partner = partner },
                                     .call = argo->call };
    if (ask_features(argo))
        goto failed;
    if (events) {
        *what = "cannot bind Argo's events";
        argo->events = xenevtchn_open(NULL, 0);
        if (!argo->events || xenevtchn_bind_virq(argo->events, VIRQ_ARGO) < 0)
            goto failed;
    }
    if (receive) {
        *what = "cannot use xen-gntalloc";
        argo->granted = xengntshr_open(NULL, 0);
        if (!argo->granted)
            goto failed;
        *what = "cannot map memory";
        argo->memory = argo->translated ? NULL : xenforeignmemory_open(NULL, 0);
        if ((!argo->translated && !argo->memory) || ring_open(argo, what))
            goto failed;
    }
    return argo;

failed:
    argo_linux_close(argo);
    return NULL;
}

void argo_linux_close(struct argo_linux *argo)
{
    int error = errno;

    if (!argo)
        return;
    if (argo->shared) {
        ring_close(argo);
        xencall_free_buffer(argo->call, argo->shared);
    }
    if (argo->granted)
        xengntshr_close(argo->granted);
    if (argo->memory)
        xenforeignmemory_close(argo->memory);
    if (argo->events)
        xenevtchn_close(argo->events);
    if (argo->call)
        xencall_close(argo->call);
    free(argo);
    errno = error;
}

int argo_linux_handle(const struct argo_linux *argo)
{
    return argo->events ? xenevtchn_fd(argo->events) : -1;
}

void argo_linux_awake(struct argo_linux *argo)
{
    xenevtchn_port_or_error_t port = xenevtchn_pending(argo->events);

    if (port >= 0)
        xenevtchn_unmask(argo->events, (evtchn_port_t)port);
}

long argo_linux_send(struct argo_linux *argo, const void *data, uint32_t length, uint32_t type)
{
    if (length > ARGO_LINUX_LONGEST)
        return -EMSGSIZE;
    memcpy(argo->shared->data, data, length);
    return argo_port_send(&argo->shared->port, argo->shared->data, length, type);
}

long argo_linux_receive(struct argo_linux *argo, void *data, uint32_t room, struct argo_port_message *message)
{
    long result = argo->shared->port.ring ? argo_port_receive(&argo->shared->port, data, room, message) : -EAGAIN;

    if (result >= 0)
        argo_port_taken(&argo->shared->port);
    return result;
}

long argo_linux_look(struct argo_linux *argo)
{
    const char *what;

    if (!argo->granted)
        return 0;
    /*
     * Without a witness the frames tell in a paravirtualised guest. Elsewhere they are what they were, and to register
     * them again leaves the ring as it is.
     */
    if (!argo->lost && !argo->witness && argo->translated)
        return argo_port_open(&argo->shared->port, argo->shared->frames, PAGES);
    if (!argo->lost)
        argo->lost = argo->witness ? moved(argo) : frames_granted(argo) != 0;
    if (!argo->lost)
        return 0;
    ring_close(argo);
    if (ring_open(argo, &what)) {
        long error = -errno;

        ring_close(argo);
        return error;
    }
    argo->lost = false;
    return 0;
}
