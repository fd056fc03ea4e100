# SPDX-License-Identifier: GPL-2.0-or-later
"""A headless Chromium by way of its driver: the W3C WebDriver protocol over HTTP, as much of it as the tests use."""
import base64
import json
import re
import shutil
import subprocess
import tempfile
import urllib.request

CHROMIUM, DRIVER = "chromium", "chromedriver"
# No sandbox: tests run as root in containers. The rest keeps the browser from calling home.
FLAGS = ("--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --disable-dev-shm-usage --force-device-scale-factor=1").split()
KEYS = {"Tab": "\ue004", "Escape": "\ue00c", "Enter": "\ue007", "Down": "\ue015"}


def missing():
    return [p for p in (CHROMIUM, DRIVER) if not shutil.which(p)]


class Browser:
    """`with Browser() as b:`; gone at the end, profile and all."""

    def __enter__(self):
        self.profile = tempfile.TemporaryDirectory(prefix="xsmc-browser-", ignore_cleanup_errors=True)
        self.driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                break
        else:
            raise RuntimeError("chromedriver does not start")
        self.base = f"http://127.0.0.1:{found[1]}/session"
        options = {"binary": shutil.which(CHROMIUM), "args": [*FLAGS, f"--user-data-dir={self.profile.name}"]}
        answer = self.call("", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options,
                                                                 "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.base += "/" + answer["sessionId"]
        return self

    def __exit__(self, *_):
        try:
            self.call("", method="DELETE")
        finally:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
            self.profile.cleanup()

    def call(self, path, body=None, method="POST"):
        data = json.dumps(body or {}).encode() if method == "POST" else None
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        request = urllib.request.Request(self.base + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, path, hash=""):
        self.call("/url", {"url": "about:blank"})
        self.call("/url", {"url": f"file://{path}{hash}"})

    def js(self, script, *args):
        return self.call("/execute/sync", {"script": script, "args": list(args)})

    def cdp(self, command, **parameters):
        return self.call("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def press(self, *keys):
        actions = [{"type": t, "value": KEYS.get(k, k)} for k in keys for t in ("keyDown", "keyUp")]
        self.call("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def size(self, width, height=900):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, dark=False, paper=False):
        self.cdp("Emulation.setEmulatedMedia", media="print" if paper else "",
                 features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def log(self):
        return self.call("/se/log", {"type": "browser"})

    def picture(self, path):
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.call("/screenshot", method="GET")))
