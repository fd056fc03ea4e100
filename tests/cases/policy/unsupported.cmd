# The dialect knows statements for other systems.
printf 'class domain\nsid xen\nclass domain { pause }\ntype xen_t;\nrole r;\nrole r types xen_t;\nallow xen_t xen_t:domain pause;\nuser u roles r;\nsid xen u:r:xen_t\nfscon 1 2 u:r:xen_t u:r:xen_t\n' > p.te
xsmc check p.te
