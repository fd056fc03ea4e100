/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See print.h. */
#include "print.h"

#include "words.h"

#include <stdlib.h>
#include <string.h>

static void print_end(FILE *out, const struct names *names, const struct argopatch_address *end)
{
    const char *service = services_name(names->services, end->port);
    char room[6];

    word_print(out, domains_text(names->domains, end->domid, room));
    if (service)
        fprintf(out, ":%s", service);
    else
        fprintf(out, ":%u", end->port);
}

void print_source(FILE *out, const struct names *names, const struct argopatch_cable *cable)
{
    print_end(out, names, &cable->source);
    if (cable->has_outside && cable->source.domid == ARGOPATCH_UP)
        fprintf(out, "@%u", cable->outside.domid);
}

void print_destination(FILE *out, const struct names *names, const struct argopatch_cable *cable)
{
    print_end(out, names, &cable->destination);
    if (cable->has_outside && cable->destination.domid == ARGOPATCH_UP)
        fprintf(out, "@%u:%u", cable->outside.domid, cable->outside.port);
}

void print_cable(FILE *out, const struct names *names, const struct argopatch_cable *cable)
{
    print_source(out, names, cable);
    fputc(' ', out);
    print_destination(out, names, cable);
}

/* The length of the UTF-8 character that begins here, or 0 */
static size_t utf8_length(const unsigned char *c)
{
    size_t length = *c < 0x80 ? 1 : *c >= 0xc2 && *c < 0xe0 ? 2 : *c >= 0xe0 && *c < 0xf0 ? 3 : *c >= 0xf0 && *c < 0xf5 ? 4 : 0;

    for (size_t i = 1; i < length; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 0;
    if ((*c == 0xe0 && c[1] < 0xa0) || (*c == 0xed && c[1] >= 0xa0) || (*c == 0xf0 && c[1] < 0x90) ||
        (*c == 0xf4 && c[1] >= 0x90))
        return 0;
    return length;
}

void print_json_text(FILE *out, const char *text)
{
    if (!text) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (const unsigned char *c = (const unsigned char *)text; *c;) {
        size_t length = utf8_length(c);

        if (*c < ' ' || *c == 0x7f)
            fprintf(out, "\\u%04x", *c);
        else if (*c == '"' || *c == '\\')
            fprintf(out, "\\%c", *c);
        else if (length)
            fwrite(c, 1, length, out);
        else
            fputs("\\ufffd", out);
        c += length ? length : 1;
    }
    fputc('"', out);
}

/* An end, but for the closing bracket */
static void print_json_end(FILE *out, const struct names *names, const struct argopatch_address *end)
{
    const struct domain *domain = domains_get(names->domains, end->domid);

    fprintf(out, "{\"domid\": %u, \"name\": ", end->domid);
    print_json_text(out, domain ? domain->name : NULL);
    fputs(", \"uuid\": ", out);
    print_json_text(out, domain ? domain->uuid : NULL);
    fprintf(out, ", \"port\": %u, \"service\": ", end->port);
    print_json_text(out, services_name(names->services, end->port));
}

static void print_json_source(FILE *out, const struct names *names, const struct argopatch_cable *cable)
{
    print_json_end(out, names, &cable->source);
    if (cable->has_outside && cable->source.domid == ARGOPATCH_UP)
        fprintf(out, ", \"outside\": {\"domid\": %u, \"port\": null}", cable->outside.domid);
    fputc('}', out);
}

void print_json_destination(FILE *out, const struct names *names, const struct argopatch_cable *cable)
{
    print_json_end(out, names, &cable->destination);
    if (cable->has_outside && cable->destination.domid == ARGOPATCH_UP)
        fprintf(out, ", \"outside\": {\"domid\": %u, \"port\": %u}", cable->outside.domid, cable->outside.port);
    fputc('}', out);
}

void print_json_cable(FILE *out, const struct names *names, const struct argopatch_cable *cable)
{
    fputs("{\"source\": ", out);
    print_json_source(out, names, cable);
    fputs(", \"destination\": ", out);
    print_json_destination(out, names, cable);
    fputc('}', out);
}
