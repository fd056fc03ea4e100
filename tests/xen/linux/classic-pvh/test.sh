# SPDX-License-Identifier: GPL-2.0-or-later
#
# PVH guests under the classic policy, enforcing: what people do with them works, and nothing at all is denied.
#
# policy: classic
# xen: xsm=flask flask=enforcing
# never: avc: +denied
# never: FLASK: Denying
# log: guest heard again
# cpu: svm-linux
# seconds: 300
. /steps

guest_create one pvh system_u:system_r:domU_t
guest_hears one hello
try xl pause one
try xl unpause one
guest_hears one more

# Saved and restored, it goes on where it was.
try xl save one /tmp/one.save
within 20 gone one
try xl restore /tmp/one.save
guest_hears one again
cat /var/log/xen/console/guest-one.log

try xl reboot one
within 60 sh -c "[ \$(grep -c 'guest is up' /var/log/xen/console/guest-one.log) = 2 ]"
guest_hears one still
try xl shutdown -w one
xl dmesg | grep avc: && failed "something was denied"
exit 0
