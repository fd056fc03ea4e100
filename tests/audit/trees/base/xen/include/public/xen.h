/* Hypercalls of a hypervisor that is only as large as the tests of xsmc audit need. */
#define __HYPERVISOR_tool_op    1
#define __HYPERVISOR_channel_op 2

#define TOOL_pause     1
#define TOOL_resume    2
#define TOOL_set_label 3
#define TOOL_get_info  4

#define CHANNEL_open   1
#define CHANNEL_close  2

struct tool_op {
    uint32_t cmd;
    domid_t domain;
    uint32_t label;
};
