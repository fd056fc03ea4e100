# A summary that could not look at everything says so.
xsmc summary too-many-cases.xsm
