/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzzer with any compiler: on the given files, on all their beginnings, and with each of their bytes replaced.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void run(const uint8_t *bytes, size_t size, size_t at, uint8_t other)
{
    /* A copy of its own, so that a sanitizer sees what is read past the end. */
    uint8_t *copy = malloc(size + !size);

    if (!copy)
        abort();
    memcpy(copy, bytes, size);
    if (at < size)
        copy[at] = other;
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

int main(int argc, char **argv)
{
    static const uint8_t others[] = { 0, '\n', ' ', '"', '\\', '#', ':', '0', 0x7f, 0x80, 0xff };
    static uint8_t bytes[65536];
    unsigned long runs = 0;

    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        size_t size;

        if (!file) {
            perror(argv[i]);
            return 2;
        }
        size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        for (size_t end = 0; end <= size; end++, runs++)
            run(bytes, end, end, 0);
        for (size_t at = 0; at < size; at++)
            for (size_t o = 0; o < sizeof others; o++, runs++)
                run(bytes, size, at, others[o]);
    }
    printf("%lu runs\n", runs);
    return runs ? 0 : 2;
}
