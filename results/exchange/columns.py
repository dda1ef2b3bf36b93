"""Match the columns of a table by name: one table of synonyms for every kind of file."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache, lru_cache

from results.models.known_parties import known_parties

#: Headings by our names of fields, as `plain` writes them. A heading stands for one field only.
#: docs/data.md has the same table, and a test compares the two.
FIELDS: dict[str, tuple[str, ...]] = {
    "constituency_name": tuple(
        "constituency seat seat_name constituency_division contest post_label area area_name ward "
        "ward_name electoral_ward ward_division division division_name electoral_division "
        "electoral_area electoral_area_name boundary_comm_name pcon_name counting_area "
        "question".split()
    ),
    "constituency_name_cy": tuple(
        "constituency_name_welsh constituency_name_in_welsh constituency_welsh constituency_cy "
        "welsh_constituency_name seat_name_welsh seat_name_cy area_name_welsh area_name_cy "
        "ward_name_welsh ward_name_cy name_welsh name_in_welsh name_cy welsh_name".split()
    ),
    "ons_id": tuple(
        "ons_code pcon_code constituency_geographic_code constituency_code constituency_id gss "
        "gss_code contest_code ward_code area_code official_code".split()
    ),
    "post_id": (),
    "organisation_name": tuple(
        "organisation council council_name authority local_authority local_authority_name "
        "body borough district".split()
    ),
    "election_id": (),
    "ballot_paper_id": (),
    "region_name": tuple("region english_region_name nuts1 government_region".split()),
    "country_name": tuple("country nation".split()),
    "county_name": ("county",),
    "election_date": tuple(
        "election_polling_date polling_date polling_day poll_date date_of_election "
        "by_election_date".split()
    ),
    "declaration_time": tuple("declared_at time_declared time_of_declaration".split()),
    "result": tuple("election_result_summary result_summary".split()),
    "first_party": tuple("winning_party win19 winner_party".split()),
    "second_party": ("second19",),
    "electorate": tuple(
        "total_electorate registered_electors eligible_electorate size_of_electorate "
        "number_of_electors".split()
    ),
    "valid_votes": tuple(
        "election_valid_vote_count valid_vote_count total_valid_votes valid_votes_cast "
        "number_of_valid_votes total_number_of_valid_votes_counted total_votes "
        "total_votes_cast".split()
    ),
    "valid_papers": tuple("ballots_valid valid_ballots valid_ballot_papers".split()),
    "papers": tuple(
        "verified_ballot_papers_total verified_ballot_papers ballot_papers_verified".split()
    ),
    "invalid_votes": tuple(
        "election_invalid_vote_count invalid_vote_count rejected_votes rejected rejected_ballots "
        "rejected_ballot_papers ballots_rejected spoilt_ballots spoiled_ballots spoilt_papers "
        "total_rejected rejected_papers invalid_ballots number_of_rejected_ballot_papers".split()
    ),
    "turnout_percentage": (),
    "majority": (),
    "seats": tuple(
        "seats_contested ward_seats number_of_seats seats_up seats_to_be_filled seats_available "
        "vacancies".split()
    ),
    "firstname": tuple(
        "first_name first_names candidate_first_name candidate_given_name given_name given_names "
        "forename forenames other_names candidate_forename candidate_forenames".split()
    ),
    "surname": tuple(
        "candidate_surname candidate_family_name family_name last_name candidate_last_name".split()
    ),
    "person_name": tuple(
        "candidate candidate_name name_on_ballot name_of_candidate candidate_full_name "
        "full_name candidates answer".split()
    ),
    "person_id": tuple("democracy_club_id dc_person_id democracy_club_person_id".split()),
    "party_name": tuple(
        "party main_party_name political_party party_identifer party_identifier "
        "name_of_party".split()
    ),
    "party_name_cy": tuple(
        "party_name_welsh party_name_in_welsh party_welsh party_cy welsh_party_name".split()
    ),
    "party_abbreviation": tuple("main_party_abbreviation party_abbrev party_code".split()),
    "ec_party_id": tuple(
        "party_id electoral_commission_party_id main_party_electoral_commission_id "
        "party_electoral_commission_id party_number".split()
    ),
    "ec_adjunct_party_id": (
        "electoral_commission_adjunct_party_id",
        "adjunct_party_electoral_commission_id",
    ),
    "party_description_text": tuple(
        "description party_description description_on_ballot_paper description_if_any".split()
    ),
    "votes": tuple(
        "vote votes_cast candidate_vote_count vote_count number_of_votes votes_received "
        "votes_polled no_of_votes candidate_votes votes_recorded".split()
    ),
    "elected": tuple("is_elected candidate_elected elected_y_n elected_yes_no winner".split()),
    "by_lot": ("tied_vote_winner",),
    "sitting_mp": tuple("candidate_is_sitting_mp incumbent".split()),
    "former_mp": ("candidate_is_former_mp",),
    "is_speaker": ("candidate_is_standing_as_commons_speaker",),
    "is_independent": ("candidate_is_standing_as_independent",),
    "notional": tuple("is_notional election_is_notional general_election_is_notional".split()),
    "cancelled_poll": (),
    "by_election": tuple("is_by_election election_is_by_election".split()),
    "sopn_last_name": (),
    "sopn_first_names": (),
    "party_list_position": tuple(
        "list_position list_place list_order position_on_list position_on_the_list "
        "position_on_party_list place_on_list place_on_the_list order_on_list "
        "order_on_the_list".split()
    ),
    "electoral_region": ("electoral_region_name",),
    "ballot": tuple(
        "ballot_type type_of_ballot kind_of_ballot constituency_or_list list_or_constituency "
        "constituency_or_region region_or_constituency".split()
    ),
    "gender": ("candidate_gender",),
    "status": (),
    "source": ("results_source",),
}
#: Fields whose cells are whole numbers, as `Row.count` reads them.
COUNTS = frozenset(
    "votes electorate valid_votes invalid_votes majority seats seats_held "
    "party_list_position".split()
)
#: Headings that stand for another field where the file has a heading for theirs.
YIELDING = {"party": ("party_name", "party_abbreviation")}
#: Names of fields in questions.
LABELS = {
    "constituency_name": "the constituency or ward",
    "electorate": "the electorate",
    "valid_votes": "all valid votes of a constituency",
    "votes": "the votes of a candidate",
    "surname": "the candidate’s surname",
    "person_name": "the candidate’s name",
    "person_id": "Democracy Club’s number of the person",
    "party_name": "the party",
    "seats_held": "the seats that each party holds",
    "ec_party_id": "the party’s number",
    "election_date": "the polling day",
    "party_list_position": "the place on the party’s list, counted from 1",
}
#: Columns of parties’ votes that do not carry a name of the party.
PARTY_HEADINGS = {
    "c": "con",
    "grn": "green",
    "brx": "brexit",
    "apni": "alliance",
    "all": "alliance",
    # Of the Commons Library's table of 2010: the Conservatives and Unionists of that year.
    "uup_as_ucunf": "uup",
}


@cache
def _fields_by_heading() -> dict[str, str]:
    names = {name: name for name in FIELDS}
    return names | {heading: name for name, headings in FIELDS.items() for heading in headings}


# A table is searched for its headings in every row.
@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """A heading without case, accents and punctuation: “Votes (cast) ” is `votes_cast`.

    “Con %” is `con_percent`: a share is never taken for votes.
    """
    letters = unicodedata.normalize("NFKD", heading.replace("%", " percent ").replace("’", "'"))
    ascii_only = "".join(char for char in letters if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "_", ascii_only.lower()).strip("_")


def field_of(heading: str) -> str:
    """The field that a heading stands for, or else the heading in plain form.

    “Notional votes” and “2019 notional vote” are votes: see `is_of_notional`.
    """
    name = plain(heading)
    known = _fields_by_heading().get(name)
    if known is None and is_of_notional(heading):
        words = [word for word in name.split("_") if word != NOTIONAL and not word.isdecimal()]
        figure = _fields_by_heading().get("_".join(words), "")
        known = figure if figure in COUNTS else None
    return known or name


#: The word by which headings, titles and names of files say that figures are worked out for new
#: boundaries.
NOTIONAL = "notional"


def is_of_notional(heading: str) -> bool:
    return NOTIONAL in plain(heading).split("_")


def is_known(heading: str) -> bool:
    return field_of(heading) in FIELDS or party_of(heading) is not None


@cache
def _party_names() -> frozenset[str]:
    names = {plain(text) for known in known_parties()
             for text in (known.name, known.abbreviation, *known.aliases)}  # fmt: skip
    return frozenset(names) - set(_fields_by_heading()) - {""}


def party_of(heading: str) -> str | None:
    """The party, as files name it, whose votes a column holds; None for any other column.

    The notional results of 2019 add a v: “Conv” has votes and “CON%” shares.
    """
    name = plain(heading)
    for each in (name, name.removesuffix("_votes"), name.removesuffix("v")):
        each = PARTY_HEADINGS.get(each, each)
        if each in _party_names():
            return each.replace("_", " ")
    return None


#: Words of headings of figures that are not the one that they share a word with.
OTHER_FIGURES = frozenset(
    "percent percentage share postal last previous prior change swing turnout rejected".split()
)


def guess(field: str, headings: Sequence[str], *, only_one_missing: bool = True) -> str | None:
    """The heading that most probably stands for a field, or None.

    By spelling, or by a word in common; for what a candidate has, also as the only one left, if no
    other field is missing that might be it.
    """
    wanted = (field, *FIELDS.get(field, ()))
    free = {plain(heading): heading for heading in headings if heading}
    known = _words(wanted)
    free = {
        name: heading
        for name, heading in free.items()
        if not (OTHER_FIGURES & set(name.split("_"))) - known
    }
    close = {name for each in wanted for name in get_close_matches(each, free, cutoff=0.75)}
    shared = {name for name in free if known & set(name.split("_"))}
    has_left = only_one_missing and field in ("votes", "person_name", "party_name")
    left = set(free) if has_left else set()
    found = next((names for names in (close, shared) if names), left)
    return free[found.pop()] if len(found) == 1 else None


def _words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in name.split("_")} - {"name", "of", "id", "number"}
