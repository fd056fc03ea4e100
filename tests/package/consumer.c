/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that uses an installed libxsmc: reads databases and policies, checks them, and says who may do what.
 *
 *     cc consumer.c $(pkg-config --cflags --libs libxsmc)
 */
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "front/front.h"
#include "judge/check.h"
#include "judge/summary.h"

static void out_of_memory(void)
{
    _exit(2);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_create(out_of_memory);
    struct front *front = front_create(arena);
    struct buf text = BUF_INIT;
    unsigned int errors;
    int i;

    for (i = 1; i < argc; i++)
        front_read(front, argv[i]);
    if (front_bind(front)) {
        check(arena, front->diags, front->model);
        summary_print(&text, arena, front->diags, front->model, 100);
    }
    diags_render_text(front->diags, &text, false, 100);
    errors = diags_count(front->diags, LEVEL_ERROR);
    fputs(buf_text(&text), stdout);
    buf_free(&text);
    arena_destroy(arena);
    return errors != 0;
}
