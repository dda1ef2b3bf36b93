"""Daphne's WebSocket connections, which also write frames that were built once for many readers.

As `electiondesk.uvicorn_frames` does on the other server. Here a frame is also given to the system
at once where nothing waits before it: Twisted would register the connection with the event loop,
write when the loop says that it can, and take it out again, for each reader.

Import this only where Daphne runs: its server installs Twisted's event loop when it is imported.
"""

from typing import Any

from daphne import cli, server, ws_protocol
from twisted.internet.tcp import Server as TcpConnection

from electiondesk.lifecycle.timeouts import CLOSE_SECONDS
from electiondesk.socket_messages import MAX_MESSAGE_BYTES, MAX_WAITING_PINGS
from results.live.frames import SEND_FRAME


class SharedFramesProtocol(ws_protocol.WebSocketProtocol):
    """A connection that takes whole frames besides messages."""

    #: Pings that have come since bytes to be sent began to wait.
    pings_waiting = 0

    def send_frame(self, frame: bytes) -> bool:
        """Write one whole frame; see `results.live.frames.SEND_FRAME`."""
        transport = self.transport
        if self.state != self.STATE_OPEN or self.send_queue:
            return False
        if is_unbuffered(transport):
            sent = transport.writeSomeData(frame)
            if not isinstance(sent, int):
                return False  # lost: the server reports it
            frame = frame[sent:]
        if frame:
            transport.write(frame)
        return True

    def onPing(self, payload: bytes) -> None:
        """Answer, but for a client that does not read: its answers would be stored without end."""
        self.pings_waiting = 0 if is_unbuffered(self.transport) else self.pings_waiting + 1
        if self.pings_waiting > MAX_WAITING_PINGS:
            self.dropConnection(abort=True)
        else:
            super().onPing(payload)

    def onMessageFrameBegin(self, length: int) -> None:
        """Fail the connection for a long message; autobahn's own limit is for what is sent too."""
        super().onMessageFrameBegin(length)
        size = self.message_data_total_length
        if size > MAX_MESSAGE_BYTES and not self.failedByMe:
            self._max_message_size_exceeded(size, MAX_MESSAGE_BYTES, "too big")

    def onMessageFrameEnd(self) -> None:
        """Join the fragments at once: empty ones are of no size, and were kept without end."""
        super().onMessageFrameEnd()
        self.message_data: list[bytes] = [b"".join(self.message_data)]


def is_unbuffered(transport: Any) -> bool:
    """Whether this is a plain connection in use, and no bytes wait to be written to it."""
    return (
        type(transport) is TcpConnection
        and transport.connected
        and not transport.disconnecting
        and not transport.TLS
        and not transport.dataBuffer
        and not transport._tempDataBuffer
    )


class SharedFramesFactory(ws_protocol.WebSocketFactory):
    """Creates these connections.

    A close waits behind what was sent before. autobahn would cut the connection after one second:
    on a slow line the last bulletins and the code of the close would be lost.
    """

    protocol = SharedFramesProtocol

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setProtocolOptions(closeHandshakeTimeout=CLOSE_SECONDS)


class SharedFramesServer(server.Server):
    """Offers `send_frame` to the applications of sockets."""

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, SharedFramesProtocol):
            scope["extensions"] = {SEND_FRAME: protocol.send_frame}
        return super().create_application(protocol, scope)


def install() -> None:
    """Have Daphne's command use these classes. Call before it makes its server."""
    server.WebSocketFactory = SharedFramesFactory
    cli.CommandLineInterface.server_class = SharedFramesServer
