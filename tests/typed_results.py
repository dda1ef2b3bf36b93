"""Results as they are typed, with the rules about several figures that they break.

For the server's check (`tests/reporter/test_typed_results.py`) and for the phone's
(`tests/browser/test_offline_checks.py`). No case depends on other contests, or on the night.
"""

from dataclasses import dataclass, field

#: Fields by name, as text; a lot is the places on the ballot paper, from 0.
Fields = dict[str, str]
Lot = tuple[int, ...]


@dataclass(frozen=True)
class Typed:
    """A result of one of the wards of `tests.seeds.typed_results`, and the codes of its messages.

    `votes` are in ballot-paper order, None where a box is left empty: the result is incomplete.
    """

    ward: str
    votes: tuple[int | None, ...]
    codes: tuple[str, ...]
    fields: Fields = field(default_factory=dict)
    lot: Lot = ()


def abbey(*codes: str, votes: tuple[int | None, ...] = (3000, 2000, 500), **fields: str) -> Typed:
    """One seat, 10,000 electors on record."""
    return Typed("abbey", votes, codes, fields)


def bridge(*codes: str, votes: tuple[int | None, ...] = (3500, 2000, 480), **fields: str) -> Typed:
    """One seat, 11,000 electors on record; 10,000 and 6,000 papers announced at verification."""
    return Typed("bridge", votes, codes, fields)


def castle(
    *codes: str, votes: tuple[int | None, ...] = (900, 800, 700, 300, 200), **fields: str
) -> Typed:
    """Three seats, 5,000 electors on record."""
    return Typed("castle", votes, codes, fields)


def dell(*codes: str, votes: tuple[int | None, ...] = (20500, 13500, 1000), **fields: str) -> Typed:
    """One seat, 70,000 electors last time, and none on record."""
    return Typed("dell", votes, codes, fields)


