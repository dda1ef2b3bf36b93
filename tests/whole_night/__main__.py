"""`python -m tests.whole_night`: run a whole night and print what was seen; 1 if it was wrong."""

import os
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path

import django

from tests import needs
from tests.collected import collected_static
from tests.whole_night.elections import general_election, london

# The seed functions, which are called by name in a process of their own, import models.
os.environ["DJANGO_SETTINGS_MODULE"] = "electiondesk.settings"
django.setup()

from tests.whole_night.night import Plan, WholeNight  # noqa: E402


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 seats in three minutes")
    parser.add_argument("--council", action="store_true", help="London's boroughs of 2026")
    parser.add_argument("--minutes", type=float, help="19, 12 with --council, 3 with --quick")
    parser.add_argument("--seats", type=int, help="the first to declare: all, or 100 with --quick")
    parser.add_argument("--readers", type=int, help="sockets: 2,000, or 200 with --quick")
    given = parser.parse_args(arguments)
    try:
        election = london() if given.council else general_election()
        needs.program("chromium", package="chromium")
    except needs.Missing as reason:
        print(f"skipped: {reason}", file=sys.stderr)
        return 1 if needs.REQUIRED and not isinstance(reason, needs.DeclaredAbsent) else 0
    minutes = given.minutes or (3 if given.quick else 12 if given.council else 19)
    plan = Plan(
        election,
        seconds=60 * minutes,
        readers=given.readers or (200 if given.quick else 2_000),
        seats=given.seats or (100 if given.quick else 0),
    )
    cache = needs.ROOT / ".pytest_cache" / "d" / "collected"
    cache.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="electiondesk-night-"))
    began = time.monotonic()
    report = WholeNight(plan, folder, collected_static(cache)).run()
    print(f"\n{election.name}, {plan.readers} sockets, {time.monotonic() - began:.0f} s")
    print("\n".join([*report.facts, "", *(report.problems or ["nothing wrong"])]))
    print(f"\nLogs and history: {folder}")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
