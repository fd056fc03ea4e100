/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guests that do what domain 0 tells them to.
 *
 * A puppet is a paravirtualised domain built from a copy of the test kernel's own memory, so everything in it lies at
 * the same address as in domain 0. It waits for requests in its mailbox, a page that domain 0 has mapped: the request
 * is a hypercall, whose pointers point into the mailbox. So a test is one program in domain 0, and each of its
 * hypercalls is made by whichever domain it likes. Or it is a function of the program's, for which domain 0 does not
 * wait.
 *
 * Included by a test, once, after it has defined
 *
 *   PUPPETS          how many domains there are at most, domain 0 among them, which is puppet 0
 *   PUPPET_PAGES     how many more pages of each domain 0 has mapped, such as rings
 *   PUPPET_DATA      members of the union that a request's pointers point to, besides plain bytes
 *   PUPPET_WAIT(d)   what to do while puppet d works, if not to yield
 */
#include "guest.h"

#include <xen/memory.h>
#include <xen/sched.h>

enum {
    FRAMES = 1024,     /* of a puppet: 4 MB, as far as the kernel's image may reach */
    IMAGE = 256,       /* the first frame of the image */
    /* frames below it */
    START_INFO = 1, L4, L3, L2, L1_LOW, L1_HIGH, TABLES_END
};

#define VIRT_BASE 0xffffffff80000000ul
#define PAGE 4096ul
#define PTE_RW 0x67ul
#define PTE_RO 0x65ul

#ifndef PUPPET_WAIT
#define PUPPET_WAIT(d) yield()
#endif

#define PUPPET_CALL ~0u /* as the number of a request: call the function whose address is the first argument */

struct mailbox {
    volatile uint32_t asked, answered;
    unsigned int number;
    unsigned long arguments[5];
    volatile long result;
    /* What the arguments point to */
    union {
        uint8_t bytes[3072];
        PUPPET_DATA
    } data;
    uint64_t frame;
} __attribute__((aligned(4096)));

struct puppet {
    bool alive;
    struct mailbox *mailbox;
    unsigned long base;      /* where the mailbox is for the puppet itself */
    void *pages[PUPPET_PAGES];
    uint64_t page_frames[PUPPET_PAGES];
};

extern char start[], image_end[];

/* These are the places of a domain's own, at the same address in each ... */
static struct mailbox mailbox;
static uint8_t shared_pages[PUPPET_PAGES][PAGE] __attribute__((aligned(4096)));
/* ... and these are where domain 0 maps the puppets'. */
static uint8_t windows[PUPPETS][1 + PUPPET_PAGES][PAGE] __attribute__((aligned(4096)));
static uint8_t scratch[PAGE] __attribute__((aligned(4096)));

static struct puppet puppets[PUPPETS];

/* A frame of I/O memory that shall be a puppet's mailbox, or 0 for one of its own memory */
static unsigned long mailbox_frames[PUPPETS];

static volatile bool is_puppet;
static xen_pfn_t frames[FRAMES];
static struct xen_domctl domctl;
static struct vcpu_guest_context context;

static unsigned long frame_of(const void *place)
{
    return ((unsigned long)place - VIRT_BASE) / PAGE;
}

static void must(const char *what, long result)
{
    if (result < 0) {
        print("%s: %ld\n", what, result);
        error("cannot build a guest");
    }
}

static long yield(void)
{
    return hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0, 0, 0);
}

/* Map a machine frame of a domain at one of our own pages; ours comes back with domain 0 and its own frame. */
static void map(void *place, unsigned long mfn, domid_t domain)
{
    must("update_va_mapping", hypercall(__HYPERVISOR_update_va_mapping_otherdomain, (unsigned long)place,
                                        mfn << 12 | PTE_RW, UVMF_INVLPG, domain, 0));
}

static unsigned long own_frame(const void *place)
{
    return ((const unsigned long *)start_info->mfn_list)[frame_of(place)];
}

static void unmap(void *place)
{
    map(place, own_frame(place), DOMID_SELF);
}

static void __attribute__((noreturn, unused)) puppet_main(void)
{
    for (;;) {
        while (mailbox.asked == mailbox.answered)
            yield();
        if (mailbox.number == PUPPET_CALL)
            mailbox.result = ((long (*)(void))mailbox.arguments[0])();
        else
            mailbox.result = hypercall(mailbox.number, mailbox.arguments[0], mailbox.arguments[1],
                                       mailbox.arguments[2], mailbox.arguments[3], mailbox.arguments[4]);
        asm volatile("" ::: "memory");
        mailbox.answered = mailbox.asked;
    }
}

static long control(uint32_t cmd, domid_t domain)
{
    domctl.cmd = cmd;
    domctl.domain = domain;
    return xen_domctl(&domctl);
}

