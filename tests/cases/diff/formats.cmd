# The same records for a merge request and for programs; a file is written whole.
xsmc diff --format markdown looser.old.xsm looser.new.xsm
xsmc diff --format json -o out/changes.json moved.old.xsm moved.new.xsm && cat out/changes.json
xsmc diff --format yaml moved.old.xsm moved.new.xsm
