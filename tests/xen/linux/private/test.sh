# SPDX-License-Identifier: GPL-2.0-or-later
#
# A private guest as policy/isolated.xsm describes it, by xl alone: built as an ordinary one, relabelled, and from then on closed to
# domain 0's tools, which go on working for an ordinary guest beside it.
#
# policy: classic+isolated
# policies: classic
# xen: xsm=flask flask=enforcing
# cpu: svm-linux
# seconds: 480
# log: avc: +denied  \{ map_read.* \} .*scontext=system_u:system_r:dom0_t tcontext=system_u:system_r:private_t tclass=mmu
# log: avc: +denied  \{ getvcpucontext \} .*tcontext=system_u:system_r:private_t
# log: avc: +denied  \{ create \} .*tcontext=system_u:system_r:private_t
# log: avc: +denied  \{ setenforce \} .*scontext=system_u:system_r:dom0_t
# log: avc: +denied  \{ load_policy \} .*scontext=system_u:system_r:dom0_t
# log: avc: +denied  \{ debug \} .*scontext=system_u:system_r:dom0_t
# never: avc: +denied.*tcontext=system_u:system_r:domU_t
. /steps

INIT="init_seclabel='system_u:system_r:domU_t'"

# label NAME: the label that a guest runs under
label() {
    xl list -Z "$1" | sed -n '2s/.* //p'
}

# looks_at_... NAME: domain 0's tools look into the guest
looks_at_registers() {
    xenctx "$(xl domid "$1")" 2>/dev/null | grep -q rip:
}
looks_at_memory() {
    rm -f "/tmp/$1.core"
    xl dump-core "$1" "/tmp/$1.core" && [ "$(stat -c %s "/tmp/$1.core")" -gt 90000000 ]
}

for type in pv pvh; do
    guest_create open $type system_u:system_r:domU_t
    guest_create closed $type system_u:system_r:private_t "$INIT"
    [ "$(label closed)" = system_u:system_r:private_t ] || failed "the guest is not private: $(xl list -Z closed)"

    # It lives: console (a grant and an event channel, both ways), list, pause, scheduler, memory.
    guest_hears closed hello
    try xl pause closed
    try xl unpause closed
    try xl vcpu-list closed
    try xl vcpu-pin closed 0 0
    try xl sched-credit2 -d closed -w 128
    try xl mem-set closed 90
    guest_hears closed more

    # Nobody sees what is in it; the same tools see what is in the other.
    try looks_at_registers open
    refused looks_at_registers closed
    if [ $type = pv ]; then    # of a PVH guest, `xl dump-core` tries every page number below 4 GB
        try looks_at_memory open
        refused looks_at_memory closed
        rm -f /tmp/*.core
    fi

    # It ends as others do, and starts again: its configuration says all that is needed.
    if [ $type = pv ]; then
        try xl reboot closed
        within 60 sh -c "[ \$(grep -c 'guest is up' /var/log/xen/console/guest-closed.log) = 2 ]"
        [ "$(label closed)" = system_u:system_r:private_t ] || failed "it is private no more: $(xl list -Z closed)"
        refused looks_at_registers closed
    fi
    # An attempt to save it fails, and leaves it suspended: what would let it go on needs its registers.
    refused xl save closed /tmp/closed.save
    [ -n "$(xl domid closed)" ] || failed "the guest is gone"
    rm -f /tmp/closed.save
    try xl destroy closed
    within 20 gone closed
    try xl shutdown -w open
    within 20 gone open
done

# Without the first label it cannot be built: nobody could write its memory.
refused guest_starts closed pv system_u:system_r:private_t

# There is no way round it.
refused xl setenforce 0
[ "$(xl getenforce)" = Enforcing ] || failed "not enforcing: $(xl getenforce)"
refused xl loadpolicy /policies/classic
refused xl debug-keys d
refused xen-livepatch list
exit 0
