"""The states that a contest went through on its night, with their times and causes."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _, ngettext

from results.live.revision_differences import (
    RevisionChange,
    newly_elected,
    outcome_of,
    winners_of,
)
from results.live.seat import Seat
from results.models import Bulletin, Declaration, Standing
from results.words.nouns import listing
from results.words.number_format import grouped
from results.words.seat_sentences import verification_sentence
from results.words.times import clock, declared_before, expected_time


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One state of a contest. `at` is None if the time is not known, as for results from files.

    `kind` is the status or the kind of revision, for the style; `change` what a correction, an
    update or a withdrawal changed.
    """

    kind: str
    title: str
    at: datetime | None = None
    text: str = ""
    change: RevisionChange | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A status of the count as published by a bulletin; None and "" for what it did not give."""

    sequence: int
    at: datetime
    status: str
    expected_at: datetime | None = None
    verification: str = ""


def status_reports(seat: Seat, unstored: Iterable[Bulletin] = ()) -> list[StatusReport]:
    """Return the published statuses of the contest's count, oldest first, in one query.

    `unstored` are the bulletins that the present transaction has not stored yet. The newest has no
    content while its own fragments are rendered: its status is that of `seat`.
    """
    log = Bulletin.objects.filter(contest=seat.contest, kind=Bulletin.Kind.STATUS)
    columns = ("sequence", "published_at", "content")
    stored = [_stored(seat, *row) for row in log.order_by("sequence").values_list(*columns)]
    pending = [
        _present(seat, each)
        if each.content is None
        else _stored(seat, each.sequence, each.published_at, each.content)
        for each in unstored
        if each.contest_id == seat.contest.pk and each.kind == Bulletin.Kind.STATUS
    ]
    return [report for report in (*stored, *pending) if report is not None]


def recounts(reports: Iterable[StatusReport]) -> Iterator[StatusReport]:
    """Yield the reports that a recount begins, the first and every other one.

    Where a recount is reported again with nothing else that is new, it is another recount.
    """
    for news in _news(reports):
        if news.report.status == Standing.Status.RECOUNT and (news.has_status or not news.has_more):
            yield news.report


class _News(NamedTuple):
    """A report, and what of it was not known before."""

    report: StatusReport
    has_status: bool
    has_time: bool
    has_verification: bool

    @property
    def has_more(self) -> bool:
        """Whether it has more news than of the status."""
        return self.has_time or self.has_verification


def _news(reports: Iterable[StatusReport]) -> Iterator[_News]:
    status, expected, verification = str(Standing.Status.AWAITING), None, ""
    for report in reports:
        yield _News(
            report,
            has_status=report.status != status,
            has_time=report.expected_at not in (None, expected),
            has_verification=report.verification not in ("", verification),
        )
        status, expected = report.status, report.expected_at or expected
        verification = report.verification or verification


def _present(seat: Seat, bulletin: Bulletin) -> StatusReport:
    standing = seat.standing
    words = verification_sentence(
        standing.verified_electorate, standing.verified_papers, standing.verified_turnout
    )
    expected = seat.contest.expected_at
    return StatusReport(bulletin.sequence, bulletin.published_at, standing.status, expected, words)


def _stored(seat: Seat, sequence: int, at: datetime, content: str | None) -> StatusReport | None:
    """Return a bulletin's status; None where it was erased, or not stored by earlier releases."""
    for row in json.loads(content or "{}").get("contests", ()):
        if row["contest"]["slug"] == seat.contest.slug:
            return StatusReport(sequence, at, row["status"], *_count(row.get("count") or {}))
    return None


def _count(count: Mapping[str, Any]) -> tuple[datetime | None, str]:
    expected = count.get("expected_at")
    turnout = count.get("turnout")
    words = verification_sentence(
        count.get("electorate"),
        count.get("papers"),
        Decimal(turnout) if turnout is not None else None,
    )
    return parse_datetime(expected) if expected else None, words


def night_here(
    seat: Seat, reports: Sequence[StatusReport], history: Sequence[RevisionChange]
) -> list[HistoryStep]:
    """Return every state of the contest, oldest first; `history` are its changes, newest first.

    It is a pure function of the log: the published statuses of the count, and the contest's
    revisions.
    """
    steps = [*_of_reports(seat, reports)]
    if not _has_no_poll(seat):
        steps.append((0, _close_of_poll(seat, reports)))
    first = history[-1].before if history else seat.declaration
    if first is not None:
        steps.append((first.sequence, _of_first_revision(seat, first)))
    steps += [(change.declaration.sequence, _of_change(seat, change)) for change in history]
    return [step for _sequence, step in sorted(steps, key=lambda pair: pair[0])]


def _has_no_poll(seat: Seat) -> bool:
    """Whether no poll closes here on this night, as far as is known."""
    unopposed = seat.declaration is not None and seat.declaration.unopposed
    return unopposed or seat.standing.status == Standing.Status.POSTPONED


