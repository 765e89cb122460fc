"""Bundled services: one of each kind however many processes ask, and none after stop."""

import subprocess
import sys
import time

import psutil
import pytest
from django.conf import settings

from copilot import embedded

pytestmark = pytest.mark.integration

ASK = "import sys; from pathlib import Path; from copilot import embedded; print(embedded.redis_url(Path(sys.argv[1])))"


def servers(folder):
    """The redis-servers that work in `folder`."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "redis-server" and process.cwd() == str(folder):
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_processes_that_start_at_once_share_one_redis(tmp_path):
    asking = [
        subprocess.Popen([sys.executable, "-c", ASK, str(tmp_path)], cwd=settings.BASE_DIR, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    addresses = {process.communicate(timeout=60)[0] for process in asking}
    try:
        assert len(addresses) == 1 and len(servers(tmp_path / "redis")) == 1
    finally:
        embedded.stop_redis(tmp_path)
    deadline = time.monotonic() + 10
    while servers(tmp_path / "redis") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert servers(tmp_path / "redis") == []
    embedded.stop_redis(tmp_path)  # stopping what does not run is no error
