"""HTTP client of a user: curl with a cookie file."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.needs import program
from tests.processes import START_SECONDS
from tests.servers import Server


@dataclass(frozen=True)
class Response:
    """`status` is 0 where the connection ended without an answer; `code` is curl's own."""

    status: int
    text: str
    code: int
    head: str


class Curl:
    """Requests to one server, with the cookies of one person."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.program = program("curl", package="curl")
        self.server = server
        self.folder = folder
        self.cookies = folder / "cookies"

    def __call__(
        self, path: str, *options: str, timeout: float = START_SECONDS, body: Path | None = None
    ) -> Response:
        """`body` is what curl reads from its standard input, piece by piece."""
        head, text = self.folder / "head", self.folder / "text"
        for file in (head, text):
            file.unlink(missing_ok=True)
        command: list[str | Path] = [
            self.program, "--silent", "--path-as-is", "--max-time", str(timeout),
            "--cookie", self.cookies, "--cookie-jar", self.cookies,
            "--dump-header", head, "--output", text, *options, self.server.url(path),
        ]  # fmt: skip
        with (body or Path("/dev/null")).open("rb") as read:
            process = subprocess.run(command, stdin=read, check=False, capture_output=True)
        head_text = head.read_text("latin-1") if head.exists() else ""
        # The last one: a "100 Continue" comes before the answer.
        statuses = re.findall(r"^HTTP/\S+ (\d+)", head_text, re.MULTILINE)
        body_text = text.read_text(errors="replace") if text.exists() else ""
        return Response(
            int(statuses[-1]) if statuses else 0, body_text, process.returncode, head_text
        )

    def sign_in(self, name: str, password: str) -> None:
        page = self("/count/sign-in/")
        fields = {"csrfmiddlewaretoken": token_of(page), "username": name, "password": password}
        answer = self("/count/sign-in/", *data(fields))
        assert answer.status == 302, answer


def token_of(page: Response) -> str:
    match = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert match is not None, page
    return match[1]


def data(fields: dict[str, str]) -> list[str]:
    """curl's options for a form of these fields."""
    return [part for pair in fields.items() for part in ("--data-urlencode", "=".join(pair))]


def parts(fields: dict[str, str], **files: Path) -> list[str]:
    """curl's options for a multipart form of these fields and files."""
    texts = [part for name, text in fields.items() for part in ("--form-string", f"{name}={text}")]
    return texts + [part for name, file in files.items() for part in ("--form", f"{name}=@{file}")]
