/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An expectation that does not hold, before one that does. */
#include "guest.h"

void test(void)
{
    expect("one", 1, 2);
    expect("two", 2, 2);
}
