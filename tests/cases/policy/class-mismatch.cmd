# The dialect brings lists of its own; they must be those of the database.
xsmc check input/db.xsm input/policy.te
