"""Endpoints for the phone's script: a CSRF token, and outcomes of its submissions."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from results.desk.second_factor import lacks_second_factor
from results.models import Phone
from results.reporter.counts_list import list_shown
from results.reporter.followed import followed
from results.reporter.messages import read_messages
from results.reporter.passes import is_signed_in
from results.reporter.responses import signed_out
from results.reporter.stopped_counts import stopped_counts


@never_cache
@require_safe
def token(request: HttpRequest) -> HttpResponse:
    """Return a CSRF token for the outbox, whose page may be hours old.

    A phone that is signed out gets none: the cookie set with it would replace that of a sign-in
    page already on its way, and that page's form would be refused.
    """
    if not is_signed_in(request):
        return JsonResponse({"token": "", "reporter": None})
    return JsonResponse({"token": get_token(request), "reporter": request.user.pk})


@require_POST
def report_unsent(request: HttpRequest) -> HttpResponse:
    """Store how much the phone has not been able to send, for the night dashboard.

    The response has the outcomes of the submissions whose keys it posts, the desk's messages, and
    a sentence for each posted page of a count from which nothing is published any more:
    `{"sent": {key: …}, "messages": […], "counts": {page: sentence}, "list": HTML}`. `list` is that
    of the reporter's counts where its page is posted. A password without the second factor that it
    needs is told nothing.
    """
    if not is_signed_in(request) or lacks_second_factor(request):
        return signed_out()
    Phone.objects.update_or_create(
        reporter_id=request.user.pk,
        defaults={
            "seen_at": timezone.now(),
            "unsent": _small_count(request.POST.get("unsent", "")),
            "asked": _small_count(request.POST.get("asked", "")),
        },
    )
    return JsonResponse(
        {
            "reporter": request.user.pk,
            "sent": followed(request),
            "messages": read_messages(request),
            "counts": stopped_counts(request),
            "list": list_shown(request),
        }
    )


def _small_count(text: str) -> int:
    """Read a count of at most 999; 0 for anything that is not a number."""
    return min(int(text), 999) if text.isascii() and text.isdigit() and len(text) < 6 else 0
