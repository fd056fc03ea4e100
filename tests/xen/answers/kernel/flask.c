/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hypercall of the security module itself. */
#include "question.h"

static long flask_op(const struct asking *asking)
{
    struct xen_flask_op *op = request(asking->subject);

    op->cmd = asking->question->command;
    op->interface_version = XEN_FLASK_INTERFACE_VERSION;
    if (asking->question->value)
        memset(&op->u, 0xff, 4);
    return call(asking->subject, __HYPERVISOR_xsm_op, there(asking->subject, op), 0, 0, 0, 0);
}

/* What asks for what is so already is not checked, so this asks for the contrary; control puts it right again. */
static long setenforce(const struct asking *asking)
{
    long answer = flask_op(asking);
    struct xen_flask_op *op = request(0);

    op->cmd = FLASK_SETENFORCE;
    op->u.enforce.enforcing = 1;
    if (answer >= 0)
        xen_flask(op);
    return answer;
}

static long setavc_threshold(const struct asking *asking)
{
    struct xen_flask_op *op = request(asking->subject);
    static unsigned int threshold = 600;

    op->cmd = FLASK_SETAVC_THRESHOLD;
    op->interface_version = XEN_FLASK_INTERFACE_VERSION;
    op->u.setavc_threshold.threshold = ++threshold;
    return call(asking->subject, __HYPERVISOR_xsm_op, there(asking->subject, op), 0, 0, 0, 0);
}

static long relabel_domain(const struct asking *asking)
{
    struct xen_flask_op *op = request(asking->subject);

    op->cmd = FLASK_RELABEL_DOMAIN;
    op->interface_version = XEN_FLASK_INTERFACE_VERSION;
    op->u.relabel.domid = ordinary_guest();
    if (flask_sid("system_u:system_r:domU_t", &op->u.relabel.sid) < 0)
        error("the policy does not know domU_t");
    return call(asking->subject, __HYPERVISOR_xsm_op, there(asking->subject, op), 0, 0, 0, 0);
}

static long devicetree_label(const struct asking *asking)
{
    struct xen_flask_op *op = request(asking->subject);

    op->cmd = FLASK_DEVICETREE_LABEL;
    op->interface_version = XEN_FLASK_INTERFACE_VERSION;
    op->u.devicetree_label.sid = (uint32_t)asking->question->value;
    op->u.devicetree_label.length = 1;
    return call(asking->subject, __HYPERVISOR_xsm_op, there(asking->subject, op), 0, 0, 0, 0);
}

/* Commands that are no more are refused to everybody in these words. */
static bool gone(const struct asking *asking, long answer)
{
    (void)asking;
    return answer == -XEN_ENOSYS;
}

/* Each command twice: by whoever can, and by the 32-bit guest, for whom Xen has the same code once more. */
#define BOTH(name, ...) \
    { .operation = "do_xsm_op/" name, .object = MACHINE, __VA_ARGS__ }, \
    { .operation = "do_compat_op/" name, .object = PRIVATE32, __VA_ARGS__ }
#define FLASK(name, ...) BOTH("FLASK_" #name, .command = FLASK_##name, .ask = flask_op, ##__VA_ARGS__)

static const struct question questions[] = {
    FLASK(LOAD),
    FLASK(GETENFORCE),
    BOTH("FLASK_SETENFORCE", .command = FLASK_SETENFORCE, .ask = setenforce),
    FLASK(CONTEXT_TO_SID),
    FLASK(SID_TO_CONTEXT),
    FLASK(ACCESS),
    FLASK(CREATE),
    FLASK(RELABEL),
    FLASK(POLICYVERS),
    FLASK(GETBOOL),
    FLASK(SETBOOL),
    FLASK(COMMITBOOLS),
    FLASK(MLS),
    FLASK(GETAVC_THRESHOLD),
    BOTH("FLASK_SETAVC_THRESHOLD", .ask = setavc_threshold),
    FLASK(AVC_HASHSTATS),
    FLASK(AVC_CACHESTATS, .value = 1),
    FLASK(MEMBER),
    FLASK(ADD_OCONTEXT, .value = 1),
    FLASK(DEL_OCONTEXT, .value = 1),
    FLASK(GET_PEER_SID, .value = 1),
    BOTH("FLASK_RELABEL_DOMAIN", .ask = relabel_domain,
         .when = "op.u.relabel.sid is guest, op.u.relabel.domid is another guest"),
    BOTH("FLASK_DEVICETREE_LABEL", .ask = devicetree_label, .when = "!op.u.devicetree_label.sid"),
    BOTH("FLASK_DEVICETREE_LABEL", .ask = devicetree_label, .value = 1, .when = "op.u.devicetree_label.sid"),
    FLASK(USER, .refused = gone),
    FLASK(DISABLE, .refused = gone),
    BOTH("*", .command = 99, .ask = flask_op, .refused = gone),
};

const struct family flask_questions = FAMILY(questions);
