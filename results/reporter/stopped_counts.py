"""Counts from which nothing is published any more, for the phones whose pages are open."""

from collections.abc import Collection, Iterator

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from results.desk.errors import ElectionNotPublic
from results.desk.review import is_editor
from results.models import Assignment, Contest, MergedContest, Standing
from results.reporter.languages import reporter_locale
from results.reporter.permissions import user_of

_Address = tuple[str, str]  # the slugs of an election and of a contest

#: Pages that one request asks about.
MOST = 20


def stopped_counts(request: HttpRequest) -> dict[str, str]:
    """Return `{path: sentence}` of those of the posted counts' pages that are stopped."""
    slugs = dict(_slugs_of(request.POST.getlist("count")[:MOST]))
    if not slugs:
        return {}
    user = user_of(request)
    own = set(Assignment.objects.filter(reporter=user).values_list("contest", flat=True))
    may_see_all = user.has_perm("results.add_declaration")
    found = _contests_at(slugs.values())
    stopped = {}
    for path, address in slugs.items():
        contest = found.get(address)
        if contest is None:
            continue
        with reporter_locale(contest.election):
            sentence = _sentence(contest, user, is_sent=may_see_all or contest.pk in own)
        if sentence:
            stopped[path] = sentence
    return stopped


def _contests_at(addresses: Collection[_Address]) -> dict[_Address, Contest]:
    """The contests at these addresses, also those that were merged or moved since."""
    asked = {
        "election__slug__in": {election for election, _contest in addresses},
        "slug__in": {contest for _election, contest in addresses},
    }
    moved = MergedContest.objects.filter(**asked)
    moved = moved.select_related("election", "contest__election", "contest__standing")
    contests = Contest.objects.filter(**asked).select_related("election", "standing")
    return {
        **{(each.election.slug, each.slug): each.contest for each in moved},
        **{(each.election.slug, each.slug): each for each in contests},
    }


def _slugs_of(paths: list[str]) -> Iterator[tuple[str, _Address]]:
    for path in paths:
        try:
            match = resolve(path)
        except Resolver404:
            continue
        if match.url_name == "count":
            yield path, (match.kwargs["election_slug"], match.kwargs["contest_slug"])


def _sentence(contest: Contest, user: User, *, is_sent: bool) -> str:
    if not is_sent:
        return _("You are not sent to this count any more. Ring the desk.")
    standing = getattr(contest, "standing", None)
    if standing is not None and standing.status == Standing.Status.POSTPONED:
        return _("The poll here is postponed: no result is published from this count.")
    if not contest.election.is_published:
        return str(ElectionNotPublic(contest.election))
    if contest.election.final and not is_editor(user):
        return _("The night is closed: only the desk publishes now.")
    return ""
