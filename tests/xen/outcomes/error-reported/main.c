/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test finds itself unable to do its work. */
#include "guest.h"

void test(void)
{
    error("no memory");
}
