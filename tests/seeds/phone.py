"""Seed functions: two counts, and two reporters assigned to both."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from results import desk
from results.arithmetic import ElectionKind
from results.desk.accounts import set_trusted
from results.desk.audit import record_action
from results.desk.changes import change_of
from results.models import (
    Assignment,
    Bulletin,
    Candidate,
    Contest,
    Declaration,
    Election,
    Message,
    MessageReading,
    PushSubscription,
    ReporterPass,
    ReviewItem,
    Standing,
    clock,
)
from tests import nights

PASSWORD = nights.PASSWORD


def night(slug: str = "ge") -> None:
    election = nights.election(slug)
    north = nights.islington_north(election)
    other = nights.contest(election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
    reporter, colleague = nights.user("reporter"), nights.user("colleague")
    nights.trust(reporter)
    for person in (reporter, colleague):
        # Another one, or the same again, would sign out a phone of the night before.
        if not person.check_password(PASSWORD):
            person.set_password(PASSWORD)
            person.save()
        Assignment.objects.filter(reporter=person).delete()
        for seat in (north, other):
            Assignment.objects.create(reporter=person, contest=seat)


def council_night(slug: str = "vale") -> None:
    """A ward of three seats that the reporter is sent to."""
    election = nights.election(
        slug, kind=ElectionKind.COUNCIL, second_person=Election.SecondPerson.NEVER
    )
    people = [("Ann", "lab"), ("Bob", "con"), ("Cat", "lab"), ("Dan", "con"), ("Eve", "green")]
    ward = nights.contest(election, "Abbey", people, seats=3, electorate=5000)
    reporter = nights.trust(nights.user("reporter"))
    reporter.set_password(PASSWORD)
    reporter.save()
    Assignment.objects.create(reporter=reporter, contest=ward)


def sign_in_token() -> str:
    """A one-use link's token for the reporter."""
    return ReporterPass.issue(nights.user("reporter")).token


def bulletins(election: str) -> list[str]:
    """The kinds of what has been published, oldest first."""
    log = Bulletin.objects.filter(election__slug=election).order_by("sequence")
    return list(log.values_list("kind", flat=True))


def without_second_person(election: str) -> None:
    Election.objects.filter(slug=election).update(second_person=Election.SecondPerson.NEVER)


def declare_north(election: str) -> None:
    """An editor declares Islington North, with 8,451 for Nick Wakeling."""
    seat = Contest.objects.get(election__slug=election, slug="islington-north")
    ballot_counts = nights.ballot_counts(seat, 236, 5483, 34603, 742, 4326, 8451)
    nights.declare_counts(
        seat, ballot_counts, by=nights.user("editor"), idempotency_key=nights.key()
    )


def wrong_winner(election: str) -> None:
    """The reporter publishes Nick Wakeling as the winner of Islington North."""
    seat = Contest.objects.get(election__slug=election, slug="islington-north")
    winner = seat.candidates.filter(name="Nick Wakeling")
    nights.declare_winner(seat, winner, by=nights.user("reporter"), idempotency_key=nights.key())


def swap_names(election: str) -> None:
    """Give two candidates of Islington North each other's name, as an editor may."""
    candidates = Candidate.objects.filter(
        contest__election__slug=election, contest__slug="islington-north"
    )
    first = candidates.get(name="James Clark").pk
    candidates.filter(name="Yosef David").update(name="James Clark")
    candidates.filter(pk=first).update(name="Yosef David")


def _elsewhere(election: str) -> Contest:
    return Contest.objects.get(election__slug=election, slug="elsewhere")


def with_second_person(election: str) -> None:
    Election.objects.filter(slug=election).update(second_person=Election.SecondPerson.ALWAYS)


def distrust_reporter(_election: str) -> None:
    """Have the reporter's quotes and photos wait for the desk from now on."""
    set_trusted(nights.user("reporter"), False)


def winner_elsewhere(election: str) -> None:
    """The colleague publishes Ann as the winner of Elsewhere."""
    seat = _elsewhere(election)
    winner = seat.candidates.filter(name="Ann")
    nights.declare_winner(
        seat, winner, by=nights.user("colleague"), idempotency_key=nights.key(), base_revision=0
    )


def withdraw_elsewhere(election: str) -> None:
    nights.withdraw(
        _elsewhere(election),
        by=nights.user("editor"),
        reason="Wrong hall.",
        idempotency_key=nights.key(),
        base_revision=1,
    )


def colleague_sends_elsewhere(election: str) -> None:
    """The colleague sends 21,000 for Ann and 9,000 for Bob."""
    seat = _elsewhere(election)
    counts = nights.ballot_counts(seat, 21000, 9000)
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=nights.user("colleague"),
        idempotency_key=nights.key(),
        declared_at=clock.now(),
    )
    desk.submit_result(seat, counts, request)


def confirm_waiting(election: str) -> None:
    """The colleague confirms what the reporter sent."""
    item = ReviewItem.objects.get(contest__election__slug=election)
    desk.approve(item, by=nights.user("colleague"))


