# SPDX-License-Identifier: GPL-2.0-or-later
#
# Trying a policy as the README says: permissive, nothing is refused and the log tells what would be; enforcing, it is; and back.
#
# policy: classic
# policies: no-pause
# xsmc: yes
# xen: xsm=flask flask=permissive
# log: avc: +denied  \{ pause \} .*scontext=system_u:system_r:dom0_t
. /steps

pauses() {
    xl pause one
    xl list one | grep -q ' [r-][b-]p--- '
}
# denied: how many stand in the log
denied() {
    xl dmesg | grep -c 'avc: *denied  { pause }'
}

[ "$(xl getenforce)" = Permissive ] || failed "not permissive: $(xl getenforce)"
# Without a label of its own.
printf "name='one'; type='pv'; memory=96; kernel='/guest/vmlinuz'; ramdisk='/guest/initramfs'; extra='console=hvc0 quiet'" >/tmp/one.cfg
try xl create -q /tmp/one.cfg
xl list -Z one | grep -q system_u:system_r:domU_t || failed "$(xl list -Z one)"

try xl loadpolicy /policies/no-pause
try pauses
[ "$(denied)" -gt 0 ] || failed "what would be refused is not logged"
xl dmesg | xsmc avc explain /hooks-db/xen-4.17 /policy/classic.xsm - >/tmp/told
grep -q 'XEN_DOMCTL_pausedomain' /tmp/told || failed "$(cat /tmp/told)"
try xl unpause one

try xl setenforce 1
refused pauses
try xl setenforce 0
try pauses
exit 0
