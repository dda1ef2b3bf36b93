"""Serve the service worker and the manifest: the counts as an app that opens offline."""

import json
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_safe

#: Static files that a count's page loads; the worker caches them.
SHELL = (
    "shared/tokens.css",
    "shared/mark.svg",
    "shared/socket.js",
    "shared/text.js",
    "reporter/reporter.css",
    "reporter/answers.js",
    "reporter/background.js",
    "reporter/checks.js",
    "reporter/contents.js",
    "reporter/count.js",
    "reporter/counts.js",
    "reporter/drafts.js",
    "reporter/forms.js",
    "reporter/lot.js",
    "reporter/messages.js",
    "reporter/offline.js",
    "reporter/outbox.js",
    "reporter/outbox_list.js",
    "reporter/pasted.js",
    "reporter/pictures.js",
    "reporter/receipt.js",
    "reporter/report.js",
    "reporter/request.js",
    "reporter/rules.js",
    "reporter/states.js",
    "reporter/sticky.js",
    "reporter/storage.js",
    "reporter/outbox_status.js",
    "reporter/sums.js",
    "reporter/theme.js",
    "reporter/undo.js",
    "reporter/views.js",
)

#: The worker's own files, served as one.
WORKER = ("reporter/worker.js", "reporter/worker_outbox.js")


def _source(name: str) -> str:
    path = finders.find(name)
    assert isinstance(path, str)
    return Path(path).read_text(encoding="utf-8")


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Serve the worker from /count/: its scope is the folder that it is served from."""
    source = "\n".join(map(_source, WORKER))
    shell = ",".join(f'"{static(name)}"' for name in SHELL)
    source = source.replace("/* shell */", shell)
    for place, signing_out in (("no answer", False), ("no sign-out", True)):
        page = render_to_string("reporter/no_answer.html", {"signing_out": signing_out})
        source = source.replace(f'/* {place} */ ""', json.dumps(" ".join(page.split())))
    return HttpResponse(
        source,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Serve the web app manifest: the counts can be installed, and open on *My counts*."""
    home = reverse("my_counts")
    data = {
        "lang": get_language(),
        "name": _("Election Desk: counts"),
        "short_name": _("Counts"),
        "id": home,
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#fffdf8",
        "theme_color": "#1b1916",
        "icons": [
            {"src": static("shared/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("shared/mark-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("shared/mark-512.png"), "sizes": "512x512", "type": "image/png"},
        ],
    }
    return JsonResponse(data, content_type="application/manifest+json")
