/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks libsepol's security server about a binary policy, as a second opinion on `xsmc query`.
 *
 * usage: policy-ask POLICY [BOOLEAN=0|1...] < questions
 *
 * Each line of the input is "SUBJECT OBJECT CLASS": two contexts and a class number. Each line of the output is the
 * access vector in hexadecimal, or "none" where a context is not valid.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "judge/server.h"
#include "text/source.h"

int main(int argc, char **argv)
{
    struct arena *arena = arena_create(NULL);
    struct sources *sources = sources_create(arena);
    uint32_t file = argc > 1 ? source_read(sources, argv[1]) : 0;
    const char *why = "cannot be read", *data;
    struct server *server;
    char line[4096], subject[2048], object[2048];
    unsigned int class;
    size_t len;
    int i;

    data = file ? source_text(sources, file, &len) : NULL;
    server = data ? server_open(arena, data, len, &why) : NULL;
    if (!server) {
        fprintf(stderr, "policy-ask: %s\n", why);
        return 2;
    }
    for (i = 2; i < argc; i++) {
        char *equals = strchr(argv[i], '=');

        if (!equals)
            return 2;
        *equals = '\0';
        if (!server_set_boolean(server, argv[i], equals[1] == '1'))
            return 2;
    }
    while (fgets(line, sizeof(line), stdin)) {
        uint32_t s, o;

        if (sscanf(line, "%2047s %2047s %u", subject, object, &class) != 3)
            return 2;
        s = server_sid(server, subject);
        o = server_sid(server, object);
        if (s && o)
            printf("%x\n", server_allowed(server, s, o, class, UINT32_MAX));
        else
            puts("none");
    }
    server_close(server);
    arena_destroy(arena);
    return ferror(stdin) || fflush(stdout) ? 2 : 0;
}
