"""Read a candidate from a row of a table of results."""

import re

from results.exchange.columns import plain
from results.exchange.commons_library import CandidateRow, LibrarySeat
from results.exchange.errors import FileErrors
from results.exchange.name_slips import without_slips
from results.exchange.parties import is_independent
from results.exchange.table import Row, Table
from results.models import Candidate as BallotCandidate

#: How our own export names the status of a contest whose winners only are known.
WINNER_ONLY = "rush"
#: Words of councils in place of votes where nobody else stood.
UNCONTESTED = frozenset({"uncontested", "unopposed", "elected_unopposed", "returned_unopposed"})
#: Words of files for a candidate's gender.
GENDERS: dict[str, str] = {
    **dict.fromkeys(("female", "f", "woman"), BallotCandidate.Gender.FEMALE),
    **dict.fromkeys(("male", "m", "man"), BallotCandidate.Gender.MALE),
    **dict.fromkeys(("non_binary", "nonbinary", "other"), BallotCandidate.Gender.OTHER),
}
#: Words for yes and no in columns about the person, where other words say nothing.
YES, NO = frozenset({"yes", "y", "true", "t", "1"}), frozenset({"no", "n", "false", "f", "0"})
#: “BENNETT Nicholas”: surnames in capitals before forenames that are not.
_SURNAME_FIRST = re.compile(r"((?:[^\W\d_a-zß-ÿ'’.-]|['’.-])+(?: [A-ZÀ-Þ'’-]+)*) (\w*[a-zß-ÿ].*)")

#: “(commonly known as EVANS, Dai)”, as notices of poll have it after somebody's name.
_KNOWN_AS = re.compile(
    r"\s*[(\[]\s*(?:commonly\s+)?known\s+as:?\s+([^()\[\]]+)[)\]]", re.IGNORECASE
)


def candidate_of(row: Row, *, nameless: bool) -> CandidateRow:
    """Return the candidate of a row; only one of notional results may be without a name.

    Raises FileErrors.
    """
    name, surname = names_of(
        row, nameless or bool(row.cells.get("notional") and row.flag("notional"))
    )
    party = row.text("party_name")
    if row.cells.get("is_speaker") and row.flag("is_speaker"):
        party = "Speaker"
    elif row.cells.get("is_independent") and row.flag("is_independent"):
        party = "Independent"
    return CandidateRow(
        line=row.line,
        file=row.file,
        sheet=row.sheet,
        headings=row.headings or {},
        name=name,
        surname=surname,
        party=party,
        party_cy=row.text("party_name_cy"),
        description=_description(row),
        abbreviation=row.text("party_abbreviation"),
        commission=row.text("ec_party_id"),
        votes=_votes(row),
        sitting=plain(row.text("sitting_mp")) in YES,
        democracy_club_id=row.count("person_id"),
        gender=gender_of(row),
        elected_before=_elected_before(row),
        elected=_elected(row),
        by_lot=bool(row.cells.get("by_lot") and row.flag("by_lot")),
    )


def gender_of(row: Row) -> str:
    """The gender that a row says; empty where it says none, or a word that is not known."""
    return GENDERS.get(plain(row.text("gender")), "")


def _elected_before(row: Row) -> bool | None:
    """Whether somebody was a member before; None unless one column says yes or both say no."""
    answers = [plain(row.text(name)) for name in ("sitting_mp", "former_mp")]
    if any(answer in YES for answer in answers):
        return True
    return False if all(answer in NO for answer in answers) else None


def says_uncontested(row: Row) -> bool:
    """Whether the row has “Uncontested” or the like in place of the votes."""
    return plain(row.text("votes")) in UNCONTESTED


def _votes(row: Row) -> int | None:
    """The votes; None if the cell is empty: no poll was held, or only the winner is known."""
    if row.text("status") == WINNER_ONLY or not row.text("votes") or says_uncontested(row):
        return None
    return row.required_count("votes")


def _description(row: Row) -> str | None:
    """The description on the ballot paper; None if the file has no column for it."""
    has_column = "party_description_text" in row.cells
    return row.text("party_description_text") if has_column else None


