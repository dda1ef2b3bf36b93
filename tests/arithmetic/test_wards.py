"""A real council election, of wards with one to three seats."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

from results.arithmetic import BallotCounts, compute_outcome


def test_elects_the_published_council(election_data: Path) -> None:
    folder = election_data / "medway-2023"
    with (folder / "wards.csv").open(encoding="utf-8-sig", newline="") as file:
        seats = {row["ward"]: int(row["ward_seats"]) for row in csv.DictReader(file)}
    wards: dict[str, list[tuple[str, int]]] = defaultdict(list)
    with (folder / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            wards[row["ward"]].append((row["party"], int(row["Number of votes"].replace(",", ""))))
    won: Counter[str] = Counter()
    for ward, candidates in wards.items():
        votes = {number: total for number, (_party, total) in enumerate(candidates)}
        outcome = compute_outcome(
            BallotCounts(votes=votes), seats=seats[ward], ballot_order=list(votes), deposits=False
        )
        won.update(candidates[number][0] for number in outcome.elected)
    assert won == {"Labour": 33, "Conservative": 22, "Independent": 4}
