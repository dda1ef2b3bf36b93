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
from tests.seeds import sign_in
from tests.servers import Server

pytestmark = pytest.mark.services

COUNT = "/count/ge/islington-north/"


async def socket_of(phone: Phone | None, server: Server, origin: str = "") -> ClientConnection:
    """Open the socket of a signed-in phone; raises InvalidStatus where it is refused."""
    cookies = "; ".join(f"{each.name}={each.value}" for each in phone.cookies) if phone else ""
    return await connect(
        server.socket_url("/count/socket/"),
        origin=Origin(origin or server.origin),
        additional_headers={"Cookie": cookies},
    )


async def refusal(phone: Phone | None, server: Server, origin: str = "") -> int:
    with pytest.raises(InvalidStatus) as refused:
        await socket_of(phone, server, origin)
    return refused.value.response.status_code


async def looks(socket: ClientConnection, *kinds: str) -> None:
    """Receive until the page has been told to look for one of these kinds."""
    async with asyncio.timeout(20):
        while not set(json.loads(await socket.recv()).get("look", ())) & set(kinds):
            pass


async def close_code(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(20):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


def signed_in(server: Server, name: str) -> Phone:
    phone = Phone(server)
    phone.sign_in(name, sign_in.PASSWORD)
    return phone


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
    by_pass, code = Phone(here), people["reporters"][2]["code"]
    by_pass.get("/count/sign-in/")
    by_pass.post("/count/sign-in/", {"code": code})
    editor = Phone(there)
    editor.get("/admin/login/")
    editor.post("/admin/login/", {"username": "editor0", "password": sign_in.PASSWORD})

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
        election = here.seed(sign_in.election)
        add = "/admin/results/message/add/"
        await asyncio.to_thread(in_the_admin, editor, add, election=election, text="Go on")
        await asyncio.gather(*(looks(socket, "message") for socket in sockets))

        # Revoked in the admin of the other process.
        passes = "/admin/results/reporterpass/"
        fields = {"action": "revoke", "_selected_action": here.seed(sign_in.pass_of, "reporter2")}
        await asyncio.to_thread(lambda: in_the_admin(editor, passes, **fields))
        assert await close_code(third) == 4401
        assert await refusal(by_pass, here) == 403

        # The audit trail has what the channel layer does not bring.
        redis_server.kill()
        await asyncio.to_thread(status, colleague, "bundle_check")
        await asyncio.gather(*(looks(socket, "any") for socket in (first, second)))
        await asyncio.to_thread(mine.post, "/count/sign-out/", {})
        assert {await close_code(first), await close_code(second)} == {4401}
        fresh = await asyncio.to_thread(signed_in, here, "reporter0")
        last = await socket_of(fresh, here)
        await looks(last, "any")
        await asyncio.to_thread(here.stop)
        assert await close_code(last) == 4012

    asyncio.run(night())
    log = here.output()
    assert "closed: a socket of the reporter, whose session has ended" in log
    assert "acts without a notification" in log
