"""TCP proxy that a test may delay, freeze, cut, refuse or break in one direction."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, Self

CHUNK = 65536
#: The directions of a connection: to the server, and from it.
TO_SERVER, FROM_SERVER = "to server", "from server"


class Proxy:
    """Passes bytes between its own port and another of this machine, from a thread of its own."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._flows: set[asyncio.StreamWriter] = set()
        self._ways: dict[asyncio.StreamWriter, str] = {}
        self._dead: set[asyncio.StreamWriter] = set()
        self.lost = 0
        """Bytes that were sent and dropped."""
        self._refusing = False
        self._delay = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = self._ask(self._listen())
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._ask(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # --- Faults ---------------------------------------------------------------------------------

    def cut(self) -> None:
        """Abort every connection."""
        self._ask(self._cut())

    def freeze(self) -> None:
        """Pass nothing on, without closing anything; new connections hang as well."""
        self._ask(self._set_open(False))

    def thaw(self) -> None:
        """Continue after `freeze`; what was held back is passed on."""
        self._ask(self._set_open(True))

    def refuse(self) -> None:
        """Abort open connections and refuse new ones, as if there were no server."""
        self._refusing = True
        self.cut()

    def allow(self) -> None:
        self._refusing = False

    def lose(self, way: str) -> None:
        """Drop all bytes in one direction of the connections that are open now."""
        self._ask(self._lose(way))

    def slow(self, seconds: float) -> None:
        """Delay each chunk by this many seconds."""
        self._delay = seconds

    # --- Implementation -------------------------------------------------------------------------

    def _ask(self, work: Coroutine[Any, Any, Any]) -> Any:
        asked: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return asked.result(timeout=60)

    async def _listen(self) -> int:
        self._open = asyncio.Event()
        self._open.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _set_open(self, is_open: bool) -> None:
        if is_open:
            self._open.set()
        else:
            self._open.clear()

    async def _cut(self) -> None:
        for flow in list(self._flows):
            flow.transport.abort()

    async def _lose(self, way: str) -> None:
        self._dead |= {sink for sink, its_way in self._ways.items() if its_way == way}

    async def _end(self) -> None:
        self._server.close()
        self._open.set()
        await self._cut()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.wait(tasks, timeout=5) if tasks else None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._flows.add(writer)
        try:
            await self._open.wait()
            if self._refusing:
                writer.transport.abort()
                return
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            self._flows.add(back)
            self._ways |= {back: TO_SERVER, writer: FROM_SERVER}
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        except OSError:
            writer.transport.abort()
        finally:
            self._flows.discard(writer)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(CHUNK):
                await self._open.wait()
                if sink in self._dead:
                    self.lost += len(piece)
                    continue
                if self._delay:
                    await asyncio.sleep(self._delay)
                sink.write(piece)
                await sink.drain()
        self._flows.discard(sink)
        self._ways.pop(sink, None)
        with contextlib.suppress(OSError):
            sink.close()
