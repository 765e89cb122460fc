"""The sample helpdesk: receives posted replies and placements, in both dialects, and shows them.

Invariant: a reply is on disk before it is acknowledged, and a key seen before makes no second reply.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from waitress import serve

StartResponse = Callable[[str, list[tuple[str, str]]], object]


class SampleHelpdesk:
    """A WSGI application over one JSON Lines file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.placements_path = path.with_suffix(".placements.jsonl")
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, kind, body = self._answer(environ["REQUEST_METHOD"], environ["PATH_INFO"], environ)
        start(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, method: str, path: str, environ: dict[str, Any]) -> tuple[str, str, bytes]:
        if method == "POST" and path in ("/replies", "/api/v1/ticket_articles"):
            return self._receive(path, environ)
        if (method == "PUT" and path.startswith("/api/v1/tickets/")) or (method, path) == ("POST", "/api/v1/tags/add"):
            return self._place(path.removeprefix("/api/v1/tickets/"), environ)
        if path.startswith("/api/v1/ticket_articles/by_ticket/"):
            ticket = path.rsplit("/", 1)[-1]
            return _json("200 OK", [reply for reply in self.replies() if str(reply["ticket_id"]) == ticket])
        if path == "/replies.json":
            return _json("200 OK", list(self.replies()))
        if path == "/":
            return "200 OK", "text/html; charset=utf-8", self._page().encode()
        return _json("404 Not Found", {"error": "no such address"})

    def _receive(self, path: str, environ: dict[str, Any]) -> tuple[str, str, bytes]:
        try:
            posted = _posted(environ)
            if posted.get("type") == "ticket.placed":
                return self._placed(str(posted.pop("ticket_id")), posted)
            ticket, body = posted["ticket_id"], posted["body"]
        except (ValueError, KeyError, TypeError, AttributeError):
            return _json("400 Bad Request", {"error": "a reply needs ticket_id and body"})
        with self._lock:
            return self._keep(environ.get("HTTP_IDEMPOTENCY_KEY", ""), path, ticket, body)

    def _place(self, ticket: str, environ: dict[str, Any]) -> tuple[str, str, bytes]:
        """As Zammad: a ticket's group and priority, or one more tag."""
        try:
            posted = _posted(environ)
            return self._placed(str(posted.get("o_id", ticket)), posted)
        except (ValueError, AttributeError):
            return _json("400 Bad Request", {"error": "a placement is a JSON object"})

    def _placed(self, ticket: str, said: dict[str, Any]) -> tuple[str, str, bytes]:
        now = datetime.now(UTC).isoformat()
        with self._lock, self.placements_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"ticket_id": ticket, **said, "updated_at": now}, ensure_ascii=False) + "\n")
        return _json("200 OK", {"id": ticket, "updated_at": now})

    def _keep(self, key: str, path: str, ticket: object, body: str) -> tuple[str, str, bytes]:
        kept = list(self.replies())
        if key and (seen := next((reply for reply in kept if reply["key"] == key), None)):
            return _json("200 OK", {"id": seen["id"]})
        reply = {
            "id": len(kept) + 1, "key": key, "path": path, "ticket_id": str(ticket), "body": body, "sender": "Agent",
            "created_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(reply, ensure_ascii=False) + "\n")
        return _json("201 Created", reply)

    def replies(self) -> Iterator[dict[str, Any]]:
        """Every reply received, oldest first."""
        yield from _lines(self.path)

    def placements(self) -> list[dict[str, Any]]:
        """Every placement received, oldest first."""
        return list(_lines(self.placements_path))

    def _page(self) -> str:
        rows = "".join(
            f"<article><h2>Ticket {escape(str(reply['ticket_id']))}</h2><pre>{escape(reply['body'])}</pre></article>"
            for reply in reversed(list(self.replies()))
        )
        places = "".join(f"<li>{escape(json.dumps(said, ensure_ascii=False))}</li>" for said in self.placements()[-50:])
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
            "<title>Sample helpdesk</title><style>body{font:15px/1.6 system-ui;max-width:70ch;margin:2rem auto;"
            "padding:0 1rem}pre{white-space:pre-wrap;font:inherit}article{border-top:1px solid #8886}h2{font-size:1rem}"
            f"</style><h1>Replies this helpdesk received</h1>{rows or '<p>None yet: approve a draft on the desk.</p>'}"
            f"<h1>Where it was told that tickets lie</h1><ul>{places}</ul>"
        )


def _posted(environ: dict[str, Any]) -> dict[str, Any]:
    posted: dict[str, Any] = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    return posted


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _json(status: str, value: object) -> tuple[str, str, bytes]:
    return status, "application/json", json.dumps(value, ensure_ascii=False).encode()


if __name__ == "__main__":
    serve(SampleHelpdesk(Path(sys.argv[1])), listen=f"127.0.0.1:{sys.argv[2]}", threads=4, _quiet=True)
