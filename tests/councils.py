"""Small invented councils for tests: wards of several seats, with who held them before."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import User
from django.utils.text import slugify

from results import desk
from results.arithmetic import BallotCounts, ElectionKind
from results.models import Body, Contest, Election, LastResult, LastVotes
from tests import nights

#: Wards with the labels of who held their seats, and of whom they elect. Every name is invented.
Wards = Mapping[str, tuple[Sequence[str], Sequence[str]]]

_FELL = (["lab"] * 3, ["lab", "lab", "green"])
_HELD = (["lab"] * 3, ["lab"] * 3)
_LD = (["ld"] * 3, ["ld"] * 3)
#: Harrowmere: 17 wards of three.
HARROWMERE: Wards = {
    "Abbeyfield": (["con", "con", "con"], ["ld", "con", "ld"]),
    "Castle": (["green"] * 3, ["green"] * 3),
    "Chapel Hill": _LD,
    "Eastmoor": _HELD,
    "Fell Road": _FELL,
    "Hazelwood": (["lab", "con", "lab"], ["lab"] * 3),
    "Kiln Lane": _HELD,
    "Market": (["lab", "lab", "ld"], ["lab", "ld", "lab"]),
    "Northgate": _HELD,
    "Orchard": (["con"] * 3, ["con"] * 3),
    "Parkside": _LD,
    "Quayside": _HELD,
    "Southmead": (["con", "lab", "lab"], ["lab", "lab", "con"]),
    "St Wilfrid’s": (["lab", "ld", "lab"], ["lab", "lab", "ld"]),
    "Tannery": _FELL,
    "Union Street": _HELD,
    "Weir": _HELD,
}


def council_night(slug: str = "council", **fields: object) -> Election:
    return nights.election(
        slug,
        **{
            "name": "Harrowmere council",
            "kind": ElectionKind.COUNCIL,
            "deposits": False,
            "date": date(2023, 5, 4),
            "polls_close": datetime(2023, 5, 4, 21, tzinfo=UTC),
        }
        | fields,
    )


def council(
    night: Election,
    wards: Wards,
    *,
    name: str = "Harrowmere",
    slug: str = "",
    seats: int | None = None,
    **fields: object,
) -> Body:
    """A council of the night with its wards; `seats` in all are those of the wards by default."""
    up = sum(len(elected) for _held, elected in wards.values())
    body = Body.objects.create(
        election=night,
        name=name,
        slug=slug or name.lower().replace(" ", "-"),
        seats=seats or up,
        **fields,
    )
    for number, (ward, (held, elected)) in enumerate(wards.items()):
        contest = nights.contest(
            night,
            ward,
            _candidates(ward, elected),
            body=body,
            seats=len(elected),
            slug=f"{body.slug}-{slugify(ward)}" if slug else slugify(ward),
            electorate=9000 + 100 * number,
            expected_at=night.polls_close + timedelta(hours=3, minutes=10 * number),
        )
        hold(contest, held)
    return body


def _candidates(ward: str, elected: Sequence[str]) -> list[tuple[str, str]]:
    labels = [*elected, *(label for label in ("lab", "ld", "con", "green") for _each in range(2))]
    return [(f"{ward} {label} {number}", label) for number, label in enumerate(labels, 1)]


def hold(contest: Contest, labels: Sequence[str]) -> LastResult:
    """Say who held the contest's seats, by their labels."""
    last = LastResult.objects.create(
        contest=contest, date=date(2019, 5, 2), electorate=9000, valid=9000, seats=len(labels)
    )
    standing = nights.standing_of(labels)
    LastVotes.objects.bulk_create(
        LastVotes(last_result=last, votes=1500 - number, elected=True, **standing[label])
        for number, label in enumerate(labels)
    )
    return last


def counts(contest: Contest) -> BallotCounts:
    """Counts that elect the first candidates of the ballot paper, as many as there are seats."""
    candidates = list(contest.candidates.all())
    most = 500 * contest.seats
    votes = {candidate.pk: most - most * at // 20 for at, candidate in enumerate(candidates)}
    return BallotCounts(votes=votes, rejected=12, electorate=9000, papers=4600)


def declare(
    contest: Contest, *, by: User | None = None, base_revision: int = 0
) -> desk.PublishResult:
    return nights.declare_counts(
        contest,
        counts(contest),
        by=by or nights.user(),
        warning_reason="As read out.",
        idempotency_key=nights.key(),
        base_revision=base_revision,
        declared_at=contest.expected_at,
    )
