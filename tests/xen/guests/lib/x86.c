/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paravirtualised on x86. A kernel ends by writing to the port of QEMU's
 * isa-debug-exit device, so that the outcome is QEMU's exit status and neither
 * a crash nor a reboot can be taken for it.
 */
#include "guest.h"
#include "machine.h"

#include <xen/event_channel.h>
#include <xen/io/console.h>
#include <xen/sched.h>

/* QEMU exits with twice what is written, plus one. */
#define EXIT_PORT 0xf4

extern uint8_t virt_base[]; /* x86-64.ld */

const struct start_info *start_info;

void machine_begin(const void *given)
{
    start_info = given;
}

bool is_dom0(void)
{
    return start_info->flags & SIF_INITDOMAIN;
}

/* The console that a toolstack gives a guest: a ring of characters, and an event for who reads them. */
void machine_write(const char *text, unsigned int length)
{
    unsigned long frame = machine_to_phys_mapping[start_info->console.domU.mfn];
    struct xencons_interface *ring = (void *)(virt_base + (frame << 12));
    struct evtchn_send send = { .port = start_info->console.domU.evtchn };

    if (!start_info->console.domU.mfn)
        return;
    for (unsigned int i = 0; i < length; i++) {
        while (__atomic_load_n(&ring->out_prod, __ATOMIC_ACQUIRE) - __atomic_load_n(&ring->out_cons, __ATOMIC_ACQUIRE)
               >= sizeof(ring->out)) {
            hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_send, (unsigned long)&send, 0, 0, 0);
            hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0, 0, 0);
        }
        ring->out[MASK_XENCONS_IDX(ring->out_prod, ring->out)] = text[i];
        __atomic_store_n(&ring->out_prod, ring->out_prod + 1, __ATOMIC_RELEASE);
    }
    hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_send, (unsigned long)&send, 0, 0, 0);
}

void machine_leave(enum outcome outcome)
{
    struct physdev_set_iopl iopl = { .iopl = 1 };
    struct sched_shutdown shutdown = { .reason = outcome == SUCCESS ? SHUTDOWN_poweroff : SHUTDOWN_crash };

    if (is_dom0()) {
        hypercall(__HYPERVISOR_physdev_op, PHYSDEVOP_set_iopl, (unsigned long)&iopl, 0, 0, 0);
        asm volatile("outl %0, %w1" : : "a"((uint32_t)outcome), "Nd"(EXIT_PORT));
    }
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, (unsigned long)&shutdown, 0, 0, 0);
    __builtin_trap();
}
