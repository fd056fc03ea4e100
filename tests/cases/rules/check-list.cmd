# Every rule of the registry is listed with its level, what it finds and why.
xsmc check --list | grep -c '^[a-z]'
xsmc check --list | sed -n '/^no-silo/,/^[a-z]/p'
