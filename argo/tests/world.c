/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Change the Xen that FAKE_XEN names (see fake-xen.h), from a test script:
 *
 *     world create DOMID NAME UUID | noargo DOMID NAME UUID | rename DOMID NAME | destroy DOMID
 *     world come PORT FATE COUNT (of messages from up; delivered, refused, too-long and so on)
 *     world nest | refuse ERRNO | fail AFTER ERRNO | recycle AFTER DOMID NAME UUID | print | reset
 */
#include "fake-xen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Domains vm1, vm2 and so on with UUIDs, behind those that there are */
static void crowd(int first, int count)
{
    for (int i = 1; i <= count; i++) {
        char name[16], uuid[40];

        snprintf(name, sizeof name, "vm%d", i);
        snprintf(uuid, sizeof uuid, "c0000000-0000-4000-8000-%012d", i);
        world_create((uint16_t)(first + i - 1), name, uuid, true);
    }
}

static void come(uint32_t port, const char *what, const char *count)
{
    static const char *const fates[] = {
        [WORLD_DELIVERED] = "delivered", [WORLD_REFUSED] = "refused", [WORLD_TOO_LONG] = "too-long",
        [WORLD_DENIED] = "denied",       [WORLD_FAILED] = "failed",   [WORLD_MALFORMED] = "malformed",
        [WORLD_WAITING] = "waiting",     [WORLD_BROKEN] = "broken",   [WORLD_LOST] = "lost",
    };
    int fate = 0;

    while (strcmp(fates[fate], what))
        if (++fate > WORLD_LOST)
            abort();
    world_come(port, (enum world_fate)fate, strtoull(count, NULL, 10));
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    int first = argc > 2 ? atoi(argv[2]) : 0;

    if (!strcmp(what, "create") && argc == 5)
        world_create((uint16_t)first, argv[3], argv[4], true);
    else if (!strcmp(what, "noargo") && argc == 5)
        world_create((uint16_t)first, argv[3], argv[4], false);
    else if (!strcmp(what, "nest") && argc == 2)
        world_nest();
    else if (!strcmp(what, "come") && argc == 5)
        come((uint32_t)first, argv[3], argv[4]);
    else if (!strcmp(what, "rename") && argc == 4)
        world_rename((uint16_t)first, argv[3]);
    else if (!strcmp(what, "destroy") && argc == 3)
        world_destroy((uint16_t)first);
    else if (!strcmp(what, "refuse") && argc == 3)
        world_refuse(first);
    else if (!strcmp(what, "fail") && argc == 4)
        world_fail((unsigned int)first, atoi(argv[3]));
    else if (!strcmp(what, "recycle") && argc == 6)
        world_recycle((unsigned int)first, (uint16_t)atoi(argv[3]), argv[4], argv[5]);
    else if (!strcmp(what, "crowd") && argc == 4)
        crowd(first, atoi(argv[3]));
    else if (!strcmp(what, "print") && argc == 2)
        world_print();
    else if (!strcmp(what, "reset") && argc == 2)
        world_reset();
    else {
        fputs("world: wrong usage\n", stderr);
        return 2;
    }
    return 0;
}
