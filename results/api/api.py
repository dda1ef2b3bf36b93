"""Version 1 of the API: its routes, problem responses and OpenAPI document."""

import json
from functools import cache
from typing import Any

from ninja import NinjaAPI
from ninja.operation import Operation

from results.api import problems, reads, schemas, writes
from results.api.bodies import BodyParser
from results.reader.exports import SCHEMAS

#: Version in addresses: /api/v1/.
VERSION = 1
#: The status that a server or proxy answers, in a form of its own, before the API is asked.
TOO_LARGE = "413"
#: The path of writes below the API's own: only processes for writers serve it.
WRITES = "desk"

DESCRIPTION = (
    "Everything public about an election, as JSON, and publishing with a token. Reads need no "
    "token, may be fetched from any origin and are cached: send If-None-Match with the ETag. "
    "Null means not known, and never 0. Fields may be added to this version."
)


class _Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name, from which generated clients derive the names of methods."""
        return operation.view_func.__name__


api = _Api(
    title="Election Desk",
    version="1.0.0",
    description=DESCRIPTION,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=BodyParser(),
)
problems.install(api)
api.add_router("", reads.router)
api.add_router(f"/{WRITES}", writes.router)


@cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI document, with the schemas of results.json among its components."""
    generated = api.get_openapi_schema(path_prefix=f"api/v{VERSION}/")
    document: dict[str, Any] = json.loads(json.dumps(generated), object_hook=_with_reference)
    document["components"]["schemas"] |= _published_schemas()
    for operations in document["paths"].values():
        for operation in operations.values():
            _set_problem_content_type(operation["responses"])
    return document


def _with_reference(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get(schemas.PUBLISHED)
    return {"$ref": f"#/components/schemas/{name}"} if name else schema


def _published_schemas() -> dict[str, Any]:
    """The definitions of results.json, which refer to one another by their new addresses."""
    text = (SCHEMAS / "results-1.json").read_text(encoding="utf-8")
    moved = text.replace('"#/$defs/', '"#/components/schemas/')
    definitions: dict[str, Any] = json.loads(moved)["$defs"]
    return definitions


def _set_problem_content_type(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status == TOO_LARGE:
            del response["content"]
        elif int(status) >= 400 and "content" in response:
            (schema,) = response["content"].values()
            response["content"] = {problems.CONTENT_TYPE: schema}
