"""The lower bound for a page in Django: one view that returns stored bytes, without middleware."""

import os
from pathlib import Path

from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], DEBUG=False, SECRET_KEY="of no use"
)

from django.core.asgi import get_asgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

BODY = Path(os.environ["BENCH_BODY"]).read_bytes()


def page(request: HttpRequest) -> HttpResponse:
    headers = {"Content-Encoding": "gzip", "Content-Length": str(len(BODY))}
    return HttpResponse(BODY, headers=headers)


urlpatterns = [path("", page), path("healthz", page)]
application = get_asgi_application()
