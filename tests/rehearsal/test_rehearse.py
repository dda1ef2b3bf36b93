"""The command rehearse: playback, continuation, reset, and refusal of real elections."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.text import slugify

from results import desk
from results.arithmetic import ElectionKind
from results.management.commands.rehearse import _what_is_left
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    Election,
    IdempotencyRecord,
    Night,
    Standing,
)
from results.rehearsal.generator import generate_night
from results.rehearsal.kinds import DEFAULT_CONTESTS, generate
from results.rehearsal.night import MISHEARD, TRANSPOSED, Playback, misheard
from results.rehearsal.reset import delete_rehearsal
from results.rehearsal.setting_up import (
    NAMES,
    NotARehearsal,
    minute_of,
    rehearsal_user,
    set_up,
)
from tests import nights
from tests.present import present

pytestmark = pytest.mark.django_db
SIZE = 24


def rehearse(*options: str) -> None:
    call_command("rehearse", "dummy", "--seats", str(SIZE), "--speed", "0", *options)


def test_plays_a_whole_night(capsys: pytest.CaptureFixture[str]) -> None:
    rehearse()
    election = Election.objects.get()
    assert election.rehearsal
    assert Night.objects.get().standing_tally.seats == SIZE
    call_command("verify", "dummy", "--pages")
    assert f"{SIZE} seats" in capsys.readouterr().out
    kinds = set(Bulletin.objects.values_list("kind", flat=True))
    assert {"declaration", "winner_only", "update", "correction", "status"} <= kinds


def test_says_how_far_it_is_where_the_output_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not as a bar, which is for terminals: as lines that a log can hold."""
    monkeypatch.setattr("results.management.commands.rehearse.REPORTED", 10)
    rehearse("--declared", "12")
    out = capsys.readouterr().out
    said = re.findall(r"^(\d+) of the (\d+) events of the night so far$", out, re.MULTILINE)
    assert said
    assert all(int(played) <= int(total) for played, total in said)
    (end,) = re.findall(
        r"^dummy: (\d+) of the (\d+) events of this night are published, (\d+) are still to come$",
        out,
        re.MULTILINE,
    )
    assert end[0] == said[-1][1]
    assert int(end[0]) + int(end[2]) == int(end[1])


@pytest.mark.parametrize(("left", "said"), [(1, "1 is still"), (2, "2 are still")])
def test_says_what_is_left_in_its_number(left: int, said: str) -> None:
    assert said in _what_is_left(left, 6, ended=False)


@pytest.mark.parametrize("command", ["rehearse", "demo"])
@pytest.mark.parametrize(
    "options", [["--seats", "-3"], ["--seats", "few"], ["--speed", "nan"], ["--speed", "-1"]]
)
def test_refuses_numbers_that_mean_nothing(command: str, options: list[str]) -> None:
    with pytest.raises(CommandError, match=f"“{options[1]}” is no "):
        call_command(command, *(["dummy"] if command == "rehearse" else []), *options)
    assert not Election.objects.exists()


@pytest.mark.parametrize("kind", DEFAULT_CONTESTS)
def test_refuses_more_contests_than_there_are_names(kind: str) -> None:
    with pytest.raises(CommandError, match="--seats 90000: there are not so many"):
        call_command("rehearse", "dummy", "--kind", kind, "--seats", "90000", "--speed", "0")
    assert not Election.objects.exists()


#: A few contests of each kind, and what they fill: seats where these are added up.
KINDS = {
    ElectionKind.UK_PARLIAMENT_BY_ELECTION: (2, "2 by-elections"),
    ElectionKind.COUNCIL: (7, "14 seats"),
    ElectionKind.COUNCIL_STV: (3, "9 seats"),
    ElectionKind.MAYOR: (1, "1 area"),
    ElectionKind.COMMISSIONER: (2, "2 areas"),
    ElectionKind.REFERENDUM: (1, "1 area"),
    ElectionKind.SENEDD: (2, "12 seats"),
    ElectionKind.SCOTTISH_PARLIAMENT: (3, "24 seats"),
    ElectionKind.LONDON_ASSEMBLY: (2, "13 seats"),
    ElectionKind.NI_ASSEMBLY: (2, "10 seats"),
}


