# XSM_HOOK() of the list layout takes only so many arguments.
xsmc gen --target upstream -o out input/many.xsm
test -e out || echo "nothing was written"
