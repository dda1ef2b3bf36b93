"""Schemas of the API's answers, for its OpenAPI document.

Elections, parties, bodies and contests are those of results.json: their schemas are taken from the
published one (`results/reader/schemas/`), so that there is one description of them.
"""

from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import WithJsonSchema

from results.models import Bulletin, Declaration

#: Marks where the OpenAPI document refers to a schema of results.json, by its name there.
PUBLISHED = "x-results-json"


# No references yet: pydantic looks each of its own up.
ContestDocument = Annotated[dict[str, Any], WithJsonSchema({PUBLISHED: "contest"})]
ElectionDocument = Annotated[dict[str, Any], WithJsonSchema({PUBLISHED: "election"})]
PartyDocument = Annotated[dict[str, Any], WithJsonSchema({PUBLISHED: "party"})]
BodyDocument = Annotated[dict[str, Any], WithJsonSchema({PUBLISHED: "body"})]
ChangeDocument = Annotated[dict[str, Any], WithJsonSchema({PUBLISHED: "change"})]

_MOMENT = "In UTC, as 2024-07-05T01:23:00+00:00."


class Position(Schema):
    """Where the log stood when the document was made."""

    epoch: str = Field(description="Sequences of another epoch cannot be compared.")
    sequence: int = Field(description="The number of the newest bulletin in this document.")


class ListedElection(Position):
    slug: str
    name: str
    kind: str
    date: str
    timezone: str
    polls_close: str = Field(description=_MOMENT)
    rehearsal: bool = Field(description="Whether the figures are invented.")
    final: bool = Field(description="Whether the night is closed.")
    page: str = Field(description="The path of its page.")


class Elections(Schema):
    elections: list[ListedElection]


class ElectionSummary(Schema):
    version: int
    # The name “schema” is taken by pydantic.
    schema_address: str = Field(alias="schema")
    election: ElectionDocument
    parties: list[PartyDocument]
    bodies: list[BodyDocument]
    corrections: list[ChangeDocument] = Field(description="Of what many contests share.")


class ForecastParty(Schema):
    party: str = Field(description="The abbreviation, as in the tally.")
    name: str
    seats: int


class ExternalFigures(Schema):
    kind: str = Field(description="exit-poll, or wire for a wire service’s count.")
    source: str
    as_of: str = Field(description=_MOMENT)
    parties: list[ForecastParty] = Field(description="Never added to the tally.")


class ContestGroup(Schema):
    slug: str
    name: str
    about: str
    page: str = Field(description="The path of its page.")
    contests: list[str] = Field(description="The slugs of its contests, by name.")


class Overview(Position):
    headline: str = Field(description="As it stands above the page.")
    headline_by_editor: bool
    headline_by_rule: str = Field(description="What stands there without an editor’s.")
    standfirst: str
    external_figures: ExternalFigures | None
    groups: list[ContestGroup]


class ExpectedContest(Schema):
    contest: str = Field(description="The contest’s slug.")
    name: str
    status: str
    expected_at: str | None = Field(description=f"{_MOMENT} Null where no time was given.")


class Expected(Position):
    next: str | None = Field(description="The path of the next page; null on the last.")
    contests: list[ExpectedContest] = Field(description="Soonest first.")


class Contests(Position):
    next: str | None = Field(description="The path of the next page; null on the last.")
    contests: list[ContestDocument]


class Bodies(Position):
    bodies: list[BodyDocument]


class Difference(Schema):
    figure: str
    before: str | None
    after: str | None


class RevisedVotes(Schema):
    candidate: int
    name: str = Field(description="As it was published with this revision.")
    votes: int | None
    announced_elected: bool
    by_lot: bool


class Revision(Schema):
    revision: int
    kind: Literal[*Declaration.Kind.values]  # type: ignore[valid-type]  # known at run time
    sequence: int
    published_at: str = Field(description=_MOMENT)
    declared_at: str | None = Field(description=_MOMENT)
    result: str | None = Field(description="A sentence, as it was published.")
    reason: str | None
    fault: str | None
    electorate: int | None
    rejected: int | None
    turnout_announced: str | None
    votes: list[RevisedVotes] = Field(description="Empty in a withdrawal.")
    retraction: str | None
    changes: list[Difference]


class Revisions(Position):
    contest: str
    revisions: list[Revision] = Field(description="Oldest first.")


class FeedEntry(Schema):
    id: str
    kind: str
    sequence: int
    at: str | None = Field(
        description="When it was published; null for a result from a file without times."
    )
    modified_at: str
    page: str
    heading: str
    text: str
    correction: str | None
    author: str


class Feed(Position):
    next: str | None = Field(description="The path of older entries; null on the last page.")
    entries: list[FeedEntry] = Field(description="Newest first.")


_AREA = "The slug of the counting area that it is about, among the contest’s `counting_areas`."


class ContestChange(Schema):
    kind: str
    revision: int | None
    sequence: int
    published_at: str | None
    retraction: str | None
    reason: str
    fault: str | None
    changes: list[Difference]
    contest: str | None = Field(description="The contest’s slug; null of what many share.")
    counting_area: str | None = Field(description=_AREA)


class Corrections(Position):
    corrections: list[ContestChange] = Field(description="Oldest first.")


class Change(Schema):
    sequence: int
    kind: Literal[*Bulletin.Kind.values]  # type: ignore[valid-type]  # known at run time
    published_at: str
    contest: str | None = Field(description="The slug of the contest that it is about.")
    counting_area: str | None = Field(description=_AREA)
    summary: str | None = Field(
        description="Null where its words were reworded or withdrawn since."
    )


class Changes(Position):
    since: int
    reset: bool = Field(description="Whether everything has to be fetched again.")
    next: str | None
    changes: list[Change] = Field(description="Oldest first.")


class Finding(Schema):
    """One thing that is wrong with a request."""

    code: str = Field(description="For programs.")
    field: str = Field(
        description=(
            "Where it is: the name of what was sent (`votes.0.candidate`), or `votes-8` for the "
            "votes of candidate 8; empty for the whole request."
        )
    )
    message: str = Field(description="For people, in the language of the desk.")
    level: Literal["block", "reason", "note"] = Field(
        description="block: cannot be published. reason: accepted with a reason."
    )
    accepted_with: Literal["warning_reason", "reason"] | None = Field(
        description="The field whose words accept it."
    )


class Problem(Schema):
    """A refusal, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(description="For programs; docs/api.md lists them.")
    detail: str
    findings: list[Finding] = []