def decide_for(election: str, name: str) -> None:
    """An editor publishes the waiting result of one of two whose figures differ."""
    item = ReviewItem.objects.get(contest__election__slug=election, by__username=name)
    desk.approve(item, by=nights.user("editor"))


def write_to_reporters(election: str, text: str = "Which hall are you in?") -> None:
    """An editor writes to everybody at the election's counts, as in the admin."""
    message = Message.objects.create(
        election=Election.objects.get(slug=election), text=text, by=nights.user("editor")
    )
    record_action(message.by, "message to reporters: added", change=change_of(message))


def write_again(election: str) -> None:
    write_to_reporters(election, "Still there?")


def postpone_elsewhere(election: str) -> None:
    status = Standing.Status.POSTPONED
    by, key = nights.user("editor"), nights.key()
    desk.report_status(_elsewhere(election), status, by=by, idempotency_key=key)


def take_elsewhere_away(election: str) -> None:
    """Nobody is sent to Elsewhere any more, as after an edit in the admin."""
    contest = _elsewhere(election)
    change = change_of(contest)
    contest.assignments.all().delete()
    record_action(nights.user("editor"), "contest: changed", contest=contest, change=change)


def give_elsewhere_back(election: str) -> None:
    """The reporter is sent to Elsewhere again."""
    contest = _elsewhere(election)
    change = change_of(contest)
    contest.assignments.create(reporter=nights.user("reporter"))
    record_action(nights.user("editor"), "contest: changed", contest=contest, change=change)


def merge_elsewhere(election: str) -> None:
    """Merge Elsewhere into another contest of the same name, as an editor does."""
    contest = _elsewhere(election)
    people = [("Ann", "lab"), ("Bob", "con")]
    kept = nights.contest(contest.election, "Elsewhere", people, slug="elsewhere-kept")
    by = nights.user("editor")
    desk.merge_contests(contest, kept, by=by, reason="One seat.", idempotency_key="merge")


def answers_to_messages(election: str) -> list[str]:
    """What was answered, empty for a message that was read and not answered."""
    readings = MessageReading.objects.filter(message__election__slug=election)
    return list(readings.values_list("answer", flat=True))


def status_elsewhere(election: str) -> str:
    """How the count is going."""
    return str(_elsewhere(election).standing.status)


def expect_elsewhere(election: str) -> str:
    """Expect the declaration of Elsewhere in an hour; returns a later time, as typed."""
    hour = timedelta(hours=1)
    now = timezone.now()
    closed = now - hour
    Election.objects.filter(slug=election).update(polls_close=closed, date=closed.date())
    Contest.objects.filter(pk=_elsewhere(election).pk).update(expected_at=now + hour)
    return f"{(now + 2 * hour).astimezone(ZoneInfo('Europe/London')):%H:%M}"


def close_night(election: str) -> None:
    """Close the night, as after an edit in the admin."""
    night = Election.objects.get(slug=election)
    Election.objects.filter(pk=night.pk).update(final=True)
    record_action(
        nights.user("editor"), "election: changed", election=night, change=change_of(night)
    )


def waiting(election: str) -> list[str]:
    """The kinds of what waits for the desk."""
    items = ReviewItem.objects.filter(contest__election__slug=election)
    return list(items.filter(state=ReviewItem.State.WAITING).values_list("kind", flat=True))


def declare_elsewhere(election: str) -> None:
    """The reporter publishes 21,000 for Ann and 9,000 for Bob."""
    seat = _elsewhere(election)
    reason = {"warning_reason": "As read out."}
    nights.declare_counts(
        seat,
        nights.ballot_counts(seat, 21000, 9000),
        by=nights.user("reporter"),
        idempotency_key=nights.key(),
        **reason,
    )


def correct_elsewhere(election: str, ann: int, bob: int) -> None:
    """An editor corrects the result that stands."""
    seat = _elsewhere(election)
    nights.correct(
        seat,
        nights.ballot_counts(seat, ann, bob),
        by=nights.user("editor"),
        reason="Misheard.",
        warning_reason="As read out.",
        idempotency_key=nights.key(),
        base_revision=seat.standing.revision,
    )


def asked_figures(election: str) -> list[int | None]:
    """The votes of the correction that waits, in ballot-paper order."""
    item = ReviewItem.objects.get(contest__election__slug=election, kind="correction")
    assert item.ballot_counts is not None
    return list(item.ballot_counts.votes.values())


def add_ten_votes(election: str) -> None:
    """An editor gives Ann ten votes more."""
    declaration = _elsewhere(election).standing.declaration
    assert declaration is not None
    ann, bob = declaration.ballot_counts.votes.values()
    assert ann is not None
    assert bob is not None
    correct_elsewhere(election, ann + 10, bob)


def phones_with_push() -> list[str]:
    """Whose phones are sent messages while no page is open."""
    phones = PushSubscription.objects.filter(reporter__isnull=False)
    return list(phones.values_list("reporter__username", flat=True))
