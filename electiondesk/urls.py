"""Which wing answers which address. The readers' slugs come last: they match what is left."""

from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
for prefix, wing in [("count/", "results.reporter"), ("", "results.reader")]:
    if find_spec(wing) and find_spec(f"{wing}.urls"):
        urlpatterns.append(path(prefix, include(f"{wing}.urls")))
