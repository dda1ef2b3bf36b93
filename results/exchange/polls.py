"""Publish what a candidates' file says of polls that are not held: unopposed or postponed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from results import desk
from results.arithmetic import PollState, poll_of
from results.exchange.errors import counted
from results.models import Contest, Election, Standing


@dataclass(frozen=True, slots=True)
class BallotInFile:
    """A contest with the number of candidates in a file, and whether that says the poll is off.

    `region` is the name of the region whose lists count its seat, "" where the file has none.
    """

    contest: Contest
    candidates: int
    cancelled: bool
    region: str = ""

    @property
    def poll(self) -> PollState:
        """The state of the poll; of lists, which may have one row each, only what the file says."""
        state = poll_of(
            cancelled=self.cancelled, candidates=self.candidates, seats=self.contest.seats
        )
        is_unmarked_lists = state is PollState.UNMARKED and self.contest.elects_lists
        return PollState.HELD if is_unmarked_lists else state


def publish_polls(
    election: Election, ballots: Iterable[BallotInFile], *, by: User, source: str
) -> list[str]:
    """Publish each poll that the file says is not held; return a sentence for each of these.

    A contest that anything was published about is left as it is: what was reported or decided since
    is newer than the file. Of that, and of a ballot whose numbers and mark disagree, the sentence
    says what an editor may want to do. Nothing is published in an election that is not public.
    """
    if not election.is_published:
        off = [ballot for ballot in ballots if ballot.poll is not PollState.HELD]
        return [_of_draft(ballot, election) for ballot in off]
    known = desk.published_statuses(election)
    off = [
        ballot
        for ballot in ballots
        if ballot.poll is not PollState.HELD or ballot.contest.pk in known
    ]
    sentences: list[str] = []
    for some in desk.in_batches(off):
        with desk.batch(election):
            sentences += (
                _publish(ballot, known.get(ballot.contest.pk), by=by, source=source)
                for ballot in some
            )
    return [sentence for sentence in sentences if sentence]


def polls_in_words(ballots: Iterable[BallotInFile]) -> dict[int, str]:
    """Return what a file says of each poll, by contest: a sentence's beginning, empty if held.

    The sentences of `publish_polls` about what is not published begin with it and a colon.
    """
    return {
        ballot.contest.pk: "" if ballot.poll is PollState.HELD else _sentence(ballot)
        for ballot in ballots
    }


def _publish(ballot: BallotInFile, status: Standing.Status | None, *, by: User, source: str) -> str:
    if status is not None:
        return _difference(ballot, status)
    if ballot.poll is PollState.UNMARKED:
        return _unmarked(ballot)
    return publish_poll(ballot, by=by, source=source)


def _of_draft(ballot: BallotInFile, election: Election) -> str:
    if ballot.poll is PollState.UNMARKED:
        return _unmarked(ballot)
    because = f"not published, since “{election.name}” is not: load the file again when it is"
    return f"{_sentence(ballot)}: {because}"


def _unmarked(ballot: BallotInFile) -> str:
    return (
        f"{_sentence(ballot)}: nothing is published. If no poll is held, publish it in the admin."
    )


def publish_poll(ballot: BallotInFile, *, by: User, source: str) -> str:
    """Publish that a poll is not held: postponed, or everybody elected unopposed."""
    contest, poll = ballot.contest, ballot.poll
    key = f"poll-{hashlib.sha256(f'{contest.pk} {poll}'.encode()).hexdigest()[:40]}"
    if poll is PollState.POSTPONED:
        desk.report_status(contest, Standing.Status.POSTPONED, by=by, idempotency_key=key)
    else:
        desk.publish_unopposed(contest, by=by, idempotency_key=key, source=source)
    return _sentence(ballot)


def _sentence(ballot: BallotInFile) -> str:
    if ballot.poll is PollState.UNMARKED:
        return (
            f"{ballot.contest.full_name}: uncontested according to the numbers, "
            f"{_numbers(ballot)}, but not marked as a cancelled poll"
        )
    words = "postponed" if ballot.poll is PollState.POSTPONED else "elected unopposed"
    return f"{ballot.contest.full_name}: {words}, {_numbers(ballot)}"


#: The statuses that say what a file says; a poll that is held has any other.
AGREEING = {
    PollState.POSTPONED: Standing.Status.POSTPONED,
    PollState.UNOPPOSED: Standing.Status.UNOPPOSED,
    PollState.UNMARKED: Standing.Status.UNOPPOSED,
}
NOT_HELD = (Standing.Status.POSTPONED, Standing.Status.UNOPPOSED)


def _difference(ballot: BallotInFile, status: Standing.Status) -> str:
    """A sentence where the file differs from what is published; empty where they agree."""
    if status == AGREEING.get(ballot.poll, status) and (
        ballot.poll is not PollState.HELD or status not in NOT_HELD
    ):
        return ""
    return (
        f"{ballot.contest.full_name}: the file has {_numbers(ballot)} and a poll that is "
        f"{ballot.poll.value}; published is “{status.label}”, which only an editor changes"
    )


def _numbers(ballot: BallotInFile) -> str:
    return f"{ballot.candidates} standing for {counted(ballot.contest.seats, 'seat')}"


def is_unopposed(contest: Contest) -> bool:
    """Whether the contest's candidates are published as elected unopposed."""
    unopposed = Standing.Status.UNOPPOSED
    return Standing.objects.filter(contest=contest, status=unopposed).exists()
