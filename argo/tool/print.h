/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cables as text that the cables file takes, and as JSON:
 *
 *     {"source": {"domid": 1, "name": "my-guest", "uuid": "...", "port": 70, "service": "storage"}, "destination": {...}}
 *
 * where name, uuid and service are null if there is none. The end that is up has the domid 32754 and the name "up", and
 * where something is said of the outside, "outside": {"domid": 3, "port": 70}; the port is null for a source. JSON texts are UTF-8; other bytes in a name become U+FFFD.
 */
#ifndef ARGO_TOOL_PRINT_H
#define ARGO_TOOL_PRINT_H

#include "argopatch.h"
#include "domains.h"
#include "services.h"

#include <stdio.h>

struct names {
    const struct domains *domains;
    const struct services *services;
};

/* The ends of a cable, `my-guest:storage` and `storage-vm:9000`, or `up:9000@3:70` */
void print_source(FILE *out, const struct names *names, const struct argopatch_cable *cable);
void print_destination(FILE *out, const struct names *names, const struct argopatch_cable *cable);
/* `my-guest:storage storage-vm:9000` */
void print_cable(FILE *out, const struct names *names, const struct argopatch_cable *cable);

void print_json_text(FILE *out, const char *text); /* NULL: null */
void print_json_destination(FILE *out, const struct names *names, const struct argopatch_cable *cable);
void print_json_cable(FILE *out, const struct names *names, const struct argopatch_cable *cable);

#endif
