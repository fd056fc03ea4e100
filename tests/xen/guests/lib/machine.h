/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What guest.c needs of an architecture: ARCHITECTURE.S, where Xen enters the
 * kernel, and a C file.
 */
#ifndef MACHINE_H
#define MACHINE_H

/* A kernel's outcome; tests/xen/lib/guests.py knows QEMU's exit status for each. */
enum outcome { SUCCESS = 16, FAILURE = 17, ERROR = 18, SKIP = 19 };

/* Called where Xen enters, with what Xen hands over; does not return. */
void guest_main(const void *given);

/* Keep what Xen handed over. */
void machine_begin(const void *given);

/* Write to the console that the toolstack gave a guest, if it gave one. */
void machine_write(const char *text, unsigned int length);

/* End the machine, so that the outcome is QEMU's exit status; in a guest, or without QEMU, the domain. */
void machine_leave(enum outcome outcome) __attribute__((noreturn));

#endif
