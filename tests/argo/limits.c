/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The limits of the table of cables, and every argument of its operations that is wrong.
 *
 * Where an operation is refused, a look at the whole table makes sure that nothing has changed.
 */
#include "user.h"

#include <public/argo.h>

enum { CALLER, SOURCE, DESTINATION, OTHER, DOMAINS, LIMIT = 4096, PAGE_LIMIT = 256 };

static struct domain *domains[DOMAINS];

int user_ask(enum user_question question, const struct domain *subject, const struct domain *object)
{
    (void)question, (void)subject, (void)object;
    return 0;
}

static void expect_at(int line, const char *what, long got, long wanted)
{
    if (got == wanted)
        return;
    fprintf(stderr, "line %d: %s: %ld, not %ld\n", line, what, got, wanted);
    abort();
}
#define expect(got, wanted) expect_at(__LINE__, #got, got, wanted)

static long op(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4)
{
    return user_hypercall(domains[CALLER], cmd, arg1, arg2, arg3, arg4);
}

static long set(unsigned src, uint32_t from, unsigned dst, uint32_t to, unsigned flags)
{
    xen_argo_cable_t cable = { .src = { .aport = from, .domain_id = (domid_t)src },
                               .dst = { .aport = to, .domain_id = (domid_t)dst } };

    return op(XEN_ARGO_OP_cable_set, &cable, NULL, flags, 0);
}

static long clear(unsigned src, uint32_t from)
{
    xen_argo_addr_t address = { .aport = from, .domain_id = (domid_t)src };

    return op(XEN_ARGO_OP_cable_clear, &address, NULL, 0, 0);
}

static long flush(unsigned d, unsigned flags)
{
    return op(XEN_ARGO_OP_cable_flush, NULL, NULL, d, flags);
}

static union {
    xen_argo_cable_list_t list;
    uint8_t space[sizeof(xen_argo_cable_list_t) + 2 * PAGE_LIMIT * sizeof(xen_argo_cable_t)];
} page;

/* The cables from a domain, and a sum over all that they say */
static unsigned look(unsigned d, uint64_t *sum)
{
    unsigned count = 0;

    *sum = 0;
    page.list = (xen_argo_cable_list_t){ .domain_id = (domid_t)d };
    do {
        page.list.nent = 2 * PAGE_LIMIT;
        expect(op(XEN_ARGO_OP_cable_list, &page, NULL, 0, 0), 0);
        expect(page.list.nent <= PAGE_LIMIT, true);
        for (unsigned i = 0; i < page.list.nent; i++, count++)
            *sum = *sum * 31 + page.list.data[i].src.aport + 7 * page.list.data[i].dst.domain_id
                   + 11ull * page.list.data[i].dst.aport;
    } while (page.list.cursor != XEN_ARGO_CABLE_LIST_END);
    return count;
}

#define refused(got, wanted)                             \
    do {                                                 \
        uint64_t before_, after_;                        \
        unsigned count_ = look(SOURCE, &before_);        \
        expect(got, wanted);                             \
        expect(look(SOURCE, &after_), (long)count_);     \
        expect(before_ == after_, true);                 \
    } while (0)

