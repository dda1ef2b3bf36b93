"""The release: its version, and a fingerprint of the files that its pages are rendered from."""

import hashlib
from functools import cache
from pathlib import Path

VERSION = "1.0"
_ROOT = Path(__file__).resolve().parent.parent


@cache
def fingerprint() -> str:
    """Return eight characters that change with any file that a page is rendered from.

    Pictures are left out: they are sent beside pages, with ETags of their own.
    A page's ETag contains it: after a deploy the page at the same sequence is another one, even if
    nobody changed the version.
    """
    digest = hashlib.sha256(VERSION.encode())
    for folder in ("electiondesk", "results", "templates", "static"):
        for file in sorted((_ROOT / folder).rglob("*")):
            if file.suffix in {".py", ".html", ".css", ".js", ".svg", ".mo"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
