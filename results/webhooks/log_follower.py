"""A thread that follows the logs and sends messages about them: for webhooks and Web Push."""

import time
from abc import ABC, abstractmethod

from results.desk.polling_thread import PollingThread
from results.webhooks import pauses

_FORGET_EVERY_SECONDS = 3600.0
#: The machine's clock was set back, rather than a little wrong between two looks.
_SET_BACK_SECONDS = 5.0
#: Number of the newest rows that a state names: PostgreSQL may commit an older one later.
NEWEST = 20


class LogFollower(PollingThread, ABC):
    """Creates messages when the logs have changed, sends those that are due, deletes old ones."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._seen: str | None = None
        self._forgotten_at = -_FORGET_EVERY_SECONDS
        self._clock_ahead = float("-inf")

    @abstractmethod
    def read_state(self) -> str | None:
        """Return the state that messages are created from, to compare; None without recipients."""

    @abstractmethod
    def create(self) -> None:
        """Store a message of each thing that is new."""

    @abstractmethod
    def send(self) -> None:
        """Send the messages that are due."""

    @abstractmethod
    def make_due(self) -> None:
        """Have everything that waits sent now."""

    @abstractmethod
    def forget(self) -> None:
        """Delete the messages that were done with long ago."""

    def poll(self) -> None:
        now = time.monotonic()
        if now - self._forgotten_at >= _FORGET_EVERY_SECONDS:
            self._forgotten_at = now
            self.forget()
        if self._clock_was_set_back():
            pauses.forget()
            self.make_due()
        state = self.read_state()
        if state is None:
            return
        if state != self._seen:
            self.create()
            self._seen = state
        self.send()

    def _clock_was_set_back(self) -> bool:
        """Whether what was to wait for seconds may now wait for an hour more."""
        before, self._clock_ahead = self._clock_ahead, time.time() - time.monotonic()
        return self._clock_ahead < before - _SET_BACK_SECONDS
