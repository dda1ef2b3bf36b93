"""The API's addresses: reads, and the desk's, which only processes for writers serve."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from results.api import views
from results.api.api import WRITES, api

app_name = "api"


def _routes() -> Iterator[URLPattern]:
    """The API's routes that this process serves; reads with what all of them have in common."""
    for route in api.urls[0]:
        if not isinstance(route, URLPattern) or route.name == "api-root":
            continue
        is_write = str(route.pattern).startswith(f"{WRITES}/")
        if is_write and settings.ROLE == "readers":
            continue
        wrap = views.private_write if is_write else views.public_read
        yield path(f"v1/{route.pattern}", wrap(route.callback), name=route.name)


urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/openapi.json", views.openapi_json, name="openapi"),
    path("v1/", views.docs_page, name="docs"),
    *_routes(),
    path("v1/<path:rest>", views.unknown_address),
]
