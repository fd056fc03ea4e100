/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What xen/xsm/flask/ss needs of the hypervisor around it, in user space.
 *
 * The test takes Flask's security server, its headers and error numbers from the patched Xen tree as they are, and puts
 * this file in the place of every other header. Memory is malloc's, so that the sanitizer knows each piece, and counted, so
 * that what is forgotten is noticed; whatever Xen would not survive ends in user_failed().
 */
#ifndef POLICIES_USER_H
#define POLICIES_USER_H

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <xen/errno.h>

/* types, byteorder */
typedef uint8_t u8;
typedef uint16_t u16, __le16;
typedef uint32_t u32, __u32, __le32;
typedef uint64_t u64;
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "policies are little-endian");
#define le16_to_cpu(x) ((u16)(x))
#define le32_to_cpu(x) ((u32)(x))
#define le64_to_cpu(x) ((u64)(x))

/* compiler, lib */
#define cf_check
#define ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))
#define smp_wmb() ((void)0) /* there is one thread */
_Noreturn void user_failed(const char *file, int line, const char *what);
#define BUG_ON(x) ((x) ? user_failed(__FILE__, __LINE__, "BUG_ON(" #x ")") : (void)0)
#define BUG() user_failed(__FILE__, __LINE__, "BUG()")
#define ASSERT(x) ((x) ? (void)0 : user_failed(__FILE__, __LINE__, "ASSERT(" #x ")"))
#define ASSERT_UNREACHABLE() user_failed(__FILE__, __LINE__, "ASSERT_UNREACHABLE()")

/* The text is made, and so its arguments are read, but it goes nowhere unless the test talks. */
extern bool user_talks;
__attribute__((format(printf, 1, 2))) void printk(const char *format, ...);
#define KERN_ERR ""
#define KERN_WARNING ""
#define KERN_INFO ""
#define KERN_DEBUG ""
#define XENLOG_ERR ""
#define XENLOG_WARNING ""
#define XENLOG_INFO ""

/* string */
size_t user_strlcpy(char *to, const char *from, size_t size);
#define strlcpy user_strlcpy
int snprintf(char *to, size_t size, const char *format, ...);

/* xmalloc: NULL for what a hypervisor may not have; not zeroed is filled with something else */
void *user_alloc(size_t size, size_t count, int fill);
void user_free(void *memory);
#define xmalloc(type) ((type *)user_alloc(sizeof(type), 1, 0xa5))
#define xzalloc(type) ((type *)user_alloc(sizeof(type), 1, 0))
#define xmalloc_array(type, n) ((type *)user_alloc(sizeof(type), n, 0xa5))
#define xzalloc_array(type, n) ((type *)user_alloc(sizeof(type), n, 0))
#define xfree(p) user_free(p)
extern size_t user_allocated; /* pieces that have not been freed */
void user_free_all(void);

/* spinlock, rwlock: one thread never waits, and holds none between two calls */
typedef struct {
    int held;
} spinlock_t, rwlock_t;
#define DEFINE_SPINLOCK(name) spinlock_t name
#define DEFINE_RWLOCK(name) rwlock_t name
extern int user_locks; /* held now */
#define user_lock(l) (ASSERT(!(l)->held), (l)->held = 1, user_locks++)
#define user_unlock(l) (ASSERT((l)->held), (l)->held = 0, user_locks--)
#define spin_lock_init(l) ((l)->held = 0)
#define spin_lock(l) user_lock(l)
#define spin_unlock(l) user_unlock(l)
#define read_lock(l) user_lock(l)
#define read_unlock(l) user_unlock(l)
#define write_lock(l) user_lock(l)
#define write_unlock(l) user_unlock(l)

/* bitmap, bitops */
#define BITS_PER_LONG ((unsigned int)(sizeof(long) * CHAR_BIT))
unsigned int find_next_bit(const unsigned long *map, unsigned int size, unsigned int from);
#define find_first_bit(map, size) find_next_bit(map, size, 0)

#endif
