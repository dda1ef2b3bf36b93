"""Fixtures: a night with every kind of row, and clients of the three kinds of users."""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from PIL import Image

from results import desk
from results.arithmetic import ElectionKind
from results.desk.pictures import store
from results.models import Assignment, Body, Contest, Election, Group, ReporterPass, ReviewItem
from tests import nights


def jpeg(width: int = 60, height: int = 40, **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "JPEG", **more)
    return file.getvalue()


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    # Many passwords are tried here, and the speed of hashing is not tested.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path / "media"


@pytest.fixture
def editor(db: None) -> User:
    return nights.user("editor", staff=True)


@pytest.fixture
def reporter(db: None) -> User:
    return nights.trust(nights.user("reporter"))


@pytest.fixture
def night(editor: User, reporter: User) -> Election:
    return every_publication(editor, reporter)


@pytest.fixture(scope="module")
def _published(
    rolled_back_rows: Callable[[], AbstractContextManager[None]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[int, Path]]:
    """The id of a `night`, and the folder of its pictures, for every test of a module."""
    folder = tmp_path_factory.mktemp("published")
    with rolled_back_rows():
        people = nights.user("editor", staff=True), nights.trust(nights.user("reporter"))
        with override_settings(MEDIA_ROOT=folder):
            election = every_publication(*people)
        yield election.pk, folder


@pytest.fixture
def kept_night(
    _published: tuple[int, Path], db: None, media: Path, rendered_of_no_night: None
) -> Election:
    """`night`, published once for a module: for those without a `transaction=True` test."""
    election, pictures = _published
    shutil.copytree(pictures, media, dirs_exist_ok=True)
    return Election.objects.get(pk=election)


def every_publication(editor: User, reporter: User) -> Election:
    """A night with every kind of publication; one seat is not declared yet."""
    election = nights.election()
    seat = nights.islington_north(election)
    later = nights.contest(election, "Vale", [("Ann Hall", "lab"), ("Bob Rice", "con")])
    by: dict[str, Any] = {"by": editor}
    for contest in (seat, later):
        Assignment.objects.create(reporter=reporter, contest=contest)
    group = Group.objects.create(election=election, name="City seats", slug="city")
    group.contests.add(seat)
    first = nights.declare(seat, *_votes(seat), rejected=227, electorate=75162)
    assert first.bulletin.declaration is not None
    desk.publish(
        election,
        desk.QuoteContent(words="It is over.", contest=seat, speaker="Ann"),
        idempotency_key="q",
        **by,
    )
    desk.publish(election, desk.HeadlineContent(text="A night begins"), idempotency_key="h", **by)
    desk.publish(
        election, desk.PostContent(text="Some words.", title="A title"), idempotency_key="p", **by
    )
    stored = store(io.BytesIO(jpeg()), 1000)
    words: dict[str, Any] = {"caption": "A stage", "alt": "A person", "credit": "Ann"}
    desk.publish(
        election,
        desk.PhotoContent(name=stored.name, contest=seat, **words),
        idempotency_key="f",
        **by,
    )
    content = {"words": "May I?", "candidate": None, "speaker": "Bob", "role": "",
               "reported": False, "said_at": "2019-12-13T03:00:00+00:00"}  # fmt: skip
    desk.queue_for_review(
        later, ReviewItem.Kind.QUOTE, content, by=nights.user("colleague"), idempotency_key="o"
    )
    ReporterPass.issue(reporter, by=editor)
    council = nights.election("may", kind=ElectionKind.COUNCIL)
    body = Body.objects.create(election=council, slug="northshire", name="Northshire")
    nights.contest(council, "Hill", [("Ann Hall", "lab"), ("Bob Rice", "con")], body=body)
    assert ReviewItem.objects.exists()
    return election


def _votes(seat: Contest) -> list[int]:
    totals = {name: votes for name, _label, votes in nights.ISLINGTON_NORTH}
    return [totals[candidate.name] for candidate in seat.candidates.all()]


@pytest.fixture
def people(night: Election, reporter: User, editor: User) -> dict[str, Client]:
    """Clients of an anonymous reader, a reporter and an editor."""
    clients = {"reader": Client(), "reporter": Client(), "editor": Client()}
    clients["reporter"].force_login(reporter)
    clients["editor"].force_login(editor)
    return clients
