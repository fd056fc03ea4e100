# SPDX-License-Identifier: GPL-2.0-or-later
#
# A PVH guest under the classic policy, enforcing: nothing at all is denied.
#
# policy: classic
# xen: xsm=flask flask=enforcing
# never: avc: +denied
# never: FLASK: Denying
# cpu: EPYC,+svm,+npt,-smap,-rdtscp,-monitor,+rdrand
# seconds: 300
. /steps

guest_create one pvh system_u:system_r:domU_t
guest_hears one hello
try xl pause one
try xl unpause one
guest_hears one more
try xl shutdown -w one
xl dmesg | grep avc: && failed "something was denied"
exit 0
