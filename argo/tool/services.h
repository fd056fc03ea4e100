/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for ports. The services file has one a line, a name and a number:
 *
 *     storage 9000    # where a guest finds its disk
 *
 * A name is made of lower-case letters, digits, `-` and `_`, and begins with a letter; a number is decimal, or hexadecimal
 * with 0x, and at most 0xffffffff. Several names may stand for one port, the first is the one that is shown.
 */
#ifndef ARGO_TOOL_SERVICES_H
#define ARGO_TOOL_SERVICES_H

#include "report.h"

#include <stdbool.h>
#include <stdint.h>

#define SERVICES_FILE "/etc/argo-patch/services"

struct service {
    char *name;
    uint32_t port;
};

struct services {
    struct service *list;
    size_t count;
};

/* Read a file. It is no error that SERVICES_FILE is not there. Returns 0, or -1 when something was reported. */
int services_read(struct services *services, const char *path, struct report *report);
/* Read a text that is said to be from `file`. */
int services_parse(struct services *services, const char *text, size_t length, const char *file, struct report *report);
void services_free(struct services *services);

/* The port of a name or number; false if it is neither. */
bool services_port(const struct services *services, const char *text, uint32_t *port);
/* The first name of a port, or NULL */
const char *services_name(const struct services *services, uint32_t port);

#endif