static uint32_t sid_of(const char *label)
{
    static struct xen_flask_op flask;
    static char text[128];

    memset(&flask, 0, sizeof(flask));
    memcpy(text, label, strlen(label) + 1);
    flask.cmd = FLASK_CONTEXT_TO_SID;
    flask.u.sid_context.size = strlen(text);
    set_xen_guest_handle(flask.u.sid_context.context, text);
    must(label, xen_flask(&flask));
    return flask.u.sid_context.sid;
}

/* How many virtual processors the next domain may have */
static unsigned int domain_cpus = 1;

/* An empty domain, with a label if Flask is there. One of the same domid may just be on its way out. */
static void domain_create(unsigned int d, const char *label, uint32_t flags)
{
    uint32_t sid = label ? sid_of(label) : 0;
    long result;

    for (unsigned int tries = 0;; tries++) {
        memset(&domctl, 0, sizeof(domctl));
        domctl.u.createdomain.ssidref = sid;
        domctl.u.createdomain.handle[0] = (uint8_t)d;
        domctl.u.createdomain.flags = flags;
        if (flags & XEN_DOMCTL_CDF_hvm)
            domctl.u.createdomain.arch.emulation_flags = XEN_X86_EMU_ALL & ~XEN_X86_EMU_VPCI;
        domctl.u.createdomain.max_vcpus = domain_cpus;
        domctl.u.createdomain.max_evtchn_port = 127;
        domctl.u.createdomain.max_grant_frames = 1;
        domctl.u.createdomain.max_maptrack_frames = 1;
        domctl.u.createdomain.grant_opts = 1;
        result = control(XEN_DOMCTL_createdomain, (domid_t)d);
        if (result != -XEN_EINVAL || tries == 10000)
            break;
        yield();
    }
    must("createdomain", result);
}

/* Copy the image, and make page tables for it */
static void puppet_fill(unsigned int d)
{
    unsigned long *entries = (unsigned long *)scratch;

    is_puppet = true;
    for (unsigned int i = IMAGE; i <= frame_of(image_end); i++) {
        const void *from = (const void *)(VIRT_BASE + i * PAGE);

        /* The windows are other puppets' memory. */
        if (from == scratch || ((const uint8_t *)from >= &windows[0][0][0] &&
                                (const uint8_t *)from < &windows[PUPPETS - 1][PUPPET_PAGES][PAGE]))
            continue;
        map(scratch, frames[i], (domid_t)d);
        memcpy(scratch, from, PAGE);
    }
    is_puppet = false;

    map(scratch, frames[START_INFO], (domid_t)d);
    memset(scratch, 0, PAGE);
    ((struct start_info *)scratch)->nr_pages = FRAMES;
    for (unsigned int table = L4; table < TABLES_END; table++) {
        map(scratch, frames[table], (domid_t)d);
        memset(scratch, 0, PAGE);
        if (table == L4)
            entries[511] = frames[L3] << 12 | PTE_RW;
        else if (table == L3)
            entries[510] = frames[L2] << 12 | PTE_RW;
        else if (table == L2) {
            entries[0] = frames[L1_LOW] << 12 | PTE_RW;
            entries[1] = frames[L1_HIGH] << 12 | PTE_RW;
        } else
            for (unsigned int i = 0; i < 512; i++) {
                unsigned int frame = i + (table == L1_HIGH ? 512 : 0);

                entries[i] = frames[frame] << 12 | (frame >= L4 && frame < TABLES_END ? PTE_RO : PTE_RW);
            }
    }
    unmap(scratch);
}

