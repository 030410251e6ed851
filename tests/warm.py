"""``python -m tests.warm FD``: has imported all that commands import, and forks for each that is to run.

An interpreter takes up to a second of CPU time before it has Scrapy and trafilatura, and the tests start hundreds. What
is forked here is a process like any other: working directory, environment, arguments and standard streams are its own,
it runs its module as ``python -m`` does, and ends as an interpreter ends. (Only what happens before ``-m`` is not
repeated: environment variables that Python itself reads at its start are those of the tests.)

The socket FD is how `tests.commands` asks: a message is one command as JSON, and with it its standard streams and the
pipe on which its process ID is told, and when it has ended, its status as `os.waitpid` has it. It ends with the socket.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
from types import FrameType

from scrapy.settings import default_settings

import archive
import crawler

_LIMIT = 1 << 20
_LATER = "crawler.serve"
"""Imports Twisted's reactor, which is for each process to choose."""


def _import_all() -> None:
    """What is ours, and what Scrapy imports by name when a crawl begins; larger libraries of single verbs stay away."""
    names = [
        module.name
        for package in (archive, crawler)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.name.startswith(_LATER) and not module.name.endswith("__main__")
    ]
    for table in vars(default_settings).values():
        paths = [*table, *table.values()] if isinstance(table, dict) else [table]
        names += [path.rpartition(".")[0] for path in paths if isinstance(path, str) and path.startswith("scrapy.")]
    for name in names:
        importlib.import_module(name)
    assert threading.active_count() == 1, "who forks must have no threads"
    assert "twisted.internet.reactor" not in sys.modules


def _serve(asked: socket.socket) -> tuple[str, list[str]]:
    """The module and arguments of a command, in the process that is to run it; never returns in this one."""
    running: dict[int, int] = {}

    def reap(number: int, frame: FrameType | None) -> None:
        """Nothing: the signal is to wake the selector up."""

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, reap)
    woken, wake = socket.socketpair()
    woken.setblocking(False)
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    with selectors.DefaultSelector() as selector:
        selector.register(asked, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if woken in ready:
                woken.recv(4096)
                for pid in list(running):
                    ended, status = os.waitpid(pid, os.WNOHANG)
                    if ended:
                        with contextlib.suppress(BrokenPipeError), os.fdopen(running.pop(pid), "w") as told:
                            told.write(f"{status}\n")
            if asked in ready:
                message, streams, _, _ = socket.recv_fds(asked, _LIMIT, 4)
                if not message:
                    os._exit(0)
                *standard, told_to = streams
                if not (pid := os.fork()):
                    break
                for stream in standard:
                    os.close(stream)
                os.write(told_to, f"{pid}\n".encode())
                running[pid] = told_to
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, stream in enumerate(standard):
        os.dup2(stream, number)
    os.closerange(3, 1024)
    command = json.loads(message)
    os.chdir(command["cwd"])
    sys.path[0] = command["cwd"]
    os.environ.clear()
    os.environ.update(command["env"])
    time.tzset()
    return command["module"], command["arguments"]


def _leave(code: int) -> None:
    """In place of taking a thousand modules apart, which Python does last: threads have ended, and all else is done."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    end: list[int] = []
    atexit.register(lambda: _leave(*end) if end else None)  # the first to be registered is the last to be called
    _import_all()
    gc.freeze()  # looking through it would copy it into each process
    module, sys.argv[1:] = _serve(socket.socket(fileno=int(sys.argv[1])))
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        end.append(0)
    except SystemExit as leaving:
        if isinstance(leaving.code, int | None):
            end.append(leaving.code or 0)
        raise


if __name__ == "__main__":
    main()
