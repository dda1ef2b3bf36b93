"""Schemas of the requests that publish, and of the answer to them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, StringConstraints

from results.models.text_limits import (
    LONGEST_HEADLINE,
    LONGEST_NAME,
    LONGEST_QUOTE,
    LONGEST_REASON,
)

#: The largest count: columns are 32-bit.
MAX_COUNT = 2**31 - 1
Count = Annotated[int, Field(ge=0, le=MAX_COUNT, strict=True)]
Id = Annotated[int, Field(ge=1, le=2**53, strict=True)]


def _no_nul(text: object) -> object:
    if isinstance(text, str) and "\0" in text:
        raise ValueError("text holds a NUL character")
    return text


def _within_two_centuries(moment: datetime) -> datetime:
    """Refuse what is a slip, and what has no year in UTC, such as 9999-12-31T23:59:59-12:00."""
    if not 1900 <= moment.year < 2100:
        raise ValueError("the time has to be between 1900 and 2100")
    return moment


def _on_one_line(text: str) -> str:
    """Put a blank in the place of line breaks; other blanks are part of a name."""
    return " ".join(line.strip() for line in text.splitlines())


Moment = Annotated[AwareDatetime, AfterValidator(_within_two_centuries)]
# Constraints stand before the validator: after it their messages speak of “items”, not characters.
NoNul = BeforeValidator(_no_nul)
OneLine = AfterValidator(_on_one_line)
Short = Annotated[str, StringConstraints(max_length=LONGEST_NAME), NoNul, OneLine]
Reason = Annotated[str, StringConstraints(max_length=LONGEST_REASON), NoNul]
Words = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUOTE), NoNul]
HeadlineText = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_HEADLINE), NoNul, OneLine
]


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
    candidate: Id = Field(description="The candidate’s id, as the contest has it.")
    stage: Annotated[int, Field(ge=1, le=999, strict=True)] = Field(
        description="The stage of the count at which the candidate was elected."
    )


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
        0,
        description="The contest’s revision when you read it; 0 before the first result. "
        "A correction is of this one.",
    )
    votes: list[CandidateVotes] = Field(
        [], max_length=500, description="Everybody who is voted for, if all votes are known."
    )
    winners: list[Id] = Field([], max_length=100, description="Who is elected, with winner_only.")
    lot: list[Id] = Field([], max_length=100, description="Who was drawn by lot after a tie.")
    stages: list[Stage] = Field(
        [], max_length=500, description="Single transferable vote: when each was elected."
    )
    quota: Count | None = Field(None, description="Single transferable vote: votes that elect.")
    rejected: Count | None = Field(None, description="Rejected ballot papers.")
    electorate: Count | None = Field(None, description="People on the register, if read out.")
    papers: Count | None = Field(None, description="Ballot papers at verification.")
    valid_announced: Count | None = Field(
        None, description="The total of valid votes, if it was read out: compared with their sum."
    )
    turnout_announced: Decimal | None = Field(
        None,
        ge=0,
        le=100,
        max_digits=5,
        decimal_places=2,
        description="A percentage, as it was read out.",
    )
    declared_at: Moment | None = Field(
        None, description="When it was read out, with an offset; null where you do not know."
    )
    recount: bool = Field(False, description="Whether it follows a recount.")
    source: Short = Field("", description="Where you have it from. Readers see it.")
    reason: Reason = Field("", description="Why it changes what readers have seen. They read it.")
    warning_reason: Reason = Field("", description="Why the checks’ warnings are accepted.")


class Status(Sent):
    """The state of a count that has no result yet."""

    status: Literal["awaiting", "under_way", "bundle_check", "recount", "on_stage"] = Field(
        description="on_stage: the returning officer is about to declare."
    )
    expected_at: Moment | None = Field(
        None,
        description="When the declaration is expected, with an offset: from the close of poll to "
        "two weeks after it.",
    )


class Quote(Sent):
    words: Words = Field(description="What was said, without quotation marks.")
    candidate: Id | None = Field(None, description="The speaker, where that is a candidate.")
    speaker: Short = Field("", description="The speaker’s name, where that is nobody standing.")
    role: Short = Field("", description="What the speaker is, such as “Agent”.")
    reported: bool = Field(False, description="Whether it is shown without quotation marks.")
    said_at: Moment | None = Field(
        None, description="When it was said, with an offset; null is now."
    )


class Headline(Sent):
    text: HeadlineText = Field(description="One line, without a full stop at its end.")


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
