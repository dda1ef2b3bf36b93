"""Bytes as a browser takes them: brotli or gzip where it says so.

Pages hold no secret and nothing of the request, so that compressing them gives nothing away (the
BREACH attack needs both).
"""

import gzip
import re

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from results.reader import page_cache

#: Higher takes much longer for a few bytes in a hundred.
BROTLI, GZIP = 7, 6


def coding_for(accepted: str) -> str:
    """“br”, “gzip” or “” (as it is), from an Accept-Encoding header (RFC 9110, 12.5.3)."""
    weights = dict(_weights(accepted))
    for coding in ("br", "gzip"):
        if weights.get(coding, weights.get("*", 0)) > 0:
            return coding
    return ""


def _weights(accepted: str) -> list[tuple[str, float]]:
    found = []
    for part in accepted.casefold().split(","):
        name, _, parameters = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameters)
        if name.strip():
            found.append((name.strip(), float(weight[1]) if weight else 1.0))
    return found


def compress(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return bytes(brotli.compress(body, quality=BROTLI))
    if coding == "gzip":
        return gzip.compress(body, GZIP, mtime=0)
    return body


def compressed(request: HttpRequest, text: str, *, content_type: str) -> HttpResponse:
    """A text as the request's browser takes it, compressed once while it stays the same."""
    coding = coding_for(request.headers.get("Accept-Encoding", ""))
    body = page_cache.get_or_create(
        page_cache.make_key("compressed", coding, text), lambda: compress(text.encode(), coding)
    )
    response = HttpResponse(body, content_type=content_type)
    if coding:
        response.headers["Content-Encoding"] = coding
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
