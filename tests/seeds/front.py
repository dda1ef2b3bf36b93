"""Seed functions: a night of 31 seats, twelve of them declared, with a map."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from results import desk
from results.models import Contest, Election, Party, Post, PushFollow, PushSubscription
from tests import nights

CANDIDATES = [("Ann Hall", "con"), ("Bob Rice", "lab"), ("Cy Green", "green")]


def night(slug: str = "ge", declared: int = 12) -> None:
    election = nights.election(slug)
    with transaction.atomic():  # each row would be a commit of its own
        seats = [
            nights.contest(
                election,
                f"Vale {number:02}",
                CANDIDATES,
                region="East" if number % 2 else "West",
                last={"lab": 9000, "con": 8000, "green": 500},
                hex_q=number % 6,
                hex_r=number // 6,
            )
            for number in range(30)
        ]
        nights.contest(election, "Ynys Môn", CANDIDATES, hex_q=-3, hex_r=2)
    # Every contest exists before the first bulletin: another one would start a new epoch.
    with desk.batch(election):
        for number, seat in enumerate(seats[:declared]):
            nights.declare(seat, 9000 + number, 8000, 700)


def empty_night(slug: str) -> None:
    """The same with nothing declared."""
    night(slug, declared=0)


def night_of_today(slug: str) -> None:
    """The same in a night that is not over."""
    night(slug, declared=0)
    Election.objects.filter(slug=slug).update(polls_close=timezone.now() - timedelta(hours=3))


def declare(election: str, *slugs: str) -> None:
    for slug in slugs:
        seat = Contest.objects.get(election__slug=election, slug=slug)
        nights.declare(seat, 21000, 9000, 300, electorate=45000)


def rename_labour(election: str, name: str) -> None:
    """Rename a party, which starts a new epoch."""
    Party.objects.filter(slug="lab").update(name=name)
    desk.start_new_epoch(Election.objects.get(slug=election))


def post(election: str, text: str) -> None:
    """Publish a post; its entry of the feed is the newest."""
    content = desk.PostContent(text=text)
    of = Election.objects.get(slug=election)
    desk.publish(of, content, by=nights.user("editor"), idempotency_key=nights.key())


def reword_post(election: str, text: str) -> None:
    """Give the newest post another text."""
    newest = Post.objects.filter(election__slug=election).latest("pk")
    content, by = desk.PostContent(text=text), nights.user("editor")
    desk.publish(newest.election, content, by=by, idempotency_key=nights.key(), replaces=newest)


def withdraw_post(election: str) -> None:
    """Withdraw the newest post."""
    newest = Post.objects.filter(election__slug=election).latest("pk")
    desk.withdraw_publication(newest, by=nights.user("editor"), idempotency_key=nights.key())


def close(election: str) -> None:
    """Close the night: its pages say that they are final."""
    Election.objects.filter(slug=election).update(final=True)


def newest_sequence(election: str) -> int:
    newest = Election.objects.get(slug=election).bulletins.latest("sequence")
    return int(newest.sequence)


def correct(election: str, slug: str) -> None:
    """Correct the votes of the winner of a declared seat."""
    seat = Contest.objects.get(election__slug=election, slug=slug)
    counts = nights.ballot_counts(seat, 9050, 8000, 700)
    request = {"by": nights.user("editor"), "idempotency_key": nights.key(), "base_revision": 1}
    request["warning_reason"] = "As read out."
    nights.correct(seat, counts, reason="We misheard the figures.", **request)


def followed_by_push(election: str) -> list[str]:
    """What browsers are sent messages of while no page is open."""
    rows = PushFollow.objects.filter(subscription__election__slug=election)
    return sorted(rows.values_list("topic", flat=True))


def forget_push(election: str) -> None:
    PushSubscription.objects.filter(election__slug=election).delete()


def withdraw_election(election: str) -> None:
    of = Election.objects.get(slug=election)
    desk.withdraw_election(of, by=nights.user("chief"), reason="A mistake.")


def delete_election(election: str) -> None:
    """Delete the election with all that was published in it, as a rehearsal is deleted."""
    with transaction.atomic():
        desk.delete_whole(Election.objects.get(slug=election))
