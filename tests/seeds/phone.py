"""Two counts, and two reporters who are assigned to both."""

from results.models import Assignment, Bulletin, ReporterPass
from tests import nights

PASSWORD = "password of this test"


def night(slug: str = "ge") -> None:
    election = nights.election(slug)
    north = nights.islington_north(election)
    other = nights.contest(election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
    reporter, colleague = nights.user("reporter"), nights.user("colleague")
    nights.trust(reporter)
    for person in (reporter, colleague):
        if not person.password:
            person.set_password(PASSWORD)
            person.save()
        for seat in (north, other):
            Assignment.objects.create(reporter=person, contest=seat)


def sign_in_token() -> str:
    """A one-use link's token for the reporter."""
    token = ReporterPass.issue(nights.user("reporter")).token
    assert token is not None
    return token


def bulletins(election: str) -> list[str]:
    """The kinds of what has been published, oldest first."""
    log = Bulletin.objects.filter(election__slug=election).order_by("sequence")
    return list(log.values_list("kind", flat=True))
