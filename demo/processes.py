"""The children of the demo: started, watched, and every one of them stopped at the end.

Invariant: each child leads a process group of its own, which is signalled as a whole, so that no grandchild stays;
what an earlier demo left behind when it was killed is stopped before anything starts.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from demo.console import Failed

STOP_SECONDS = 15.0


@dataclass(slots=True)
class Child:
    """A process of ours, and how to start it again."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes]


class Children:
    """Starts and stops the demo's processes. Logs go to `folder/NAME.log`, pids to `folder/NAME.pid`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
        self.children: dict[str, Child] = {}
        folder.mkdir(parents=True, exist_ok=True)
        _stop_leftovers(folder)

    def start(self, name: str, *arguments: str) -> Child:
        """Start `python arguments…` as `name`."""
        command = [sys.executable, *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        (self.folder / f"{name}.pid").write_text(str(process.pid), encoding="utf-8")
        self.children[name] = Child(name, command, process)
        return self.children[name]

    def revive(self) -> list[str]:
        """Start again what has died; the names."""
        dead = [child for child in self.children.values() if child.process.poll() is not None]
        for child in dead:
            self.start(child.name, *child.command[1:])
        return [child.name for child in dead]

    def stop(self) -> None:
        """Ask every child to finish, then make it."""
        _stop([child.process.pid for child in self.children.values()])
        for child in self.children.values():
            child.process.wait()
            (self.folder / f"{child.name}.pid").unlink(missing_ok=True)


def _stop(pids: Iterable[int]) -> None:
    pids = list(pids)
    for pid in pids:
        _signal_group(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline and any(map(_is_running, pids)):
        time.sleep(0.1)
    for pid in pids:
        _signal_group(pid, signal.SIGKILL)


def _is_running(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _signal_group(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _stop_leftovers(folder: Path) -> None:
    """Children of a demo that was killed: only those that are still ours by their command line."""
    leftovers = []
    for path in folder.glob("*.pid"):
        with suppress(ValueError, psutil.Error):
            process = psutil.Process(int(path.read_text(encoding="utf-8")))
            if any("copilot" in part or "demo" in part for part in process.cmdline()):
                leftovers.append(process.pid)
        path.unlink(missing_ok=True)
    _stop(leftovers)


def free_port(wanted: int) -> int:
    """`wanted`, or the next port above it that nobody listens on. Raises Failed after twenty."""
    for port in range(wanted, wanted + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            if port != wanted:
                print(f"  Port {wanted} is taken; using {port}.")
            return port
    raise Failed(f"No free port between {wanted} and {wanted + 19}. Stop something, or set SOUFFLEUR_PORT.")
