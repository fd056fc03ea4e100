/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All expectations hold but the console has a line that must not be there.
 *
 * never: avc:  denied
 */
#include "guest.h"

void test(void)
{
    print("avc:  denied  { nothing }\n");
    expect("one", 1, 1);
}
