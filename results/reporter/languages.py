"""The language of a reporter's pages: chosen on the phone, else the election's."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from results.models import Assignment, Election
from results.models.languages import phone_language

#: A cookie rather than the session, so that the language is known before signing in.
LANGUAGE_COOKIE = "phone_language"
LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600


def language_of_phone(request: HttpRequest) -> str:
    """The language that was chosen on this phone; empty for none."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""


@contextmanager
def reporter_locale(election: Election) -> Iterator[None]:
    """Use the election's time zone, and the language of the phone or else of the election."""
    language = phone_language() or election.page_language
    with timezone.override(election.zone), translation.override(language):
        yield


@contextmanager
def counts_locale(user: User) -> Iterator[None]:
    """Use the language of the phone, or else of the reporter's counts if all have the same."""
    assigned = Assignment.objects.filter(reporter=user).values("contest__election")
    languages = {each.page_language for each in Election.objects.filter(pk__in=assigned)}
    if phone_language() or len(languages) != 1:
        yield
        return
    with translation.override(languages.pop()):
        yield


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Store the chosen language in a cookie, and redirect to the page where it was chosen."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("my_counts")
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=LANGUAGE_COOKIE_SECONDS,
            path=reverse("my_counts"),
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response
