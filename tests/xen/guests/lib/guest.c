/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The little that a test kernel stands on. It ends by writing to the port of
 * QEMU's isa-debug-exit device, so that the outcome is QEMU's exit status and
 * neither a crash nor a reboot can be taken for it.
 */
#include "guest.h"

#include <xen/event_channel.h>
#include <xen/io/console.h>
#include <xen/sched.h>

/* QEMU exits with twice this plus one; tests/xen/boot knows the same numbers. */
enum outcome { SUCCESS = 16, FAILURE = 17, ERROR = 18, SKIP = 19 };

#define EXIT_PORT 0xf4

extern uint8_t virt_base[]; /* guest.ld */

const struct start_info *start_info;

static unsigned int failures;
static unsigned int expectations;

void guest_main(const struct start_info *info);

long xen_version(int cmd, void *arg)
{
    return hypercall(__HYPERVISOR_xen_version, cmd, (unsigned long)arg, 0, 0, 0);
}

long xen_domctl(struct xen_domctl *op)
{
    op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    return hypercall(__HYPERVISOR_domctl, (unsigned long)op, 0, 0, 0, 0);
}

long xen_sysctl(struct xen_sysctl *op)
{
    op->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    return hypercall(__HYPERVISOR_sysctl, (unsigned long)op, 0, 0, 0, 0);
}

long xen_flask(struct xen_flask_op *op)
{
    op->interface_version = XEN_FLASK_INTERFACE_VERSION;
    return hypercall(__HYPERVISOR_xsm_op, (unsigned long)op, 0, 0, 0, 0);
}

long xen_domctl_on(struct xen_domctl *op, uint32_t cmd, domid_t domain)
{
    memset(op, 0, sizeof(*op));
    op->cmd = cmd;
    op->domain = domain;
    return xen_domctl(op);
}

long flask_context(uint32_t sid, char *context, uint32_t size)
{
    struct xen_flask_op op = { .cmd = FLASK_SID_TO_CONTEXT };

    op.u.sid_context.sid = sid;
    op.u.sid_context.size = size;
    set_xen_guest_handle(op.u.sid_context.context, context);
    return xen_flask(&op);
}

long flask_sid(const char *context, uint32_t *sid)
{
    struct xen_flask_op op = { .cmd = FLASK_CONTEXT_TO_SID };
    long answer;

    op.u.sid_context.size = strlen(context);
    set_xen_guest_handle(op.u.sid_context.context, (char *)context);
    answer = xen_flask(&op);
    *sid = op.u.sid_context.sid;
    return answer;
}

long flask_enforcing(void)
{
    struct xen_flask_op op = { .cmd = FLASK_GETENFORCE };

    return xen_flask(&op);
}

bool is_dom0(void)
{
    return start_info->flags & SIF_INITDOMAIN;
}

void *memset(void *to, int byte, size_t size)
{
    unsigned char *place = to;

    while (size--)
        *place++ = (unsigned char)byte;
    return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
    unsigned char *place = to;
    const unsigned char *source = from;

    while (size--)
        *place++ = *source++;
    return to;
}

size_t strlen(const char *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    return length;
}

int strcmp(const char *one, const char *other)
{
    while (*one && *one == *other)
        one++, other++;
    return (unsigned char)*one - (unsigned char)*other;
}

/* One line of console output: Xen keeps a guest's lines together only when they come in one piece. */
struct line {
    char text[256];
    unsigned int length;
};

/* The console that a toolstack gives a guest: a ring of characters, and an event for who reads them. */
static void ring_write(const char *text, unsigned int length)
{
    unsigned long frame = machine_to_phys_mapping[start_info->console.domU.mfn];
    struct xencons_interface *ring = (void *)(virt_base + (frame << 12));
    struct evtchn_send send = { .port = start_info->console.domU.evtchn };

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

/* Xen's own console is not for the guests of a release build. */
static void line_flush(struct line *line)
{
    long result = hypercall(__HYPERVISOR_console_io, CONSOLEIO_write, line->length, (unsigned long)line->text, 0, 0);

    if (result < 0 && !is_dom0() && start_info->console.domU.mfn)
        ring_write(line->text, line->length);
    line->length = 0;
}

static void line_char(struct line *line, char c)
{
    line->text[line->length++] = c;
    if (c == '\n' || line->length == sizeof(line->text))
        line_flush(line);
}

static void line_text(struct line *line, const char *text)
{
    while (*text)
        line_char(line, *text++);
}

static void line_number(struct line *line, unsigned long value, unsigned int base)
{
    char digits[24];
    unsigned int count = 0;

    do
        digits[count++] = "0123456789abcdef"[value % base];
    while (value /= base);
    while (count)
        line_char(line, digits[--count]);
}

void print(const char *format, ...)
{
    struct line line = { .length = 0 };
    va_list arguments;

    va_start(arguments, format);
    for (; *format; format++) {
        bool wide = false;
        long value;

        if (*format != '%') {
            line_char(&line, *format);
            continue;
        }
        if (*++format == 'l') {
            wide = true;
            format++;
        }
        switch (*format) {
        case 's':
            line_text(&line, va_arg(arguments, const char *));
            break;
        case 'c':
            line_char(&line, (char)va_arg(arguments, int));
            break;
        case 'd':
            value = wide ? va_arg(arguments, long) : va_arg(arguments, int);
            if (value < 0)
                line_char(&line, '-');
            line_number(&line, value < 0 ? -(unsigned long)value : (unsigned long)value, 10);
            break;
        case 'u':
        case 'x':
            line_number(&line, wide ? va_arg(arguments, unsigned long) : va_arg(arguments, unsigned int),
                        *format == 'x' ? 16 : 10);
            break;
        default:
            line_char(&line, *format);
            break;
        }
    }
    va_end(arguments);
    if (line.length)
        line_flush(&line);
}

bool expect(const char *what, long got, long wanted)
{
    expectations++;
    if (got == wanted)
        return true;
    failures++;
    print("FAIL: %s: %ld, not %ld\n", what, got, wanted);
    return false;
}

bool expect_text(const char *what, const char *got, const char *wanted)
{
    expectations++;
    if (strcmp(got, wanted) == 0)
        return true;
    failures++;
    print("FAIL: %s: \"%s\", not \"%s\"\n", what, got, wanted);
    return false;
}

static void __attribute__((noreturn)) leave(enum outcome outcome)
{
    struct physdev_set_iopl iopl = { .iopl = 1 };
    struct sched_shutdown shutdown = { .reason = outcome == SUCCESS ? SHUTDOWN_poweroff : SHUTDOWN_crash };

    if (is_dom0()) {
        hypercall(__HYPERVISOR_physdev_op, PHYSDEVOP_set_iopl, (unsigned long)&iopl, 0, 0, 0);
        asm volatile("outl %0, %w1" : : "a"((uint32_t)outcome), "Nd"(EXIT_PORT));
    }
    /* Not under QEMU, or a guest */
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_shutdown, (unsigned long)&shutdown, 0, 0, 0);
    __builtin_trap();
}

void skip(const char *reason)
{
    print("SKIP: %s\n", reason);
    leave(SKIP);
}

void error(const char *reason)
{
    print("ERROR: %s\n", reason);
    leave(ERROR);
}

void guest_main(const struct start_info *info)
{
    start_info = info;
    test();
    if (expectations == 0)
        error("the test expected nothing");
    print("%u of %u expectations hold\n", expectations - failures, expectations);
    leave(failures ? FAILURE : SUCCESS);
}
