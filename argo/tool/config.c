/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See config.h. */
#include "config.h"

#include "domains.h"
#include "words.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DOMIDS = 0x7ff0 }; /* the numbers from there on are not those of domains */

bool config_port(uint32_t *port, const char *text, const struct services *services, const struct place *place,
                 struct report *report)
{
    if (services_port(services, text, port))
        return true;
    report_error(report, place, "a port is a number up to 4294967295, or a name in " SERVICES_FILE,
                 "there is no service '%s'", text);
    return false;
}

/* `up:PORT`, and then perhaps `@DOMID` or `@DOMID:PORT` */
static bool up_end(struct config_end *end, const char *text, const struct services *services, const struct place *place,
                   struct report *report)
{
    const char *own = strchr(text, ':') + 1, *at = strchr(own, '@'), *colon = at ? strchr(at, ':') : NULL;
    char *port = memory_text(own, at ? (size_t)(at - own) : strlen(own));
    char *domid = at ? memory_text(at + 1, colon ? (size_t)(colon - at - 1) : strlen(at + 1)) : NULL;
    bool good;

    *end = (struct config_end){ .has_outside = at, .has_outside_port = colon };
    good = config_port(&end->port, port, services, place, report) &&
           (!colon || config_port(&end->outside.port, colon + 1, services, place, report));
    if (good && domid && (!*domid || domid[strspn(domid, "0123456789")] || strlen(domid) > 5 ||
                          strtoul(domid, NULL, 10) >= DOMIDS)) {
        report_error(report, place, "names of domains outside are not known here; write its domid there",
                     "'%s' is not a domid", domid);
        good = false;
    }
    if (good) {
        end->outside.domid = domid ? (uint16_t)strtoul(domid, NULL, 10) : 0;
        end->domain = memory_text(DOMAIN_UP, strlen(DOMAIN_UP));
    }
    free(port);
    free(domid);
    return good;
}

bool config_ends(const struct config_end *source, const struct config_end *destination, const struct place *place,
                 struct report *report)
{
    bool down = !strcmp(source->domain, DOMAIN_UP), up = !strcmp(destination->domain, DOMAIN_UP);

    if (down && up)
        report_error(report, place, "a cable leads up from a domain, or comes down to one", "both ends are up");
    else if (down && source->has_outside_port)
        report_error(report, place, "write `up:PORT@DOMID`: from which port it sends is for that domain to choose",
                     "a cable that comes down cannot demand a port outside");
    else if (up && destination->has_outside && !destination->has_outside_port)
        report_error(report, place, "write `up:PORT@DOMID:PORT`", "domain %u outside needs a port",
                     destination->outside.domid);
    else
        return true;
    return false;
}

void config_outside(struct argopatch_cable *cable, const struct config_end *source, const struct config_end *destination)
{
    const struct config_end *up = source->has_outside ? source : destination;

    cable->has_outside = up->has_outside;
    cable->outside = up->outside;
}

bool config_end(struct config_end *end, const char *text, const struct services *services, const struct place *place,
                struct report *report)
{
    const char *colon = strrchr(text, ':');

    if (!strncmp(text, DOMAIN_UP ":", strlen(DOMAIN_UP ":")))
        return up_end(end, text, services, place, report);
    *end = (struct config_end){ 0 };
    if (!colon || colon == text || !colon[1]) {
        report_error(report, place, "write a domain, a colon and a port, such as `my-guest:storage` or `3:9000`",
                     "'%s' is not a domain's port", text);
        return false;
    }
    if (!config_port(&end->port, colon + 1, services, place, report))
        return false;
    end->domain = memory_text(text, (size_t)(colon - text));
    return true;
}

bool config_rules(const struct config *config, const char *domain)
{
    for (size_t at = 0, i; (i = index_next(&config->guests_index, index_hash(domain, 0), &at)) != INDEX_END;)
        if (!strcmp(config->guests[i].domain, domain))
            return true;
    return false;
}

void config_add_guest(struct config *config, const char *domain, struct place place)
{
    if (config_rules(config, domain))
        return;
    index_add(&config->guests_index, index_hash(domain, 0), config->guests_count);
    *ARRAY_ADD(config->guests, config->guests_count) =
        (struct config_guest){ memory_text(domain, strlen(domain)), place };
}

bool config_add_cable(struct config *config, struct config_cable cable, struct report *report)
{
    uint64_t hash = index_hash(cable.source.domain, cable.source.port);

    for (size_t at = 0, i; (i = index_next(&config->cables_index, hash, &at)) != INDEX_END;) {
        const struct config_cable *other = &config->cables[i];

        if (other->source.port == cable.source.port && !strcmp(other->source.domain, cable.source.domain)) {
            report_error(report, &cable.place, "one port has one cable; remove one of the two",
                         "port %u of '%s' has a cable already", cable.source.port, cable.source.domain);
            report_note(report, &other->place, "the first one");
            free(cable.source.domain);
            free(cable.destination.domain);
            return false;
        }
    }
    config_add_guest(config, cable.source.domain, cable.place);
    index_add(&config->cables_index, hash, config->cables_count);
    *ARRAY_ADD(config->cables, config->cables_count) = cable;
    return true;
}

static void statement(struct config *config, struct words *words, const struct services *services,
                      struct report *report)
{
    const char *keyword = words->word[0];
    size_t needed = !strcmp(keyword, "cable") ? 3 : 2;

