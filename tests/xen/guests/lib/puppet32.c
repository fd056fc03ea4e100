/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hardware-assisted puppet that runs in 32-bit mode, without paging, and so makes 32-bit hypercalls.
 *
 * It has two pages: its program, which is puppet_main() in 32 bits, and the mailbox. Arguments and results are cut to
 * 32 bits, and what the arguments point to has to be laid out for 32 bits.
 *
 * Included by a test after puppets.c.
 */
#include <xen/hvm/save.h>

enum { PROGRAM_FRAME = 16, MAILBOX_FRAME };

_Static_assert(offsetof(struct mailbox, asked) == 0 && offsetof(struct mailbox, answered) == 4 &&
               offsetof(struct mailbox, number) == 8 && offsetof(struct mailbox, arguments) == 16 &&
               offsetof(struct mailbox, result) == 56, "the program below knows the places");

extern const char puppet32_program[], puppet32_end[];

/* Both lie where the kernel's text does: only its bytes count, the address does not. */
asm(".pushsection .rodata\n"
    "puppet32_program:\n"
    ".code32\n"
    "       mov     $0x11000, %ebp\n"           /* MAILBOX_FRAME */
    "1:     mov     (%ebp), %eax\n"             /* asked ... */
    "       cmp     4(%ebp), %eax\n"            /* ... and answered? */
    "       jne     2f\n"
    "       mov     $29, %eax\n"                /* sched_op */
    "       xor     %ebx, %ebx\n"               /* yield */
    "       xor     %ecx, %ecx\n"
    "       vmmcall\n"
    "       jmp     1b\n"
    "2:     mov     8(%ebp), %eax\n"
    "       mov     16(%ebp), %ebx\n"
    "       mov     24(%ebp), %ecx\n"
    "       mov     32(%ebp), %edx\n"
    "       mov     40(%ebp), %esi\n"
    "       mov     48(%ebp), %edi\n"
    "       vmmcall\n"
    "       mov     %eax, 56(%ebp)\n"
    "       sar     $31, %eax\n"
    "       mov     %eax, 60(%ebp)\n"
    "       mov     (%ebp), %eax\n"
    "       mov     %eax, 4(%ebp)\n"
    "       jmp     1b\n"
    "puppet32_end:\n"
    ".code64\n"
    ".popsection\n");

/* What a domain's processor is restored from */
static struct {
    struct hvm_save_descriptor header_descriptor;
    struct hvm_save_header header;
    struct hvm_save_descriptor cpu_descriptor;
    struct hvm_hw_cpu cpu;
    struct hvm_save_descriptor end;
} __attribute__((packed)) saved = {
    .header_descriptor = { .typecode = HVM_SAVE_CODE(HEADER), .length = sizeof(struct hvm_save_header) },
    .header = { .magic = HVM_FILE_MAGIC, .version = HVM_FILE_VERSION },
    .cpu_descriptor = { .typecode = HVM_SAVE_CODE(CPU), .length = sizeof(struct hvm_hw_cpu) },
    .cpu = {
        .rip = PROGRAM_FRAME * PAGE,
        .rflags = 2,
        .cr0 = 0x11,    /* protected mode */
        .dr6 = 0xffff0ff0, .dr7 = 0x400,
        .cs_limit = ~0u, .ds_limit = ~0u, .es_limit = ~0u, .fs_limit = ~0u, .gs_limit = ~0u, .ss_limit = ~0u,
        .tr_limit = 0x67,
        .cs_arbytes = 0xc9b, .ds_arbytes = 0xc93, .es_arbytes = 0xc93, .fs_arbytes = 0xc93, .gs_arbytes = 0xc93,
        .ss_arbytes = 0xc93, .tr_arbytes = 0x8b, .ldtr_arbytes = 0x82,
    },
};

/* Build puppet d, on Xen's own page tables or on the processor's, and let it run. */
static void puppet32_create(unsigned int d, const char *label, bool hap)
{
    xen_pfn_t places[] = { PROGRAM_FRAME, MAILBOX_FRAME };
    struct xen_memory_reservation memory = { .nr_extents = 2, .domid = (domid_t)d };

    domain_create(d, label, XEN_DOMCTL_CDF_hvm | (hap ? XEN_DOMCTL_CDF_hap : 0));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.paging_mempool.size = 4 << 20;
    must("set_paging_mempool_size", control(XEN_DOMCTL_set_paging_mempool_size, (domid_t)d));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.max_mem.max_memkb = 1 << 10;
    must("max_mem", control(XEN_DOMCTL_max_mem, (domid_t)d));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.max_vcpus.max = 1;
    must("max_vcpus", control(XEN_DOMCTL_max_vcpus, (domid_t)d));
    set_xen_guest_handle(memory.extent_start, places);
    if (hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap, (unsigned long)&memory, 0, 0, 0) != 2)
        error("no memory for a guest");

    map(scratch, PROGRAM_FRAME, (domid_t)d);
    memcpy(scratch, puppet32_program, (size_t)(puppet32_end - puppet32_program));
    unmap(scratch);
    map(windows[d][0], MAILBOX_FRAME, (domid_t)d);
    puppets[d].mailbox = (struct mailbox *)windows[d][0];
    puppets[d].base = MAILBOX_FRAME * PAGE;
    memset(puppets[d].mailbox, 0, sizeof(*puppets[d].mailbox));

    memset(&domctl, 0, sizeof(domctl));
    domctl.u.hvmcontext.size = sizeof(saved);
    set_xen_guest_handle(domctl.u.hvmcontext.buffer, (uint8_t *)&saved);
    must("sethvmcontext", control(XEN_DOMCTL_sethvmcontext, (domid_t)d));
    must("unpause", control(XEN_DOMCTL_unpausedomain, (domid_t)d));
    puppets[d].alive = true;
}
