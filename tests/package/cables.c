/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that uses an installed libargopatch: lists the cables from domain 0, or says why it cannot.
 *
 *     cc cables.c $(pkg-config --cflags --libs argopatch)
 */
#include <argopatch.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    struct argopatch *handle = argopatch_open(NULL);
    struct argopatch_cable *cables;
    size_t count;

    if (!handle || argopatch_list(handle, 0, &cables, &count)) {
        printf("no list: %s\n", strerror(errno));
        argopatch_close(handle);
        return 1;
    }
    printf("%zu cables\n", count);
    free(cables);
    argopatch_close(handle);
    return 0;
}
