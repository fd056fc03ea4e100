/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as a services file and a cables file: an answer, and what was understood, written out again, is understood
 * as the same.
 */
#include "fuzz.h"

#include "config.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

static void same(const struct config *one, const struct config *other)
{
    if (one->cables_count != other->cables_count)
        abort();
    for (size_t i = 0; i < one->cables_count; i++) {
        const struct config_cable *a = &one->cables[i], *b = &other->cables[i];

        if (strcmp(a->source.domain, b->source.domain) || a->source.port != b->source.port ||
            strcmp(a->destination.domain, b->destination.domain) || a->destination.port != b->destination.port)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    struct services services = { 0 };
    struct config config = { 0 }, again = { 0 };
    struct report report, quiet;
    char *text = NULL;
    size_t length;
    FILE *out;

    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    report = quiet = (struct report){ .out = nowhere };
    services_parse(&services, (const char *)data, size, "services", &quiet);
    if ((config_parse(&config, (const char *)data, size, "cables", &services, &report) == 0) != (report.errors == 0))
        abort();
    out = open_memstream(&text, &length);
    for (size_t i = 0; i < config.cables_count; i++) {
        const struct config_end *ends[] = { &config.cables[i].source, &config.cables[i].destination };

        fputs("cable", out);
        for (int e = 0; e < 2; e++) {
            fputc(' ', out);
            word_print(out, ends[e]->domain);
            fprintf(out, ":%u", ends[e]->port);
        }
        fputc('\n', out);
    }
    fclose(out);
    report.errors = 0;
    if (config_parse(&again, text, length, "again", &services, &report))
        abort();
    same(&config, &again);
    free(text);
    config_free(&config);
    config_free(&again);
    services_free(&services);
    return 0;
}
