"""Sockets of signed-in users: who may open them, what they receive, when they close."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import connections, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from electiondesk.asgi import application
from results import desk
from results.desk.audit_tail import AuditTail
from results.desk.changes import Change, ChangeKind, change_of
from results.desk.signed_in_socket import Interest, _Admission
from results.desk.signed_in_sockets import MOST_PER_USER, get_signed_in_sockets, publish_here
from results.models import Assignment, AuditEntry, Contest, Message, ReporterPass, ReviewItem
from results.reporter.socket import KINDS
from tests import nights
from tests.communicators import Communicator

REPORTER = Interest(KINDS, elections=frozenset({1}), contests=frozenset({10, 11}))
DASHBOARD = Interest(frozenset(ChangeKind), elections=frozenset({1}))
ME, OTHER = 5, 6


@pytest.mark.parametrize(
    ("change", "reporter", "dashboard"),
    [
        (Change(ChangeKind.PUBLISHED, 1, contests=(10,)), True, True),
        (Change(ChangeKind.PUBLISHED, 1, contests=(12,)), False, True),
        (Change(ChangeKind.PUBLISHED, 1), True, True),
        (Change(ChangeKind.PUBLISHED, 2), False, False),
        (Change(ChangeKind.REVIEW, 1, contests=(12,), users=(ME,)), True, True),
        (Change(ChangeKind.REVIEW, 1, contests=(12,), users=(OTHER,)), False, True),
        (Change(ChangeKind.MESSAGE, 1, users=(OTHER,)), False, True),
        (Change(ChangeKind.MESSAGE, 1), True, True),
        (Change(ChangeKind.PEOPLE), False, False),
        (Change(ChangeKind.ANY), True, True),
    ],
)
def test_a_page_hears_of_what_concerns_it(change: Change, reporter: bool, dashboard: bool) -> None:
    assert REPORTER.concerns(change, ME) is reporter
    assert DASHBOARD.concerns(change, ME) is dashboard
    assert Change.of_message(json.loads(json.dumps(change.as_message()))) == change


@pytest.mark.django_db
def test_a_change_names_whom_an_edit_concerns() -> None:
    night = nights.election()
    seat, reporter = nights.islington_north(night), nights.user()
    Assignment.objects.create(reporter=reporter, contest=seat)
    message = Message.objects.create(election=night, to=reporter, text="?", by=reporter)
    issued = ReporterPass.issue(reporter).issued
    sent = (reporter.pk,)
    assert change_of(message) == Change(ChangeKind.MESSAGE, night.pk, users=sent)
    assert change_of(seat) == Change(ChangeKind.COUNT, night.pk, contests=(seat.pk,), users=sent)
    assert change_of(night) == Change(ChangeKind.COUNT, night.pk)
    assert change_of(reporter) == change_of(issued) == Change(ChangeKind.ACCESS, users=sent)


@pytest.mark.django_db
def test_audit_trail_finds_actions_whose_notifications_are_lost() -> None:
    def record() -> AuditEntry:
        desk.record_action("ann", "an action")
        return AuditEntry.objects.latest("pk")

    record()
    tail = AuditTail()
    assert tail.read() == 0
    missed, notified = record(), record()
    tail.mark_notified([notified.pk])
    assert tail.read() == 0  # its notification may be on its way
    assert tail.read() == 1
    assert tail.read() == 0
    late = record()
    assert tail.read() == 0
    tail.mark_notified([late.pk])
    assert tail.read() == 0
    assert missed.pk < notified.pk < late.pk


@pytest.mark.django_db
def test_audit_trail_finds_an_action_that_was_numbered_before_it_started() -> None:
    """PostgreSQL may commit an entry after one with a higher key."""
    AuditEntry.objects.create(pk=500, what="an earlier action")
    tail = AuditTail()
    tail.read()
    assert [tail.read(), tail.read()] == [0, 0]
    AuditEntry.objects.create(pk=499, what="committed since")
    assert [tail.read(), tail.read(), tail.read()] == [0, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_notifies_of_each_act_once_it_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Change] = []
    monkeypatch.setattr("results.desk.change_notifications._send", sent.append)
    seat, who = nights.islington_north(nights.election()), nights.user()
    request = {"by": who, "idempotency_key": "result"}
    sent.clear()
    with transaction.atomic():
        nights.declare_counts(seat, nights.islington_ballot_counts(seat), **request)
        assert sent == []
        transaction.set_rollback(True)
    assert sent == []
    nights.declare_counts(seat, nights.islington_ballot_counts(seat), **request)
    content = desk.QuoteContent(contest=seat, words="Well", speaker="Ann", role="agent")
    item = desk.submit(seat, content, by=who, idempotency_key="quote")
    assert isinstance(item, ReviewItem)
    desk.decline(item, by=nights.user("editor", staff=True), note="No")
    assert [(each.kind, each.users, each.contests) for each in sent] == [
        (ChangeKind.PUBLISHED, (), (seat.pk,)),
        (ChangeKind.REVIEW, (), (seat.pk,)),
        (ChangeKind.REVIEW, (who.pk,), (seat.pk,)),
    ]
    assert all(each.election == seat.election_id for each in sent)
    named = {key for each in sent for key in each.entries}
    assert named == set(AuditEntry.objects.values_list("pk", flat=True))


# --- Through the whole application ------------------------------------------------------------


class Phone(Communicator):
    """The socket of somebody's phone; `code` is the close code, or why it was refused."""

    accepted: bool
    code: int | str | None

    @classmethod
    async def open(cls, client: Client | None, path: str = "/count/socket/") -> "Phone":
        key = client.cookies["sessionid"].value if client else ""
        origin = [(b"origin", b"http://localhost"), (b"host", b"localhost")]
        headers = [*origin, (b"cookie", f"sessionid={key}".encode())]
        phone = cls(application, path, headers=headers)
        phone.accepted, phone.code = await phone.connect()
        return phone

    async def looks(self) -> list[str]:
        message = await self.receive_output()
        return list(json.loads(message["text"])["changed"])

    async def closed(self) -> int:
        """The close code, once the server has closed it."""
        while (message := await self.receive_output())["type"] != "websocket.close":
            assert "beat" not in json.loads(message["text"]), "it stays open"
        return int(message["code"])


