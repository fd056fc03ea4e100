/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each call makes a request in memory that the hypervisor can reach, asks, and frees it. The handle holds nothing but
 * libxencall's own, which is made for several threads, so there is nothing here to lock.
 */
#include "argopatch.h"

#include "abi.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xencall.h>

_Static_assert(ARGOPATCH_SET_NEW == ABI_SET_FAIL_EXIST && ARGOPATCH_SET_REPLACE == ABI_SET_REPLACE, "set flags");
_Static_assert(ARGOPATCH_FLUSH_FROM == ABI_FLUSH_FROM && ARGOPATCH_FLUSH_TO == ABI_FLUSH_TO, "flush flags");
_Static_assert(ARGOPATCH_LIST_END == ABI_LIST_END, "end of list");
_Static_assert(ARGOPATCH_UP == ABI_DOMID_UP && ARGOPATCH_UP_ALL == ABI_PORT_IMPLICIT, "up");

struct argopatch {
    xencall_handle *call;
};

/*
 * A request's memory is locked, and still the kernel may be moving the page when Xen looks at it, which shows as EFAULT
 * where libxencall cannot rule that out. Asking again is right for these operations unless what failed was the answer's
 * copy. Only listing and up_info have one, and both leave the question as it was until then.
 */
enum { TRIES = 16 };

static int ask(struct argopatch *handle, unsigned int operation, const void *request, const void *more,
               unsigned long arg3, unsigned long arg4)
{
    int result;

    for (int i = 0; i < TRIES; i++) {
        result = xencall5(handle->call, ABI_HYPERCALL, operation, (uintptr_t)request, (uintptr_t)more, arg3, arg4);
        if (result >= 0 || errno != EFAULT || xencall_buffers_never_fault(handle->call))
            break;
    }
    return result < 0 ? -1 : 0;
}

/* Free a request without losing the error of what it was for. */
static void done(struct argopatch *handle, void *request)
{
    int error = errno;

    xencall_free_buffer(handle->call, request);
    errno = error;
}

static void *request_new(struct argopatch *handle, size_t size)
{
    void *request = xencall_alloc_buffer(handle->call, size);

    if (!request)
        errno = ENOMEM;
    return request;
}

static struct abi_addr encode(const struct argopatch_address *address)
{
    return (struct abi_addr){ .aport = address->port, .domain_id = address->domid };
}

static struct argopatch_address decode(const struct abi_addr *address)
{
    return (struct argopatch_address){ .port = address->aport, .domid = address->domain_id };
}

struct argopatch *argopatch_open(struct xentoollog_logger *logger)
{
    struct argopatch *handle = malloc(sizeof *handle);

    if (!handle)
        return NULL;
    errno = ENODEV;
    handle->call = xencall_open(logger, 0);
    if (!handle->call) {
        int error = errno;

        free(handle);
        errno = error;
        return NULL;
    }
    return handle;
}

void argopatch_close(struct argopatch *handle)
{
    int error = errno;

    if (handle) {
        xencall_close(handle->call);
        free(handle);
    }
    errno = error;
}

int argopatch_probe(struct argopatch *handle)
{
    /* A flush without a flag is refused with EINVAL by a Xen that knows the operation, before it looks at the domain. */
    if (ask(handle, ABI_CABLE_FLUSH, NULL, NULL, 0, 0) == 0 || errno == EINVAL)
        return 0;
    return -1;
}

int argopatch_set(struct argopatch *handle, const struct argopatch_cable *cable, unsigned int flags)
{
    struct {
        struct abi_cable cable;
        struct abi_addr outside;
    } *request = request_new(handle, sizeof *request);
    int result;

    if (!request)
        return -1;
    request->cable = (struct abi_cable){ encode(&cable->source), encode(&cable->destination) };
    request->outside = encode(&cable->outside);
    if (cable->source.domid == ARGOPATCH_UP)
        request->outside.aport = ABI_PORT_IMPLICIT;
    result = ask(handle, ABI_CABLE_SET, &request->cable, cable->has_outside ? &request->outside : NULL, flags, 0);
    done(handle, request);
    return result;
}

int argopatch_clear(struct argopatch *handle, const struct argopatch_address *source)
{
    struct abi_addr *request = request_new(handle, sizeof *request);
    int result;

    if (!request)
        return -1;
    *request = encode(source);
    result = ask(handle, ABI_CABLE_CLEAR, request, NULL, 0, 0);
    done(handle, request);
    return result;
}

static bool is_up(const struct abi_cable *cable)
{
    return cable->src.domain_id == ABI_DOMID_UP || cable->dst.domain_id == ABI_DOMID_UP;
}

