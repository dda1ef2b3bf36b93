"""Match a file's rows of votes with the candidates on a ballot paper."""

from collections import Counter
from collections.abc import Callable, Mapping

from django.db.models import Prefetch, prefetch_related_objects

from results.arithmetic import INDEPENDENT, SPEAKER
from results.arithmetic.sorting import sort_key
from results.exchange import commons_library as library
from results.exchange.areas import Standing, label_of, standing_of
from results.exchange.ballots import paired
from results.exchange.elections import find_or_create_people
from results.exchange.errors import FileErrors
from results.exchange.matched_lists import match_lists
from results.exchange.name_slips import compared_name
from results.exchange.parties import Parties
from results.models import Candidate, Contest

#: Of each candidate what `match_rows` and `candidacies` read.
CANDIDATES = Prefetch(
    "candidates", Candidate.objects.select_related("party__tallied_with", "person")
)


def match_candidates(
    contest: Contest, seat: library.LibrarySeat, parties: Parties
) -> dict[int, int | None]:
    """Return votes by candidate id. A contest without candidates gets those of the file."""
    return {key: row.votes for key, row in match_rows(contest, seat, parties).items()}


def match_rows(
    contest: Contest, seat: library.LibrarySeat, parties: Parties
) -> dict[int, library.CandidateRow]:
    """Return the file's rows by candidate id; otherwise as `match_candidates`."""
    rows = sorted(seat.candidates, key=lambda row: (sort_key(row.surname), sort_key(row.name)))
    standings = [standing_of(row, seat, parties) for row in rows]
    prefetch_related_objects([contest], CANDIDATES)
    candidates = list(contest.candidates.all())
    if not candidates:
        candidates = _create_candidates(contest, rows, standings)
        # The prefetched list is the empty one of before.
        contest.refresh_from_db(fields=["candidates"])
        prefetch_related_objects([contest], CANDIDATES)
        return {created.pk: row for created, row in zip(candidates, rows, strict=True)}
    if contest.elects_lists:
        return match_lists(contest, candidates, seat, parties)
    entries = list(zip(rows, standings, strict=True))
    found = paired(candidates, entries, _rules_for(candidates))
    found |= _paired_in_order(candidates, entries, found, settled=has_result(contest))
    for number, row in enumerate(rows):
        if number not in found:
            reason = f"{row.name} is not on the ballot paper of {contest.full_name}"
            raise FileErrors([seat.error(_name_column(row), reason, row)])
    votes = {found[number].pk: row for number, row in enumerate(rows)}
    missing = [candidate.name for candidate in candidates if candidate.pk not in votes]
    if missing:
        reason = f"{contest.full_name}: no votes for {', '.join(missing)}"
        first = min(rows, key=lambda row: row.line, default=None)
        raise FileErrors([seat.error(_name_column(first), reason, first)])
    return votes


def _name_column(row: library.CandidateRow | None) -> str:
    return "surname" if row is None or "surname" in row.headings else "person_name"


def complete_candidates(contest: Contest, rows: Mapping[int, library.CandidateRow]) -> None:
    """Store what a file says of candidates' gender and earlier elections, where it is not known.

    What is known stays: an editor may have corrected it.
    """
    for candidate in contest.candidates.all():
        row = rows.get(candidate.pk)
        if row is None or not row.name:  # a list's row is about none of its people
            continue
        before = (candidate.gender, candidate.elected_before)
        candidate.gender = candidate.gender or row.gender
        if candidate.elected_before is None:
            candidate.elected_before = row.elected_before
        if before != (candidate.gender, candidate.elected_before):
            candidate.save(update_fields=["gender", "elected_before"])


def has_result(contest: Contest) -> bool:
    standing = getattr(contest, "standing", None)
    return standing is not None and standing.has_result


def _paired_in_order(
    candidates: list[Candidate],
    entries: list["Entry"],
    found: dict[int, Candidate],
    *,
    settled: bool,
) -> dict[int, Candidate]:
    """Pair those that are left by name and label, where several have both, in their order.

    A file may have surnames only, and two of one party. Which is which does not matter where the
    result is `settled`, since nothing of the file is published then, nor where the desk has only
    the name as well: the same file names them in the same order each time.
    """
    left = [
        candidate
        for candidate in candidates
        if candidate not in found.values() and (settled or _number(candidate) is None)
    ]
    pairs: dict[int, Candidate] = {}
    for number, (row, standing) in enumerate(entries):
        if number in found:
            continue
        alike = (
            candidate
            for candidate in left
            if same_name(candidate.name, row.name) and candidate.label == label_of(standing)
        )
        if (candidate := next(alike, None)) is not None:
            left.remove(candidate)
            pairs[number] = candidate
    return pairs


def _create_candidates(
    contest: Contest, rows: list[library.CandidateRow], standings: list[Standing]
) -> list[Candidate]:
    people = find_or_create_people((row.democracy_club_id or None, row.name) for row in rows)
    return Candidate.objects.bulk_create(
        Candidate(
            contest=contest,
            person=person,
            name=row.name,
            ballot_order=order,
            description=_description(row, standing),
            sitting_member=row.sitting,
            gender=row.gender,
            elected_before=row.elected_before,
            **standing,
        )
        for order, (row, standing, person) in enumerate(
            zip(rows, standings, people, strict=True), start=1
        )
    )


def _description(row: library.CandidateRow, standing: Standing) -> str:
    """The description on the ballot paper; the party's name where the file has no column for it."""
    if row.description is not None:
        return row.description
    return row.party if label_of(standing) not in (INDEPENDENT, SPEAKER) else ""


Entry = tuple[library.CandidateRow, Standing]
SameCandidate = Callable[[Candidate, Entry], bool]


def _rules_for(candidates: list[Candidate]) -> tuple[SameCandidate, ...]:
    """Match by Democracy Club's id, by name and label, by a label of one candidate, by name.

    One name in six is spelt differently between sources, and so is a party without a number: the
    name counts beside another label, the label beside another name.
    """
    often = Counter(candidate.label for candidate in candidates)

    def same_id(candidate: Candidate, entry: Entry) -> bool:
        number = _number(candidate)
        return number is not None and number == entry[0].democracy_club_id

    def same_label(candidate: Candidate, entry: Entry) -> bool:
        return candidate.label == label_of(entry[1])

    def only_label(candidate: Candidate, entry: Entry) -> bool:
        return same_label(candidate, entry) and often[candidate.label] == 1

    def has_name(candidate: Candidate, entry: Entry) -> bool:
        return same_name(candidate.name, entry[0].name)

    def same_surname(candidate: Candidate, entry: Entry) -> bool:
        return _surname(candidate.name) == _surname(entry[0].name)

    return (
        same_id,
        lambda candidate, entry: same_label(candidate, entry) and has_name(candidate, entry),
        only_label,
        lambda candidate, entry: same_label(candidate, entry) and same_surname(candidate, entry),
        has_name,
        same_surname,
    )


def _number(candidate: Candidate) -> int | None:
    return candidate.person.democracy_club_id if candidate.person else None


def same_name(name: str, other: str) -> bool:
    return compared_name(name) == compared_name(other)


def _surname(name: str) -> str:
    return name.split()[-1].casefold() if name.split() else ""
