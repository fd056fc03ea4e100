# SPDX-License-Identifier: GPL-2.0-or-later
#
# The policy is a file that can be replaced while the system runs: by a stricter one, which counts at once, not by a broken one, which
# leaves the running one as it is, and back.
#
# policy: classic
# policies: classic no-pause
# xen: xsm=flask flask=enforcing
# log: avc: +denied  \{ pause \} .*scontext=system_u:system_r:dom0_t
. /steps

# `xl pause` does not say that it failed.
pauses() {
    xl pause one
    xl list one | grep -q ' [r-][b-]p--- '
}

guest_create one pv system_u:system_r:domU_t
try pauses
try xl unpause one
try xl loadpolicy /policies/no-pause
refused pauses
try xl list -Z

# Cut off anywhere, or of another kind: refused, and the stricter one stays.
size=$(stat -c %s /policies/classic)
for part in 0 1 4 16 100 1000 $((size / 2)) $((size - 1)); do
    head -c $part /policies/classic >/tmp/broken
    refused xl loadpolicy /tmp/broken
done
head -c "$size" /dev/urandom >/tmp/broken
refused xl loadpolicy /tmp/broken
sed 's/XenFlask/SELinux!/' /policies/classic >/tmp/broken
refused xl loadpolicy /tmp/broken
refused pauses

try xl loadpolicy /policies/classic
try pauses
try xl unpause one
guest_hears one still
exit 0
