"""The web process: waitress over the WSGI application."""

import sys

from django.conf import settings
from waitress import serve

from copilot.wsgi import application

if __name__ == "__main__":
    largest = max(4 * 2**20, 2 * settings.WEBHOOK_MAX_BYTES)
    # Above the webhook limit, so that the view can answer 413 in its own words; far below what would hurt.
    # What a proxy says of the visitor reaches Django, which trusts it as far as the settings say.
    serve(
        application, listen=sys.argv[1], threads=8, max_request_body_size=largest, ident="",
        clear_untrusted_proxy_headers=not settings.PROXIES,
    )  # fmt: skip
