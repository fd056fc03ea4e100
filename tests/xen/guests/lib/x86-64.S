/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where Xen enters a paravirtualised 64-bit kernel, and how it finds out that
 * this is one.  Xen has set up page tables which map the kernel, the start
 * info page (its address is in %rsi) and a small stack; we bring our own.
 */
#include <xen/elfnote.h>

#define NOTE(type, kind, value...)                                            \
        .pushsection .note.Xen, "a", @note;                                   \
        .p2align 2;                                                           \
        .long 2f - 1f, 4f - 3f, type;                                         \
1:      .asciz "Xen";                                                         \
2:      .p2align 2;                                                           \
3:      kind value;                                                           \
4:      .p2align 2;                                                           \
        .popsection

        NOTE(XEN_ELFNOTE_GUEST_OS, .asciz, "xsmc test")
        NOTE(XEN_ELFNOTE_LOADER, .asciz, "generic")
        NOTE(XEN_ELFNOTE_XEN_VERSION, .asciz, "xen-3.0")
        NOTE(XEN_ELFNOTE_VIRT_BASE, .quad, virt_base)
        NOTE(XEN_ELFNOTE_PADDR_OFFSET, .quad, 0)
        NOTE(XEN_ELFNOTE_ENTRY, .quad, start)
        NOTE(XEN_ELFNOTE_FEATURES, .asciz,
             "!writable_page_tables|pae_pgdir_above_4gb")
        NOTE(XEN_ELFNOTE_PAE_MODE, .asciz, "yes")

        .section .text.start, "ax", @progbits
        .globl start
start:
        cld
        lea     stack_end(%rip), %rsp
        mov     %rsi, %rdi
        xor     %ebp, %ebp
        call    guest_main
        ud2

/*
 * long hypercall(unsigned int number, unsigned long a1, ..., a5)
 *
 * Xen takes the number in %rax, the arguments in %rdi, %rsi, %rdx, %r10 and
 * %r8, and returns in %rax; `syscall` destroys %rcx and %r11.
 */
        .text
        .globl hypercall
hypercall:
        mov     %edi, %eax
        mov     %rsi, %rdi
        mov     %rdx, %rsi
        mov     %rcx, %rdx
        mov     %r8, %r10
        mov     %r9, %r8
        syscall
        ret

        .bss
        .balign 16
        .skip   16384
stack_end:

        .section .note.GNU-stack, "", @progbits
