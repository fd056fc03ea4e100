/* What the toolstack asks for. */
static DEFINE_SPINLOCK(tool_lock);
static unsigned int n_labels;

static int set_label(struct domain *d, struct tool_op *op)
{
    int rc = xsm_set_label(XSM_HOOK, d, op->label);

    if ( rc )
        return rc;
    d->label = op->label;
    n_labels++;
    return 0;
}

long do_tool_op(XEN_GUEST_HANDLE_PARAM(tool_op_t) u_op)
{
    struct tool_op curop, *op = &curop;
    struct domain *d;
    long ret;

    if ( copy_from_guest(op, u_op, 1) )
        return -EFAULT;

    d = rcu_lock_domain_by_id(op->domain);
    if ( !d )
        return -ESRCH;

    ret = xsm_tool(XSM_OTHER, d, op->cmd);
    if ( ret )
        goto out;

    spin_lock(&tool_lock);

    switch ( op->cmd )
    {
    case TOOL_pause:
        domain_pause_by_systemcontroller(d);
        break;

    case TOOL_resume:
        ret = domain_unpause_by_systemcontroller(d);
        break;

    case TOOL_set_label:
        ret = set_label(d, op);
        break;

    case TOOL_get_info:
        op->label = d->label;
        break;

    default:
        ret = -ENOSYS;
        break;
    }

    spin_unlock(&tool_lock);

 out:
    rcu_unlock_domain(d);
    return ret;
}
