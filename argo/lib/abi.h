/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operations on cables as Xen's public header has them with the series in xen-patches. The library is built against
 * the headers of a Xen that need not have them yet; tests/argo/test-user holds this file to the patched header.
 */
#ifndef ARGOPATCH_ABI_H
#define ARGOPATCH_ABI_H

#include <stdint.h>

enum {
    ABI_HYPERCALL = 39, /* __HYPERVISOR_argo_op */
    ABI_CABLE_SET = 5,
    ABI_CABLE_CLEAR = 6,
    ABI_CABLE_LIST = 7,
    ABI_CABLE_FLUSH = 8,
    ABI_UP_INFO = 9,
    ABI_SET_FAIL_EXIST = 0x1,
    ABI_SET_REPLACE = 0x2,
    ABI_FLUSH_FROM = 0x1,
    ABI_FLUSH_TO = 0x2,
    ABI_RING_WAITING = 0x1,
    ABI_RING_BROKEN = 0x2,
    ABI_RING_LOST = 0x4,
    ABI_PER_LIST = 256, /* as many cables does one call list */
    ABI_DOMID_UP = 0x7ff2,
    ABI_DOMID_ANY = 0x7ff4,
    ABI_FIRST_RESERVED = 0x7ff0
};

#define ABI_LIST_END UINT64_MAX
#define ABI_PORT_IMPLICIT UINT32_MAX

struct abi_addr {
    uint32_t aport;
    uint16_t domain_id;
    uint16_t pad;
};

struct abi_cable {
    struct abi_addr src, dst;
};

struct abi_cable_list {
    uint16_t domain_id;
    uint16_t pad;
    uint32_t nent;
    uint64_t cursor;
    struct abi_cable data[];
};

struct abi_up_info {
    uint32_t aport, flags, rings, ring_len;
    uint64_t delivered, refused, too_long, denied, failed, discarded, malformed;
};

#endif
