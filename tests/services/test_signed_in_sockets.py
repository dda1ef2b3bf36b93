"""Sockets of reporters on two writers' processes: one night, with and without a channel layer."""

import asyncio
import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from tests.backing import Redis
from tests.phone import Phone
from tests.processes import START_SECONDS
from tests.seeds import sign_in
from tests.servers import Server

pytestmark = pytest.mark.services

COUNT = "/count/ge/islington-north/"


async def socket_of(
    phone: Phone | None, server: Server, origin: str = "", path: str = "/count/socket/"
) -> ClientConnection:
    """Open a socket of somebody who is signed in; raises InvalidStatus where it is refused."""
    cookies = "; ".join(f"{each.name}={each.value}" for each in phone.cookies) if phone else ""
    return await connect(
        server.socket_url(path),
        open_timeout=START_SECONDS,
        origin=Origin(origin or server.origin),
        additional_headers={"Cookie": cookies},
    )


async def refusal(
    phone: Phone | None, server: Server, origin: str = "", path: str = "/count/socket/"
) -> int:
    with pytest.raises(InvalidStatus) as refused:
        await socket_of(phone, server, origin, path)
    return refused.value.response.status_code


async def looks(socket: ClientConnection, *kinds: str) -> None:
    """Receive until the page has been told to look for one of these kinds."""
    async with asyncio.timeout(START_SECONDS):
        while not set(json.loads(await socket.recv()).get("changed", ())) & set(kinds):
            pass


async def close_code(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(START_SECONDS):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


def signed_in(server: Server, name: str) -> Phone:
    phone = Phone(server)
    phone.sign_in(name, sign_in.PASSWORD)
    return phone


def editor_at(server: Server, name: str) -> Phone:
    """An editor who is signed in to the admin, without a second factor."""
    editor = Phone(server)
    editor.get("/admin/login/")
    editor.post("/admin/login/", {"username": name, "password": sign_in.PASSWORD})
    return editor


def metrics(server: Server) -> dict[str, str]:
    with urllib.request.urlopen(server.url("/metrics")) as response:
        lines = response.read().decode().splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def status(phone: Phone, state: str) -> None:
    phone.get(COUNT)
    answer = phone.send(COUNT, {"step": "status", "status": state, "key": state})
    assert answer.status == 200, answer.text


def in_the_admin(editor: Phone, path: str, **fields: str) -> None:
    editor.get(path)
    answer = editor.post(path, fields)
    assert (answer.status, "errornote" in answer.text) == (200, False), answer.text


async def _write_to_all(editor: Phone, desk: Server) -> None:
    election = desk.seed(sign_in.election)
    add = "/admin/results/message/add/"
    await asyncio.to_thread(in_the_admin, editor, add, election=election, text="Go on")


async def _revoke_the_pass(editor: Phone, desk: Server) -> None:
    """In the admin of the other process."""
    passes = "/admin/results/reporterpass/"
    fields = {"action": "revoke", "_selected_action": desk.seed(sign_in.pass_of, "reporter2")}
    await asyncio.to_thread(lambda: in_the_admin(editor, passes, **fields))


async def _stop_with_an_open_socket(desk: Server) -> None:
    fresh = await asyncio.to_thread(signed_in, desk, "reporter0")
    last = await socket_of(fresh, desk)
    await looks(last, "any")
    await asyncio.to_thread(desk.stop)
    assert await close_code(last) == 4012


def signed_in_by_pass(server: Server, code: str) -> Phone:
    phone = Phone(server)
    phone.get("/count/sign-in/")
    phone.post("/count/sign-in/", {"code": code})
    return phone


def test_a_night_of_two_processes(
    make_desk: Callable[..., Server], postgres_url: str, redis_server: Redis
) -> None:
    environment = {"ROLE": "writers", "SECOND_FACTOR": "0"}
    here, there = (
        make_desk(database_url=postgres_url, redis_url=redis_server.url, environment=environment)
        for _process in range(2)
    )
    people: dict[str, Any] = here.seed(sign_in.people)
    for server in (here, there):
        server.start()
    mine, colleague = signed_in(here, "reporter0"), signed_in(there, "reporter1")
    by_pass = signed_in_by_pass(here, people["reporters"][2]["code"])
    editor = editor_at(there, "editor0")

    async def night() -> None:
        assert await refusal(None, here) == 403
        assert await refusal(mine, here, "http://elsewhere.example") == 403
        sockets = [await socket_of(phone, here) for phone in (mine, mine, by_pass)]
        first, second, third = sockets
        for socket in sockets:
            await looks(socket, "any")
        await asyncio.to_thread(status, mine, "under_way")
        await asyncio.gather(*(looks(socket, "published") for socket in sockets))
        # At another process.
        await asyncio.to_thread(status, colleague, "recount")
        await asyncio.gather(*(looks(socket, "published") for socket in sockets))
        seen = await asyncio.to_thread(metrics, here)
        assert seen['desk_signed_in_sockets{page="reporter"}'] == "3.0"
        await _write_to_all(editor, here)
        await asyncio.gather(*(looks(socket, "message") for socket in sockets))

        await _revoke_the_pass(editor, here)
        assert await close_code(third) == 4401
        assert await refusal(by_pass, here) == 403

        # The audit trail has what the channel layer does not bring.
        redis_server.kill()
        await asyncio.to_thread(status, colleague, "bundle_check")
        await asyncio.gather(*(looks(socket, "any") for socket in (first, second)))
        await asyncio.to_thread(mine.post, "/count/sign-out/", {})
        assert {await close_code(first), await close_code(second)} == {4401}
        await _stop_with_an_open_socket(here)

    asyncio.run(night())
    log = here.output()
    assert "closed: a socket of the reporter, whose session has ended" in log
    assert "actions without a notification" in log


def test_the_socket_of_the_night_dashboard(make_desk: Callable[..., Server]) -> None:
    desk = make_desk(environment={"ROLE": "writers", "SECOND_FACTOR": "0"})
    desk.seed(sign_in.people)
    desk.start()
    path = f"/admin/night/{desk.seed(sign_in.election)}/socket/"
    reporter, editor, colleague = (
        signed_in(desk, "reporter0"),
        editor_at(desk, "editor0"),
        editor_at(desk, "editor1"),
    )
    page = f"/admin/auth/user/{desk.seed(sign_in.user, 'editor0')}/deactivate/"

    async def night() -> None:
        assert await refusal(None, desk, path=path) == 403
        assert await refusal(reporter, desk, path=path) == 403
        assert await refusal(editor, desk, "http://elsewhere.example", path) == 403
        socket, others = [await socket_of(each, desk, path=path) for each in (editor, colleague)]
        for each in (socket, others):
            await looks(each, "any")
        await asyncio.to_thread(status, reporter, "under_way")
        await asyncio.gather(*(looks(each, "published") for each in (socket, others)))
        await asyncio.to_thread(in_the_admin, colleague, page)
        assert await close_code(socket) == 4401
        assert await refusal(editor, desk, path=path) == 403
        # The colleague's stays open.
        await asyncio.to_thread(status, reporter, "recount")
        await looks(others, "published")
        await others.close()

    asyncio.run(night())
    assert "closed: a socket of the night, whose session has ended" in desk.output()
