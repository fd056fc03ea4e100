# The dialect brings lists of its own; they must be those of the database.
xsmc check mismatch.d/db.xsm mismatch.d/policy.te