@pytest_asyncio.fixture
async def sockets() -> AsyncIterator[Any]:
    """Those of this test's event loop; closed, so that their thread ends."""
    yield get_signed_in_sockets()
    await get_signed_in_sockets().close()


@sync_to_async
def signed_in(user: User, **session: Any) -> Client:
    client = Client()
    client.force_login(user)
    kept = client.session
    kept.update(session)
    kept.save()
    connections.close_all()
    return client


@sync_to_async
def seed() -> tuple[Contest, User]:
    seat, who = nights.islington_north(nights.election()), nights.user()
    Assignment.objects.create(reporter=who, contest=seat)
    connections.close_all()
    return seat, who


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_a_page_asks_once_later_actions_are_sure_to_be_found(
    sockets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What happened between its question and the first reading of the trail would be missed."""
    may_read, read = threading.Event(), AuditTail.read

    def late(tail: AuditTail) -> int:
        may_read.wait(10)
        return read(tail)

    monkeypatch.setattr(AuditTail, "read", late)
    _seat, who = await seed()
    phone = await Phone.open(await signed_in(who))
    assert await phone.receive_nothing(0.05)
    may_read.set()
    assert await phone.looks() == ["any"]
    second = await Phone.open(await signed_in(who))
    assert await second.looks() == ["any"]
    assert await phone.receive_nothing(0.05)


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.parametrize("what", ["session ended", "another count", "process stops"])
async def test_what_changes_while_a_socket_is_opened_is_not_missed(
    sockets: Any, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    asked, may_answer, ask = threading.Event(), threading.Event(), _Admission.ask

    def slow(admission: _Admission) -> tuple[int, Interest] | None:
        answer = ask(admission)
        asked.set()
        may_answer.wait(10)
        return answer

    monkeypatch.setattr(_Admission, "ask", slow)
    seat, who = await seed()
    client = await signed_in(who)
    opening = asyncio.create_task(Phone.open(client))
    await asyncio.to_thread(asked.wait, 10)
    if what == "process stops":
        await sockets.drain()
    elif what == "session ended":
        await sync_to_async(User.objects.filter(pk=who.pk).update)(is_active=False)
    else:
        other = await sync_to_async(nights.contest)(seat.election, "Hall", [("Ann", "lab")])
        await sync_to_async(Assignment.objects.create)(reporter=who, contest=other)
    publish_here(Change(ChangeKind.ACCESS, users=(who.pk,)))
    may_answer.set()
    phone = await opening
    if what != "another count":
        assert await phone.closed() == (4401 if what == "session ended" else 4012)
        return
    kinds: set[str] = set()
    while kinds != {"any", "count"}:  # in one message or in two
        kinds |= {*await phone.looks()}
    publish_here(Change(ChangeKind.PUBLISHED, seat.election_id, contests=(other.pk,)))
    assert await phone.looks() == ["published"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
@pytest.mark.live
async def test_is_open_for_as_long_as_the_pages_are(sockets: Any, settings: Settings) -> None:
    seat, who = await seed()
    assert not (await Phone.open(None)).accepted
    client = await signed_in(who)
    phone = await Phone.open(client)
    assert await phone.looks() == ["any"]
    publish_here(Change(ChangeKind.PUBLISHED, seat.election_id, contests=(seat.pk,)))
    publish_here(Change(ChangeKind.REVIEW, seat.election_id, contests=(seat.pk + 1,)))
    assert await phone.looks() == ["published"]
    # Another count is given to the reporter: known without opening the page again.
    assert await phone.receive_nothing(0.01)
    await sync_to_async(who.refresh_from_db)()
    other = await sync_to_async(nights.contest)(seat.election, "Hall", [("Ann", "lab")])
    await sync_to_async(Assignment.objects.create)(reporter=who, contest=other)
    publish_here(Change(ChangeKind.ACCESS, users=(who.pk,)))
    assert await phone.looks() == ["count"]

    # As many of one user as a few tabs and lost connections are: the oldest gives way.
    more = [await Phone.open(client) for _each in range(MOST_PER_USER)]
    assert await phone.closed() == 4013
    settings.SIGNED_IN_SOCKETS_PER_PROCESS = MOST_PER_USER
    full = await Phone.open(client)
    assert (full.accepted, await full.closed()) == (True, 4013)
    settings.SIGNED_IN_SOCKETS_PER_PROCESS = 100

    # Staff without their second factor would be asked for it.
    settings.SECOND_FACTOR = True
    editor = await sync_to_async(nights.user)("editor", staff=True)
    assert not (await Phone.open(await signed_in(editor))).accepted
    # A pass that has ended, and a user that is not active.
    assert not (await Phone.open(await signed_in(who, **{"pass": 4711}))).accepted
    await sync_to_async(User.objects.filter(pk=who.pk).update)(is_active=False)
    publish_here(Change(ChangeKind.ACCESS, users=(who.pk,)))
    assert {await each.closed() for each in more} == {4401}
    assert not sockets.open
    assert sockets.closed == {"too many": 1, "signed out": MOST_PER_USER}
    await asyncio.gather(*(each.disconnect() for each in [phone, full, *more]))
