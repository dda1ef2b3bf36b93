"""Views of the API's document and its page; decorators of all reads: HEAD, CORS, ETags."""

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import cache, wraps
from http import HTTPStatus
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from electiondesk import release
from results.api.api import openapi_document
from results.api.problems import method_not_allowed, not_found
from results.reader.compression import compressed
from results.reader.conditional import conditional_response
from results.reader.cross_origin import readable_by_any_origin

CACHE_FOR_AN_HOUR = "public, max-age=0, s-maxage=3600"
#: Headers for the preflight request of a browser that sends If-None-Match cross-origin.
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "public, max-age=86400",
}

View = Callable[..., HttpResponseBase]


def public_read(view: View) -> View:
    """Answer HEAD as GET, and let pages of any origin read answer and ETag."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT)
        if request.method == "HEAD":
            request.method = "GET"
        response = view(request, *args, **kwargs)
        if response.headers.get("Allow") == "GET":  # django-ninja does not know of HEAD
            response.headers["Allow"] = "GET, HEAD"
        response = _refusal_as_problem(response)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag"
        return response

    wrapper.csrf_exempt = True  # type: ignore[attr-defined]  # nothing is read of a session
    return wrapper


def private_write(view: View) -> View:
    """Keep answers to a token out of every cache."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _refusal_as_problem(view(request, *args, **kwargs))
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    wrapper.csrf_exempt = True  # type: ignore[attr-defined]  # a token is no cookie
    return wrapper


def _refusal_as_problem(response: HttpResponseBase) -> HttpResponseBase:
    """Replace django-ninja's plain-text 405 by a problem."""
    is_refused_method = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    return method_not_allowed(response) if is_refused_method else response


@public_read
def unknown_address(request: HttpRequest, rest: str) -> HttpResponse:
    """404 as a problem, for what no route matches."""
    return not_found()


@readable_by_any_origin
@require_safe
def openapi_json(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return _serve(request, _document_text(), "application/json")


@require_safe
def docs_page(request: HttpRequest) -> HttpResponse:
    """The document as a page, drawn by the server: no script, and nothing of other sites."""
    return _serve(request, _page(), "text/html; charset=utf-8")


@cache
def _document_text() -> str:
    return json.dumps(openapi_document(), ensure_ascii=False)


@cache
def _page() -> str:
    document = openapi_document()
    context = {
        "language": "en-gb",
        "document": document,
        "groups": list(_groups(document)),
        "schemas": sorted(_schemas(document), key=lambda schema: schema["name"].casefold()),
    }
    return render_to_string("api/docs.html", context)


def _serve(request: HttpRequest, text: str, content_type: str) -> HttpResponse:
    digest = hashlib.sha256((release.fingerprint() + text).encode()).hexdigest()[:32]

    def respond() -> HttpResponse:
        return compressed(request, text, content_type=content_type)

    return conditional_response(request, f'W/"{digest}"', CACHE_FOR_AN_HOUR, respond)


def _groups(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Group the operations by tag, in the order of the document."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            row = {
                "method": method.upper(),
                "path": path,
                "id": operation["operationId"],
                "summary": operation.get("description") or operation["summary"],
                "parameters": [
                    {**parameter, "type": _type(parameter["schema"])}
                    for parameter in operation.get("parameters", [])
                ],
                "body": _sent(operation),
                "answers": list(_answers(operation["responses"])),
                "needs_token": bool(operation.get("security")),
            }
            groups.setdefault(operation["tags"][0], []).append(row)
    for name, rows in groups.items():
        yield {"name": name, "operations": rows}


def _answers(responses: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the schema of each response with its statuses: “400, 404” for a problem."""
    for name, some in groupby(responses.items(), key=lambda item: _name(item[1])):
        yield {"name": name, "statuses": ", ".join(status for status, _answer in some)}


def _sent(operation: dict[str, Any]) -> str:
    return _name(operation["requestBody"]) if "requestBody" in operation else ""


def _name(message: dict[str, Any]) -> str:
    """Name of the schema of a request or response; empty for none."""
    for content in message.get("content", {}).values():
        return str(content["schema"].get("$ref", "")).rpartition("/")[2]
    return ""


def _schemas(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, schema in document["components"]["schemas"].items():
        fields = [
            {
                "name": field,
                "type": _type(about),
                "words": about.get("description", ""),
                "of": _reference(about),
                "required": field in schema.get("required", []),
            }
            for field, about in schema.get("properties", {}).items()
        ]
        yield {
            "name": name,
            "words": schema.get("description", ""),
            "fields": fields,
            # Only what is sent forbids other fields; of an answer nothing is optional.
            "is_sent": schema.get("additionalProperties") is False,
        }


def _reference(about: dict[str, Any]) -> str:
    """Name of the schema that a field has, or has a list of; empty for none."""
    for one in (about, about.get("items", {}), *about.get("anyOf", [])):
        if "$ref" in one:
            return str(one["$ref"]).rpartition("/")[2]
    return ""


def _type(about: dict[str, Any]) -> str:
    """The type of a field in words: “integer, 1 to 200, 50 by default”, “a, b”, “list or null”."""
    default = about.get("default")
    words = _type_and_bounds(about)
    return f"{words}, {default} by default" if default else words


def _type_and_bounds(about: dict[str, Any]) -> str:
    if "enum" in about:
        return ", ".join("null" if value is None else str(value) for value in about["enum"])
    if "const" in about:
        return str(about["const"])
    if "anyOf" in about:
        return " or ".join(map(_type_and_bounds, about["anyOf"]))
    kind = about.get("type", "object")
    names = kind if isinstance(kind, list) else [kind]
    words = " or ".join("list" if name == "array" else str(name) for name in names)
    return ", ".join([words, *_bounds(about)])


def _bounds(about: dict[str, Any]) -> Iterator[str]:
    """Yield the smallest and largest number, or the lengths, of a field that has such bounds.

    Bounds of what the database can store are left out: nobody meets them.
    """
    for least, most, unit in (
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", ""),
    ):
        low, high = about.get(least), about.get(most)
        if high is None or high >= 2**31 - 1:
            continue
        yield f"{low:g} to {high:g}{unit}" if low is not None else f"at most {high:g}{unit}"
