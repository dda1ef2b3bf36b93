"""The command rehearse: playback, continuation, reset, and refusal of real elections."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.text import slugify

from results.arithmetic import Kind
from results.models import Bulletin, Election, IdempotencyRecord, Night, Standing
from results.rehearsal.generator import generate_night
from results.rehearsal.kinds import generate
from results.rehearsal.night import Playback, misheard
from results.rehearsal.reset import delete_rehearsal
from results.rehearsal.setting_up import NAMES, NotARehearsal, rehearsal_user, set_up
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


#: A few contests of each kind, and what they fill: seats where these are added up.
KINDS = {
    Kind.UK_PARLIAMENT_BY_ELECTION: (2, "2 by-elections"),
    Kind.COUNCIL: (7, "14 seats"),
    Kind.COUNCIL_STV: (3, "9 seats"),
    Kind.MAYOR: (1, "1 area"),
    Kind.COMMISSIONER: (2, "2 areas"),
    Kind.REFERENDUM: (1, "1 area"),
    Kind.SENEDD: (2, "12 seats"),
    Kind.SCOTTISH_PARLIAMENT: (3, "24 seats"),
    Kind.LONDON_ASSEMBLY: (2, "13 seats"),
    Kind.NI_ASSEMBLY: (2, "10 seats"),
}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.UK_PARLIAMENT])
def test_plays_a_night_of_each_kind(kind: Kind, capsys: pytest.CaptureFixture[str]) -> None:
    contests, filled = KINDS[kind]
    arguments = ("--kind", kind, "--seats", str(contests), "--speed", "0")
    call_command("rehearse", "dummy", *arguments)
    election = Election.objects.get()
    assert (election.kind, election.rehearsal) == (kind, True)
    assert Night.objects.get().standing_tally.seats == int(filled.split()[0])
    assert not Standing.objects.filter(declaration=None).exists()
    call_command("verify", "dummy", "--pages")
    assert f"dummy: {filled}, " in capsys.readouterr().out


def test_every_kind_has_a_size_and_a_name() -> None:
    for kind in Kind:
        night = generate(kind)
        assert night == generate(kind)
        assert night != generate(kind, seed=2)
        assert night.kind == kind
        assert NAMES[kind]
        slugs = [slugify(seat.name) for seat in night.seats]
        assert len(set(slugs)) == len(slugs)


def test_a_council_by_thirds_has_seats_that_are_not_up() -> None:
    night = generate(Kind.COUNCIL, size=9)
    (by_thirds,) = [body for body in night.bodies if body.not_up]
    wards = [seat for seat in night.seats if seat.body == by_thirds.name]
    assert [ward.seats for ward in wards] == [1, 1, 1]
    assert (by_thirds.seats, sum(by_thirds.not_up.values())) == (9, 6)


def test_refuses_another_kind_in_a_rehearsal() -> None:
    rehearse("--declared", "1")
    with pytest.raises(CommandError, match="another kind"):
        rehearse("--kind", "council")


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
    assert (
        IdempotencyRecord.objects.count()
        == Bulletin.objects.count()
        == Night.objects.get().sequence
    )
    assert Night.objects.get().sequence > before
    rehearse()
    assert Night.objects.get().sequence == Bulletin.objects.count()


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


def test_misheard_votes_differ() -> None:
    seat = nights.contest(nights.election(), "X", [("Ann", "lab"), ("Bob", "con")])
    for votes in (8415, 8844, 7, 0):
        ballot_counts = nights.ballot_counts(seat, 9000, votes)
        assert misheard(ballot_counts) != ballot_counts


@pytest.mark.parametrize("path", ["/dummy/", "/dummy/corrections/"])
def test_every_page_is_marked_as_a_rehearsal(client: Client, path: str) -> None:
    rehearse("--declared", "3")
    assert "Rehearsal: invented figures." in client.get(path).content.decode()
