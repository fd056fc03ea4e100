# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine under QEMU that is stepped through, instruction by instruction.

Speaks the remote protocol of GDB ("Debugging with GDB", appendix E) with
QEMU, which keeps interrupts and timers away while it steps.
"""

import os
import socket
import subprocess
import time

from workspace import Failure

# Where registers are in the answer to `g` (gdb/features/i386/64bit-core.xml)
NUMBERS = {"rsp": 7, "rip": 16}
WORD = 8


class Machine:
    """A running QEMU; use it in a `with` statement."""

    def __init__(self, command, folder):
        path = os.path.join(folder, "gdb")
        if os.path.exists(path):
            os.unlink(path)
        try:
            self.qemu = subprocess.Popen(
                command + ["-S", "-gdb", f"unix:{path},server=on,wait=off"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        except FileNotFoundError as error:
            raise Failure("qemu-system-x86_64 is not installed") from error
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(300)
        self.buffer = b""
        for _ in range(100):
            try:
                self.socket.connect(path)
                break
            except OSError:
                time.sleep(0.05)
        else:
            self.qemu.kill()
            raise Failure("QEMU does not listen for a debugger")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.qemu.kill()
        self.qemu.wait()
        self.socket.close()

    def receive(self):
        """The next packet's content."""
        while True:
            begin = self.buffer.find(b"$")
            end = self.buffer.find(b"#", begin)
            if begin >= 0 and 0 <= end <= len(self.buffer) - 3:
                break
            try:
                data = self.socket.recv(65536)
            except TimeoutError as error:
                raise Failure("the machine does not stop where it should") \
                    from error
            if not data:
                raise Failure("the machine ended before it stopped where it "
                              "should")
            self.buffer += data
        packet = self.buffer[begin + 1:end].decode("latin-1")
        self.buffer = self.buffer[end + 3:]
        self.socket.sendall(b"+")
        return packet

    def ask(self, text):
        """Send a packet and return the answer."""
        data = text.encode()
        self.socket.sendall(b"$%s#%02x" % (data, sum(data) & 255))
        return self.receive()

    def must(self, text):
        answer = self.ask(text)
        if answer.startswith("E"):
            raise Failure(f"QEMU answers {answer} to {text}")
        return answer

    def register(self, name):
        begin = 2 * WORD * NUMBERS[name]
        return int.from_bytes(bytes.fromhex(
            self.must("g")[begin:begin + 2 * WORD]), "little")

    def place(self):
        """The address of the next instruction."""
        return self.register("rip")

    def word(self, address):
        """The 64 bits at an address."""
        return int.from_bytes(bytes.fromhex(
            self.must(f"m{address:x},{WORD:x}")), "little")

    def run_to(self, address, times=1):
        """Let it run until it has come to `address` so many times more."""
        for _ in range(times):
            # It does not get past a breakpoint where it stands.
            self.must("s")
            self.must(f"Z1,{address:x},1")
            self.must("c")
            self.must(f"z1,{address:x},1")
        if self.place() != address:
            raise Failure(f"the machine stopped at {self.place():#x}, not at "
                          f"{address:#x}")

    def step_out(self):
        """
        Step to where the function returns to that the machine is about to
        enter; return what step_to() does.
        """
        return self.step_to(self.word(self.register("rsp")))

    def step_to(self, address, most=100000):
        """
        Step to `address`; return the addresses of the instructions executed
        on the way, in order.
        """
        trace = []
        place = self.place()
        while place != address:
            if len(trace) == most:
                raise Failure(f"{address:#x} is not reached")
            trace.append(place)
            self.must("s")
            place = self.place()
        return trace
