/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as Xen's answers: the library reads nothing outside of them, ends, and hands out only what was answered.
 * The bytes are a program: for each call a result, what to change in the request's head, and how much of the array.
 */
#include "fuzz.h"

#include "abi.h"
#include "argopatch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xencall.h>

static const uint8_t *at, *end;

static void take(void *to, size_t size)
{
    size_t left = (size_t)(end - at);

    memset(to, 0, size);
    memcpy(to, at, size < left ? size : left);
    at += size < left ? size : left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct argopatch *handle = argopatch_open(NULL);
    struct argopatch_cable *cables = (void *)1;
    size_t count = 99;

    at = data;
    end = data + size;
    while (at < end) {
        if (argopatch_list(handle, 3, &cables, &count)) {
            if (!errno)
                abort();
            continue;
        }
        if ((cables == NULL) != (count == 0))
            abort();
        for (size_t i = 0; i < count; i++)
            if (cables[i].source.port == 0xdeadbeef && cables[i].source.domid != 0xdead)
                abort();
        free(cables);
    }
    argopatch_close(handle);
    return 0;
}

int xencall5(xencall_handle *call, unsigned int op, uint64_t arg1, uint64_t arg2, uint64_t arg3, uint64_t arg4,
             uint64_t arg5)
{
    struct abi_cable_list *list = (void *)(uintptr_t)arg2;
    struct abi_addr *outside = (void *)(uintptr_t)arg3;
    uint32_t room = list->nent;
    uint8_t result;

    (void)call;
    if (op != ABI_HYPERCALL || arg1 != ABI_CABLE_LIST || arg4 || arg5 || list->domain_id != 3 || list->pad)
        abort();
    take(&result, 1);
    if (at == end || (result & 0x80)) {
        errno = result & 0x7f ? result & 0x7f : EINVAL;
        return -1;
    }
    take(&list->nent, result & 1 ? 1 : 4);
    if (result & 2)
        take(&list->cursor, 8);
    else if (result & 4)
        list->cursor = ABI_LIST_END;
    else
        list->cursor++;
    take(list->data, sizeof list->data[0] * (list->nent < room ? list->nent : room));
    if (outside)
        take(outside, sizeof *outside * (list->nent < room ? list->nent : room));
    return 0;
}

/* The rest of libxencall */

xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned int flags)
{
    (void)logger;
    (void)flags;
    return malloc(1);
}

int xencall_close(xencall_handle *call)
{
    free(call);
    return 0;
}

void *xencall_alloc_buffer(xencall_handle *call, size_t size)
{
    void *memory = malloc(size);

    (void)call;
    return memory ? memset(memory, 0xef, size) : NULL;
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
