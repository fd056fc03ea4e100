/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where Xen enters a paravirtualised 32-bit kernel: as guests/lib/x86-64.S, with start info in %esi, and hypercalls by
 * an interrupt with the arguments in %ebx, %ecx, %edx, %esi and %edi.
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
        NOTE(XEN_ELFNOTE_VIRT_BASE, .long, virt_base)
        NOTE(XEN_ELFNOTE_PADDR_OFFSET, .long, 0)
        NOTE(XEN_ELFNOTE_ENTRY, .long, start)
        NOTE(XEN_ELFNOTE_FEATURES, .asciz,
             "!writable_page_tables|pae_pgdir_above_4gb")
        NOTE(XEN_ELFNOTE_PAE_MODE, .asciz, "yes")

        .section .text.start, "ax", @progbits
        .globl start
start:
        cld
        mov     $stack_end, %esp
        xor     %ebp, %ebp
        sub     $12, %esp
        push    %esi
        call    guest_main
        ud2

/* long hypercall(unsigned int number, unsigned long a1, ..., a5) */
        .text
        .globl hypercall
hypercall:
        push    %ebx
        push    %esi
        push    %edi
        mov     16(%esp), %eax
        mov     20(%esp), %ebx
        mov     24(%esp), %ecx
        mov     28(%esp), %edx
        mov     32(%esp), %esi
        mov     36(%esp), %edi
        int     $0x82
        pop     %edi
        pop     %esi
        pop     %ebx
        ret

        .bss
        .balign 16
        .skip   16384
stack_end:

        .section .note.GNU-stack, "", @progbits
