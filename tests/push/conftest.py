"""A push service on this machine, and browsers that can read what it was sent."""

import base64
import ipaddress
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_django.fixtures import Settings

from results.push.keys import new_private_key
from results.webhooks import pauses

SECRET = b"sixteen bytes ok"


@dataclass
class PushService:
    """What arrived, by path; `answers` has the status for a path, else it is 201.

    `retry_after` has the header that goes with it.
    """

    origin: str = ""
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    retry_after: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    """Web Push is on, and its push service listens on the loopback interface."""
    found = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            found.received.append((self.path, headers, body))
            self.send_response(found.answers.get(self.path, 201))
            if asked := found.retry_after.get(self.path):
                self.send_header("Retry-After", asked)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Nothing: pytest shows what failed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.origin = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    settings.PUSH_SERVICES = ["127.0.0.1", "push.example"]
    settings.VAPID_PRIVATE_KEY = new_private_key()
    settings.VAPID_CONTACT = "mailto:desk@example.com"
    pauses.forget()  # a port may be that of an earlier test
    yield found
    server.shutdown()
    server.server_close()


@dataclass
class Device:
    """A browser: the keys that it made, and what it can read."""

    service: PushService
    name: str
    #: That of the page on which it subscribed.
    language: str = "en-GB"

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    @property
    def fields(self) -> dict[str, str]:
        """What its script posts of its subscription."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {
            "endpoint": f"{self.service.origin}/{self.name}",
            "p256dh": base64.urlsafe_b64encode(point).rstrip(b"=").decode(),
            "auth": base64.urlsafe_b64encode(SECRET).rstrip(b"=").decode(),
            "language": self.language,
        }

    @property
    def read(self) -> list[dict[str, str]]:
        """What it was sent, decrypted, oldest first."""
        return [
            json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=SECRET))
            for path, _headers, body in self.service.received
            if path == f"/{self.name}"
        ]

    @property
    def bodies(self) -> list[bytes]:
        """The same as it arrived."""
        return [body for path, _headers, body in self.service.received if path == f"/{self.name}"]

    @property
    def headers(self) -> list[dict[str, str]]:
        return [row[1] for row in self.service.received if row[0] == f"/{self.name}"]
