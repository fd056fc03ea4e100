/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A test that expects nothing could not fail. */
#include "guest.h"

void test(void)
{
}
