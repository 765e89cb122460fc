"""A website on this machine: pages that can be changed, and a count of who asks for them. For measuring and tests."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import frontmatter
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
Answer = tuple[int, Mapping[str, str], str | bytes]
# A page's HTML, a whole answer, or what makes one of these at each request.
Page = str | Answer | Callable[[], str | Answer]


def page(title: str, body: str, links: Sequence[str] = (), lang: str = "en") -> str:
    """An HTML page with a menu around its content."""
    menu = "".join(f'<a href="{link}">{link}</a>' for link in links)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title} | Help</title></head><body><nav>{menu}</nav>'
        f"<main><h1>{title}</h1>{body}</main><footer>Legal notice, imprint and cookies</footer></body></html>"
    )


def help_centre(folder: Path) -> dict[str, Page]:
    """The Markdown files of a folder as a website below /help/, all of them linked from its first page."""
    pages: dict[str, Page] = {}
    for file in sorted(folder.rglob("*.md")):
        metadata, body = frontmatter.parse(file.read_text("utf-8"))
        title = str(metadata.get("title") or file.stem.replace("-", " ").capitalize())
        name = file.relative_to(folder).with_suffix("").as_posix()
        pages[f"/help/{name}"] = page(title, _MARKDOWN.render(body))
    return {"/help/": page("Help centre", "<p>All that we are asked.</p>", list(pages)), **pages}


@dataclass
class Site:
    """`pages` by path, what was asked for, what was posted, and how often a page had not changed."""

    pages: dict[str, Any]
    address: str = ""
    asked: list[str] = field(default_factory=list)
    posted: list[Any] = field(default_factory=list)
    unchanged: int = 0

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Status, headers and body; 304 for what the asker has already."""
        found: Page = self.pages.get(path, (404, {}, "not here"))
        made = found() if callable(found) else found
        if isinstance(made, tuple):
            return made
        tag = f'"{hashlib.sha256(made.encode()).hexdigest()[:16]}"'
        if headers.get("If-None-Match") == tag:
            self.unchanged += 1
            return 304, {"ETag": tag}, ""
        return 200, {"ETag": tag, "Content-Type": "text/html; charset=utf-8"}, made


@contextmanager
def served(pages: dict[str, Any]) -> Iterator[Site]:
    """The site, while it is up."""
    site = Site(pages)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """What the site has at this path."""
            site.asked.append(self.path)
            status, headers, body = site.answer(self.path, self.headers)  # type: ignore[arg-type]
            data = body if isinstance(body, bytes) else body.encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            """As a GET; what was sent is kept."""
            site.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.do_GET()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing."""

    return Handler
