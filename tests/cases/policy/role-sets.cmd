# `-t` in one of several statements of a role: in the language it counts there, in the dialect against all.
xsmc compile --format conf input/roles.xsm | grep '^role . types'
xsmc compile --format conf input/roles.te | grep '^role . types'
