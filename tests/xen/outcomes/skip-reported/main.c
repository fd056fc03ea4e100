/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test finds that it does not apply. */
#include "guest.h"

void test(void)
{
    skip("this Xen has no such thing");
}
