/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzzer's check on given files with any compiler: what was found once, and the beginnings of real texts, cut off
 * after every byte.
 *
 * usage: replay-NAME [--prefixes] FILE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "pieces.h"
#include "text/source.h"

int main(int argc, char **argv)
{
    bool prefixes = argc > 1 && !strcmp(argv[1], "--prefixes");
    int i = prefixes ? 2 : 1;
    unsigned long runs = 0;

    for (; i < argc; i++) {
        struct arena *arena = arena_create(NULL);
        struct sources *sources = sources_create(arena);
        uint32_t index = source_read(sources, argv[i]);
        size_t len, end;
        const char *text = source_text(sources, index, &len);

        if (!index) {
            perror(argv[i]);
            return 2;
        }
        for (end = prefixes ? 0 : len; end <= len; end++, runs++) {
            /* A copy of its own, so that a sanitizer sees what is read past the end. */
            uint8_t *copy = malloc(end + 1);

            if (!copy)
                return 2;
            memcpy(copy, text, end);
            LLVMFuzzerTestOneInput(copy, end);
            free(copy);
        }
        arena_destroy(arena);
    }
    printf("%lu runs\n", runs);
    return runs ? 0 : 2;
}
