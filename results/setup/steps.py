"""Steps of setting up each kind of election: its files, and what an editor may answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from results.arithmetic import ElectionKind, rules_of
from results.exchange import compositions, counting_areas, democracy_club, loading
from results.exchange.loading import Loader
from results.models import Election, Load

What = Load.What
BY_ELECTIONS = frozenset({ElectionKind.UK_PARLIAMENT_BY_ELECTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupStep:
    """One kind of file. `second` says what a second table has, where it may have one.

    The texts say `%(area)s` where the kind has its own word.

    `asks` are fields of the form about how the file is read, `extra` headings that only its reader
    knows, `fields` those that its columns may be.
    """

    what: Load.What
    loader: Loader
    about: StrPromise
    second: StrPromise | None = None
    asks: Sequence[str] = ()
    extra: Mapping[str, str] | None = None
    fields: Sequence[str] = ()
    is_table: bool = True
    accept: str = ".csv,.tsv,.txt,.xlsx"


_AREA = ("constituency_name", "ons_id", "organisation_name", "region_name", "country_name")
_WHO = (
    *("person_name", "surname", "firstname", "person_id", "party_name", "party_abbreviation"),
    *("ec_party_id", "party_description_text"),
)
_COUNTS = ("electorate", "seats", "election_date", "by_election", "ballot_paper_id")

STEPS = {
    What.CANDIDATES: SetupStep(
        what=What.CANDIDATES,
        loader=loading.load_candidates,
        about=_(
            "A row for each candidate, with the %(area)s, the name and the party: "
            "Democracy Club’s file, or a list of your own. Contests and parties are made from it."
        ),
        second=_(
            "A table with a row for each %(area)s: its seats, its region and its "
            "electorate, if the list does not have them."
        ),
        asks=("body", "one_seat", "election_id", "dates", "source"),
        extra=democracy_club.EXTRA,
        fields=(
            *(*_AREA, *_WHO, "gender", *_COUNTS, "cancelled_poll"),
            *("ballot", "party_list_position", "electoral_region"),
        ),
    ),
    What.QUESTIONS: SetupStep(
        what=What.QUESTIONS,
        loader=loading.load_questions,
        about=_("A row for each answer: the question, the answer, and the electorate in one row."),
        fields=("constituency_name", "person_name", "electorate", "ons_id"),
    ),
    What.PREVIOUS: SetupStep(
        what=What.PREVIOUS,
        loader=loading.load_previous,
        about=_(
            "Last time’s results, by candidate or by party: what hold, gain, swing and changes of "
            "share are measured against. Regions that are missing are taken from it."
        ),
        second=_("A second table of the same results: by %(area)s, with electorates."),
        asks=("only_own", "notional", "poll", "dates", "source"),
        fields=(
            *(*_AREA, *_WHO, *_COUNTS, "votes", "elected", "valid_votes", "invalid_votes"),
            *("papers", "majority", "declaration_time", "notional", "sitting_mp"),
            *("former_mp", "gender"),
        ),
    ),
    What.COMPOSITION: SetupStep(
        what=What.COMPOSITION,
        loader=loading.load_composition,
        about=_(
            "A row for each party of each council: the seats that it holds before the poll. Needed "
            "where not all seats are up."
        ),
        extra=compositions.EXTRA,
        fields=(
            *("organisation_name", "party_name", "seats_held", "seats_not_up", "seats_in_all"),
            "control_before",
        ),
    ),
    What.AREAS: SetupStep(
        what=What.AREAS,
        loader=loading.load_counting_areas,
        about=_("A row for each area that is counted and announced on its own."),
        extra=counting_areas.EXTRA,
        fields=("constituency_name", "ons_id", "electorate", "counted_for", "venue"),
    ),
    What.MAP: SetupStep(
        what=What.MAP,
        loader=loading.load_hexagons,
        about=_("A HexJSON file with a hexagon for each seat. Without one, seats are tiles."),
        asks=("incomplete",),
        is_table=False,
        accept=".hexjson,.json",
    ),
    What.POSTCODES: SetupStep(
        what=What.POSTCODES,
        loader=loading.load_postcode_table,
        about=_(
            "Which areas postcodes are in, so that readers find their seats by them: the ONS "
            "Postcode Directory, or a table with a postcode and official codes in each row. For "
            "every election of this desk. Of more than 20 MB, use the command load_postcodes; and "
            "load it before the night."
        ),
        is_table=False,
        accept=".csv,.txt",
    ),
}


def steps_of(election: Election) -> list[SetupStep]:
    """The files of a night of its kind, in the order in which they are loaded."""
    rules = rules_of(election.kind)
    first = What.QUESTIONS if election.kind == ElectionKind.REFERENDUM else What.CANDIDATES
    wanted = [first]
    if rules.counting_areas:
        wanted.append(What.AREAS)
    if election.kind != ElectionKind.REFERENDUM:
        wanted.append(What.PREVIOUS)
    if rules.has_control:
        wanted.append(What.COMPOSITION)
    if rules.adds_up:
        wanted.append(What.MAP)
    wanted.append(What.POSTCODES)
    return [STEPS[what] for what in wanted]


def skips_others(election: Election) -> bool:
    """Whether a file usually has more areas than the election: so for by-elections."""
    return election.kind in BY_ELECTIONS
