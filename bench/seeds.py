"""Functions that fill a desk's database for the benchmarks; see `tests.seeds`."""

from django.contrib.auth.models import User

from results.models import Assignment, Contest, Election
from tests import nights


def writers(
    election: str, state_reporters: int, declared: int, password: str
) -> tuple[int, list[str]]:
    """Create reporters and an editor; return the election's id and the slugs of their seats.

    The first `state_reporters` seats have a reporter each, the other `declared` share one more.
    """
    night = Election.objects.get(slug=election)
    undeclared = Contest.objects.filter(election=night, standing__status="awaiting")
    seats = list(undeclared.order_by("-pk")[: state_reporters + declared])
    shares = [*([seat] for seat in seats[:state_reporters]), seats[state_reporters:]]
    for number, share in enumerate(shares):
        reporter = _with_password(nights.user(f"bench-{number}"), password)
        for seat in share:
            Assignment.objects.create(reporter=reporter, contest=seat)
    # Otherwise implausible invented counts would wait for a second person.
    Election.objects.filter(pk=night.pk).update(second_person="never")
    _with_password(nights.user("bench-editor", staff=True), password)
    return night.pk, [seat.slug for seat in seats]


def _with_password(user: User, password: str) -> User:
    user.set_password(password)
    user.save()
    return user
