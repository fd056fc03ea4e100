# SPDX-License-Identifier: GPL-2.0-or-later
#
# xsmc avc asks the running hypervisor: its answers are those of the policy it was given, another policy is noticed, and the
# figures of its cache add up.
#
# policy: classic
# policies: no-pause
# xsmc: yes
# xen: xsm=flask flask=enforcing
# log: all +[0-9]+
. /steps

# agreed yes|no QUESTION: hypervisor and policy say the same, and that
agreed() {
    xsmc avc ask /hooks-db/xen-4.17 /policy/classic.xsm "$2" >/tmp/answer || failed "no agreement: $2: $(cat /tmp/answer)"
    grep -q "the hypervisor  *$1" /tmp/answer || failed "not $1: $2: $(cat /tmp/answer)"
}

agreed yes 'dom0_t may domain:pause on domU_t?'
agreed no 'domU_t may domain:pause on domU_t?'
agreed no 'domU_t may mmu:map_write on dom0_t?'
agreed yes 'domU_t may grant:copy on dom0_t?'
agreed yes 'system_u:system_r:dm_dom_t may hvm:{ setparam, getparam } on system_u:system_r:domU_t_target?'
agreed no 'dm_dom_t may hvm:setparam on domU_t?'
agreed 'in part: grant:copy' 'domU_t may grant:{ copy, setup } on dom0_t?'
refused xsmc avc ask /hooks-db/xen-4.17 /policy/classic.xsm 'who may domain:pause on domU_t?'
grep -q 'one subject, one object' /tmp/refused || failed "$(cat /tmp/refused)"

# number WORD: a figure of /tmp/stats, summed over all CPUs
number() {
    sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" /tmp/stats | awk '{ n += $1 } END { print n + 0 }'
}
try xsmc avc stats
xsmc avc stats --json >/tmp/stats || failed "avc stats --json"
grep -q '"enforcing": true' /tmp/stats || failed "not enforcing: $(cat /tmp/stats)"
before=$(number hits)
[ "$(number lookups)" = $((before + $(number misses))) ] || failed "lookups are not hits and misses: $(cat /tmp/stats)"
[ "$(number cpu)" = 0 ] && [ "$(grep -c '"cpu"' /tmp/stats)" = 1 ] || failed "not one CPU: $(cat /tmp/stats)"
[ "$(number entries)" -gt 0 ] && [ "$(number longest_chain)" -le "$(number entries)" ] || failed "$(cat /tmp/stats)"
guest_create one pv system_u:system_r:domU_t
xsmc avc stats --json >/tmp/stats
[ "$(number hits)" -gt $((before + 1000)) ] || failed "a guest was made with $(number hits) hits after $before"

xsmc avc stats --watch 1 >/tmp/watched &
watcher=$!
within 10 grep -q 'in 1 s: ' /tmp/watched
kill $watcher

try xl loadpolicy /policies/no-pause
refused xsmc avc ask /hooks-db/xen-4.17 /policy/classic.xsm 'dom0_t may domain:pause on domU_t?' >/tmp/answer
grep -q 'another policy' /tmp/answer || failed "not noticed: $(cat /tmp/answer)"
exit 0
