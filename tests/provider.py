"""A small OpenID Connect provider on this machine: discovery, authorisation, token with PKCE, userinfo, keys."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT, SECRET = "souffleur", "s3cret-of-the-client"


class Provider(ThreadingHTTPServer):
    """Vouches for one person; tests change what it says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.key = KEY
        self.signs_with: Any = self.key
        self.header = {"kid": "one"}
        self.algorithm = "RS256"
        self.document: dict[str, str] = {}
        self.claims: dict[str, Any] = {
            "sub": "42", "email": "robin@example.com", "email_verified": True, "name": "Robin Vasseur",
            "preferred_username": "robin",
        }  # fmt: skip
        self.token: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.codes: dict[str, str] = {}
        self.asked: list[str] = []

    def configuration(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys", "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.document,
        }  # fmt: skip

    def id_token(self) -> str:
        """Signed."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, **self.claims, **self.token}
        return jwt.encode(said, self.signs_with, self.algorithm, headers=self.header)


class Handler(BaseHTTPRequestHandler):
    """Its addresses."""

    server: Provider

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {key: value[0] for key, value in parse_qs(address.query).items()}
        self.server.asked.append(address.path)
        if address.path == "/.well-known/openid-configuration":
            self._json(self.server.configuration())
        elif address.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.key.public_key()))
            self._json({"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]})
        elif address.path == "/userinfo":
            self._json({**self.server.claims, **self.server.userinfo})
        else:
            self._authorize(asked)

    def _authorize(self, asked: dict[str, str]) -> None:
        assert asked["client_id"] == CLIENT and asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.server.codes)}"
        self.server.codes[code] = asked["code_challenge"]
        back = urlencode({"code": code, "state": asked["state"]})
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{back}")
        self.end_headers()

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {key: value[0] for key, value in parse_qs(body).items()}
        wanted = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if self.headers["Authorization"] != wanted or self.server.codes.pop(asked["code"], "") != challenge:
            self._json({"error": "invalid_grant"}, 400)
        else:
            self._json({"access_token": "at", "token_type": "Bearer", "id_token": self.server.id_token()})

    def _json(self, said: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running() -> Iterator[Provider]:
    """The provider while the block runs."""
    provider = Provider()
    thread = Thread(target=provider.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
        thread.join()