TYPED_RESULTS: dict[str, Typed] = {
    # Impossible sums.
    "votes": abbey(),
    "everything announced": abbey(
        rejected="20", electorate="10,000", turnout_announced="55,2", valid_announced="5 500"
    ),
    "more votes than electors on record": abbey("sum_over_electorate", votes=(6000, 4000, 500)),
    "more votes than electors": abbey("sum_over_electorate", electorate="5,400"),
    "as many votes as electors": abbey(
        "turnout_unusual", "electorate_repeats", "electorate_differs", electorate="5,500"
    ),
    "more votes than papers": abbey("votes_over_papers", papers="5,400"),
    "more votes than verified papers": bridge("votes_over_papers", votes=(5000, 1000, 100)),
    "more rejected than electors leave": abbey(
        "papers_over_electorate", votes=(5000, 3000, 1500), rejected="600"
    ),
    "more papers than electors": abbey("papers_over_electorate", papers="10,500"),
    "more rejected than papers": abbey("papers_over_electorate", papers="6000", rejected="6100"),
    "more votes than the electors of three seats": castle(
        "sum_over_electors", votes=(5000, 5000, 4000, 900, 200)
    ),
    "more votes than the papers of three seats": castle("votes_over_papers_of_seats", papers="900"),
    "more votes for one than papers": castle(
        "candidate_over_total", votes=(1300, 800, 700, 300, 200), papers="1,200"
    ),
    "some totals": abbey(votes=(3000, None, None)),
    "impossible totals": abbey("sum_over_electorate", votes=(None, 10500, None)),
    # Lots.
    "tie": abbey("tie_needs_lot", votes=(2500, 2500, 500)),
    "tie by lot": Typed("abbey", (2500, 2500, 500), ("close_tie",), lot=(1,)),
    "lot for too many": Typed("abbey", (2500, 2500, 500), ("lot_not_tied",), lot=(0, 1)),
    "lot for another": Typed("abbey", (2500, 2500, 500), ("lot_not_tied",), lot=(2,)),
    "lot without a tie": Typed("abbey", (3000, 2000, 500), ("lot_without_tie",), lot=(0,)),
    "tie behind the elected": abbey(votes=(3000, 1200, 1200)),
    "tie for two of three seats": castle("tie_needs_lot", votes=(900, 700, 700, 700, 100)),
    "lot for one of two seats": Typed(
        "castle", (900, 700, 700, 700, 100), ("lot_not_tied",), lot=(2,)
    ),
    "lot for two seats": Typed("castle", (900, 700, 700, 700, 100), ("close_tie",), lot=(1, 3)),
    # Unlikely sums.
    "nothing but zeros": abbey("only_zeros", votes=(0, 0, 0)),
    "nothing but zeros for three seats": castle("only_zeros", votes=(0, 0, 0, 0, 0)),
    "nothing but zeros and a lot": Typed("abbey", (0, 0, 0), ("all_zero",), lot=(0,)),
    "another total of valid votes": abbey("valid_announced_mismatch", valid_announced="5,510"),
    "a bundle missing": abbey("papers_over_sum", papers="5,600", rejected="20"),
    "a few papers missing": abbey("papers_over_sum", papers="5,530", rejected="20"),
    "a few papers too many": abbey("papers_under_sum", papers="5,510", rejected="20"),
    "rejected not known": abbey(papers="5,700"),
    "too many papers even so": abbey("papers_over_sum", papers="6,000"),
    "verified papers": bridge(rejected="20"),
    "verified papers and no rejected": bridge("papers_over_sum", votes=(3000, 2000, 500)),
    "other papers than verified": bridge(
        "papers_changed", "papers_over_sum", papers="6,100", rejected="20"
    ),
    "nearly the verified papers": bridge(
        "papers_changed", "papers_over_sum", papers="6,010", rejected="20"
    ),
    "few votes for the papers": castle("few_votes", votes=(900, 300, 200, 100, 50), papers="1,200"),
    "most votes used": castle(papers="1,200"),
    # Turnouts.
    "low turnout": abbey("turnout_unusual", votes=(500, 400, 100)),
    "high turnout": abbey("turnout_unusual", votes=(4000, 3000, 500)),
    "another turnout announced": abbey("turnout_differs", turnout_announced="60"),
    "a turnout within the slack": abbey(turnout_announced="55.5"),
    "a turnout just beyond it": abbey("turnout_differs", turnout_announced="55.51"),
    "a turnout of all papers": abbey(rejected="80", turnout_announced="55.8"),
    "turnout half way between two": abbey(
        "turnout_differs", votes=(800, 400, 25), turnout_announced="20"
    ),
    "turnout of verified electors": bridge(
        "turnout_differs", rejected="20", turnout_announced="54.4"
    ),
    "turnout of papers": castle(papers="1,200", turnout_announced="24"),
    "another turnout than of papers": castle(
        "turnout_differs", papers="1,200", turnout_announced="30"
    ),
    "no papers to compare a turnout with": castle(turnout_announced="30"),
    "turnout of too few papers": castle("turnout_too_low", turnout_announced="12"),
    "turnout of fewer papers than one candidate has votes": castle(
        "turnout_too_low", votes=(900, 800, 300, 100, 50), turnout_announced="17.4"
    ),
    "turnout of just enough papers": castle(
        votes=(900, 800, 300, 100, 50), turnout_announced="17.5"
    ),
    "low turnout of three seats": castle("turnout_unusual", votes=(400, 300, 300, 200, 100)),
    # Rejected ballots, electorates, majorities.
    "many rejected": abbey("rejected_high", rejected="400"),
    "not too many rejected": abbey(rejected="275"),
    "many rejected of three seats": castle("rejected_high", rejected="60"),
    "not too many of three seats": castle(rejected="50"),
    "many rejected of the papers": castle("rejected_high", papers="1,200", rejected="61"),
    "another electorate than on record": abbey("electorate_differs", electorate="12,000"),
    "another electorate than verified": bridge(
        "electorate_differs", electorate="11,600", rejected="20"
    ),
    "votes as last time": dell(),
    "an electorate near last time’s": dell(electorate="90,000"),
    "another electorate than last time": dell("electorate_differs", electorate="95,000"),
    "close majority": abbey("close", votes=(2760, 2740, 5)),
    "close in three seats": castle("close", votes=(900, 800, 500, 480, 200)),
    "several at once": abbey(
        *("valid_announced_mismatch", "turnout_differs", "rejected_high"),
        rejected="400",
        valid_announced="5600",
        turnout_announced="70",
    ),
}
