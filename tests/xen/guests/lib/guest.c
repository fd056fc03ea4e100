/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The little that a test kernel stands on, on every architecture; machine.h has
 * what differs.
 */
#include "guest.h"
#include "machine.h"

static unsigned int failures;
static unsigned int expectations;

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

/* Xen's own console is not for the guests of a release build. */
static void line_flush(struct line *line)
{
    long result = hypercall(__HYPERVISOR_console_io, CONSOLEIO_write, line->length, (unsigned long)line->text, 0, 0);

    if (result < 0 && !is_dom0())
        machine_write(line->text, line->length);
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

void skip(const char *reason)
{
    print("SKIP: %s\n", reason);
    machine_leave(SKIP);
}

void error(const char *reason)
{
    print("ERROR: %s\n", reason);
    machine_leave(ERROR);
}

void guest_main(const void *given)
{
    machine_begin(given);
    test();
    if (expectations == 0)
        error("the test expected nothing");
    print("%u of %u expectations hold\n", expectations - failures, expectations);
    machine_leave(failures ? FAILURE : SUCCESS);
}