def _close_of_poll(seat: Seat, reports: Sequence[StatusReport]) -> HistoryStep:
    at = seat.contest.expected_at
    text = ""
    if at and not seat.is_published and not any(report.expected_at == at for report in reports):
        text = _expected(seat, at)
    return HistoryStep("awaiting", _("Polls close"), seat.contest.election.polls_close, text)


def _expected(seat: Seat, at: datetime) -> str:
    time = expected_time(at, seat.contest.election)
    # Worded so that it is still true in an open page once that time has passed.
    return _("Time given for the declaration: about %(time)s.") % {"time": time}


def _of_reports(seat: Seat, reports: Iterable[StatusReport]) -> Iterator[tuple[int, HistoryStep]]:
    """Yield a step for each report with new information."""
    for news in _news(reports):
        report, words = news.report, []
        if news.has_verification:
            words.append(f"{report.verification}.")
        if news.has_time and report.expected_at:
            words.append(_expected(seat, report.expected_at))
        if news.has_status:
            title = str(Standing.Status(report.status).label)
        elif news.has_more:
            title = _("Verification") if news.has_verification else _("Expected")
        elif report.status == Standing.Status.RECOUNT:
            title = _("Another recount")
        else:
            continue
        yield report.sequence, HistoryStep(report.status, title, report.at, " ".join(words))


def _of_first_revision(seat: Seat, declaration: Declaration) -> HistoryStep:
    kind, at = Declaration.Kind(declaration.kind), declaration.declared_at
    if at and declared_before(at, declaration.created_at):
        at = declaration.created_at
    return HistoryStep(kind, _title(seat, kind), at, _first_text(seat, declaration))


def _of_change(seat: Seat, change: RevisionChange) -> HistoryStep:
    declaration = change.declaration
    kind = Declaration.Kind(declaration.kind)
    is_change = change.is_correction or change.is_withdrawal
    begins = kind in (Declaration.Kind.DECLARATION, Declaration.Kind.WINNER_ONLY)
    if is_change:
        text = ""
    elif seat.as_declared and change.before and (new := newly_elected(change.before, declaration)):
        text = _elected_text(new)  # those of earlier stages stand in the steps before
    else:
        text = _first_text(seat, declaration) if begins else _text(seat, declaration)
    return HistoryStep(kind, _title(seat, kind), declaration.created_at, text, change)


def _first_text(seat: Seat, declaration: Declaration) -> str:
    """Return `_text`, and when the result was declared if it was published some time later."""
    text, zone = _text(seat, declaration), seat.contest.election.zone
    at = declared_before(declaration.declared_at, declaration.created_at)
    declared = f"{_('Declared at %(time)s') % {'time': clock(at, zone)}}." if at else ""
    return " ".join(filter(None, [text, declared]))


def _title(seat: Seat, kind: Declaration.Kind) -> str:
    kinds = Declaration.Kind
    if seat.as_declared and kind in (kinds.WINNER_ONLY, kinds.UPDATE):
        # Winners were declared, with or without first preferences, and others may follow.
        return _("Elected")
    return {
        kinds.WINNER_ONLY: _("Winner"),
        kinds.UPDATE: _("Full figures"),
        kinds.CORRECTION: _("Corrected"),
        kinds.WITHDRAWAL: _("Withdrawn"),
        kinds.UNOPPOSED: _("Elected unopposed"),
        kinds.INCOMPLETE: _("Some totals"),
    }.get(kind) or (_("Counted") if seat.contest.is_counting_area else _("Result"))


def _text(seat: Seat, declaration: Declaration) -> str:
    """Return the sentence on who was elected and by how many votes; empty where nobody was."""
    is_current = declaration == seat.declaration
    names = [row.name for row in seat.winners] if is_current else winners_of(declaration)
    if not names:
        return ""
    words = {"names": listing(names)}
    if seat.is_referendum:
        return _("%(names)s has the most votes.") % words
    if declaration.kind == Declaration.Kind.WINNER_ONLY and not seat.as_declared:
        return (
            ngettext(
                "%(names)s is elected; full figures to follow.",
                "%(names)s are elected; full figures to follow.",
                len(names),
            )
            % words
        )
    outcome = seat.outcome if is_current else outcome_of(declaration)
    votes = outcome.majority if outcome else None
    if votes is not None and len(names) == 1:
        words["votes"] = grouped(votes)
        if outcome and outcome.by_lot:
            elected = ngettext("%(names)s is elected.", "%(names)s are elected.", 1)
            if declaration.recount:
                elected = _("%(names)s is elected after a recount.")
            return f"{elected % words} {_('The vote was tied and the seat decided by lot.')}"
        if declaration.recount:
            template = _("%(names)s is elected after a recount, with a majority of %(votes)s.")
        else:
            template = _("%(names)s is elected with a majority of %(votes)s.")
        return template % words
    return _elected_text(names)


def _elected_text(names: Sequence[str]) -> str:
    words = {"names": listing(names)}
    return ngettext("%(names)s is elected.", "%(names)s are elected.", len(names)) % words
