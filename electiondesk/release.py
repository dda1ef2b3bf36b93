"""Which release this is: its number for people, and a mark that no two releases share."""

import hashlib
from functools import cache
from pathlib import Path

VERSION = "0.1.0.dev0"
_ROOT = Path(__file__).resolve().parent.parent


@cache
def mark() -> str:
    """Eight characters that change with anything a page is drawn from.

    A page's ETag carries it: after a deploy the same number of the log is another page, whether
    or not anyone remembered to change the version.
    """
    digest = hashlib.sha256(VERSION.encode())
    for folder in ("electiondesk", "results", "templates", "static"):
        for file in sorted((_ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".html", ".css", ".js", ".svg", ".mo"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
