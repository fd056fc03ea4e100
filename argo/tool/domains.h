/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which domains there are, as xenstore tells. A domain is named as xl does it: a number is a domid, anything else a
 * name; here also a UUID. What was read is a moment's: a domain may be gone by the time that it is used, and its domid
 * be another's. domains_same() tells.
 *
 * The name `up` is that of the Xen which this one is a guest of, as an end of cables, whether there is one or not. A
 * domain of that name has to be named by its UUID.
 */
#ifndef ARGO_TOOL_DOMAINS_H
#define ARGO_TOOL_DOMAINS_H

#include "index.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xenstore.h>

#define DOMAIN_UP "up"

struct domain {
    uint16_t domid;
    char *name; /* NULL: it has none yet */
    char *uuid; /* NULL: it has none, as domain 0; in lower case */
};

struct domains {
    struct domain *list; /* in the order of domids */
    size_t count;
    struct index names, uuids;
};

enum domains_result { DOMAINS_FOUND, DOMAINS_NONE, DOMAINS_SEVERAL };

/* Returns 0, or -1 with errno set when xenstore cannot be read. */
int domains_read(struct domains *domains, struct xs_handle *xs);
void domains_free(struct domains *domains);

/* What to do when several domains are called so */
const char *domains_several_help(const char *text);
enum domains_result domains_find(const struct domains *domains, const char *text, uint16_t *domid);
const struct domain *domains_get(const struct domains *domains, uint16_t domid); /* or NULL */

/* Whether `domid` is the same domain in both: the UUID says so, or the name where there is none. */
bool domains_same(const struct domains *one, const struct domains *other, uint16_t domid);

bool domain_is_number(const char *text);
bool domain_is_uuid(const char *text);

/*
 * The text that domains_find() will find this domain by, for as long as possible: its name, or its UUID if the name does
 * not tell or cannot be written, or its domid. `room` is used for the latter.
 */
const char *domains_text(const struct domains *domains, uint16_t domid, char room[6]);

#endif
