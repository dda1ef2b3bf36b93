"""A visitor or a signed-in person whose client is curl: a cookie file and exact requests."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.backing import START_SECONDS
from tests.needs import program
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

    def __call__(self, path: str, *options: str, timeout: float = START_SECONDS) -> Response:
        head, body = self.folder / "head", self.folder / "body"
        for file in (head, body):
            file.unlink(missing_ok=True)
        done = subprocess.run(
            [
                self.program, "--silent", "--path-as-is", "--max-time", str(timeout),
                "--cookie", self.cookies, "--cookie-jar", self.cookies,
                "--dump-header", head, "--output", body, *options, self.server.url(path),
            ],
            check=False,
            capture_output=True,
        )  # fmt: skip
        said = head.read_text("latin-1") if head.exists() else ""
        # The last one: a "100 Continue" comes before the answer.
        statuses = re.findall(r"^HTTP/\S+ (\d+)", said, re.MULTILINE)
        text = body.read_text(errors="replace") if body.exists() else ""
        return Response(int(statuses[-1]) if statuses else 0, text, done.returncode, said)

    def sign_in(self, name: str, password: str) -> None:
        page = self("/count/sign-in/")
        fields = {"csrfmiddlewaretoken": token_of(page), "username": name, "password": password}
        answer = self("/count/sign-in/", *data(fields))
        assert answer.status == 302, answer


def token_of(page: Response) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert found is not None, page
    return found[1]


def data(fields: dict[str, str]) -> list[str]:
    """curl's options for a form of these fields."""
    return [part for pair in fields.items() for part in ("--data-urlencode", "=".join(pair))]


def parts(fields: dict[str, str], **files: Path) -> list[str]:
    """curl's options for a multipart form of these fields and files."""
    texts = [part for name, text in fields.items() for part in ("--form-string", f"{name}={text}")]
    return texts + [part for name, file in files.items() for part in ("--form", f"{name}=@{file}")]
