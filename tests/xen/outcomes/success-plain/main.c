/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All expectations hold. */
#include "guest.h"

void test(void)
{
    expect("one", 1, 1);
    expect_text("two", "two", "two");
}
