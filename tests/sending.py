"""Signed webhook calls, and a helpdesk that listens, for tests."""

import hashlib
import hmac
import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

from standardwebhooks import Webhook

SECRET = "whsec_c291ZmZsZXVyLXRlc3Qtc2VjcmV0LWtleQ=="


def payload(ticket="42", message="1", body="How do I return my bike?", **more):
    """A Standard Webhooks event as a dictionary."""
    requester = {"name": "Maud Tellier", "email": "maud@example.com"}
    return {
        "type": "message.created",
        "timestamp": "2026-03-03T10:00:00Z",
        "data": {
            "ticket": {"id": ticket, "number": ticket, "subject": "Return", "requester": requester},
            "message": {"id": message, "body": body, **more},
        },
    }


def standard_headers(body: bytes, identifier="msg-1", secret=SECRET, age=timedelta()):
    """The headers of a Standard Webhooks call, in Django's test client's spelling."""
    moment = datetime.now(UTC) - age
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(identifier, moment, body.decode("latin-1")),
    }


def zammad_headers(body: bytes, secret="token", identifier="d-1"):
    """The headers of a Zammad webhook."""
    signature = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    return {"x-hub-signature": f"sha1={signature}", "x-zammad-delivery": identifier}


def post(client, slug, data, headers=None, **options):
    """POST `data` (bytes, or what becomes JSON) signed as Standard Webhooks unless `headers` say otherwise."""
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    headers = standard_headers(body, **options) if headers is None else headers
    return client.post(f"/webhooks/{slug}/", data=body, content_type="application/json", headers=headers)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def listening(application):
    """Serve a WSGI application on a free port; yields its address."""
    server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
