# Sides in git revisions: a folder and a file; grades as exit status; what git does not know.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git init -q --initial-branch=main repository && cd repository
mkdir db && cp ../looser.old.xsm db/a.xsm && echo 'not read' > db/notes.txt
git add db && git -c user.name=x -c user.email=x@example.org commit -qm first
cp ../looser.new.xsm db/a.xsm
for grade in looser any; do
    xsmc diff --fail-on $grade HEAD:db db >out; echo "$grade: $?"
done
tail -n 1 out
xsmc diff --fail-on looser HEAD:db/a.xsm ../moved.new.xsm >out; echo "moved, looser: $?"
xsmc diff --fail-on moved HEAD:db/a.xsm ../moved.new.xsm >out; echo "moved, moved: $?"
xsmc diff --fail-on stricter --least looser HEAD: db; echo $?
xsmc diff HEAD~7:db db; echo $?
xsmc diff HEAD:db/notes.txt db 2>&1 | head -n 1
xsmc diff --fail-on worse db db
