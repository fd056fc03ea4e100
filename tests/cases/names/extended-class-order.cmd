# The class's own permissions come first wherever the extension stands.
xsmc dump extended-class-order.xsm | python3 -c '
import json, sys
for c in json.load(sys.stdin)["classes"]:
    print(c["name"], [p if isinstance(p, str) else p["name"] for p in c["permissions"]])'
