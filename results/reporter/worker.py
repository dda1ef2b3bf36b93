"""Serves the service worker, which lets a count's page open again without a network."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

#: Static files that a count's page loads; the worker caches them.
SHELL = (
    "shared/tokens.css",
    "shared/mark.svg",
    "shared/text.js",
    "reporter/reporter.css",
    "reporter/answers.js",
    "reporter/contents.js",
    "reporter/count.js",
    "reporter/drafts.js",
    "reporter/forms.js",
    "reporter/outbox.js",
    "reporter/outbox_list.js",
    "reporter/pictures.js",
    "reporter/receipt.js",
    "reporter/report.js",
    "reporter/request.js",
    "reporter/states.js",
    "reporter/sticky.js",
    "reporter/storage.js",
    "reporter/outbox_status.js",
    "reporter/sums.js",
    "reporter/theme.js",
    "reporter/timeout.js",
    "reporter/views.js",
)


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Serve the worker from /count/: its scope is the folder that it is served from."""
    path = finders.find("reporter/worker.js")
    assert isinstance(path, str)
    shell = ",".join(f'"{static(name)}"' for name in SHELL)
    return HttpResponse(
        Path(path).read_text(encoding="utf-8").replace("/* shell */", shell),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )
