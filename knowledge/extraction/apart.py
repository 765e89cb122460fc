"""Parsers of hostile formats in a process of their own, with little memory and little time.

Invariant: a file that crashes, stalls or swells its parser costs one process and gives CannotRead; the worker that
asked goes on.
"""

import json
import subprocess
import sys
from typing import Any

from knowledge.extraction.types import CannotRead

SECONDS = 90
MEMORY = 1_500 * 1024 * 1024


def run(kind: str, data: bytes) -> Any:
    """What the parser of `kind` ("pdf", "docx", "xlsx") makes of `data`, as JSON gives it. Raises CannotRead."""
    command = [sys.executable, "-m", "knowledge.extraction.worker", kind]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise CannotRead(f"took more than {SECONDS} seconds to read") from error
    if done.returncode != 0:
        raise CannotRead("needs more memory than a document may, or breaks its reader: save it anew, or split it")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise CannotRead(answer["refused"])
    return answer["made"]
