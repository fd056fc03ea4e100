/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A writer of JSON text: indented, keys in the order in which they are written, byte for byte reproducible.
 *
 *     json_begin(&j, NULL, '{');  json_string(&j, "name", "x");  json_end(&j, '}');
 *
 * `key` is NULL inside an array and at the top. Strings are UTF-8, as everything the front end lets in..
 */
#ifndef XSMC_JSON_H
#define XSMC_JSON_H

#include <stdbool.h>

struct buf;

struct json {
    struct buf *out;
    unsigned int depth;
    bool some;          /* the innermost object or array has a member already */
};

/* Opens an object ('{') or an array ('['). */
void json_begin(struct json *j, const char *key, char bracket);
void json_end(struct json *j, char bracket);
/* NULL becomes null. */
void json_string(struct json *j, const char *key, const char *value);
void json_number(struct json *j, const char *key, long long value);
void json_bool(struct json *j, const char *key, bool value);

#endif
