"""`python -m demo`: install nothing, start everything, deliver the tickets, say what to look at.

Bundled services and migrations run here, before the children that need them.
"""

import argparse
import hashlib
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from copilot import embedded
from demo.console import Failed, step
from demo.incoming import readable

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the demo; 0 when all went well."""
    options = _options()
    _environment(options)
    signal.signal(signal.SIGTERM, _interrupt)
    started = time.monotonic()
    try:
        tickets = readable(options.kb, options.tickets)
        from demo.run import Demo  # imports settings, which starts the bundled services

        with step("PostgreSQL and Redis"):
            demo = Demo(options, tickets)
        return demo.run(started)
    except Failed as error:
        print(f"\nThe demo stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        embedded.stop(Path(os.environ["SOUFFLEUR_DATA"]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description="The whole product on this machine.")
    parser.add_argument("--once", action="store_true", help="check the whole path, print a summary, and exit")
    parser.add_argument("--kb", type=Path, help="a folder of Markdown articles in place of the sample help centre")
    parser.add_argument("--tickets", type=Path, help="JSON Lines with subject, body, lang in place of the samples")
    parser.add_argument("--port", type=int, default=int(os.environ.get("SOUFFLEUR_PORT", "8000")))
    options = parser.parse_args()
    if bool(options.kb) != bool(options.tickets):
        parser.error("KB and TICKETS go together: your articles, and tickets to try on them")
    return options


def _environment(options: argparse.Namespace) -> None:
    """Own articles get a data directory of their own, beside the sample world's; converted models are shared."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copilot.settings")
    os.environ.setdefault("SOUFFLEUR_SWEEP_SECONDS", "5")
    data = Path(os.environ.setdefault("SOUFFLEUR_DATA", str(ROOT / "var"))).resolve()
    os.environ.setdefault("SOUFFLEUR_MODELS", str(data / "models"))
    if options.kb:
        options.kb, options.tickets = options.kb.resolve(), options.tickets.resolve()
        name = hashlib.sha256(f"{options.kb}|{options.tickets}".encode()).hexdigest()[:8]
        os.environ["SOUFFLEUR_DATA"] = str(data / f"own-{name}")


def _interrupt(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
