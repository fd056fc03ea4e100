/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel never comes to an end.
 *
 * seconds: 4
 */
#include "guest.h"

void test(void)
{
    expect("one", 1, 1);
    for (;;)
        asm volatile("pause");
}
