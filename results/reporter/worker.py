"""The service worker: what lets a page of a count open again without signal."""

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

#: What a page of the count is made of. Its scripts import each other by plain names.
SHELL = (
    "shared/tokens.css",
    "shared/mark.svg",
    "shared/text.js",
    "reporter/reporter.css",
    "reporter/count.js",
    "reporter/drafts.js",
    "reporter/forms.js",
    "reporter/outbox.js",
    "reporter/pictures.js",
    "reporter/receipt.js",
    "reporter/storage.js",
    "reporter/strip.js",
    "reporter/sums.js",
    "reporter/theme.js",
    "reporter/timeout.js",
    "reporter/views.js",
)


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The worker from under /count/, since it may look after no more than the folder it is in."""
    path = finders.find("reporter/worker.js")
    assert isinstance(path, str)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    shell = ",".join(f'"{static(name)}"' for name in SHELL)
    response = HttpResponse(
        text.replace("/* shell */", shell), content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response
