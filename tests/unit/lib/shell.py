# SPDX-License-Identifier: GPL-2.0-or-later
"""An interactive shell at the other end of a pseudo-terminal: keys are pressed, and what a command is called with is seen."""
import fcntl
import os
import pty
import re
import select
import subprocess
import termios
import time

# What the shell calls instead of xsmc: shows its arguments. Any other command has to do that itself.
SHOW = """xsmc() { printf '@|'; printf '<%s>' "$@"; printf '|@\\n'; }\n"""


class Shell:
    def __init__(self, command, folder, setup, name="xsmc", path=None):
        """Start the shell `command` in `folder`; setup is run in it, and `path` is where it finds the command `name`."""
        self.master, slave = pty.openpty()
        env = {"PATH": path or os.environ["PATH"], "HOME": str(folder), "TERM": "dumb", "LC_ALL": "C.UTF-8", "COLUMNS": "200"}
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=folder, env=env,
                                        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self.seen = ""
        # One line after the other: a shell throws away what comes while it changes the terminal.
        script = folder / "setup"
        script.write_text(setup + (SHOW if name == "xsmc" else ""))
        self.press(f". {script}; {name} ready\n")
        if self.called() != ["ready"]:
            raise RuntimeError(f"{command} does not work:\n{self.seen}")

    def press(self, keys):
        os.write(self.master, keys.encode())

    def called(self, timeout=30):
        """The arguments of the next call of the command."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            found = re.search(r"@\|(.*?)\|@", self.seen, re.S)
            if found:
                self.seen = self.seen[found.end():]
                return re.findall(r"<(.*?)>", found.group(1), re.S)
            if select.select([self.master], [], [], 1)[0]:
                self.seen += os.read(self.master, 65536).decode(errors="replace")
        raise TimeoutError(f"nothing was called:\n{self.seen[-2000:]}")

    def complete(self, line):
        """What the command is called with after `line`, the tabulator and the return key."""
        self.press(line + "\t\n")
        return self.called()

    def close(self):
        os.close(self.master)
        self.process.kill()
        self.process.wait()
