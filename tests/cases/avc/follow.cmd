# Each message when it comes, from a pipe: lines that end in a carriage return too, NULs, a line that is too long, no end of the last line.
{
    sed 's/$/\r/' input/console.log
    printf '\000\000(XEN) \000\n'
    head -c 70000 /dev/zero | tr '\000' a
    printf '\n%s' '(XEN) FLASK: Denying unknown sysctl: 3.'
} | xsmc avc explain --follow input/db.xsm input/policy.xsm - | grep -v '^ '
