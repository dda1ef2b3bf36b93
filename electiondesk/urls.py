"""Which wing answers which address. The readers' slugs come last: they match what is left."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("count/", include("results.reporter.urls")),
    path("", include("results.reader.urls")),
]
