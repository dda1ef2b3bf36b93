"""An election of a test's own, on a server that several tests share."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from tests.seeds import accounts, front
from tests.servers import Server

_numbers = count(1)


@dataclass(frozen=True)
class ServedNight:
    """An election under a slug of its own, so that no other test sees what is published in it."""

    server: Server
    slug: str

    @classmethod
    def seeded(cls, server: Server, seed: Callable[[str], object] = front.night) -> "ServedNight":
        """Seed a night under a new slug."""
        night = cls.unseeded(server)
        server.seed(seed, night.slug)
        return night

    @classmethod
    def unseeded(cls, server: Server) -> "ServedNight":
        """Reserve a slug, for a test that creates its election by itself.

        Its reporters are of no other night, whichever tests the server has had before.
        """
        server.seed(accounts.leave_every_night)
        return cls(server, f"night-{next(_numbers)}")

    @property
    def path(self) -> str:
        return f"/{self.slug}/"

    def url(self, path: str = "") -> str:
        """The address of a page below the election's own."""
        return self.server.url(self.path + path)

    def embed_url(self, embed: str) -> str:
        return self.server.url(f"/embed{self.path}{embed}/")

    def declare(self, *slugs: str) -> None:
        """Declare seats of `front.night`."""
        self.server.seed(front.declare, self.slug, *slugs)
