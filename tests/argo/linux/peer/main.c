/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small guest of 64 or 32 bits for tests with Linux in domain 0: it knows one port of its own and nobody else, and
 * speaks with whom the toolstack has connected it. Its command line is a role, a name and a port:
 *
 *     client NAME PORT   send "ping 1 from NAME" until it gets through, wait for the answer, and again, three times; end
 *     flood NAME PORT    the same after 300 messages as fast as they go out, for which there is no room at a time
 *     server NAME PORT   answer each "ping N" by "pong N from NAME", for ever; of what is no ping, say how much there was
 */
#include "guest.h"

#include <xen/event_channel.h>
#include <xen/sched.h>

#include "../../../../argo/guest/argo-port.c"

#define PAGE 4096

#define BITS (8 * sizeof(unsigned long))

extern uint8_t virt_base[]; /* x86-64.ld */

static uint8_t shared_page[PAGE] __attribute__((aligned(PAGE)));
static uint8_t ring_page[PAGE] __attribute__((aligned(PAGE)));
static struct shared_info *const shared = (void *)shared_page;
static evtchn_port_t virq;
static struct argo_port port;

static long argo(struct argo_port *unused, unsigned int operation, const void *arg1, const void *arg2, unsigned long arg3,
                 unsigned long arg4)
{
    (void)unused;
    return hypercall(__HYPERVISOR_argo_op, operation, (unsigned long)arg1, (unsigned long)arg2, arg3, arg4);
}

static void __attribute__((noreturn)) power_off(const char *why)
{
    struct sched_shutdown shutdown = { .reason = SHUTDOWN_poweroff };

    print("peer: %s\n", why);
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, (unsigned long)&shutdown, 0, 0, 0);
    __builtin_trap();
}

static void must(const char *what, long result)
{
    if (result >= 0)
        return;
    print("peer: %s: %ld\n", what, result);
    power_off("cannot go on");
}

/* Sleep until VIRQ_ARGO has arrived since the last time. */
static void wait(void)
{
    struct sched_poll poll = { .nr_ports = 1 };

    set_xen_guest_handle(poll.ports, &virq);
    must("poll", hypercall(__HYPERVISOR_sched_op, SCHEDOP_poll, (unsigned long)&poll, 0, 0, 0));
    __atomic_fetch_and(&shared->evtchn_pending[virq / BITS], ~(1UL << virq % BITS), __ATOMIC_SEQ_CST);
}

static void prepare(uint32_t number)
{
    const unsigned long *frames = (const unsigned long *)start_info->mfn_list;
    xen_argo_gfn_t frame = frames[((unsigned long)ring_page - (unsigned long)virt_base) / PAGE];
    struct evtchn_bind_virq bind = { .virq = VIRQ_ARGO };

    uint64_t entry = start_info->shared_info | 0x63;

#ifdef __i386__
    must("shared info", hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)shared_page, (unsigned long)entry,
                                  (unsigned long)(entry >> 32), UVMF_INVLPG, 0));
#else
    must("shared info", hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)shared_page, entry, UVMF_INVLPG, 0, 0));
#endif
    must("bind VIRQ_ARGO", hypercall(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq, (unsigned long)&bind, 0, 0, 0));
    virq = bind.port;
    port = (struct argo_port){ .hypercall = argo, .port = number, .ring = (void *)ring_page, .size = 1024,
                               .partner = XEN_ARGO_DOMID_ANY };
    must("open", argo_port_open(&port, &frame, 1));
}

/* Send a text, however long it takes until somebody is there to receive it. */
static void send(const char *text)
{
    for (;;) {
        long result = argo_port_send(&port, text, (uint32_t)strlen(text), 1);

        if (result == (long)strlen(text))
            return;
        if (result == -XEN_EAGAIN)
            wait();
        else if (result == -XEN_ECONNREFUSED) /* a ring that is opened later does not announce itself */
            hypercall(__HYPERVISOR_sched_op, SCHEDOP_yield, 0, 0, 0, 0);
        else
            must("send", result ? result : -1);
    }
}

static uint32_t receive(char text[128])
{
    struct argo_port_message message;

    for (;;) {
        long result = argo_port_receive(&port, text, 127, &message);

        if (result >= 0) {
            must("taken", argo_port_taken(&port));
            text[result] = '\0';
            return message.source.domain_id;
        }
        if (result != -XEN_EAGAIN)
            must("receive", result);
        wait();
    }
}

/* Append to a text. */
static void add(char *text, const char *more)
{
    memcpy(text + strlen(text), more, strlen(more) + 1);
}

void test(void)
{
    char line[128], text[128], got[128], *words[3] = { "", "", "" }, number[2] = "0";
    uint32_t port_number = 0, others = 0;

    memcpy(line, start_info->cmd_line, sizeof line - 1);
    line[127] = '\0';
    for (char *c = line, **word = words; *c && word < words + 3; word++) {
        *word = c;
        while (*c && *c != ' ')
            c++;
        while (*c == ' ')
            *c++ = '\0';
    }
    for (const char *c = words[2]; *c >= '0' && *c <= '9'; c++)
        port_number = port_number * 10 + (uint32_t)(*c - '0');
    prepare(port_number);
    print("peer: %s is there, %u bits\n", words[1], (unsigned int)BITS);
    if (!strcmp(words[0], "server"))
        for (;;) {
            uint32_t source = receive(got);

            if (got[0] != 'p') {
                others++;
                continue;
            }
            if (others)
                print("peer: %s got %u others before\n", words[1], others);
            others = 0;
            print("peer: %s got '%s' from domain %u\n", words[1], got, source);
            text[0] = '\0';
            add(text, "pong ");
            number[0] = got[5];
            add(text, number);
            add(text, " from ");
            add(text, words[1]);
            send(text);
        }
    if (!strcmp(words[0], "flood"))
        for (int i = 0; i < 300; i++)
            send("one of many");
    for (int i = 1; i <= 3; i++) {
        text[0] = '\0';
        add(text, "ping ");
        number[0] = (char)('0' + i);
        add(text, number);
        add(text, " from ");
        add(text, words[1]);
        send(text);
        receive(text);
        print("peer: %s got '%s'\n", words[1], text);
    }
    power_off("done");
}
