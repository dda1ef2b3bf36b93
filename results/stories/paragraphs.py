"""Write the paragraphs of a draft story: result, field, turnout, change, corrections, quotes."""

from collections.abc import Iterator
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, ngettext

from results.live.revision_differences import RevisionChange
from results.live.seat_row import SeatRow
from results.models import Photo, Quote
from results.stories.facts import SeatFacts
from results.stories.sentences import Fact, Sentence, fill, join
from results.words.number_format import (
    grouped,
    ordinal,
    percent,
    points,
    share_in_words,
    swing_points,
)


class ParagraphWriter(SeatFacts):
    """Writer of a seat's sentences by paragraph; those with unknown facts are left out."""

    # --- The result ---------------------------------------------------------------------------

    def result(self) -> Iterator[Sentence | None]:
        yield self._declared()
        for row in self.seat.winners:
            yield self._elected(row)
            yield self._how_often(row)
        yield self._runner_up()
        yield self._defeated()
        if self.outcome and self.outcome.winner_only:
            yield Sentence(_("The full figures are still to follow."))

    def _declared(self) -> Sentence | None:
        declaration = self.seat.declaration
        if declaration is None or declaration.declared_at is None:
            return None
        at = localtime(declaration.declared_at, self.snapshot.election.zone)
        params = {
            "seat": self.seat_name,
            "time": Fact(at.strftime("%H:%M"), "declared_at"),
            "date": Fact(date_format(at, "j F Y"), "declared_at"),
        }
        if declaration.recount:
            template = _("%(seat)s was declared at %(time)s on %(date)s, after a recount.")
        else:
            template = _("%(seat)s was declared at %(time)s on %(date)s.")
        return fill(template, **params)

    def _elected(self, row: SeatRow) -> Sentence | None:
        votes = self.counted_votes(row)
        reelected = row.candidate.sitting_member
        params = {"who": self.name_and_party(row)}
        if row.party_name.is_answer and votes is not None:
            return fill(_("%(who)s had %(votes)s."), votes=votes, **params)
        if votes is None:
            return fill(self._without_votes(reelected=bool(reelected)), **params)
        before = row.votes_last_time
        if before is None:
            template = (
                _("%(who)s was re-elected with %(votes)s.")
                if reelected
                else _("%(who)s was elected with %(votes)s.")
            )
            return fill(template, votes=votes, **params)
        moved = _moved(row.candidate_result.votes or 0, before)
        if reelected:
            template = _("%(who)s was re-elected with %(votes)s, %(moved)s %(before)s %(then)s.")
        elif row.party_name.is_party:
            # Last time's votes are the party's, perhaps those of another candidate.
            template = _(
                "%(who)s was elected with %(votes)s, %(moved)s the party’s %(before)s %(then)s."
            )
        else:
            template = _("%(who)s was elected with %(votes)s, %(moved)s %(before)s %(then)s.")
        return fill(
            template,
            votes=votes,
            moved=moved,
            before=Fact(grouped(before), f"last votes of {row.party_name.label}"),
            then=self.when_last(),
            **params,
        )

    def _without_votes(self, *, reelected: bool) -> str:
        if self.outcome and self.outcome.unopposed:
            return (
                _("%(who)s was re-elected unopposed.")
                if reelected
                else _("%(who)s was elected unopposed.")
            )
        return _("%(who)s was re-elected.") if reelected else _("%(who)s was elected.")

    def _how_often(self, row: SeatRow) -> Sentence | None:
        if not row.times_elected:
            return None
        name, ward = self.name(row), str(self.seat.words.contest.one)
        if row.times_elected == 1:
            template = _("It is the first time that the %(ward)s has elected %(name)s.")
            return fill(template, ward=ward, name=name)
        times = Fact(ordinal(row.times_elected), "candidate.times_elected + 1")
        template = _("It is the %(times)s time that the %(ward)s has elected %(name)s.")
        return fill(template, times=times, ward=ward, name=name)

    def _runner_up(self) -> Sentence | None:
        """The runner-up and the majority, or the tie that was decided by lot."""
        rows = [row for row in self.seat.rows if not row.candidate_result.elected]
        if not rows or self.outcome is None:
            return None
        if len(self.seat.winners) > 1:
            return self._next(rows[0])
        row, votes = rows[0], self.votes(rows[0])
        if votes is None:
            return None
        who = self.name_and_party(row)
        if self.outcome.by_lot:
            template = _("%(who)s had as many, %(votes)s: the seat was decided by lot.")
            return fill(template, who=who, votes=votes)
        if self.outcome.majority is None:
            return fill(_("%(who)s came second with %(votes)s."), who=who, votes=votes)
        majority = Fact(grouped(self.outcome.majority), "majority")
        if self.outcome.majority_share is None:
            template = _(
                "%(who)s came second with %(votes)s, which makes the majority %(majority)s."
            )
            return fill(template, who=who, votes=votes, majority=majority)
        share = Fact(share_in_words(self.outcome.majority_share), "majority / valid votes")
        template = _(
            "%(who)s came second with %(votes)s, which makes the majority %(majority)s, "
            "%(share)s%% of the valid votes."
        )
        return fill(template, who=who, votes=votes, majority=majority, share=share)

    def _next(self, row: SeatRow) -> Sentence | None:
        """Return the first candidate who missed one of several seats, and by how many votes."""
        votes, outcome = self.votes(row), self.outcome
        if votes is None or outcome is None:
            return None
        who = self.name_and_party(row)
        if outcome.by_lot:
            template = _("The last seat was decided by lot: %(who)s had as many, %(votes)s.")
            return fill(template, who=who, votes=votes)
        if outcome.majority is None:
            return None
        fewer = Fact(grouped(outcome.majority), "votes of the last elected − votes")
        template = _("%(who)s came next with %(votes)s, %(fewer)s fewer than the last elected.")
        return fill(template, who=who, votes=votes, fewer=fewer)

    def _defeated(self) -> Sentence | None:
        defeated = self.seat.defeated
        if not defeated:
            return None
        template = ngettext(
            "The %(member)s, %(names)s, was defeated.",
            "The %(member)s %(names)s were defeated.",
            len(defeated),
        )
        member = str(self.seat.words.people.sitting_of(len(defeated)))
        return fill(template, member=member, names=self.names(defeated))

    # --- The others, turnout, change ----------------------------------------------------------

    def field_title(self) -> str:
        return _("The rest of the field")

    def field(self) -> Iterator[Sentence | None]:
        others = [row for row in self.seat.rows if not row.candidate_result.elected]
        rest = others if len(self.seat.winners) > 1 else others[1:]
        known = [(row, votes) for row in rest if (votes := self.votes(row))]
        if known:
            parts = [
                fill(
                    _("%(who)s had %(votes)s") if number == 0 else _("%(who)s %(votes)s"),
                    who=self.name_and_party(row),
                    votes=votes,
                )
                for number, (row, votes) in enumerate(known)
            ]
            yield fill("%(list)s.", list=join(parts))
        if lost := self.seat.lost_deposits:
            yield self.lost_deposits([fill("%(name)s", name=self.name(row)) for row in lost])

    def lost_deposits(self, names: list[Sentence]) -> Sentence:
        template = ngettext(
            "%(names)s lost the deposit, with %(share)s%% of the valid votes or less.",
            "%(names)s lost their deposits, with %(share)s%% of the valid votes or less each.",
            len(names),
        )
        threshold = percent(self.seat.deposit_threshold).removesuffix(".0")
        share = Fact(threshold, "the rule for deposits")
        return fill(template, names=join(names), share=share)

    def turnout(self) -> Iterator[Sentence | None]:
        declaration, outcome = self.seat.declaration, self.outcome
        if declaration is None or outcome is None:
            return
        if declaration.turnout_announced is not None:
            turnout = Fact(f"{declaration.turnout_announced.normalize():f}", "turnout_announced")
            yield fill(_("Turnout was announced as %(turnout)s%%."), turnout=turnout)
        yield self._electorate()
        yield self._valid_votes()

    def _electorate(self) -> Sentence | None:
        declaration = self.seat.declaration
        if declaration is None or declaration.electorate is None:
            return None
        now = fill(
            ngettext(
                "There was %(now)s person on the register",
                "There were %(now)s people on the register",
                declaration.electorate,
            ),
            now=Fact(grouped(declaration.electorate), "electorate"),
        )
        last, change = self.seat.last_time, self.seat.electorate_change
        if last is None or last.electorate is None or change is None:
            return fill(_("%(now)s."), now=now)
        if change == 0:
            template = _("%(now)s, as many as %(then)s.")
            return fill(template, now=now, then=self.when_last())
        if change > 0:
            template = _("%(now)s, %(change)s more than the %(before)s %(then)s.")
        else:
            template = _("%(now)s, %(change)s fewer than the %(before)s %(then)s.")
        return fill(
            template,
            now=now,
            before=Fact(grouped(last.electorate), "last electorate"),
            change=Fact(grouped(abs(change)), "electorate − last electorate"),
            then=self.when_last(),
        )

    def _valid_votes(self) -> Sentence | None:
        declaration, outcome = self.seat.declaration, self.outcome
        if declaration is None or outcome is None or outcome.valid is None or outcome.winner_only:
            return None
        if self.seat.contest.seats > 1:
            return None
        valid = Fact(grouped(outcome.valid), "valid votes")
        if outcome.turnout_valid is None:
            template = ngettext(
                "There was %(valid)s valid vote.",
                "There were %(valid)s valid votes.",
                outcome.valid,
            )
            return fill(template, valid=valid)
        turnout = fill(
            ngettext(
                "The %(valid)s valid vote makes a turnout of %(share)s%%",
                "The %(valid)s valid votes make a turnout of %(share)s%%",
                outcome.valid,
            ),
            valid=valid,
            share=Fact(percent(outcome.turnout_valid), "valid votes / electorate"),
        )
        if declaration.rejected is None or outcome.turnout_ballots is None:
            return fill(_("%(turnout)s."), turnout=turnout)
        return fill(
            _("%(turnout)s; with the %(rejected)s rejected it is %(all)s%%."),
            turnout=turnout,
            rejected=Fact(grouped(declaration.rejected), "rejected"),
            all=Fact(percent(outcome.turnout_ballots), "ballots / electorate"),
        )

    def change(self) -> Iterator[Sentence | None]:
        for row in self.seat.winners[:1]:
            yield self._share_change(row)
        yield self._swing()
        yield self._notional()

    def _swing(self) -> Sentence | None:
        swing, loser, gainer = self.seat.swing, self.seat.swing_from, self.seat.swing_to
        if swing is None or loser is None or gainer is None:
            return None
        parties = {"loser": self.party_name(loser), "gainer": self.party_name(gainer)}
        if not swing.points:
            return fill(_("There was no swing between %(gainer)s and %(loser)s."), **parties)
        return fill(
            _("That is a swing of %(points)s points from %(loser)s to %(gainer)s."),
            points=Fact(swing_points(swing.points), "swing"),
            **parties,
        )

    def _notional(self) -> Sentence | None:
        last = self.seat.last_time
        if last is None or not last.notional:
            return None
        return Sentence(_("The result last time is notional: the boundaries have moved since."))

    def _share_change(self, row: SeatRow) -> Sentence | None:
        if row.share_change is None or not row.party_name.is_party:
            return None
        party, size = self.party_name(row.party_name), abs(points(row.share_change))
        if size == 0:
            return fill(_("The share of %(party)s was as it had been."), party=party)
        template = (
            _("The share of %(party)s rose by %(points)s points.")
            if row.share_change > Fraction(0)
            else _("The share of %(party)s fell by %(points)s points.")
        )
        field = f"change of share of {row.party_name.label}"
        return fill(template, party=party, points=Fact(str(size), field))

    # --- Corrections, background, quotes and photos --------------------------------------------

    def corrections(self) -> Iterator[Sentence | None]:
        is_withdrawn = False
        for change in reversed(self.snapshot.history(self.seat)):
            if change.is_correction:
                yield self._corrected(change)
            elif change.is_withdrawal and not change.is_of_totals:
                is_withdrawn = True
                template = _("The result was withdrawn at %(time)s (%(reason)s).")
                yield fill(template, time=self._time(change), reason=_reason(change))
            elif is_withdrawn:
                is_withdrawn = False
                yield fill(_("A result was published again at %(time)s."), time=self._time(change))

    def _time(self, change: RevisionChange) -> Fact:
        at = localtime(change.declaration.created_at, self.snapshot.election.zone)
        return Fact(at.strftime("%H:%M"), f"{change.declaration.kind} at")

    def _corrected(self, change: RevisionChange) -> Sentence:
        names = set(self.seat.candidate_names.values())
        parts = [
            fill(
                _("%(figure)s was published as %(before)s"),
                figure=_figure(difference.name, names),
                before=Fact(difference.before or _("nothing"), f"{difference.name} before"),
            )
            for difference in change.differences
        ]
        params = {"time": self._time(change), "reason": _reason(change)}
        if not parts:
            return fill(_("The result was corrected at %(time)s (%(reason)s)."), **params)
        template = _("The result was corrected at %(time)s (%(reason)s): before that %(list)s.")
        return fill(template, list=join(parts), **params)

    def background(self) -> Iterator[Sentence | None]:
        note = self.seat.contest.note.strip()
        if note:
            yield Sentence(note, (Fact(note, "contest.note"),))

    def quotes(self) -> Iterator[Sentence]:
        previous_speaker = ""
        for quote in reversed(self.snapshot.quotes_from(self.seat.contest)):
            yield _quoted(quote, same_speaker=quote.speaker == previous_speaker)
            previous_speaker = quote.speaker

    def photos(self) -> Iterator[Sentence]:
        for photo in self.snapshot.photos_from(self.seat.contest):
            yield _captioned(photo)