/* Whether any cable of a list, which may claim to be longer than it is, leads up or comes down */
static bool any_up(const struct abi_cable_list *list, size_t room)
{
    for (size_t i = 0; i < list->nent && i < room; i++)
        if (is_up(&list->data[i]))
            return true;
    return false;
}

int argopatch_list_some(struct argopatch *handle, uint16_t domid, uint64_t *cursor, struct argopatch_cable *cables,
                        size_t room, size_t *count)
{
    const struct abi_cable_list head = { .domain_id = domid, .cursor = *cursor };
    struct abi_cable_list *request;
    struct abi_addr *outside = NULL;
    int result;

    if (!room || *cursor == ARGOPATCH_LIST_END) {
        errno = EINVAL;
        return -1;
    }
    if (room > ABI_PER_LIST)
        room = ABI_PER_LIST;
    request = request_new(handle, sizeof *request + room * (sizeof request->data[0] + sizeof *outside));
    if (!request)
        return -1;
    /* Xen changes the head only when it has succeeded, so that the same request can be made again. */
    *request = head;
    request->nent = (uint32_t)room;
    result = ask(handle, ABI_CABLE_LIST, request, NULL, 0, 0);
    /* What is outside is asked for where there is any: a Xen that cannot have it refuses the question. */
    if (!result && any_up(request, room)) {
        outside = (struct abi_addr *)&request->data[room];
        memset(outside, 0, room * sizeof *outside);
        *request = head;
        request->nent = (uint32_t)room;
        result = ask(handle, ABI_CABLE_LIST, request, outside, 0, 0);
    }
    /* An answer that would be read past its end, or leads nowhere, is none of Xen's. */
    if (!result && (request->nent > room || request->cursor <= *cursor)) {
        errno = EPROTO;
        result = -1;
    }
    if (!result) {
        for (size_t i = 0; i < request->nent; i++) {
            const struct abi_cable *cable = &request->data[i];

            cables[i] = (struct argopatch_cable){ .source = decode(&cable->src), .destination = decode(&cable->dst) };
            if (outside && is_up(cable) && outside[i].domain_id != ABI_DOMID_ANY) {
                cables[i].has_outside = true;
                cables[i].outside = decode(&outside[i]);
            }
        }
        *count = request->nent;
        *cursor = request->cursor;
    }
    done(handle, request);
    return result;
}

int argopatch_list(struct argopatch *handle, uint16_t domid, struct argopatch_cable **cables, size_t *count)
{
    struct argopatch_cable *all = NULL;
    size_t used = 0, room = 0;
    uint64_t cursor = 0;

    do {
        size_t some = 0;

        if (room - used < ABI_PER_LIST) {
            size_t more = room ? room * 2 : ABI_PER_LIST;
            struct argopatch_cable *grown = reallocarray(all, more, sizeof *all);

            if (!grown)
                goto failed;
            all = grown;
            room = more;
        }
        if (argopatch_list_some(handle, domid, &cursor, all + used, ABI_PER_LIST, &some))
            goto failed;
        used += some;
    } while (cursor != ARGOPATCH_LIST_END);

    if (!used) {
        free(all);
        all = NULL;
    }
    *cables = all;
    *count = used;
    return 0;

failed:
    free(all);
    return -1;
}

int argopatch_flush(struct argopatch *handle, uint16_t domid, unsigned int flags)
{
    return ask(handle, ABI_CABLE_FLUSH, NULL, NULL, domid, flags);
}

int argopatch_up_info(struct argopatch *handle, uint32_t port, struct argopatch_up_info *info)
{
    struct abi_up_info *request = request_new(handle, sizeof *request);
    int result;

    if (!request)
        return -1;
    *request = (struct abi_up_info){ .aport = port };
    result = ask(handle, ABI_UP_INFO, request, NULL, 0, 0);
    /* Where there is no up, Xen says that it does not know the operation. */
    if (result && errno == EOPNOTSUPP && argopatch_probe(handle) == 0)
        errno = ESRCH;
    if (!result)
        *info = (struct argopatch_up_info){
            .rings = request->rings,
            .ring_bytes = request->ring_len,
            .waiting = request->flags & ABI_RING_WAITING,
            .broken = request->flags & ABI_RING_BROKEN,
            .lost = request->flags & ABI_RING_LOST,
            .delivered = request->delivered,
            .refused = request->refused,
            .too_long = request->too_long,
            .denied = request->denied,
            .failed = request->failed,
            .discarded = request->discarded,
            .malformed = request->malformed,
        };
    done(handle, request);
    return result;
}