static void bad_arguments(void)
{
    xen_argo_cable_t cable = { .src = { .aport = 1, .domain_id = SOURCE }, .dst = { .aport = 2, .domain_id = OTHER } };
    xen_argo_cable_t src_pad = cable, dst_pad = cable;
    xen_argo_addr_t address = { .aport = 1, .domain_id = SOURCE }, pad = { .domain_id = SOURCE, .pad = 1 };
    void *bad = (void *)8, *unused = &address;

    src_pad.src.pad = 1;
    dst_pad.dst.pad = 1;
    expect(set(SOURCE, 1, DESTINATION, 1, 0), 0);

    refused(op(XEN_ARGO_OP_cable_set, NULL, NULL, 0, 0), -XEN_EFAULT);
    refused(op(XEN_ARGO_OP_cable_set, bad, NULL, 0, 0), -XEN_EFAULT);
    refused(op(XEN_ARGO_OP_cable_set, &cable, unused, 0, 0), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_set, &cable, NULL, 3, 0), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_set, &cable, NULL, 4, 0), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_set, &cable, NULL, 1ul << 32, 0), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_set, &cable, NULL, 0, 1), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_set, &src_pad, NULL, 0, 0), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_set, &dst_pad, NULL, 0, 0), -XEN_EINVAL);
    refused(set(DOMAINS, 1, DESTINATION, 1, 0), -XEN_ESRCH);
    refused(set(SOURCE, 1, DOMAINS, 1, 0), -XEN_ESRCH);
    refused(set(DOMID_SELF, 1, DESTINATION, 1, 0), -XEN_ESRCH);
    refused(set(SOURCE, 1, XEN_ARGO_DOMID_ANY, 1, 0), -XEN_ESRCH);
    refused(set(SOURCE, 1, OTHER, 1, XEN_ARGO_CABLE_FLAG_FAIL_EXIST), -XEN_EEXIST);
    refused(set(SOURCE, 2, OTHER, 1, XEN_ARGO_CABLE_FLAG_REPLACE), -XEN_ENOENT);
    expect(set(SOURCE, 1, DESTINATION, 1, XEN_ARGO_CABLE_FLAG_REPLACE), 0);

    refused(op(XEN_ARGO_OP_cable_clear, NULL, NULL, 0, 0), -XEN_EFAULT);
    refused(op(XEN_ARGO_OP_cable_clear, bad, NULL, 0, 0), -XEN_EFAULT);
    refused(op(XEN_ARGO_OP_cable_clear, &address, unused, 0, 0), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_clear, &address, NULL, 1, 0), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_clear, &address, NULL, 0, 1), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_clear, &pad, NULL, 0, 0), -XEN_EINVAL);
    refused(clear(DOMAINS, 1), -XEN_ESRCH);
    refused(clear(SOURCE, 2), -XEN_ENOENT);

    page.list = (xen_argo_cable_list_t){ .domain_id = SOURCE, .nent = 1 };
    expect(op(XEN_ARGO_OP_cable_list, NULL, NULL, 0, 0), -XEN_EFAULT);
    expect(op(XEN_ARGO_OP_cable_list, bad, NULL, 0, 0), -XEN_EFAULT);
    expect(op(XEN_ARGO_OP_cable_list, &page, unused, 0, 0), -XEN_EINVAL);
    expect(op(XEN_ARGO_OP_cable_list, &page, NULL, 1, 0), -XEN_EINVAL);
    expect(op(XEN_ARGO_OP_cable_list, &page, NULL, 0, 1), -XEN_EINVAL);
    page.list.pad = 1;
    expect(op(XEN_ARGO_OP_cable_list, &page, NULL, 0, 0), -XEN_EINVAL);
    page.list = (xen_argo_cable_list_t){ .domain_id = DOMAINS, .nent = 1 };
    expect(op(XEN_ARGO_OP_cable_list, &page, NULL, 0, 0), -XEN_ESRCH);
    /* A cursor that no call has given: past all ports is the end, and so is the end. */
    for (uint64_t cursor = 1ull << 32; cursor; cursor = cursor == ~0ull ? 0 : ~0ull) {
        page.list = (xen_argo_cable_list_t){ .domain_id = SOURCE, .nent = 1, .cursor = cursor };
        expect(op(XEN_ARGO_OP_cable_list, &page, NULL, 0, 0), 0);
        expect(page.list.nent, 0);
        expect(page.list.cursor == XEN_ARGO_CABLE_LIST_END, true);
    }
    /* No room: nothing is written, and nothing is skipped. */
    page.list = (xen_argo_cable_list_t){ .domain_id = SOURCE, .nent = 0 };
    expect(op(XEN_ARGO_OP_cable_list, &page, NULL, 0, 0), 0);
    expect((long)page.list.cursor, 1);

    refused(flush(SOURCE, 0), -XEN_EINVAL);
    refused(flush(SOURCE, 4), -XEN_EINVAL);
    refused(flush(DOMAINS, 1), -XEN_ESRCH);
    refused(flush(0x10000 + SOURCE, 1), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_flush, unused, NULL, SOURCE, 1), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_flush, NULL, unused, SOURCE, 1), -XEN_EINVAL);
    refused(op(XEN_ARGO_OP_cable_flush + 1, NULL, NULL, 0, 0), -XEN_EOPNOTSUPP);
    expect(flush(SOURCE, XEN_ARGO_CABLE_FLUSH_FROM), 0);
}