def _reason(change: RevisionChange) -> Fact:
    return Fact(change.declaration.reason.rstrip("."), "reason")


def _figure(name: str, candidates: set[str]) -> str:
    """A changed figure's name within a sentence: of a candidate, or a label as pages have it."""
    return name if name in candidates else f"“{name}”"


def _quoted(quote: Quote, *, same_speaker: bool) -> Sentence:
    name, words = Fact(quote.speaker, "quote.speaker"), Fact(quote.words, "quote.words")
    if same_speaker and quote.reported:
        return fill("%(words)s", words=words)
    if same_speaker:
        return fill(_("%(name)s went on: “%(words)s”"), name=name, words=words)
    by = ", ".join(part for part in (quote.role, quote.location) if part)
    about = Fact(f", {by}" if by else "", "quote.role, quote.location")
    if quote.reported:
        template = _("%(name)s%(about)s, in our words: %(words)s")
    else:
        template = _("%(name)s%(about)s, said: “%(words)s”")
    return fill(template, name=name, about=about, words=words)


def _captioned(photo: Photo) -> Sentence:
    return fill(
        _("Photo: %(caption)s (%(credit)s)"),
        caption=Fact(photo.caption, "photo.caption"),
        credit=Fact(photo.credit, "photo.credit"),
    )


def _moved(now: int, before: int) -> Sentence:
    if now > before:
        return Sentence(_("up from"))
    return Sentence(_("down from") if now < before else _("as against"))
