"""Measure the checks on a past night's files: alarms at true results, and seeded errors caught."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from results.arithmetic import ElectionKind
from results.exchange.check_rates import Knowledge, Rates, measure
from results.exchange.recorded_nights import read_night
from results.management.base import reporting_file_errors
from results.management.desk_command import DeskCommand


class Command(DeskCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="the night's")
        parser.add_argument(
            "--last", metavar="FILE", nargs="+", type=Path, default=[], help="last time's"
        )
        parser.add_argument(
            "--kind", choices=[str(kind) for kind in ElectionKind], default="uk-parliament"
        )
        parser.add_argument("--seed", type=int, default=1, help="of the errors")
        parser.add_argument(
            "--rounds", type=int, default=1, help="errors of each sort in each contest"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with reporting_file_errors():
            night = read_night(options["files"])
            last = {contest.key: contest for contest in read_night(options["last"])}
        for knowledge in Knowledge:
            if last or knowledge not in (Knowledge.LAST_VOTES, Knowledge.LAST_TIME):
                same = {name: options[name] for name in ("kind", "seed", "rounds")}
                self._print(knowledge, measure(night, last, knowledge, **same))

    def _print(self, knowledge: Knowledge, rates: Rates) -> None:
        self.stdout.write(
            f"{knowledge}: {rates.alarms} of {rates.contests} true results need a reason "
            f"({rates.alarm_rate:.1%})"
        )
        for code, alarms in sorted(rates.alarms_by_code.items(), key=lambda item: -item[1]):
            self.stdout.write(f"  {alarms:5} {code}")
        for error, seeded in rates.seeded.items():
            rate = rates.caught_rate(error) or 0
            self.stdout.write(f"  {rate:6.1%} of {seeded} caught: {error}")
