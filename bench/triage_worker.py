"""What a worker holds that serves triage: `python -m bench.triage_worker model.npz` prints megabytes.

Invariant: a process of its own, which imports what a serving worker does and nothing that trains.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copilot.settings")

import django

django.setup()

import psutil  # noqa: E402

from copilot.engine import embedder  # noqa: E402
from copilot.privacy import redact  # noqa: E402
from copilot.triage.store import loads  # noqa: E402

if __name__ == "__main__":
    classifier = loads(Path(sys.argv[1]).read_bytes())
    text = redact("Where is my parcel?")
    classifier.predict(embedder().embed([text]), [text])
    trainers = [name for name in ("torch", "sklearn", "scipy") if name in sys.modules]
    if trainers:
        sys.exit(f"a serving worker has imported {', '.join(trainers)}")
    print(psutil.Process().memory_info().rss >> 20)
