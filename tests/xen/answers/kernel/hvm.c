/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hardware-assisted domains: their parameters and device models. */
#include "question.h"

#include <xen/hvm/dm_op.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>

static long hvm_op(const struct asking *asking, const void *arguments)
{
    return call(asking->subject, __HYPERVISOR_hvm_op, asking->question->command,
                there(asking->subject, arguments), 0, 0, 0);
}

static long param(const struct asking *asking)
{
    struct xen_hvm_param *param = request(asking->subject);

    param->domid = asking->object;
    param->index = (uint32_t)asking->question->value;
    param->value = 99;
    return hvm_op(asking, param);
}

static long mem_type(const struct asking *asking)
{
    struct xen_hvm_get_mem_type *type = request(asking->subject);

    type->domid = asking->object;
    return hvm_op(asking, type);
}

static long pagetable_dying(const struct asking *asking)
{
    struct xen_hvm_pagetable_dying *dying = request(asking->subject);

    dying->domid = asking->object;
    dying->gpa = ~0ull;
    return hvm_op(asking, dying);
}

static long dm_op(const struct asking *asking)
{
    struct xen_dm_op_buf *buffer = request(asking->subject);
    struct xen_dm_op *op = (void *)(buffer + 1);

    op->op = 99;
    buffer->size = sizeof(*op);
    set_xen_guest_handle(buffer->h, (void *)there(asking->subject, op));
    return call(asking->subject, __HYPERVISOR_dm_op, asking->object, 1, there(asking->subject, buffer), 0, 0);
}

static const struct question questions[] = {
    { .operation = "hvm_param/HVMOP_set_param", .object = SELF32, .command = HVMOP_set_param,
      .value = HVM_PARAM_CALLBACK_IRQ, .ask = param },
    { .operation = "hvm_param/HVMOP_get_param", .object = SELF32, .command = HVMOP_get_param,
      .value = HVM_PARAM_CALLBACK_IRQ, .ask = param },
    { .operation = "hvm_param/HVMOP_get_mem_type", .object = SELF32, .command = HVMOP_get_mem_type, .ask = mem_type },
    { .operation = "hvm_param/HVMOP_pagetable_dying", .object = SELF32, .command = HVMOP_pagetable_dying,
      .ask = pagetable_dying },
    { .operation = "hvm_param/HVMOP_set_param", .object = OTHER, .hvm = true, .command = HVMOP_set_param,
      .value = HVM_PARAM_TIMER_MODE, .ask = param },
    { .operation = "hvm_param/HVMOP_get_param", .object = OTHER, .hvm = true, .command = HVMOP_get_param,
      .value = HVM_PARAM_CALLBACK_IRQ, .ask = param },
    { .operation = "hvm_param/HVMOP_get_mem_type", .object = OTHER, .hvm = true, .command = HVMOP_get_mem_type,
      .ask = mem_type },
    { .operation = "hvm_param/HVMOP_set_param/hvm_param_altp2mhvm", .object = OTHER, .hvm = true,
      .command = HVMOP_set_param, .value = HVM_PARAM_ALTP2M, .ask = param },
    { .operation = "dm_op", .object = OTHER, .hvm = true, .ask = dm_op },
};

const struct family hvm_questions = FAMILY(questions);
