"""Rates of true results that need a reason, and of seeded errors that are caught."""

import random
from pathlib import Path

import pytest
from django.core.management import call_command

from results.exchange.check_rates import Knowledge, Rates, measure
from results.exchange.recorded_nights import RecordedCandidate, RecordedContest, read_night

#: Mean shares of the invented parties.
SHARES = {"green": 0.03, "lab": 0.42, "con": 0.36, "reform": 0.11, "ld": 0.08}
DIGITS = ("digit dropped", "digit doubled")


def invented_night(seed: int, contests: int = 120) -> list[RecordedContest]:
    """Contests whose turnout and shares vary about the mean as those of 2019 do."""
    chance = random.Random(seed)
    night = []
    for number in range(contests):
        lean = random.Random(number)
        electorate = lean.randrange(60_000, 80_000)
        valid = int(electorate * (lean.uniform(0.6, 0.72) + chance.gauss(0, 0.012)))
        weights = {
            label: share * lean.uniform(0.6, 1.5) * chance.uniform(0.8, 1.25)
            for label, share in SHARES.items()
        }
        candidates = [
            RecordedCandidate(
                name=label, label=label, votes=int(valid * weight / sum(weights.values()))
            )
            for label, weight in sorted(weights.items())
        ]
        contest = RecordedContest(key=str(number), name=f"Seat {number}", candidates=candidates)
        contest.electorate, contest.rejected = electorate, lean.randrange(60, 300)
        contest.papers = contest.valid + contest.rejected
        night.append(contest)
    return night


def digits_caught(rates: Rates) -> float:
    """The part of dropped and doubled digits together that is caught."""
    return sum(rates.caught[error] for error in DIGITS) / sum(
        rates.seeded[error] for error in DIGITS
    )


#: What the checks caught of errors that have no goal, less about two points.
FLOORS_IN_2019 = {
    "any two swapped": 0.62,
    "first two swapped": 0.25,
    "winner and a minor one swapped": 0.95,
    "figures of a seat still to come": 0.96,
    "another seat's figures": 0.99,
}
FLOOR_TRANSPOSED = {Knowledge.LAST_TIME: 0.20, Knowledge.VERIFICATION: 0.50}
FLOORS_IN_MEDWAY = {
    "digit doubled": 0.98,
    "digits transposed": 0.31,
    "rows shifted by one": 0.86,
    "bundle of a tenth missing": 0.91,
    "winner and a minor one swapped": 0.67,
    "figures of a seat still to come": 0.98,
    "another seat's figures": 0.98,
}


def assert_at_least(rates: Rates, floors: dict[str, float]) -> None:
    caught = {error: rates.caught_rate(error) or 0 for error in floors}
    assert {error: rate for error, rate in caught.items() if rate < floors[error]} == {}


def assert_goals(rates: Rates, *, digits: float = 0.90) -> None:
    assert rates.alarm_rate <= 1 / 20, rates.alarms_by_code
    assert (rates.caught_rate("bundle of a tenth to a quarter missing") or 0) >= 0.95
    assert digits_caught(rates) >= digits
    assert (rates.caught_rate("rows shifted by one") or 0) >= 0.99


@pytest.mark.parametrize("knowledge", [Knowledge.LAST_TIME, Knowledge.VERIFICATION])
def test_reaches_its_goals_on_an_invented_night(knowledge: Knowledge) -> None:
    last = {contest.key: contest for contest in invented_night(1)}
    assert_goals(measure(invented_night(2), last, knowledge, kind="uk-parliament"))


@pytest.mark.parametrize("knowledge", [Knowledge.LAST_TIME, Knowledge.VERIFICATION])
def test_reaches_its_goals_in_2019(knowledge: Knowledge, election_data: Path) -> None:
    folder = election_data
    night = read_night(sorted((folder / "ge2019").glob("*.csv")))
    last = {contest.key: contest for contest in read_night(sorted((folder / "ge2017").glob("*")))}
    assert len(night) == 650
    rates = measure(night, last, knowledge, kind="uk-parliament")
    # Without verification the goal of 90% is missed in 2019: docs/figures.md says by how much.
    assert_goals(rates, digits=0.90 if knowledge is Knowledge.VERIFICATION else 0.89)
    assert_at_least(rates, FLOORS_IN_2019 | {"digits transposed": FLOOR_TRANSPOSED[knowledge]})


def test_votes_of_last_time_show_bundles_without_an_electorate(election_data: Path) -> None:
    night = read_night(sorted((election_data / "ge2019").glob("*.csv")))
    before = read_night(sorted((election_data / "ge2017").glob("*.csv")))
    last = {contest.key: contest for contest in before}
    rates = measure(night, last, Knowledge.LAST_VOTES, kind="uk-parliament")
    assert_goals(rates, digits=0.89)
    assert (rates.caught_rate("bundle of a tenth missing") or 0) >= 0.90


def test_keeps_what_it_catches_in_wards(election_data: Path) -> None:
    night = read_night(sorted((election_data / "medway-2023").glob("*.csv")))
    assert len(night) == 24
    rates = measure(night, {}, Knowledge.VERIFICATION, kind="council", rounds=3)
    assert rates.alarms == 0
    assert_at_least(rates, FLOORS_IN_MEDWAY)


def test_command_prints_the_rates(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path_factory.mktemp("rates") / "wards.csv"
    file.write_text(
        "ward,ward_code,seats,electorate,candidate,party,votes\n"
        "Old,E1,1,5000,Ash,Labour,900\nOld,E1,1,5000,Birch,Green Party,800\n"
    )
    call_command("check_rates", str(file), kind="council")
    out = capsys.readouterr().out
    assert "electorate: 0 of 1 true results need a reason (0.0%)" in out
    assert "caught: digit dropped" in out
