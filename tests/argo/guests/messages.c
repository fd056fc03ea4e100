/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of a puppet's: sent, asked about, and expected in a ring.
 *
 * Included by a test after puppet.c.
 */
static long __attribute__((unused)) send_to(unsigned int d, uint32_t from, domid_t dst, uint32_t to,
                                            const char *text)
{
    struct mailbox *mail = puppets[d].mailbox;

    memset(&mail->data, 0, sizeof(mail->data.send));
    mail->data.send.address.src.aport = from;
    mail->data.send.address.src.domain_id = XEN_ARGO_DOMID_ANY;
    mail->data.send.address.dst.aport = to;
    mail->data.send.address.dst.domain_id = dst;
    mail->data.send.iov.iov_len = strlen(text);
    set_xen_guest_handle(mail->data.send.iov.iov_hnd, mailbox.data.send.message);
    memcpy(mail->data.send.message, text, strlen(text));
    return argo(d, XEN_ARGO_OP_sendv, &mailbox.data.send.address, &mailbox.data.send.iov, 1, 77);
}

/* Send naming no more than our own port */
static long __attribute__((unused)) send(unsigned int d, uint32_t from, const char *text)
{
    return send_to(d, from, XEN_ARGO_DOMID_ANY, XEN_ARGO_PORT_IMPLICIT, text);
}

/* The flags that notify gives about the ring at the end of the cable from a port of d */
static long __attribute__((unused)) ask(unsigned int d, uint32_t from, uint32_t space)
{
    xen_argo_ring_data_t *query = &puppets[d].mailbox->data.query;
    long result;

    memset(query, 0, sizeof(*query) + sizeof(query->data[0]));
    query->nent = 1;
    query->data[0].ring.aport = from;
    query->data[0].ring.domain_id = XEN_ARGO_DOMID_ANY;
    query->data[0].space_required = space;
    query->data[0].flags = 0xffff;
    result = argo(d, XEN_ARGO_OP_notify, query == &mailbox.data.query ? query : &mailbox.data.query, NULL, 0, 0);
    return result ? result : query->data[0].flags;
}

/* Take a message out of a ring: it must be the only one, and that one. */
static void __attribute__((unused)) expect_message(const char *what, unsigned int d, unsigned int ring,
                                                   unsigned int src, uint32_t from, const char *text)
{
    xen_argo_ring_t *pages = ring_of(d, ring);
    struct xen_argo_ring_message_header header;
    uint32_t rx = pages->rx_ptr;
    char got[64] = "";

    if (!expect(what, pages->tx_ptr != rx, true))
        return;
    memcpy(&header, pages->ring + rx, 16);
    expect(what, header.len, (long)strlen(text) + 16);
    expect(what, header.source.domain_id, src);
    expect(what, header.source.aport, from);
    expect(what, header.message_type, 77);
    for (size_t i = 0; i < strlen(text); i++)
        got[i] = (char)pages->ring[(rx + 16 + i) % RING];
    expect_text(what, got, text);
    rx = (rx + 16 + (header.len - 16 + 15) / 16 * 16) % RING;
    expect("nothing behind it", pages->tx_ptr, rx);
    pages->rx_ptr = rx;
}

static void __attribute__((unused)) expect_nothing(const char *what, unsigned int d, unsigned int ring)
{
    expect(what, ring_of(d, ring)->tx_ptr, ring_of(d, ring)->rx_ptr);
}
