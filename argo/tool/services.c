/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See services.h. */
#include "services.h"

#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool number(const char *text, uint32_t *port)
{
    bool hexadecimal = text[0] == '0' && text[1] == 'x';
    uint64_t value = 0;
    const char *c = hexadecimal ? text + 2 : text;

    if (!*c)
        return false;
    for (; *c; c++) {
        unsigned int digit;

        if (*c >= '0' && *c <= '9')
            digit = (unsigned int)(*c - '0');
        else if (hexadecimal && ((*c >= 'a' && *c <= 'f') || (*c >= 'A' && *c <= 'F')))
            digit = (unsigned int)(*c & ~0x20) - 'A' + 10;
        else
            return false;
        value = value * (hexadecimal ? 16 : 10) + digit;
        if (value > UINT32_MAX)
            return false;
    }
    *port = (uint32_t)value;
    return true;
}

static bool is_name(const char *text)
{
    return *text >= 'a' && *text <= 'z' && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_")];
}

bool services_port(const struct services *services, const char *text, uint32_t *port)
{
    if (number(text, port))
        return true;
    for (size_t i = 0; i < services->count; i++)
        if (!strcmp(services->list[i].name, text)) {
            *port = services->list[i].port;
            return true;
        }
    return false;
}

const char *services_name(const struct services *services, uint32_t port)
{
    for (size_t i = 0; i < services->count; i++)
        if (services->list[i].port == port)
            return services->list[i].name;
    return NULL;
}

int services_parse(struct services *services, const char *text, size_t length, const char *file, struct report *report)
{
    struct text reading = { .file = file, .at = text, .end = text + length };
    unsigned int errors = report->errors;
    struct words words;

    while (words_next(&words, &reading, report)) {
        struct service service;
        uint32_t other;

        if (words.count != 2)
            report_error(report, &words.place, "write `storage 9000`", "a service is a name and a port");
        else if (!is_name(words.word[0]))
            report_error(report, &words.places[0], "lower-case letters, digits, `-` and `_`, a letter first",
                         "'%s' cannot be the name of a service", words.word[0]);
        else if (!number(words.word[1], &service.port))
            report_error(report, &words.places[1], "0 to 4294967295, or hexadecimal with 0x", "'%s' is not a port",
                         words.word[1]);
        else if (services_port(services, words.word[0], &other))
            report_error(report, &words.places[0], NULL, "'%s' is port %u already", words.word[0], other);
        else {
            service.name = words.word[0];
            words.word[0] = NULL;
            *ARRAY_ADD(services->list, services->count) = service;
        }
        words_free(&words);
    }
    text_free(&reading);
    return report->errors == errors ? 0 : -1;
}

int services_read(struct services *services, const char *path, struct report *report)
{
    struct place place = { .file = path };
    size_t length;
    char *text = file_read(path, &length);
    int result;

    *services = (struct services){ 0 };
    if (!text) {
        if (errno == ENOENT && !strcmp(path, SERVICES_FILE))
            return 0;
        report_error(report, &place, NULL, "%s", strerror(errno));
        return -1;
    }
    result = services_parse(services, text, length, path, report);
    free(text);
    return result;
}

void services_free(struct services *services)
{
    for (size_t i = 0; i < services->count; i++)
        free(services->list[i].name);
    free(services->list);
    *services = (struct services){ 0 };
}
