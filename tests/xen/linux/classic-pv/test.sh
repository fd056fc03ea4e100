# SPDX-License-Identifier: GPL-2.0-or-later
#
# Domain 0 and PV guests under the classic policy, enforcing: everything that people do with a guest works, and nothing
# at all is denied.
#
# policy: classic
# xen: xsm=flask flask=enforcing
# never: avc: +denied
# never: FLASK: Denying
# log: guest heard again
. /steps

try xl list -Z
guest_create one pv system_u:system_r:domU_t
guest_hears one hello
try xl pause one
try xl unpause one
guest_hears one more
try xl vcpu-pin one 0 0
try xl sched-credit2 -d one -w 128
try xl mem-set one 80

# Saved and restored, it goes on where it was.
try xl save one /tmp/one.save
within 20 gone one
try xl restore /tmp/one.save
guest_hears one again

# A second one beside it, which reboots and then ends by itself.
guest_create two pv system_u:system_r:domU_t
try xl reboot two
within 60 sh -c "[ \$(grep -c 'guest is up' /var/log/xen/console/guest-two.log) = 2 ]"
try xl shutdown -w two
try xl destroy one
within 20 gone one
cat /var/log/xen/console/guest-one.log
xl dmesg | grep avc: && failed "something was denied"
exit 0
