"""Commands in processes of their own, forked from one that has imported what a run does: starting anew costs four times a run.

What is forked has its own working directory, environment, descriptors, signals and limits, and ends as Python ends. What Python or
a package takes from the environment when it starts is not tried so: there, and where nothing forks, start Python.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

from attendance_lib.reports.forked import SETTLED

ROOT = Path(__file__).parents[2]
CAN_FORK = sys.platform == "linux"
MOST_BYTES = 1 << 16


class ForkedCommand:
    """A program run by a process forked from the one that has all imported; as much of ``subprocess.Popen`` as tests ask.

    Parameters
    ----------
    program : str
        Python, run as ``python -c`` runs it.
    arguments : sequence of str
        Of the program.
    cwd : path
        The folder that it works in.
    env : mapping of str to str
        All of its environment.
    stdout : int
        A descriptor for what it prints; its words on stderr are kept for ``communicate``.
    """

    def __init__(self, program, arguments, cwd, env, stdout):
        self._asked = parent()
        told = {"program": program, "arguments": arguments, "cwd": str(cwd), "environment": env | SETTLED}
        reader, writer = os.pipe()
        socket.send_fds(self._asked, [json.dumps(told).encode()], [stdout, writer])
        os.close(writer)
        self._said, self.returncode = os.fdopen(reader, encoding="utf-8"), None
        self.pid = json.loads(self._asked.recv(MOST_BYTES))

    def send_signal(self, number):
        """Send it a signal."""
        os.kill(self.pid, number)

    def communicate(self, timeout):
        """Wait until it has ended, and return nothing of what it printed and what it said."""
        self._asked.settimeout(timeout)
        try:
            with self._said:
                said = self._said.read()
            self.returncode = json.loads(self._asked.recv(MOST_BYTES))
        finally:
            self._asked.settimeout(None)
        return None, said


@cache
def parent():
    """Start the process that all are forked from, and return the socket by which it is asked; it ends with this one."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    variables = os.environ | SETTLED | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-m", "tests.reports.forked_commands", str(its.fileno())]
    process = subprocess.Popen(
        command, cwd=ROOT, env=variables, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL
    )
    its.close()
    atexit.register(lambda: (ours.close(), process.wait(60)))
    return ours


# In the process that all are forked from


def serve(asked):
    """Fork a process for each command asked for, say its number and, once it has ended, how; end when nobody asks."""
    import gc

    from attendance_lib.reports.due_run import import_ahead

    import_ahead([])
    gc.collect()
    gc.freeze()
    while True:
        line, (*descriptors,), _, _ = socket.recv_fds(asked, MOST_BYTES, 2)
        if not line:
            return None
        if not (pid := os.fork()):
            asked.close()
            return become(descriptors, **json.loads(line))
        for each in descriptors:
            os.close(each)
        asked.send(json.dumps(pid).encode())
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        asked.send(json.dumps(ended).encode())


def become(descriptors, program, arguments, cwd, environment):
    """Be as Python is that was just started with a program, and run it."""
    for number, each in enumerate(descriptors, 1):
        os.dup2(each, number)
        os.close(each)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    sys.path[:] = ["", *sys.path[1:]]
    sys.argv[:] = ["-c", *arguments]
    exec(compile(program, "<string>", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
