/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domain 0 on arm64, without an MMU of its own. A kernel ends by a semihosting
 * call of QEMU's, which takes the exit status.
 */
#include "guest.h"
#include "machine.h"

#include <xen/sched.h>

/* SYS_EXIT with a reason and a status: Semihosting for AArch32 and AArch64, 6.4 */
enum { SYS_EXIT = 0x18, APPLICATION_EXIT = 0x20026 };

void machine_begin(const void *given)
{
    (void)given; /* a device tree */
}

bool is_dom0(void)
{
    return true;
}

void machine_write(const char *text, unsigned int length)
{
    (void)text;
    (void)length;
}

void machine_leave(enum outcome outcome)
{
    struct sched_shutdown shutdown = { .reason = outcome == SUCCESS ? SHUTDOWN_poweroff : SHUTDOWN_crash };
    /* As QEMU's device for x86 has it: twice the outcome, plus one */
    const unsigned long block[2] = { APPLICATION_EXIT, 2 * outcome + 1 };
    register unsigned long operation asm("x0") = SYS_EXIT;
    register const unsigned long *argument asm("x1") = block;

    asm volatile("hlt #0xf000" : "+r"(operation) : "r"(argument) : "memory");
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, (unsigned long)&shutdown, 0, 0, 0);
    __builtin_trap();
}
