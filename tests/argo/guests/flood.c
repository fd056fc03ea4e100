/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A puppet that sends as fast as it can, for the tests of traffic: what it counts is in its mailbox.
 *
 * Included by a test after puppet.c.
 */
/* In a sender: numbers from 0 to count, each until it has gone out or is refused */
static long flood(void)
{
    memset(&mailbox.data.traffic.address, 0, sizeof(mailbox.data.traffic.address));
    mailbox.data.traffic.address.src.aport = 1;
    mailbox.data.traffic.address.src.domain_id = XEN_ARGO_DOMID_ANY;
    mailbox.data.traffic.address.dst.aport = XEN_ARGO_PORT_IMPLICIT;
    mailbox.data.traffic.address.dst.domain_id = XEN_ARGO_DOMID_ANY;
    mailbox.data.traffic.iov.iov_len = sizeof(mailbox.data.traffic.message);
    set_xen_guest_handle(mailbox.data.traffic.iov.iov_hnd, (uint8_t *)mailbox.data.traffic.message);
    for (uint32_t i = 0; i < mailbox.data.traffic.count;) {
        long result;

        for (unsigned int w = 0; w < 4; w++)
            mailbox.data.traffic.message[w] = i + w;
        result = hypercall(__HYPERVISOR_argo_op, XEN_ARGO_OP_sendv, (unsigned long)&mailbox.data.traffic.address,
                           (unsigned long)&mailbox.data.traffic.iov, 1, 5);
        if (result == sizeof(mailbox.data.traffic.message)) {
            mailbox.data.traffic.sent++;
            i++;
        } else if (result == -XEN_ECONNREFUSED) {
            mailbox.data.traffic.refused++;
            i++;
            yield();
        } else if (result == -XEN_EAGAIN) {
            mailbox.data.traffic.again++;
            yield();
        } else {
            mailbox.data.traffic.other = result;
            return result;
        }
    }
    return 0;
}

/* Whether a sender has been told to come back, as there is no room. */
static bool was_crowded(unsigned int d)
{
    return __atomic_load_n(&puppets[d].mailbox->data.traffic.again, __ATOMIC_RELAXED) != 0;
}