/* Build puppet d, and let it run. */
static void __attribute__((unused)) puppet_create(unsigned int d, const char *label, uint32_t flags)
{
    struct xen_memory_reservation memory = { .nr_extents = FRAMES, .domid = (domid_t)d };
    struct mmuext_op pin = { .cmd = MMUEXT_PIN_L4_TABLE };
    struct puppet *puppet = &puppets[d];

    domain_create(d, label, flags);
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.max_mem.max_memkb = 8 << 10;
    must("max_mem", control(XEN_DOMCTL_max_mem, (domid_t)d));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.max_vcpus.max = 1;
    must("max_vcpus", control(XEN_DOMCTL_max_vcpus, (domid_t)d));
    for (unsigned int i = 0; i < FRAMES; i++)
        frames[i] = i;
    set_xen_guest_handle(memory.extent_start, frames);
    if (hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap, (unsigned long)&memory, 0, 0, 0) != FRAMES)
        error("no memory for a guest");
    if (mailbox_frames[d]) {
        memset(&domctl, 0, sizeof(domctl));
        domctl.u.iomem_permission.first_mfn = mailbox_frames[d];
        domctl.u.iomem_permission.nr_mfns = 1;
        domctl.u.iomem_permission.allow_access = 1;
        must("iomem_permission", control(XEN_DOMCTL_iomem_permission, (domid_t)d));
        frames[frame_of(&mailbox)] = mailbox_frames[d];
    }

    puppet_fill(d);
    pin.arg1.mfn = frames[L4];
    must("pinning", hypercall(__HYPERVISOR_mmuext_op, (unsigned long)&pin, 1, 0, d, 0));

    /* Nobody there would take an event. */
    memset(&domctl, 0, sizeof(domctl));
    must("getdomaininfo", control(XEN_DOMCTL_getdomaininfo, (domid_t)d));
    map(scratch, domctl.u.getdomaininfo.shared_info_frame, (domid_t)d);
    ((struct shared_info *)scratch)->vcpu_info[0].evtchn_upcall_mask = 1;
    unmap(scratch);

    memset(&context, 0, sizeof(context));
    context.flags = VGCF_in_kernel | VGCF_online;
    context.user_regs.rip = (unsigned long)start;
    context.user_regs.rsi = VIRT_BASE + START_INFO * PAGE;
    context.user_regs.rflags = 0x200;
    context.user_regs.cs = FLAT_KERNEL_CS;
    context.user_regs.ss = FLAT_KERNEL_SS;
    context.kernel_ss = FLAT_KERNEL_SS;
    context.kernel_sp = VIRT_BASE + (START_INFO + 1) * PAGE;
    context.ctrlreg[3] = frames[L4] << 12;
    memset(&domctl, 0, sizeof(domctl));
    set_xen_guest_handle(domctl.u.vcpucontext.ctxt, &context);
    must("setvcpucontext", control(XEN_DOMCTL_setvcpucontext, (domid_t)d));

    map(windows[d][0], frames[frame_of(&mailbox)], (domid_t)d);
    puppet->mailbox = (struct mailbox *)windows[d][0];
    puppet->mailbox->asked = puppet->mailbox->answered = 0;
    puppet->base = (unsigned long)&mailbox;
    for (unsigned int i = 0; i < PUPPET_PAGES; i++) {
        puppet->page_frames[i] = frames[frame_of(shared_pages[i])];
        puppet->pages[i] = windows[d][1 + i];
        map(puppet->pages[i], puppet->page_frames[i], (domid_t)d);
    }
    must("unpause", control(XEN_DOMCTL_unpausedomain, (domid_t)d));
    puppet->alive = true;
}

static void __attribute__((unused)) puppet_destroy(unsigned int d)
{
    for (unsigned int i = 0; i <= PUPPET_PAGES; i++)
        unmap(windows[d][i]);
    memset(&domctl, 0, sizeof(domctl));
    must("destroydomain", control(XEN_DOMCTL_destroydomain, (domid_t)d));
    puppets[d].alive = false;
}

/* Domain 0 as one of them, so that tests need not tell it apart */
static void __attribute__((unused)) puppets_init(void)
{
    puppets[0].alive = true;
    puppets[0].mailbox = &mailbox;
    puppets[0].base = (unsigned long)&mailbox;
    for (unsigned int i = 0; i < PUPPET_PAGES; i++) {
        puppets[0].pages[i] = shared_pages[i];
        puppets[0].page_frames[i] = own_frame(shared_pages[i]);
    }
}

/* A hypercall by puppet d; what its arguments point to lies in `mailbox`, whichever domain it is. */
static long __attribute__((unused)) puppet_call(unsigned int d, unsigned int number, unsigned long a1,
                                                unsigned long a2, unsigned long a3, unsigned long a4,
                                                unsigned long a5)
{
    struct mailbox *request = puppets[d].mailbox;

    if (d == 0)
        return hypercall(number, a1, a2, a3, a4, a5);
    request->number = number;
    request->arguments[0] = a1;
    request->arguments[1] = a2;
    request->arguments[2] = a3;
    request->arguments[3] = a4;
    request->arguments[4] = a5;
    asm volatile("" ::: "memory");
    request->asked++;
    for (unsigned int tries = 0; request->answered != request->asked; tries++) {
        if (tries == 1000000)
            error("a guest does not answer");
        PUPPET_WAIT(d);
    }
    return request->result;
}

/* Let puppet d (not domain 0) run a function by itself, and ask whether it still does. */
static void __attribute__((unused)) puppet_start(unsigned int d, long (*function)(void))
{
    puppets[d].mailbox->number = PUPPET_CALL;
    puppets[d].mailbox->arguments[0] = (unsigned long)function;
    asm volatile("" ::: "memory");
    puppets[d].mailbox->asked++;
}

static bool __attribute__((unused)) puppet_runs(unsigned int d)
{
    return puppets[d].mailbox->answered != puppets[d].mailbox->asked;
}
