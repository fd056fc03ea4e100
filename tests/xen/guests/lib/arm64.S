/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where Xen enters an arm64 kernel, which is an Image as Linux has it
 * (Documentation/arm64/booting.rst): the MMU is off, so that addresses are
 * those of memory, which Xen has put us into anywhere; nothing here depends on
 * where. What lies beyond the file is not zero.
 */
        .section .text.start, "ax", @progbits
        .globl start
start:
        b       1f
        .long   0
        .quad   0x80000                 /* where in memory, from a multiple of 2 MiB on */
        .quad   image_size
        .quad   2                       /* little-endian, pages of 4 KiB */
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .long   0
1:
        adrp    x1, bss_begin
        add     x1, x1, :lo12:bss_begin
        adrp    x2, image_end
        add     x2, x2, :lo12:image_end
2:
        str     xzr, [x1], #8
        cmp     x1, x2
        b.lo    2b
        adrp    x1, stack_end
        add     x1, x1, :lo12:stack_end
        mov     sp, x1
        bl      guest_main
        brk     #0

/*
 * long hypercall(unsigned int number, unsigned long a1, ..., a5)
 *
 * Xen takes the number in x16, the arguments in x0 to x4, and returns in x0.
 */
        .text
        .globl hypercall
hypercall:
        mov     w16, w0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        mov     x3, x4
        mov     x4, x5
        hvc     #0xea1
        ret

        .bss
        .balign 16
        .skip   16384
stack_end:

        .section .note.GNU-stack, "", @progbits
