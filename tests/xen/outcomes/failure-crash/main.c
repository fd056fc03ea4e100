/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel faults: Xen says so and reboots, and QEMU's status is 0. */
#include "guest.h"

void test(void)
{
    expect("one", 1, 1);
    __builtin_trap();
}
