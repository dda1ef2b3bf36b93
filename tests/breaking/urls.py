"""The desk's URLs, and one below each sign-in link that raises."""

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path

from electiondesk.urls import urlpatterns as desk_urlpatterns


def breaks(request: HttpRequest, token: str) -> NoReturn:
    raise RuntimeError(f"an exception at {request.path}")


urlpatterns = [path("count/sign-in/<str:token>/breaks/", breaks), *desk_urlpatterns]
