# As JSON.
xsmc avc explain --json input/db.xsm input/policy.xsm input/console.log 2>/dev/null
