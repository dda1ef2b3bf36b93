"""Schemas of the requests that publish, and of the answer to them."""

from decimal import Decimal
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, StringConstraints

#: The largest count: columns are 32-bit.
MAX_COUNT = 2**31 - 1
Count = Annotated[int, Field(ge=0, le=MAX_COUNT, strict=True)]
Id = Annotated[int, Field(ge=1, le=2**53, strict=True)]


def _no_nul(text: object) -> object:
    if isinstance(text, str) and "\0" in text:
        raise ValueError("text holds a NUL character")
    return text


Short = Annotated[str, StringConstraints(max_length=200), BeforeValidator(_no_nul)]
Long = Annotated[str, StringConstraints(max_length=2000), BeforeValidator(_no_nul)]


class Sent(Schema):
    """Base of requests: an unknown field is refused instead of ignored."""

    model_config = ConfigDict(extra="forbid")


class CandidateVotes(Sent):
    candidate: Id = Field(description="The candidate’s id, as the contest has it.")
    name: Short | None = Field(
        None, description="The name that you saw: compared with the ballot paper of now."
    )
    votes: Count | None = Field(None, description="Null is not known.")


class Stage(Sent):
    candidate: Id
    stage: Annotated[int, Field(ge=1, le=999, strict=True)]


class Result(Sent):
    """A result as the returning officer read it out."""

    kind: Literal["result", "winner_only", "incomplete", "correction"] = Field(
        "result",
        description=(
            "incomplete: some totals and no winner, public with a label and in no sum. "
            "correction: asks the desk to correct what is published; an editor decides."
        ),
    )
    base_revision: Count = Field(
        0, description="The contest’s revision when you read it; 0 before the first result."
    )
    votes: list[CandidateVotes] = Field(
        [], max_length=500, description="Everybody who is voted for, if all votes are known."
    )
    winners: list[Id] = Field([], max_length=100, description="Who is elected, with winner_only.")
    lot: list[Id] = Field([], max_length=100, description="Who was drawn by lot after a tie.")
    stages: list[Stage] = Field(
        [], max_length=500, description="Single transferable vote: when each was elected."
    )
    quota: Count | None = None
    rejected: Count | None = Field(None, description="Rejected ballot papers.")
    electorate: Count | None = None
    papers: Count | None = Field(None, description="Ballot papers at verification.")
    valid_announced: Count | None = None
    turnout_announced: Decimal | None = Field(
        None, ge=0, le=100, max_digits=5, decimal_places=2, description="A percentage."
    )
    declared_at: AwareDatetime | None = Field(
        None, description="When it was read out, with an offset; null where you do not know."
    )
    recount: bool = False
    source: Short = ""
    reason: Long = Field("", description="Why it changes what readers have seen. They read it.")
    warning_reason: Long = Field("", description="Why the checks’ warnings are accepted.")


class Status(Sent):
    status: Literal["awaiting", "under_way", "bundle_check", "recount", "on_stage"]
    expected_at: AwareDatetime | None = Field(
        None, description="When the declaration is expected, with an offset."
    )


class Quote(Sent):
    words: Annotated[Long, StringConstraints(min_length=1)]
    candidate: Id | None = Field(None, description="The speaker, where that is a candidate.")
    speaker: Short = Field("", description="The speaker’s name, where that is nobody standing.")
    role: Short = ""
    reported: bool = Field(False, description="Whether it is shown without quotation marks.")
    said_at: AwareDatetime | None = None


class Headline(Sent):
    text: Annotated[Short, StringConstraints(min_length=1, max_length=160)]


class Receipt(Schema):
    """What became of a request: the same however often it is sent."""

    state: Literal["published", "unchanged", "waiting", "declined"] = Field(
        description="waiting: a second person or an editor decides. unchanged: it stood already."
    )
    repeated: bool = Field(
        description="Whether it had been published before; false while it waits."
    )
    sequence: int | None = Field(description="The bulletin that published it.")
    summary: str | None
    review_item: int | None = Field(description="The item of the review queue.")
    note: str | None = Field(description="What an editor wrote to its sender.")
    page: str = Field(description="The path of the page that shows it.")
