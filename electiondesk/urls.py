"""Which wing answers which address. The readers' slugs come last: they match what is left."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

#: Left out of a process that is for readers alone: what it does not serve it cannot wait for.
desk: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("count/", include("results.reporter.urls")),
]
urlpatterns = [
    *(desk if settings.ROLE != "readers" else ()),
    path("", include("results.reader.urls")),
]
