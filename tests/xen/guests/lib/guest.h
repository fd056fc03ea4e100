/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a test kernel can use: Xen's public headers, hypercalls, the console,
 * and a way to say what it expects.
 *
 * A test is a folder with a main.c that defines test(). It asks Xen for
 * things and states the answers it expects; the first line that does not hold
 * makes the test a failure, the others still run. The comment that opens
 * main.c says, as `key: value` lines, how to boot it (see tests/xen/boot).
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define __XEN_TOOLS__ 1
#define __XEN_INTERFACE_VERSION__ 0x00041100

#include <xen/xen.h>
#include <xen/domctl.h>
#include <xen/errno.h>
#include <xen/physdev.h>
#include <xen/sysctl.h>
#include <xen/version.h>
#include <xen/xsm/flask_op.h>

/* What Xen passed to the kernel at start; on x86 only. */
extern const struct start_info *start_info;

/* The test itself, defined by each main.c. */
void test(void);

/* Any hypercall, with all five arguments. */
long hypercall(unsigned int number, unsigned long a1, unsigned long a2, unsigned long a3, unsigned long a4,
               unsigned long a5);

/*
 * The hypercalls of which tests need more than one; the interface version is filled in. Each returns Xen's answer:
 * 0 or more, or a negative error number.
 */
long xen_version(int cmd, void *arg);
long xen_domctl(struct xen_domctl *op);
long xen_sysctl(struct xen_sysctl *op);
long xen_flask(struct xen_flask_op *op);

/* Clear `op` and ask for the domctl `cmd` on `domain`: for commands without arguments of their own. */
long xen_domctl_on(struct xen_domctl *op, uint32_t cmd, domid_t domain);

/* Flask's name for a SID, as a string of at most `size` bytes with its NUL; and the SID of such a name. */
long flask_context(uint32_t sid, char *context, uint32_t size);
long flask_sid(const char *context, uint32_t *sid);

/* 1 if Flask enforces, 0 if it is permissive. */
long flask_enforcing(void);

/* Whether this is domain 0, and no guest. */
bool is_dom0(void);

/* Write to the console: Xen's, or where that is refused the one that the toolstack gave. Knows %s %d %u %x %ld %lu %lx %c and %%. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Set and copy memory, as the compiler needs them too; compare two strings. */
void *memset(void *to, int byte, size_t size);
void *memcpy(void *to, const void *from, size_t size);
size_t strlen(const char *text);
int strcmp(const char *one, const char *other);

/* State that `what` gave `wanted`; say so when it did not. Returns whether it did. */
bool expect(const char *what, long got, long wanted);
bool expect_text(const char *what, const char *got, const char *wanted);

/* End the test early: it does not apply here, or the test itself (not Xen) is broken. */
void skip(const char *reason) __attribute__((noreturn));
void error(const char *reason) __attribute__((noreturn));

#endif