def names_of(row: Row, nameless: bool) -> tuple[str, str]:
    """The name as people say it, and the surname, not in capitals.

    The name that a notice adds in brackets, “(commonly known as EVANS, Dai)”, follows both.
    """
    if "surname" in row.cells and not row.text("person_name"):
        surname, known_as = _known_as(row.text("surname") if nameless else row.required("surname"))
        forenames, other = _known_as(row.text("firstname"))
        known_as = known_as or other
        name, surname = _names(without_slips(forenames), without_slips(surname))
    else:
        cell = row.text("person_name") if nameless else row.required("person_name")
        cell, known_as = _known_as(cell)
        name, surname = _names_of_one(cell, row.text("surname"))
    if known_as:
        name = f"{name} (commonly known as {_names_of_one(known_as)[0]})"
    return name, surname


def _known_as(cell: str) -> tuple[str, str]:
    """The cell without the name by which somebody is known, and that name, "" without one."""
    match = _KNOWN_AS.search(cell)
    if match is None:
        return cell, ""
    return f"{cell[: match.start()]}{cell[match.end() :]}", match[1]


def _names_of_one(name: str, surname: str = "") -> tuple[str, str]:
    """The names of a cell that has both; `surname` is that of a column of its own."""
    last, comma, forenames = name.strip(" ,").partition(",")
    if comma:
        return _names(without_slips(forenames), without_slips(last))
    name = without_slips(name)
    match = _SURNAME_FIRST.fullmatch(name)
    if match and len(match[1].replace(" ", "")) > 2:  # “AJ Smith” has initials
        return _names(match[2], match[1])
    surname = surname or (name.split() or [""])[-1]
    forenames = name.removesuffix(surname) if name.endswith(surname) else ""
    if forenames.strip():
        return _names(forenames, surname)
    return in_small_letters(name), in_small_letters(surname)


def note_slips(table: Table) -> None:
    """Note that slips are left out of names, at the first of them."""
    for row in table.rows:
        texts = [
            row.cells.get(name, "").strip() for name in ("surname", "firstname", "person_name")
        ]
        parts = [part.strip() for text in texts for part in text.strip(" ,").split(",")]
        if any(text != text.strip(" ,") for text in texts) or any(
            without_slips(part) != part for part in parts
        ):
            reason = "commas at the end of names, and names repeated in brackets, are left out"
            table.note(row.line, reason)
            return


def _names(forenames: str, surname: str) -> tuple[str, str]:
    surname = in_small_letters(surname.strip())
    return f"{in_small_letters(forenames.strip())} {surname}".strip(), surname


def in_small_letters(name: str) -> str:
    """Change a name in capitals to mixed case: “O'BRIEN-MCKAY” becomes “O'Brien-McKay”.

    Two letters stay, as they may be initials. “MACKAY” becomes “Mackay”, though it may be “MacKay”.
    """
    if not name.isupper() or sum(map(str.isalpha, name)) < 3:
        return name
    small = re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), name)
    return re.sub(r"\bMc([a-z])", lambda match: f"Mc{match[1].upper()}", small)


def _elected(row: Row) -> bool | None:
    if row.cells.get("elected"):
        return row.flag("elected")
    outcome = row.cells.get("result", "").casefold().strip(" *.")
    return {"elected": True, "not elected": False}.get(outcome)


def refuse_repeated(seat: LibrarySeat, candidate: CandidateRow, row: Row) -> None:
    """Raise FileErrors for a candidate that the area has already, from a row pasted twice.

    Two independents may have one name, and two of a party one surname, where the file has no more;
    a party does not have two candidates of one whole name.
    """
    for other in seat.candidates:
        same_person = candidate.democracy_club_id and (
            candidate.democracy_club_id == other.democracy_club_id
        )
        same_name = candidate.name and (
            (candidate.name.casefold(), candidate.party) == (other.name.casefold(), other.party)
        )
        is_vague = " " not in candidate.name or is_independent(candidate.party)
        in_doubt = is_vague and None not in (candidate.votes, other.votes)
        if same_person or (same_name and not (in_doubt and candidate.votes != other.votes)):
            column = "person_id" if same_person else "votes"
            reason = (
                f"{candidate.name} is there already, on line {other.line}: leave one of the two"
            )
            raise FileErrors([row.error(column, reason)])
