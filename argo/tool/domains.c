/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See domains.h. */
#include "domains.h"

#include "argopatch.h"
#include "report.h"
#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int by_domid(const void *one, const void *other)
{
    return (int)((const struct domain *)one)->domid - (int)((const struct domain *)other)->domid;
}

/* Text in lower case, as UUIDs are kept */
static void lower(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'F')
            *text |= 0x20;
}

/* What xenstore says of a domain, or NULL */
static char *property(struct xs_handle *xs, const char *domid, const char *name)
{
    char path[64];
    unsigned int length;

    snprintf(path, sizeof path, "/local/domain/%s/%s", domid, name);
    return xs_read(xs, XBT_NULL, path, &length);
}

int domains_read(struct domains *domains, struct xs_handle *xs)
{
    unsigned int count = 0;
    char **entries = xs_directory(xs, XBT_NULL, "/local/domain", &count);

    *domains = (struct domains){ 0 };
    if (!entries)
        return -1;
    for (unsigned int i = 0; i < count; i++) {
        struct domain domain;
        char *vm;

        if (!domain_is_number(entries[i]) || strlen(entries[i]) > 5)
            continue;
        domain.domid = (uint16_t)atoi(entries[i]);
        domain.name = property(xs, entries[i], "name");
        domain.uuid = NULL;
        vm = property(xs, entries[i], "vm");
        if (vm && !strncmp(vm, "/vm/", 4) && domain_is_uuid(vm + 4)) {
            domain.uuid = memory_text(vm + 4, 36);
            lower(domain.uuid);
        }
        free(vm);
        *ARRAY_ADD(domains->list, domains->count) = domain;
    }
    free(entries);
    if (domains->count)
        qsort(domains->list, domains->count, sizeof domains->list[0], by_domid);
    for (size_t i = 0; i < domains->count; i++) {
        if (domains->list[i].name)
            index_add(&domains->names, index_hash(domains->list[i].name, 0), i);
        if (domains->list[i].uuid)
            index_add(&domains->uuids, index_hash(domains->list[i].uuid, 0), i);
    }
    return 0;
}

void domains_free(struct domains *domains)
{
    for (size_t i = 0; i < domains->count; i++) {
        free(domains->list[i].name);
        free(domains->list[i].uuid);
    }
    free(domains->list);
    index_free(&domains->names);
    index_free(&domains->uuids);
    *domains = (struct domains){ 0 };
}

bool domain_is_number(const char *text)
{
    return *text && !text[strspn(text, "0123456789")];
}

bool domain_is_uuid(const char *text)
{
    for (int i = 0; i < 36; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-'
                                                    : !text[i] || !strchr("0123456789abcdefABCDEF", text[i]))
            return false;
    return !text[36];
}

enum domains_result domains_find(const struct domains *domains, const char *text, uint16_t *domid)
{
    enum domains_result result = DOMAINS_NONE;
    bool uuid = domain_is_uuid(text);
    char small[37];
    uint64_t hash;

    if (!strcmp(text, DOMAIN_UP)) {
        *domid = ARGOPATCH_UP;
        return DOMAINS_FOUND;
    }
    if (domain_is_number(text)) {
        unsigned long number = strlen(text) < 6 ? strtoul(text, NULL, 10) : UINT16_MAX + 1UL;

        if (number > UINT16_MAX || !domains_get(domains, (uint16_t)number))
            return DOMAINS_NONE;
        *domid = (uint16_t)number;
        return DOMAINS_FOUND;
    }
    if (uuid) {
        memcpy(small, text, sizeof small);
        lower(small);
        text = small;
    }
    hash = index_hash(text, 0);
    for (size_t at = 0, i; (i = index_next(uuid ? &domains->uuids : &domains->names, hash, &at)) != INDEX_END;) {
        if (strcmp(uuid ? domains->list[i].uuid : domains->list[i].name, text))
            continue;
        if (result != DOMAINS_NONE)
            return DOMAINS_SEVERAL;
        result = DOMAINS_FOUND;
        *domid = domains->list[i].domid;
    }
    return result;
}

const char *domains_several_help(const char *text)
{
    return domain_is_uuid(text) ? "a domain that is being migrated is there twice until it has moved"
                                : "name the one you mean by its UUID";
}

const struct domain *domains_get(const struct domains *domains, uint16_t domid)
{
    static char name[] = DOMAIN_UP;
    static const struct domain up = { .domid = ARGOPATCH_UP, .name = name };
    struct domain key = { .domid = domid };

    if (domid == ARGOPATCH_UP)
        return &up;
    return domains->count ? bsearch(&key, domains->list, domains->count, sizeof key, by_domid) : NULL;
}

bool domains_same(const struct domains *one, const struct domains *other, uint16_t domid)
{
    const struct domain *before = domains_get(one, domid), *after = domains_get(other, domid);

    if (!before || !after)
        return before == after;
    if (before->uuid && after->uuid)
        return !strcmp(before->uuid, after->uuid);
    return !before->uuid && !after->uuid && !strcmp(before->name ? before->name : "", after->name ? after->name : "");
}

const char *domains_text(const struct domains *domains, uint16_t domid, char room[6])
{
    const struct domain *domain = domains_get(domains, domid);
    uint16_t found;

    if (domain && domain->name && *domain->name && word_printable(domain->name) && !domain_is_number(domain->name) &&
        !domain_is_uuid(domain->name) && domains_find(domains, domain->name, &found) == DOMAINS_FOUND && found == domid)
        return domain->name;
    if (domain && domain->uuid)
        return domain->uuid;
    snprintf(room, 6, "%u", domid);
    return room;
}
