"""The past elections that a night may be of, set up by the commands that an operator runs."""

from dataclasses import dataclass
from pathlib import Path

from tests.needs import Missing, election_data
from tests.servers import Server


@dataclass(frozen=True)
class PastElection:
    """Its files, those of the election before, and the command that loads these."""

    name: str
    files: tuple[Path, ...]
    before: tuple[Path, ...]
    map: Path | None = None
    is_council: bool = False

    def set_up(self, desk: Server) -> None:
        """Set up the contests, what they held before, and the map; declare nothing."""
        if self.is_council:
            date = ("--date", "2026-05-07")
            desk.manage("replay", "ge", *self.files, "--speed", "0", "--only", "0", *date)
            last = ("--as", "previous", "--poll", "2022-05-05")
            desk.manage("load_results", "ge", *self.before, *last)
        else:
            desk.manage("replay", "ge", *self.files, "--previous", *self.before, "--only", "0")
        if self.map is not None:
            desk.manage("load_map", "ge", self.map)


def general_election() -> PastElection:
    """The general election of 2019. Raises Missing without the files of real results."""
    data = election_data()
    files = tuple(next(data.glob(f"ge2019/*{kind}*.csv")) for kind in ("constituency", "candidate"))
    before = tuple(sorted(data.glob("ge2017/*.csv")))
    hexes = data / "hexmap-2019" / "constituencies.hexjson"
    return PastElection("the general election of 2019", files, before, hexes)


def london() -> PastElection:
    """Four boroughs of London in 2026. Raises Missing without the files of real results."""
    folder = election_data() / "london-councils"
    if not folder.is_dir():
        raise Missing(f"there are no results of London's boroughs at {folder}")
    now, before = (
        tuple(folder / f"{kind}-{year}.csv" for kind in ("candidates", "wards"))
        for year in (2026, 2022)
    )
    return PastElection("four boroughs of London in 2026", now, before, is_council=True)
