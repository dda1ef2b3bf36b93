"""An election of a test's own, on a server that several tests share."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from tests.seeds import front
from tests.servers import Server

_numbers = count(1)


@dataclass(frozen=True)
class ServedNight:
    """A seeded election under a slug that no other has: what one test publishes no other sees."""

    server: Server
    slug: str

    @classmethod
    def seeded(cls, server: Server, seed: Callable[[str], object] = front.night) -> "ServedNight":
        """A night that `seed` makes under a new slug."""
        night = cls.unseeded(server)
        server.seed(seed, night.slug)
        return night

    @classmethod
    def unseeded(cls, server: Server) -> "ServedNight":
        """A slug that no other night has, for a test that makes its night by itself."""
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
