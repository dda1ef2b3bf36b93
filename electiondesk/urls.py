"""URLs of the site: admin, reporters, then readers, whose slugs match whatever is left."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from electiondesk import debug_pages

#: Not served by a process for readers only, so that readers never wait for it.
staff: list[URLPattern | URLResolver] = [
    path("admin/set-up/", include("results.setup.urls")),
    path("admin/", admin.site.urls),
    path("count/", include("results.reporter.urls")),
    path("push/", include("results.push.urls")),
]
urlpatterns = [
    *(staff if settings.ROLE != "readers" else ()),
    # Reads as readers' pages are served; what writes is left out of a process for readers there.
    path("api/", include("results.api.urls")),
    path("", include("results.reader.urls")),
]
debug_pages.install()
handler404 = "results.reader.errors.not_found"
handler500 = "electiondesk.unavailable.server_error"
