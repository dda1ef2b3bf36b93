"""uvicorn's WebSocket protocol, which also writes frames that were built once for many readers.

A server's frames are not masked (RFC 6455, 5.1), so that those of one message are the same bytes on
every connection. Building one again for each reader costs more than half of sending it. The
launcher names the class to uvicorn; applications find `send_frame` in their scope.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import State

from electiondesk.socket_messages import MAX_WAITING_PINGS
from results.live.frames import SEND_FRAME


class SharedFramesProtocol(WebSocketsSansIOProtocol):
    """A connection that takes whole frames besides messages."""

    #: Pings that have come since bytes to be sent began to wait.
    pings_waiting = 0

    def handle_connect(self, event: Request) -> None:
        """Offer `send_frame` to the application, whose task has not begun yet."""
        super().handle_connect(event)
        if not self.handshake_complete:
            self.scope["extensions"][SEND_FRAME] = self.send_frame  # type: ignore[assignment]  # ours

    def send_frame(self, frame: bytes) -> bool:
        """Write one whole frame; see `results.live.frames.SEND_FRAME`."""
        if (
            self.conn.state is not State.OPEN
            or not self.handshake_complete
            or not self.writable.is_set()
            or self.transport.is_closing()
        ):
            return False
        self.transport.write(frame)
        return True

    def handle_ping(self) -> None:
        """Answer, but for a client that does not read: its answers would be stored without end."""
        self.pings_waiting = 0 if self.writable.is_set() else self.pings_waiting + 1
        if self.pings_waiting > MAX_WAITING_PINGS:
            self.transport.abort()
        else:
            super().handle_ping()

    def handle_cont(self, event: Frame) -> None:
        """Join the fragments at once: empty ones are of no size, and were kept without end."""
        super().handle_cont(event)
        self.frames = [b"".join(self.frames)]