/* What is not quite the unset destination is refused as it always was. */
static void bad_sends(void)
{
    uint8_t byte = 0;
    xen_argo_iov_t iov = { .iov_len = 1 };
    xen_argo_send_addr_t good = { .src = { .aport = 1, .domain_id = XEN_ARGO_DOMID_ANY },
                                  .dst = { .aport = XEN_ARGO_PORT_IMPLICIT, .domain_id = XEN_ARGO_DOMID_ANY } };
    xen_argo_send_addr_t address = good;

    set_xen_guest_handle(iov.iov_hnd, &byte);
    expect(op(XEN_ARGO_OP_sendv, &address, &iov, 1, 0), -XEN_ECONNREFUSED);
    address.dst.aport = 0;
    expect(op(XEN_ARGO_OP_sendv, &address, &iov, 1, 0), -XEN_ESRCH);
    address = good;
    address.dst.pad = 1;
    expect(op(XEN_ARGO_OP_sendv, &address, &iov, 1, 0), -XEN_EINVAL);
    address = good;
    address.dst.domain_id = CALLER;
    expect(op(XEN_ARGO_OP_sendv, &address, &iov, 1, 0), -XEN_ECONNREFUSED);
    address = good;
    address.src.domain_id = SOURCE;
    expect(op(XEN_ARGO_OP_sendv, &address, &iov, 1, 0), -XEN_EPERM);
    address = good;
    expect(op(XEN_ARGO_OP_sendv, &address, &iov, XEN_ARGO_MAXIOV + 1, 0), -XEN_EINVAL);
}

/* Ports spread over the whole range, so that the hash is put to work */
static uint32_t port_of(unsigned i)
{
    return i * 0x00fffff1u;
}

static void limits(void)
{
    uint64_t sum;

    for (unsigned i = 0; i < LIMIT; i++) {
        /* Growing the table fails now and then: that costs speed and nothing else. */
        user_alloc_fail = i && i % 3 == 0 ? 2 : 0;
        expect(set(SOURCE, port_of(i), DESTINATION, i, XEN_ARGO_CABLE_FLAG_FAIL_EXIST), 0);
        user_alloc_fail = 0;
    }
    expect(look(SOURCE, &sum), LIMIT);
    /* No more from this source, to whatever destination; and none to this destination from another source. */
    refused(set(SOURCE, port_of(LIMIT), DESTINATION, 0, 0), -XEN_ENOSPC);
    refused(set(SOURCE, port_of(LIMIT), OTHER, 0, 0), -XEN_ENOSPC);
    refused(set(OTHER, 1, DESTINATION, 0, 0), -XEN_ENOSPC);
    /* One that is there can be moved, to the same destination and to another. */
    expect(set(SOURCE, port_of(7), DESTINATION, 9999, 0), 0);
    expect(set(SOURCE, port_of(7), OTHER, 1, 0), 0);
    expect(set(OTHER, 1, DESTINATION, 0, 0), 0);
    /* Now it cannot come back, and stays where it is. */
    refused(set(SOURCE, port_of(7), DESTINATION, 9999, 0), -XEN_ENOSPC);
    expect(look(SOURCE, &sum), LIMIT);
    /* Room for one, and no more */
    expect(clear(SOURCE, port_of(8)), 0);
    expect(set(SOURCE, port_of(LIMIT), DESTINATION, 1, 0), 0);
    refused(set(SOURCE, port_of(8), OTHER, 1, 0), -XEN_ENOSPC);

    expect(flush(DESTINATION, XEN_ARGO_CABLE_FLUSH_TO), 0);
    expect(look(SOURCE, &sum), 1);
    expect(look(OTHER, &sum), 0);
    expect(flush(SOURCE, XEN_ARGO_CABLE_FLUSH_FROM), 0);
    expect(look(SOURCE, &sum), 0);
    /* The first cable of all needs its table. */
    user_alloc_fail = 2;
    refused(set(SOURCE, 1, OTHER, 1, 0), -XEN_ENOMEM);
    user_alloc_fail = 0;

    /* A domain full of cables both ways dies. */
    for (unsigned i = 0, inbound = 0; i < LIMIT; i++) {
        long wanted = i % 2 && inbound == LIMIT ? -XEN_ENOSPC : 0;

        expect(set(SOURCE, i, i % 2 ? SOURCE : DESTINATION, i, 0), wanted);
        inbound += i % 2 && !wanted;
        wanted = inbound == LIMIT ? -XEN_ENOSPC : 0;
        expect(set(OTHER, i, SOURCE, i, 0), wanted);
        inbound += !wanted;
    }
    user_domain_destroy(domains[SOURCE]);
    expect(look(OTHER, &sum), 0);
    domains[SOURCE] = user_domain_create(SOURCE, true);
    expect(look(SOURCE, &sum), 0);
    /* Both ends have room again. */
    expect(set(SOURCE, 0, DESTINATION, 0, 0), 0);
}

int main(void)
{
    expect(user_param("1"), 0);
    for (unsigned d = 0; d < DOMAINS; d++)
        domains[d] = user_domain_create((domid_t)d, true);
    bad_arguments();
    bad_sends();
    limits();
    for (unsigned d = 0; d < DOMAINS; d++)
        user_domain_destroy(domains[d]);
    printf("all limits hold\n");
    return 0;
}
