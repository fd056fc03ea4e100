/* A channel between two guests. */
static int channel_open(domid_t domid)
{
    struct domain *currd = current->domain, *d;
    int rc;

    d = rcu_lock_domain_by_id(domid);
    if ( d == NULL )
        return -ESRCH;

    rc = xsm_channel_open(XSM_HOOK, currd, d);
    if ( !rc )
        d->peer = currd;

    rcu_unlock_domain(d);
    return rc;
}

static int channel_close(domid_t domid)
{
    struct domain *d = rcu_lock_domain_by_any_id(domid);
    int rc;

    if ( d == NULL )
        return -ESRCH;

    rc = xsm_channel_close(XSM_TARGET, d);
    if ( !rc )
        d->peer = NULL;

    rcu_unlock_domain(d);
    return rc;
}

long do_channel_op(int cmd, domid_t domid)
{
    switch ( cmd )
    {
    case CHANNEL_open:
        return channel_open(domid);

    case CHANNEL_close:
        return channel_close(domid);

    default:
        return -ENOSYS;
    }
}