    if (strcmp(keyword, "cable") && strcmp(keyword, "guest") && strcmp(keyword, "xl")) {
        report_error(report, &words->place, "a line begins with cable, guest or xl", "unknown word '%s'", keyword);
    } else if (words->count < needed) {
        report_error(report, &words->place,
                     needed == 3 ? "write `cable SOURCE:PORT DESTINATION:PORT`" : "write one name behind it",
                     "'%s' needs %s", keyword, needed == 3 ? "two ends" : "one more word");
    } else if (words->count > needed) {
        report_error(report, &words->places[needed], "put quotes around a name with blanks in it",
                     "too many words for '%s'", keyword);
    } else if (needed == 3) {
        struct config_cable cable = { .place = words->place };

        if (!config_end(&cable.source, words->word[1], services, &words->places[1], report))
            return;
        if (!config_end(&cable.destination, words->word[2], services, &words->places[2], report)) {
            free(cable.source.domain);
            return;
        }
        if (!config_ends(&cable.source, &cable.destination, &words->place, report)) {
            free(cable.source.domain);
            free(cable.destination.domain);
            return;
        }
        config_add_cable(config, cable, report);
    } else if (!*words->word[1]) {
        report_error(report, &words->places[1], NULL, "'%s' needs a name", keyword);
    } else if (*keyword == 'g') {
        config_add_guest(config, words->word[1], words->places[1]);
    } else {
        *ARRAY_ADD(config->xl, config->xl_count) =
            (struct config_guest){ memory_text(words->word[1], strlen(words->word[1])), words->places[1] };
    }
}

int config_parse(struct config *config, const char *text, size_t length, const char *file,
                 const struct services *services, struct report *report)
{
    struct text reading = { .file = file, .at = text, .end = text + length };
    unsigned int errors = report->errors;
    struct words words;

    while (words_next(&words, &reading, report)) {
        statement(config, &words, services, report);
        words_free(&words);
    }
    for (size_t i = 0; i < reading.strings_count; i++)
        *ARRAY_ADD(config->strings, config->strings_count) = reading.strings[i];
    free(reading.strings);
    return report->errors == errors ? 0 : -1;
}

/* The files of one pattern, which is relative to the folder of the file that has it. The caller frees them. */
static bool find_xl(glob_t *found, const struct config_guest *xl, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *pattern = NULL;
    int result;

    if (*xl->domain == '/' || !slash)
        pattern = memory_text(xl->domain, strlen(xl->domain));
    else if (asprintf(&pattern, "%.*s/%s", (int)(slash - path), path, xl->domain) < 0)
        pattern = memory_grow(NULL, SIZE_MAX, 1);
    /* A pattern with nothing that fits it is no error; a file that is not there is. */
    result = glob(pattern, strpbrk(pattern, "*?[") ? 0 : GLOB_NOCHECK, NULL, found);
    free(pattern);
    if (result == GLOB_NOMATCH)
        *found = (glob_t){ 0 };
    return result == 0 || result == GLOB_NOMATCH;
}

static void read_xl(struct config *config, const struct config_guest *xl, const char *path,
                    const struct services *services, struct report *report)
{
    glob_t found;

    if (!find_xl(&found, xl, path)) {
        report_error(report, &xl->place, NULL, "'%s' cannot be read", xl->domain);
        return;
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        config_xl(config, found.gl_pathv[i], services, report);
    globfree(&found);
}

uint64_t config_xl_state(const struct config *config, const char *path)
{
    uint64_t state = 0;
    glob_t found;

    for (size_t i = 0; i < config->xl_count; i++) {
        if (!find_xl(&found, &config->xl[i], path))
            continue;
        for (size_t f = 0; f < found.gl_pathc; f++) {
            struct stat file = { 0 };
            char text[128];

            stat(found.gl_pathv[f], &file);
            snprintf(text, sizeof text, "%ju %jd %jd.%09ld", (uintmax_t)file.st_ino, (intmax_t)file.st_size,
                     (intmax_t)file.st_mtim.tv_sec, file.st_mtim.tv_nsec);
            state = state * 31 + index_hash(found.gl_pathv[f], 0) + index_hash(text, 1);
        }
        globfree(&found);
    }
    return state;
}

int config_read(struct config *config, const char *path, const struct services *services, struct report *report)
{
    unsigned int errors = report->errors;
    struct place place = { .file = path };
    size_t length;
    char *text = file_read(path, &length);

    *config = (struct config){ 0 };
    if (!text) {
        report_error(report, &place, NULL, "%s", strerror(errno));
        return -1;
    }
    config_parse(config, text, length, path, services, report);
    free(text);
    for (size_t i = 0; i < config->xl_count; i++)
        read_xl(config, &config->xl[i], path, services, report);
    return report->errors == errors ? 0 : -1;
}

static void free_guests(struct config_guest *guests, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(guests[i].domain);
    free(guests);
}

void config_free(struct config *config)
{
    for (size_t i = 0; i < config->cables_count; i++) {
        free(config->cables[i].source.domain);
        free(config->cables[i].destination.domain);
    }
    free(config->cables);
    free_guests(config->guests, config->guests_count);
    free_guests(config->xl, config->xl_count);
    for (size_t i = 0; i < config->strings_count; i++)
        free(config->strings[i]);
    free(config->strings);
    index_free(&config->cables_index);
    index_free(&config->guests_index);
    *config = (struct config){ 0 };
}