@pytest.mark.parametrize(
    "kind", [kind for kind in ElectionKind if kind is not ElectionKind.UK_PARLIAMENT]
)
def test_plays_a_night_of_each_kind(kind: ElectionKind, capsys: pytest.CaptureFixture[str]) -> None:
    contests, filled = KINDS[kind]
    arguments = ("--kind", kind, "--seats", str(contests), "--speed", "0")
    call_command("rehearse", "dummy", *arguments)
    election = Election.objects.get()
    assert (election.kind, election.rehearsal) == (kind, True)
    assert Night.objects.get().standing_tally.seats == int(filled.split()[0])
    assert not Standing.objects.filter(declaration=None).exists()
    call_command("verify", "dummy", "--pages")
    assert f"dummy: {filled}, " in capsys.readouterr().out


def test_plays_by_elections_to_councils(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--kind", "council-by-election", "--seats", "4", "--speed", "0")
    call_command("rehearse", "dummy", *arguments)
    election = Election.objects.get()
    assert (election.kind, election.name) == ("council", "Rehearsal: council by-elections")
    assert election.contests.filter(by_election=True, seats=1).count() == 4
    assert not Standing.objects.filter(declaration=None).exists()
    page = Client().get("/dummy/").content.decode()
    for body in election.bodies.all():
        up = body.contests.count()
        before, not_up = (sum(seats.values()) for seats in (body.composition_before, body.not_up))
        assert body.seats == before == up + not_up
        assert f"{body.name} now" in page
    call_command("verify", "dummy", "--pages")
    assert "dummy: 4 seats, " in capsys.readouterr().out


def test_by_elections_to_councils_are_another_rehearsal_than_councils() -> None:
    rehearse("--kind", "council-by-election", "--declared", "1")
    with pytest.raises(CommandError, match="another kind"):
        rehearse("--kind", "council")


def test_every_kind_has_a_size_and_a_name() -> None:
    for kind in ElectionKind:
        night = generate(kind)
        assert night == generate(kind)
        assert night != generate(kind, seed=2)
        assert night.kind == kind
        assert NAMES[kind]
        slugs = [slugify(seat.name) for seat in night.seats]
        assert len(set(slugs)) == len(slugs)


def test_a_council_by_thirds_has_seats_that_are_not_up() -> None:
    night = generate(ElectionKind.COUNCIL, size=9)
    (by_thirds,) = [body for body in night.bodies if body.not_up]
    wards = [seat for seat in night.seats if seat.body == by_thirds.name]
    assert [ward.seats for ward in wards] == [1, 1, 1]
    assert (by_thirds.seats, sum(by_thirds.not_up.values())) == (9, 6)


def test_refuses_another_kind_in_a_rehearsal() -> None:
    rehearse("--declared", "1")
    with pytest.raises(CommandError, match="another kind"):
        rehearse("--kind", "council")


@pytest.mark.parametrize("options", [["--seats", "8"], ["--seats", "30"], ["--seed", "2"]])
def test_refuses_to_go_on_with_another_night(options: list[str]) -> None:
    rehearse("--declared", "1")
    before = Bulletin.objects.count()
    with pytest.raises(CommandError, match=r"other contests\. Give the --seats and --seed"):
        rehearse("--declared", "2", *options)
    assert Bulletin.objects.count() == before


def test_says_what_helps_after_a_contest_was_deleted() -> None:
    rehearse("--declared", "1")
    present(Contest.objects.filter(standing__revision=0).last()).delete()
    with pytest.raises(CommandError, match=r"if a contest was deleted since, only --reset"):
        rehearse("--declared", "2")


def test_declarations_lie_in_the_past_at_different_times() -> None:
    rehearse("--declared", "10")
    declared = Standing.objects.exclude(first_declared_at=None)
    times = [present(standing.first_declared_at) for standing in declared]
    assert 10 <= len(times) < SIZE
    assert max(times) <= timezone.now()
    assert (max(times) - min(times)).total_seconds() > 600


def test_continues_where_it_stopped() -> None:
    night = generate_night(1, SIZE)
    playback = Playback(set_up("dummy", night), night, rehearsal_user())
    for event in playback.remaining()[:9]:
        playback.play(event)
    before = Night.objects.get().sequence
    rehearse()
    assert not playback.remaining()
    # Nobody asks for the close of poll: it is once by what it says, not by a key.
    asked_for = Bulletin.objects.exclude(kind=Bulletin.Kind.CLOSE)
    assert IdempotencyRecord.objects.count() == asked_for.count()
    assert Night.objects.get().sequence == Bulletin.objects.count() == asked_for.count() + 1
    assert Night.objects.get().sequence > before
    rehearse()
    assert Night.objects.get().sequence == Bulletin.objects.count()


def play_at_speed(speed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin to play the rest, and end at the first pause between two events."""

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("results.management.commands.rehearse.time.sleep", interrupt)
    call_command("rehearse", "dummy", "--seats", str(SIZE), "--speed", str(speed))


def test_expected_times_follow_the_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    """At speed 12 a seat that is due an hour from now on the night's clock is due in 5 minutes."""
    rehearse("--declared", "4")
    night = generate_night(1, SIZE)
    told = Contest.objects.filter(standing__status=Standing.Status.AWAITING).last()
    assert told is not None
    by_reporter = timezone.now() + timedelta(hours=5)
    desk.report_status(
        told,
        Standing.Status.AWAITING,
        by=nights.user(),
        idempotency_key="told",
        expected_at=by_reporter,
    )
    before = Night.objects.get().sequence
    now = timezone.now()
    play_at_speed(12, monkeypatch)
    begin = minute_of(night, 4)
    minutes = {seat.name: seat.minute for seat in night.seats}
    awaited = Contest.objects.filter(standing__status=Standing.Status.AWAITING)
    assert awaited.count() > 5
    for contest in awaited.exclude(pk=told.pk):
        due = now + timedelta(minutes=(minutes[contest.name] - begin) / 12)
        assert abs(present(contest.expected_at) - due) < timedelta(minutes=3), contest
        assert contest.venue
    told.refresh_from_db()
    assert told.expected_at == by_reporter
    (changed,) = Bulletin.objects.filter(sequence__gt=before, kind=Bulletin.Kind.DETAILS)
    assert changed.summary.startswith("Expected time")


def test_open_pages_stay_open_when_many_counts_follow_the_speed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The times of more counts than a bulletin sends began an epoch, for which pages reload."""
    monkeypatch.setattr("results.rehearsal.night.MOST_IN_BULLETIN", 4)
    monkeypatch.setattr("results.desk.expected_times.MOST_IN_BULLETIN", 4)
    rehearse("--declared", "4")
    before = Night.objects.get()
    awaited = Contest.objects.filter(standing__status=Standing.Status.AWAITING)
    times = dict(awaited.values_list("pk", "expected_at"))
    play_at_speed(12, monkeypatch)
    assert Night.objects.get().epoch == before.epoch
    changed = [pk for pk, at in awaited.values_list("pk", "expected_at") if at != times[pk]]
    assert len(changed) > 4
    told = Bulletin.objects.filter(sequence__gt=before.sequence, kind=Bulletin.Kind.DETAILS)
    shown = {name for bulletin in told for name in bulletin.fragments}
    for slug in Contest.objects.filter(pk__in=changed).values_list("slug", flat=True):
        assert f"seat-{slug}" in shown


def test_expected_times_at_the_pace_of_the_night_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    rehearse("--declared", "4")
    before = dict(Contest.objects.values_list("pk", "expected_at"))
    play_at_speed(1, monkeypatch)
    assert dict(Contest.objects.values_list("pk", "expected_at")) == before


def test_goes_on_where_an_editor_added_a_contest(monkeypatch: pytest.MonkeyPatch) -> None:
    rehearse("--declared", "4")
    nights.contest(Election.objects.get(), "Addingham", [("Ann Ash", "lab"), ("Bob", "con")])
    before = Bulletin.objects.count()
    play_at_speed(12, monkeypatch)
    assert Bulletin.objects.count() > before
    assert Contest.objects.get(name="Addingham").expected_at is None


def test_leaves_counts_to_reporters_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    rehearse("--declared", "2")
    assert " are still to come\n" in capsys.readouterr().out
    contest = Contest.objects.filter(standing__status=Standing.Status.AWAITING).first()
    assert contest is not None
    nights.declare(contest, *range(9000, 9000 - contest.candidates.count() * 700, -700))
    published = Bulletin.objects.filter(contest=contest).latest("pk")
    rehearse()
    words = capsys.readouterr().out
    assert "played to its end; " in words
    assert "left out, where people published something else" in words
    assert not Bulletin.objects.filter(
        contest=contest, pk__gt=published.pk, by__username="rehearsal"
    ).exists()


def test_a_second_rehearsal_has_a_name_of_its_own() -> None:
    night = generate_night(1, SIZE)
    assert set_up("first", night).name == "Rehearsal night"
    assert set_up("second", night).name == "Rehearsal night (second)"


def test_refuses_a_real_election() -> None:
    nights.election("dummy")
    with pytest.raises(CommandError, match="real election"):
        rehearse()
    with pytest.raises(CommandError, match="real election"):
        rehearse("--reset")
    assert Election.objects.count() == 1
    with pytest.raises(NotARehearsal):
        delete_rehearsal(Election.objects.get())


def test_reset_deletes_only_the_rehearsal() -> None:
    real = nights.islington_north(nights.election())
    nights.declare_counts(
        real, nights.islington_ballot_counts(real), by=nights.user(), idempotency_key="1"
    )
    rehearse()
    before = Night.objects.get(election__slug="dummy")
    rehearse("--reset", "--declared", "2")
    after = Night.objects.get(election__slug="dummy")
    assert after.epoch != before.epoch
    assert after.sequence < before.sequence
    assert Night.objects.get(election__slug="ge").sequence == 1


def test_skips_events_of_a_seat_that_an_editor_declared() -> None:
    night = generate_night(1, SIZE)
    playback = Playback(set_up("dummy", night), night, rehearsal_user())
    event = next(event for event in playback.remaining() if event.action == "declare")
    contest = playback.election.contests.get(name=night.seats[event.seat].name)
    nights.declare(contest, *range(9000, 9000 - contest.candidates.count() * 700, -700))
    playback.play(event)
    assert Bulletin.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second", "heard", "reason"),
    [
        (9000, 8415, (9000, 8451), TRANSPOSED),
        (8312, 100, (8321, 100), TRANSPOSED),
        (8312, 8844, (8321, 8844), TRANSPOSED),
        (9010, 40, (9001, 40), TRANSPOSED),
        (9000, 7, (9000, 17), MISHEARD),
        (0, 0, (10, 0), MISHEARD),
    ],
)
def test_misheard_votes_are_as_the_reason_says(
    first: int, second: int, heard: tuple[int, int], reason: str
) -> None:
    seat = nights.contest(nights.election(), "X", [("Ann", "lab"), ("Bob", "con")])
    ballot_counts = nights.ballot_counts(seat, first, second)
    votes, why = misheard(ballot_counts)
    assert (tuple(votes.votes.values()), why) == (heard, reason)


def test_reason_of_a_correction_is_that_of_its_figures() -> None:
    """In the night of the demo too, where a total is 100."""
    rehearse()
    corrections = Declaration.objects.filter(kind=Declaration.Kind.CORRECTION)
    assert corrections
    for correction in corrections:
        after = correction.ballot_counts
        before = correction.contest.declarations.get(revision=correction.revision - 1).ballot_counts
        changed = [(before.votes[pk], votes) for pk, votes in after.votes.items()]
        pairs = [(str(was), str(now)) for was, now in changed if was != now]
        alike = all(sorted(was) == sorted(now) for was, now in pairs)
        assert pairs
        assert alike == (correction.reason == TRANSPOSED), pairs


@pytest.mark.parametrize("path", ["/dummy/", "/dummy/corrections/"])
def test_every_page_is_marked_as_a_rehearsal(client: Client, path: str) -> None:
    rehearse("--declared", "3")
    assert "Rehearsal: invented figures." in client.get(path).content.decode()
