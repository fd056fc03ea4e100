/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor around Flask's security server, in user space. See user.h.
 *
 * Besides what Xen's libraries do, this has what avc.c and flask_op.c would define: what Xen checks, by the tables that its
 * build makes, and whether Flask enforces.
 */
#include "user.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <sanitizer/asan_interface.h>

#include "avc_ss.h"
#include "av_permissions.h"
#include "flask.h"
#include "security.h"

static const struct av_perm_to_string av_perm_to_string[] = {
#define S_(class, value, name) { class, value, name },
#include "av_perm_to_string.h"
#undef S_
};

static const char *class_to_string[] = {
#define S_(name) name,
#include "class_to_string.h"
#undef S_
};

const struct selinux_class_perm selinux_class_perm = {
    .av_perm_to_string = av_perm_to_string,
    .av_pts_len = ARRAY_SIZE(av_perm_to_string),
    .class_to_string = class_to_string,
    .cts_len = ARRAY_SIZE(class_to_string),
};

bool flask_enforcing;
enum flask_missing_t flask_missing;
bool user_talks;
int user_locks;
size_t user_allocated;

int avc_ss_reset(u32 seqno)
{
    return 0;
}

void printk(const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (user_talks)
        fputs(text, stderr);
}

size_t user_strlcpy(char *to, const char *from, size_t size)
{
    size_t length = strlen(from);

    if (size) {
        size_t copied = length < size ? length : size - 1;

        memcpy(to, from, copied);
        to[copied] = '\0';
    }
    return length;
}

unsigned int find_next_bit(const unsigned long *map, unsigned int size, unsigned int from)
{
    while (from < size && !(map[from / BITS_PER_LONG] >> from % BITS_PER_LONG & 1))
        from++;
    return from < size ? from : size;
}

/*
 * All that is allocated, in a list: a test that begins anew frees what the one before it had loaded. The sanitizer takes what
 * is in front of a piece for nobody's, as it does what is behind.
 */
struct piece {
    struct piece *next, **link;
    max_align_t memory[];
};

static struct piece *pieces;

/* No policy needs more at once, and a number of types that is wrong would take seconds to clear. */
enum { LARGEST = 8 << 20 };

__attribute__((no_sanitize("address"))) void *user_alloc(size_t size, size_t count, int fill)
{
    struct piece *piece;

    if (count > LARGEST / size)
        return NULL;
    piece = malloc(sizeof(*piece) + size * count);
    if (!piece)
        user_failed(__FILE__, __LINE__, "no memory for the test");
    piece->next = pieces;
    piece->link = &pieces;
    if (pieces)
        pieces->link = &piece->next;
    pieces = piece;
    user_allocated++;
    ASAN_POISON_MEMORY_REGION(piece, sizeof(*piece));
    return memset(piece->memory, fill, size * count);
}

__attribute__((no_sanitize("address"))) void user_free(void *memory)
{
    struct piece *piece;

    if (!memory)
        return;
    piece = (struct piece *)((char *)memory - offsetof(struct piece, memory));
    *piece->link = piece->next;
    if (piece->next)
        piece->next->link = piece->link;
    user_allocated--;
    free(piece);
}

void user_free_all(void)
{
    while (pieces)
        user_free(pieces->memory);
}
