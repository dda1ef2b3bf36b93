"""Compress responses with brotli or gzip, as the browser accepts.

Compressing is safe from the BREACH attack, which needs a secret and something of the request in
the same response: these pages hold neither.
"""

import gzip
import re
from collections.abc import Sequence

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from results.reader import page_cache

#: Higher levels take much longer and save a few bytes in a hundred.
BROTLI_QUALITY, GZIP_LEVEL = 7, 6
#: Bytes from which brotli’s quality is lower: three fifths of the time, for 1 % more bytes.
LARGE = 100_000
BROTLI_QUALITY_OF_LARGE = 5


def coding_for(accept_encoding: str, codings: Sequence[str] = ("br", "gzip")) -> str:
    """The first of `codings` that an Accept-Encoding header allows (RFC 9110, 12.5.3).

    Empty if it allows none: the response is not compressed.
    """
    weights = _weights(accept_encoding)
    for coding in codings:
        if weights.get(coding, weights.get("*", 0)) > 0:
            return coding
    return ""


def _weights(accept_encoding: str) -> dict[str, float]:
    weights = {}
    for part in accept_encoding.casefold().split(","):
        name, _, parameters = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameters)
        if name.strip():
            weights[name.strip()] = float(weight[1]) if weight else 1.0
    return weights


def compress(body: bytes, coding: str) -> bytes:
    if coding == "br":
        quality = BROTLI_QUALITY if len(body) < LARGE else BROTLI_QUALITY_OF_LARGE
        return bytes(brotli.compress(body, quality=quality))
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if coding == "gzip" else body


def compressed(request: HttpRequest, text: str, *, content_type: str) -> HttpResponse:
    """A response with `text` as the browser accepts it, compressed once and then cached."""
    coding = coding_for(request.headers.get("Accept-Encoding", ""))
    body = page_cache.get_or_create(
        page_cache.make_key("compressed", coding, text), lambda: compress(text.encode(), coding)
    )
    return encoded_response(body, coding, content_type=content_type)


def encoded_response(body: bytes, coding: str, *, content_type: str) -> HttpResponse:
    """A response with a body that is compressed with `coding` already."""
    response = HttpResponse(body, content_type=content_type)
    if coding:
        response.headers["Content-Encoding"] = coding
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
