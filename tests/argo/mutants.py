# SPDX-License-Identifier: GPL-2.0-or-later
"""Single mistakes in argo.c, each of which a test has to notice.

A mistake is a name, the function it is made in, what stands there and what is
put in its place.  What stands there has to be there once.
"""

MUTANTS = [
    # Messages by cable
    ("delivers by the old cable while it is moved", "sendv_implicit",
     """        dst_d = rcu_lock_domain(cable->dst_d);
        ret = send_to_ring(src_d, src_port, dst_d, cable->dst_port,""",
     """        xen_argo_port_t dst_port = cable->dst_port;
        dst_d = rcu_lock_domain(cable->dst_d);
        read_unlock(&src_d->argo->cables_L2_rwlock);
        read_lock(&src_d->argo->rings_L2_rwlock);
        read_unlock(&src_d->argo->rings_L2_rwlock);
        read_lock(&src_d->argo->cables_L2_rwlock);
        ret = send_to_ring(src_d, src_port, dst_d, dst_port,"""),
    ("delivers by another port's cable", "find_cable",
     "if ( cable->src_port == port )",
     "if ( (cable->src_port & 1) == (port & 1) )"),
    ("delivers to the source's port number", "sendv_implicit",
     "dst_d, cable->dst_port, iovs", "dst_d, src_port, iovs"),
    ("delivers twice", "sendv_implicit",
     "                           niov, message_type, &len);\n",
     """                           niov, message_type, &len);
        if ( ret >= 0 )
            send_to_ring(src_d, src_port, dst_d, cable->dst_port, iovs, NULL,
                         niov, message_type, &len);
"""),
    ("does not deliver at all", "sendv_implicit",
     "ret = send_to_ring(", "ret = 0; if ( !len ) len = 1; else send_to_ring("),
    ("tells the receiver the wrong source port", "sendv_implicit",
     "ret = send_to_ring(src_d, src_port,",
     "ret = send_to_ring(src_d, cable->dst_port,"),
    ("does not tell the receiver", "sendv_implicit",
     "        signal_domain(dst_d);\n", "        (void)dst_d;\n"),
    ("tells a refused sender that it may not", "sendv_implicit",
     "    ret = -ECONNREFUSED;\n",
     """    ret = -ECONNREFUSED;
    if ( find_cable(src_d, src_port) &&
         xsm_argo_send_implicit(src_d, find_cable(src_d, src_port)->dst_d) )
        ret = -EACCES;
"""),
    # The security module
    ("sends without asking", "sendv_implicit",
     "if ( cable && !xsm_argo_send_implicit(src_d, cable->dst_d) )",
     "if ( cable )"),
    ("asks about the wrong one", "sendv_implicit",
     "xsm_argo_send_implicit(src_d, cable->dst_d)",
     "xsm_argo_send_implicit(cable->dst_d, src_d)"),
    ("queries without asking", "query_ring_implicit",
     "if ( cable && !xsm_argo_send_implicit(currd, cable->dst_d) )",
     "if ( cable )"),
    ("sets without asking about the source", "cable_set",
     "ret = may_be_source(src_d);", "ret = 0;"),
    ("sets without asking about the destination", "cable_set",
     "ret = may_be_destination(dst_d);", "ret = 0;"),
    ("clears without asking", "cable_clear",
     "ret = may_be_source(src_d);", "ret = 0;"),
    ("lists without asking", "cable_list",
     "ret = may_be_listed(src_d);", "ret = 0;"),
    ("flushes without asking", "cable_flush",
     "ret = may_be_destination(d);", "ret = 0;"),
    # Notifications
    ("forgets who waits for space", "send_to_ring",
     "rc = pending_requeue(dst_d, ring_info, src_id.domain_id, *len);",
     "rc = 0;"),
    ("forgets who waits when asked by cable", "query_ring",
     "ret = pending_requeue(", "ret = 0; if ( 0 ) pending_requeue("),
    ("does not tell who waits that a cable was set", "cable_set",
     "            signal_domain(src_d);\n", ""),
    ("does not tell who waits that a cable was cleared", "cable_clear",
     "        signal_domain(src_d);\n", ""),
    ("does not tell who waits that the peer has died", "cables_remove_to",
     "        signal_domain(cable->src_d);\n", ""),
    ("does not tell who waits that there is space", "pending_notify",
     "signal_domid(ent->domain_id);", ";"),
    # The table, and domains that die
    ("keeps the cables to a dead domain", "argo_destroy",
     "        cables_remove_to(d);\n", ""),
    ("keeps the cables from a dead domain", "argo_destroy",
     "        cables_remove_from(d);\n", ""),
    ("replaces where it should fail", "cable_set",
     "if ( old && (flags & XEN_ARGO_CABLE_FLAG_FAIL_EXIST) )", "if ( 0 )"),
    ("leaves the old cable when it sets a new one", "cable_connect",
     "    if ( old )\n        cable_remove(old);\n", "    (void)old;\n"),
    ("counts one cable too many", "cable_connect",
     "src->cable_count >= MAX_CABLES_PER_DOMAIN",
     "src->cable_count > MAX_CABLES_PER_DOMAIN"),
    ("does not count the cables to a domain", "cable_connect",
     "dst->inbound_count >= MAX_CABLES_PER_DOMAIN", "0"),
    ("loses cables when their table grows", "cable_hash_grow",
     "node = rb_first(&argo->cable_tree)",
     "node = rb_next(rb_first(&argo->cable_tree))"),
    ("flushes another's cables", "cables_flush_to",
     "if ( cable && cable->dst_d == d )", "if ( cable )"),
    ("leaves a cable that was to be flushed", "cables_flush_to",
     "for ( turns = MAX_CABLES_PER_DOMAIN; turns; turns-- )",
     "for ( turns = 1; turns; turns-- )"),
    ("lists from one port too late", "cable_from",
     "if ( cable->src_port < port )", "if ( cable->src_port <= port )"),
    ("loses cables in a soft reset", "argo_soft_reset",
     "        wildcard_rings_pending_remove(d);\n",
     "        wildcard_rings_pending_remove(d);\n"
     "        cables_remove_from(d);\n"),
    ("takes a destination with a bit that means nothing", "cable_set",
     "arg.src.pad || arg.dst.pad", "arg.src.pad"),
]
