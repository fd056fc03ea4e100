/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All expectations hold but the console lacks a line that must be there.
 *
 * log: said by the first line
 * log: said by nobody
 */
#include "guest.h"

void test(void)
{
    print("said by the first line\n");
    expect("one", 1, 1);
}
