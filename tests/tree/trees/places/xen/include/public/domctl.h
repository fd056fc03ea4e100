/* SPDX-License-Identifier: MIT */
#define XEN_DOMCTL_stop    1
#define XEN_DOMCTL_go      2
#define XEN_DOMCTL_attach  3
#define XEN_DOMCTL_ports   4
#define XEN_DOMCTL_forgotten 5
