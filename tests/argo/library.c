/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libxencall on the real argo.c: with this in place of argo/tests/fake-xen.c, the library's own tests show that it does
 * what its header says on the hypervisor's code, and so that the fake Xen behaves as the real one.
 *
 * Here is also where the library's copy of the operations is held to the patched tree's header.
 */
#include "user.h"

#include <public/argo.h>

#include "abi.h"
#include "fake-xen.h"

#include <errno.h>
#include <xencall.h>

_Static_assert(ABI_HYPERCALL == __HYPERVISOR_argo_op, "hypercall");
_Static_assert(ABI_CABLE_SET == XEN_ARGO_OP_cable_set && ABI_CABLE_CLEAR == XEN_ARGO_OP_cable_clear &&
               ABI_CABLE_LIST == XEN_ARGO_OP_cable_list && ABI_CABLE_FLUSH == XEN_ARGO_OP_cable_flush, "operations");
_Static_assert(ABI_SET_FAIL_EXIST == XEN_ARGO_CABLE_FLAG_FAIL_EXIST && ABI_SET_REPLACE == XEN_ARGO_CABLE_FLAG_REPLACE &&
               ABI_FLUSH_FROM == XEN_ARGO_CABLE_FLUSH_FROM && ABI_FLUSH_TO == XEN_ARGO_CABLE_FLUSH_TO &&
               ABI_DOMID_UP == XEN_ARGO_DOMID_UP && ABI_DOMID_ANY == XEN_ARGO_DOMID_ANY &&
               ABI_PORT_IMPLICIT == XEN_ARGO_PORT_IMPLICIT && ABI_LIST_END == XEN_ARGO_CABLE_LIST_END && ABI_FIRST_RESERVED == DOMID_FIRST_RESERVED, "constants");
#define SAME_FIELD(ours, theirs, field, their_field) \
    _Static_assert(offsetof(struct ours, field) == offsetof(struct theirs, their_field) && \
                   sizeof(((struct ours *)0)->field) == sizeof(((struct theirs *)0)->their_field), #ours "." #field)
SAME_FIELD(abi_addr, xen_argo_addr, aport, aport);
SAME_FIELD(abi_addr, xen_argo_addr, domain_id, domain_id);
SAME_FIELD(abi_addr, xen_argo_addr, pad, pad);
SAME_FIELD(abi_cable, xen_argo_cable, src, src);
SAME_FIELD(abi_cable, xen_argo_cable, dst, dst);
SAME_FIELD(abi_cable_list, xen_argo_cable_list, domain_id, domain_id);
SAME_FIELD(abi_cable_list, xen_argo_cable_list, pad, pad);
SAME_FIELD(abi_cable_list, xen_argo_cable_list, nent, nent);
SAME_FIELD(abi_cable_list, xen_argo_cable_list, cursor, cursor);
_Static_assert(offsetof(struct abi_cable_list, data) == offsetof(struct xen_argo_cable_list, data), "data");
_Static_assert(sizeof(struct abi_addr) == sizeof(struct xen_argo_addr) &&
               sizeof(struct abi_cable) == sizeof(struct xen_argo_cable), "sizes");

static struct domain *domains[WORLD_DOMAINS];
static int refused, fail_error;
static unsigned int fail_after;

int user_ask(enum user_question question, const struct domain *subject, const struct domain *object)
{
    (void)question;
    (void)object;
    return subject->domain_id == 0 ? 0 : -XEN_EPERM;
}

void world_create(uint16_t domid, const char *name, const char *uuid, bool argo)
{
    (void)name;
    (void)uuid;
    domains[domid] = user_domain_create(domid, argo);
}

void world_destroy(uint16_t domid)
{
    user_domain_destroy(domains[domid]);
    domains[domid] = NULL;
}

void world_refuse(int error)
{
    refused = error;
}

void world_fail(unsigned int after, int error)
{
    fail_after = after;
    fail_error = error;
}

void world_reset(void)
{
    user_param("1"); /* argo=1 */
    world_create(0, "", "", true);
}

/* A Xen outside that agrees to everything */
static long outside(unsigned int cmd, void *arg1, void *arg2, unsigned long arg3, unsigned long arg4)
{
    (void)cmd, (void)arg1, (void)arg2, (void)arg3, (void)arg4;
    return 0;
}

void world_nest(void)
{
    user_parent = outside;
    user_initcall();
}

struct xencall_handle {
    int unused;
};

xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned int flags)
{
    (void)logger;
    (void)flags;
    return calloc(1, sizeof(xencall_handle));
}

int xencall_close(xencall_handle *call)
{
    free(call);
    for (unsigned int d = 0; d < WORLD_DOMAINS; d++)
        if (domains[d])
            world_destroy((uint16_t)d);
    return 0;
}

void *xencall_alloc_buffer(xencall_handle *call, size_t size)
{
    (void)call;
    return malloc(size);
}

void xencall_free_buffer(xencall_handle *call, void *memory)
{
    (void)call;
    free(memory);
}

int xencall_buffers_never_fault(xencall_handle *call)
{
    (void)call;
    return 0;
}

int xencall5(xencall_handle *call, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3, uint64_t arg4,
             uint64_t arg5)
{
    long result;

    (void)call;
    if (op != __HYPERVISOR_argo_op)
        result = -XEN_ENOSYS;
    else if (refused)
        result = -refused;
    else if (fail_error && !fail_after--) {
        result = -fail_error;
        fail_error = 0;
    } else
        result = user_hypercall(domains[0], (unsigned int)arg1, (void *)(uintptr_t)arg2, (void *)(uintptr_t)arg3,
                                (unsigned long)arg4, (unsigned long)arg5);
    if (result < 0) {
        errno = (int)-result;
        return -1;
    }
    return (int)result;
}
