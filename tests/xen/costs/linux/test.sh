# SPDX-License-Identifier: GPL-2.0-or-later
#
# The guest that costs/hardware makes, started as its head says, on a Xen that runs Flask; its console goes to ours.
#
# policy: classic
# xen: xsm=flask flask=enforcing argo=1
. /steps

sed -i 's,^kernel.*,kernel = "/costs/kernel",; s/^cpus.*//' /costs/costs.cfg
try xl create -q /costs/costs.cfg
within 60 gone xsmc-costs
cat /var/log/xen/console/guest-xsmc-costs.log
