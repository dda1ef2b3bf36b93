"""WebSocket that notifies a signed-in user's page that something has changed.

    {"changed": ["published", "review"]}   kinds of changes (`results/desk/changes.py`)
    {"beat": 1}                         every 20 seconds

It carries no content: the page then requests what it shows. `admit` decides who may open the
socket and which changes it is notified of, by a request that is signed in as the page's. It is
called again whenever the answer may have changed, and every half minute.
The close codes are 4401 where the session has ended or may not open it any more, 4012 where the
process stops, 4013 where it is full: the page polls and comes back later.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from results.desk.changes import Change, ChangeKind
from results.desk.signed_in_sockets import (
    AWAY,
    FULL,
    SIGNED_OUT,
    SignedInSockets,
    get_signed_in_sockets,
)
from results.desk.socket_sessions import session_key_of, signed_in_request
from results.live.frames import Message
from results.live.socket import Receive, Send, receive_until_disconnect

logger = logging.getLogger(__name__)

#: Interval of messages while nothing changes. A page without one for 45 seconds reconnects.
BEAT_SECONDS = 20.0
#: Pause after a message, so that changes during it are sent as one.
THROTTLE_SECONDS = 0.3

REASONS = {SIGNED_OUT: "signed out", AWAY: "stopping", FULL: "too many"}


@dataclass(frozen=True, slots=True)
class Interest:
    """The changes that a page is notified of: its user's, and some contests' or elections'.

    `contests` and `elections` are primary keys, None for all of them. A change of one contest
    concerns a page with that contest; one of a whole election a page with that election.
    """

    kinds: frozenset[ChangeKind]
    elections: frozenset[int] | None = None
    contests: frozenset[int] | None = None

    def concerns(self, change: Change, user: int) -> bool:
        """Whether a page of this user has to be notified of a change."""
        if change.kind == ChangeKind.ANY:
            return True
        if change.kind not in self.kinds:
            return False
        if user in change.users:
            return True
        if change.contests and self.contests is not None:
            return not self.contests.isdisjoint(change.contests)
        if change.users and self.contests is not None:
            return False
        return self.elections is None or change.election in self.elections


#: A function that returns a page's interest, or None if it may not be open. Called in a thread.
Admit = Callable[..., Interest | None]


class SignedInSocket:
    """ASGI application of the sockets of one kind of page, whose name in metrics is `page`."""

    def __init__(self, page: str, admit: Admit) -> None:
        self._page, self._admit = page, admit

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        sockets = get_signed_in_sockets()
        if sockets.draining or sockets.is_full:
            sockets.turned_away += 1
            # Accepted first, since the page could not tell a refusal from a failing network.
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": _code_of(sockets)})
            return
        key, path = session_key_of(scope), scope["path"]
        admission = _Admission(self._admit, key, path, scope["url_route"]["kwargs"])
        sockets.opening += 1
        access_changes = sockets.access_changes
        try:
            admitted = await sockets.in_thread(admission.ask)
        finally:
            sockets.opening -= 1
        if admitted is None:
            logger.info("refused: a socket at %s, whose session may not open it", path)
            await send({"type": "websocket.close", "code": SIGNED_OUT})
            return
        opened = _Open(sockets, self._page, admission, *admitted, send)
        await opened.serve(receive, access_changes)


def _code_of(sockets: SignedInSockets) -> int:
    return AWAY if sockets.draining else FULL


@dataclass(frozen=True, slots=True)
class _Admission:
    """The check whether a session may open a socket, and keep it open."""

    admit: Admit
    session_key: str
    path: str
    kwargs: Mapping[str, str]

    def ask(self) -> tuple[int, Interest] | None:
        """Return the user's primary key and the page's interest; None if it may not be open."""
        request: HttpRequest | None = signed_in_request(self.session_key, self.path)
        interest = self.admit(request, **self.kwargs) if request is not None else None
        if request is None or interest is None or request.user.pk is None:
            return None
        return request.user.pk, interest


class _Open:
    """An open socket, with one task that sends."""

    __slots__ = (
        "_admission",
        "_code",
        "_ended",
        "_interest",
        "_kinds",
        "_send",
        "_sockets",
        "_woken",
        "page",
        "user",
    )

    def __init__(
        self,
        sockets: SignedInSockets,
        page: str,
        admission: _Admission,
        user: int,
        interest: Interest,
        send: Send,
    ) -> None:
        self._sockets, self._admission, self._send = sockets, admission, send
        self.page, self.user, self._interest = page, user, interest
        self._kinds: set[ChangeKind] = set()
        self._woken, self._ended = asyncio.Event(), asyncio.Event()
        #: The close code, once the socket is to be closed.
        self._code: int | None = None

    async def serve(self, receive: Receive, access_changes: int) -> None:
        """Serve the socket, which was admitted after `access_changes`, until either side leaves."""
        # Added before the first await, or more than the limit could be opened at once.
        self._sockets.add(self, access_changes)
        sending = asyncio.create_task(self._follow())
        try:
            await receive_until_disconnect(receive, self._close)
        finally:
            self._sockets.remove(self)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    def concerns(self, change: Change) -> bool:
        return self._interest.concerns(change, self.user)

    def wake(self, kind: ChangeKind) -> None:
        self._kinds.add(kind)
        self._woken.set()

    def end(self, code: int) -> None:
        if self._code is None:
            self._code = code
            self._sockets.closed[REASONS[code]] += 1
        self._sockets.remove(self)
        self._ended.set()
        self._woken.set()

    async def check(self) -> None:
        """Close the socket if it may not be open any more, unless the database fails."""
        if self._code is not None:
            return
        try:
            admitted = await self._sockets.in_thread(self._admission.ask)
        except Exception as exc:
            logger.warning("could not check the session of an open page: %r", exc)
            return
        if admitted is None or admitted[0] != self.user:
            logger.info("closed: a socket of the %s, whose session has ended", self.page)
            self.end(SIGNED_OUT)
        elif admitted[1] != self._interest:
            self._interest = admitted[1]
            self.wake(ChangeKind.COUNT)

    async def _follow(self) -> None:
        """Send kinds of changes, or a beat while there are none; close the socket once it ends."""
        await self._send({"type": "websocket.accept"})
        while True:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                await self._send_json({"beat": 1})
                continue
            if self._code is not None:
                return await self._close(self._code)
            self._woken.clear()
            kinds, self._kinds = self._kinds, set()
            await self._send_json({"changed": sorted(kinds)})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(THROTTLE_SECONDS):
                    await self._ended.wait()

    async def _send_json(self, message: Mapping[str, Any]) -> None:
        await self._send({"type": "websocket.send", "text": json.dumps(message)})

    async def _close(self, code: int) -> None:
        try:
            await self._send({"type": "websocket.close", "code": code})
        except Exception as exc:
            logger.debug("a socket of the %s is closed already: %r", self.page, exc)
