/* The table of the dummy policy. */
#define XSM_NO_WRAPPERS
#include <xsm/dummy.h>

static const struct xsm_ops dummy_ops = {
    .tool = xsm_tool,
    .set_label = xsm_set_label,
    .channel_open = xsm_channel_open,
    .channel_close = xsm_channel_close,
};
