"""A site behind TLS on this machine under an invented name, and clients for it."""

import gzip
import http.client
import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import brotli
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.processes import START_SECONDS


def make_certificate(folder: Path, name: str) -> Path:
    """Write a self-signed certificate and its key to `folder`; return the certificate's path."""
    certificate = folder / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
         "-keyout", folder / "privkey.pem", "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate


@dataclass(frozen=True)
class Response:
    """A response as it was received; `text` is decompressed."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        coding = self.headers["Content-Encoding"]
        body = self.body
        if coding == "br":
            body = brotli.decompress(body)
        elif coding == "gzip":
            body = gzip.decompress(body)
        return body.decode()


class Site:
    """A site by its name, certificate and ports on loopback."""

    def __init__(
        self,
        name: str,
        certificate: Path,
        *,
        https_port: int = 443,
        http_port: int = 80,
        network: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`network` is entered while a connection is made, for a loopback of another namespace."""
        self.name = name
        self._network = network
        self.origin = f"https://{name}"
        self.https_port = https_port
        self.http_port = http_port
        self.context = ssl.create_default_context(cafile=str(certificate))

    def url(self, path: str) -> str:
        return self.origin + path

    def get(self, path: str, **headers: str) -> Response:
        """Request `path` literally, with these headers and no others."""
        return self.request("GET", path, headers=headers)

    def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        connection = self.connection()
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        sent = {"Host": self.name, **(headers or {})}
        if body is not None:
            sent["Content-Length"] = str(len(body))
        for name, value in sent.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body)
        response = connection.getresponse()
        result = Response(response.status, response.headers, response.read())
        connection.close()
        return result

    def get_insecurely(self, path: str) -> Response:
        """Request over plain HTTP."""
        connection = http.client.HTTPConnection(self.name)
        connection.sock = self.connect(self.http_port)
        connection.request("GET", path)
        response = connection.getresponse()
        result = Response(response.status, response.headers, response.read())
        connection.close()
        return result

    def connect(self, port: int, timeout: float = START_SECONDS) -> socket.socket:
        with self._network():
            return socket.create_connection(("127.0.0.1", port), timeout)

    def connection(self, timeout: float = START_SECONDS) -> http.client.HTTPSConnection:
        return _Connection(self, timeout)

    def opener(self, *handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
        """Return an opener for URLs of this site, with the site as referrer."""
        opener = urllib.request.build_opener(_Handler(self), *handlers)
        opener.addheaders = [("Referer", self.url("/"))]
        return opener

    def open_socket(
        self, path: str, *, origin: str | None = None, cookies: str = ""
    ) -> ClientConnection:
        return connect(
            f"wss://{self.name}{path}",
            sock=self.connect(self.https_port),
            ssl=self.context,
            open_timeout=60,
            origin=Origin(origin or self.origin),
            additional_headers={"Cookie": cookies} if cookies else {},
        )


class _Connection(http.client.HTTPSConnection):
    """A connection to a site on loopback, for any host."""

    def __init__(self, site: Site, seconds: float) -> None:
        super().__init__(site.name, context=site.context)
        self._site, self._seconds = site, seconds

    def connect(self) -> None:
        plain = self._site.connect(self._site.https_port, self._seconds)
        self.sock = self._site.context.wrap_socket(plain, server_hostname=self._site.name)


class _Handler(urllib.request.HTTPSHandler):
    def __init__(self, site: Site) -> None:
        super().__init__(context=site.context)
        self._site = site

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(
            lambda _host, **_options: self._site.connection(_timeout_of(request)), request
        )


def _timeout_of(request: urllib.request.Request) -> float:
    """The timeout with which an opener was asked for a URL, if it was with one."""
    given = request.timeout
    return given if isinstance(given, int | float) else START_SECONDS
