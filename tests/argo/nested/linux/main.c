/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domain 0 of the inner Xen, and a client (tests/argo/linux/peer): it first plugs its own port in, so that what it
 * sends goes up by that port and what comes down at the next one is its own.
 */
#define test peer
#include "../../linux/peer/main.c"
#undef test

void test(void);

/* The port is the last word; and what Xen puts before the first goes. */
static uint32_t own_port(void)
{
    char *line = (char *)start_info->cmd_line, *words = line;
    uint32_t number = 0;

    while (*words == ' ')
        words++;
    memcpy(line, words, strlen(words) + 1);
    for (; *line; line++)
        number = *line < '0' || *line > '9' ? 0 : number * 10 + (uint32_t)(*line - '0');
    return number;
}

void test(void)
{
    uint32_t number = own_port();
    xen_argo_cable_t up = { .src = { .aport = number },
                            .dst = { .aport = number, .domain_id = XEN_ARGO_DOMID_UP } };
    xen_argo_cable_t down = { .src = { .aport = number + 1, .domain_id = XEN_ARGO_DOMID_UP },
                              .dst = { .aport = number } };

    must("cable up", hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_cable_set, (unsigned long)&up, 0, 0, 0));
    must("cable down", hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_cable_set, (unsigned long)&down, 0, 0, 0));
    peer();
}
