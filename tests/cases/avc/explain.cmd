# A log with everything in it: told in words; what is not Xen's or not whole is counted.
xsmc avc explain input/db.xsm input/policy.xsm input/console.log
