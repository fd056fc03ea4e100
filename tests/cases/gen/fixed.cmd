# --fix-defects changes the rows that have one, and nothing else.
xsmc gen --target xen-4.17 -o before input/shapes.xsm
xsmc gen --target xen-4.17 --fix-defects -o after input/shapes.xsm
diff -r -U1 before after | grep '^[-+ ]' | grep -v '^[-+][-+]'
