"""Rehearsals play through the door, go on where they stopped, and leave real nights alone."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from results.models import Bulletin, Election, IdempotencyRecord, Night, Standing
from results.rehearsal.generator import generate_night
from results.rehearsal.night import NotARehearsal, Play, misheard, player, set_up
from results.rehearsal.reset import remove
from tests import nights

pytestmark = pytest.mark.django_db
SIZE = 24


def rehearse(*options):
    call_command("rehearse", "dummy", "--seats", str(SIZE), "--speed", "0", *options)


def test_a_whole_night_ends_right(capsys):
    rehearse()
    election = Election.objects.get()
    assert election.rehearsal
    assert Night.objects.get().standing_tally.seats == SIZE
    call_command("verify", "dummy", "--pages")
    assert f"{SIZE} seats" in capsys.readouterr().out
    kinds = set(Bulletin.objects.values_list("kind", flat=True))
    assert {"declaration", "flash", "update", "correction", "status"} <= kinds


def test_nothing_is_declared_in_the_future_and_the_past_is_spread():
    rehearse("--declared", "10")
    times = list(Standing.objects.exclude(first_declared_at=None).values_list("first_declared_at"))
    assert 10 <= len(times) < SIZE
    assert max(times)[0] <= timezone.now()
    assert (max(times)[0] - min(times)[0]).total_seconds() > 600


def test_it_goes_on_where_it_stopped():
    night = generate_night(1, SIZE)
    play = Play(set_up("dummy", night), night, player())
    for event in play.remaining()[:9]:
        play.play(event)
    before = Night.objects.get().sequence
    rehearse()
    assert not play.remaining()
    assert (
        IdempotencyRecord.objects.count()
        == Bulletin.objects.count()
        == Night.objects.get().sequence
    )
    assert Night.objects.get().sequence > before
    rehearse()
    assert Night.objects.get().sequence == Bulletin.objects.count()


def test_a_real_election_is_refused():
    nights.election("dummy")
    with pytest.raises(CommandError, match="real election"):
        rehearse()
    with pytest.raises(CommandError, match="real election"):
        rehearse("--reset")
    assert Election.objects.count() == 1
    with pytest.raises(NotARehearsal):
        remove(Election.objects.get())


def test_starting_over_deletes_the_rehearsal_alone():
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


def test_a_rehearsal_gives_way_to_people():
    night = generate_night(1, SIZE)
    play = Play(set_up("dummy", night), night, player())
    event = next(one for one in play.remaining() if one.act == "declare")
    contest = play.election.contests.get(name=night.seats[event.seat].name)
    nights.declare(contest, *range(9000, 9000 - contest.candidates.count() * 700, -700))
    play.play(event)
    assert Bulletin.objects.count() == 1


def test_a_misheard_figure_differs():
    seat = nights.contest(nights.election(), "X", [("Ann", "lab"), ("Bob", "con")])
    for votes in (8415, 8844, 7, 0):
        ballot_counts = nights.ballot_counts(seat, 9000, votes)
        assert misheard(ballot_counts) != ballot_counts


@pytest.mark.parametrize("path", ["/dummy/", "/dummy/corrections/"])
def test_every_page_says_so(client, path):
    rehearse("--declared", "3")
    assert "Rehearsal: invented figures." in client.get(path).content.decode()
