"""A website on this machine: pages that a test can change, and that count who asks for them."""

import hashlib
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import markdown_it

_MARKDOWN = markdown_it.MarkdownIt("commonmark").enable("table")


def page(title, body, links=(), lang="en"):
    """An HTML page with a menu around its content."""
    menu = "".join(f'<a href="{link}">{link}</a>' for link in links)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title} | Help</title></head><body><nav>{menu}</nav>'
        f"<main><h1>{title}</h1>{body}</main><footer>Legal</footer></body></html>"
    )


def help_centre(folder):
    """The pages of a folder of Markdown as a website, each below /help/, all linked from its first page."""
    files = sorted(folder.glob("*.md"))
    pages = {f"/help/{file.stem}": page(file.stem, _MARKDOWN.render(file.read_text("utf-8"))) for file in files}
    return {"/help/": page("Help", "", pages), **pages}


@dataclass
class Site:
    """`pages` by path: HTML, or (status, headers, body), or something that makes one of these."""

    pages: dict[str, Any]
    address: str = ""
    asked: list[str] = field(default_factory=list)
    posted: list[Any] = field(default_factory=list)
    unchanged: int = 0

    def answer(self, path, headers):
        """Status, headers and body; 304 for what the browser has already."""
        found = self.pages.get(path, (404, {}, "not here"))
        found = found() if callable(found) else found
        if isinstance(found, tuple):
            return found
        tag = f'"{hashlib.sha256(found.encode()).hexdigest()[:16]}"'
        if headers.get("If-None-Match") == tag:
            self.unchanged += 1
            return 304, {"ETag": tag}, ""
        return 200, {"ETag": tag, "Content-Type": "text/html; charset=utf-8"}, found


@contextmanager
def served(pages):
    """The site, while it is up."""
    site = Site(pages)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            site.asked.append(self.path)
            status, headers, body = site.answer(self.path, self.headers)
            data = body if isinstance(body, bytes) else body.encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self):
            site.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.do_GET()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
