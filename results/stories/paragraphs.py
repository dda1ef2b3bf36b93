"""The paragraphs of a draft story: the result, the field, turnout, change, what was said."""

from collections.abc import Iterator
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.live.changes import Change
from results.live.seat import Row
from results.models import Photo, Quote
from results.stories.facts import Facts
from results.stories.sentences import Fact, Sentence, listed, say, with_article
from results.words.number_format import grouped, ordinal, percent, points
from results.words.party_names import PartyName


class Body(Facts):
    """Every sentence that can be written of one seat; what is not known has none."""

    # --- The result ---------------------------------------------------------------------------

    def result(self) -> Iterator[Sentence | None]:
        yield self._declared()
        for row in self.seat.winners:
            yield self._elected(row)
            yield self._how_often(row)
        yield self._second()
        yield self._defeated()
        if self.outcome and self.outcome.winner_only:
            yield Sentence(_("The full figures are still to follow."))

    def _declared(self) -> Sentence | None:
        declaration = self.seat.declaration
        if declaration is None or declaration.declared_at is None:
            return None
        at = localtime(declaration.declared_at, self.snapshot.election.zone)
        words = {
            "seat": self.place,
            "time": Fact(at.strftime("%H:%M"), "declared_at"),
            "date": Fact(date_format(at, "j F Y"), "declared_at"),
        }
        if declaration.recount:
            line = _("%(seat)s was declared at %(time)s on %(date)s, after a recount.")
        else:
            line = _("%(seat)s was declared at %(time)s on %(date)s.")
        return say(line, **words)

    def _elected(self, row: Row) -> Sentence | None:
        votes = self.votes(row)
        again = row.candidate.sitting_member
        words = {"who": self.who(row)}
        if votes is None:
            line = _("%(who)s was re-elected.") if again else _("%(who)s was elected.")
            return say(line, **words)
        before = row.votes_last_time
        if before is None:
            line = (
                _("%(who)s was re-elected with %(votes)s votes.")
                if again
                else _("%(who)s was elected with %(votes)s votes.")
            )
            return say(line, votes=votes, **words)
        moved = _moved(row.candidate_result.votes or 0, before)
        if again:
            line = _("%(who)s was re-elected with %(votes)s votes, %(moved)s %(before)s %(then)s.")
        elif row.party_name.is_party:
            # The votes of last time were for the party, and for somebody else perhaps.
            line = _(
                "%(who)s was elected with %(votes)s votes, %(moved)s the party’s %(before)s "
                "%(then)s."
            )
        else:
            line = _("%(who)s was elected with %(votes)s votes, %(moved)s %(before)s %(then)s.")
        then = Fact(grouped(before), f"last votes of {row.party_name.label}")
        return say(line, votes=votes, moved=moved, before=then, then=self.then(), **words)

    def _how_often(self, row: Row) -> Sentence | None:
        if not row.times_elected:
            return None
        name = self.name(row)
        if row.times_elected == 1:
            return say(_("It is the first time that the seat has elected %(name)s."), name=name)
        times = Fact(ordinal(row.times_elected), "candidate.times_elected + 1")
        line = _("It is the %(times)s time that the seat has elected %(name)s.")
        return say(line, times=times, name=name)

    def _second(self) -> Sentence | None:
        """The runner-up and the majority, or the tie and the lot."""
        rows = [row for row in self.seat.rows if not row.candidate_result.elected]
        if not rows or self.outcome is None or len(self.seat.winners) > 1:
            return None
        row, votes = rows[0], self.votes(rows[0])
        if votes is None:
            return None
        who = self.who(row)
        if self.outcome.by_lot:
            line = _("%(who)s had as many, %(votes)s: the seat was decided by lot.")
            return say(line, who=who, votes=votes)
        if self.outcome.majority is None:
            return say(_("%(who)s came second with %(votes)s."), who=who, votes=votes)
        majority = Fact(grouped(self.outcome.majority), "majority")
        if self.outcome.majority_share is None:
            line = _("%(who)s came second with %(votes)s, which makes the majority %(majority)s.")
            return say(line, who=who, votes=votes, majority=majority)
        share = Fact(percent(self.outcome.majority_share), "majority / valid votes")
        line = _(
            "%(who)s came second with %(votes)s, which makes the majority %(majority)s, "
            "%(share)s%% of the valid votes."
        )
        return say(line, who=who, votes=votes, majority=majority, share=share)

    def _defeated(self) -> Sentence | None:
        lost = [
            row
            for row in self.seat.rows
            if row.candidate.sitting_member and not row.candidate_result.elected
        ]
        if not lost:
            return None
        names = listed([say("%(name)s", name=self.name(row)) for row in lost])
        line = ngettext(
            "The sitting member, %(names)s, was defeated.",
            "The sitting members %(names)s were defeated.",
            len(lost),
        )
        return say(line, names=names)

    # --- The others, turnout, change ----------------------------------------------------------

    def field(self) -> Iterator[Sentence | None]:
        others = [row for row in self.seat.rows if not row.candidate_result.elected]
        rest = others if len(self.seat.winners) > 1 else others[1:]
        known = [(row, votes) for row in rest if (votes := self.votes(row))]
        if known:
            parts = [
                say(
                    _("%(who)s had %(votes)s") if place == 0 else _("%(who)s %(votes)s"),
                    who=self.who(row),
                    votes=votes,
                )
                for place, (row, votes) in enumerate(known)
            ]
            yield say("%(list)s.", list=listed(parts))
        lost = self.seat.lost_deposits
        if lost:
            names = listed([say("%(name)s", name=self.name(row)) for row in lost])
            line = ngettext(
                "%(names)s lost the deposit, with %(bar)s%% of the valid votes or less.",
                "%(names)s lost their deposits, with %(bar)s%% of the valid votes or less each.",
                len(lost),
            )
            yield say(line, names=names, bar=Fact("5", "the rule for deposits"))

    def turnout(self) -> Iterator[Sentence | None]:
        declaration, outcome = self.seat.declaration, self.outcome
        if declaration is None or outcome is None:
            return
        if declaration.turnout_announced is not None:
            said = Fact(f"{declaration.turnout_announced.normalize():f}", "turnout_announced")
            yield say(_("Turnout was announced as %(turnout)s%%."), turnout=said)
        yield self._register()
        yield self._papers()

    def _register(self) -> Sentence | None:
        declaration = self.seat.declaration
        if declaration is None or declaration.electorate is None:
            return None
        now = Fact(grouped(declaration.electorate), "electorate")
        last, change = self.seat.last_time, self.seat.electorate_change
        if last is None or last.electorate is None or change is None:
            return say(_("There were %(now)s people on the register."), now=now)
        words: dict[str, Fact | Sentence | str] = {
            "now": now,
            "before": Fact(grouped(last.electorate), "last electorate"),
            "change": Fact(grouped(abs(change)), "electorate − last electorate"),
            "then": self.then(),
        }
        if change == 0:
            line = _("There were %(now)s people on the register, as many as %(then)s.")
            words.pop("change")
            words.pop("before")
        elif change > 0:
            line = _(
                "There were %(now)s people on the register, %(change)s more than the %(before)s "
                "%(then)s."
            )
        else:
            line = _(
                "There were %(now)s people on the register, %(change)s fewer than the %(before)s "
                "%(then)s."
            )
        return say(line, **words)

    def _papers(self) -> Sentence | None:
        declaration, outcome = self.seat.declaration, self.outcome
        if declaration is None or outcome is None or outcome.valid is None or outcome.winner_only:
            return None
        if self.seat.contest.seats > 1:
            return None
        valid = Fact(grouped(outcome.valid), "valid votes")
        if outcome.turnout_valid is None:
            return say(_("There were %(valid)s valid votes."), valid=valid)
        share = Fact(percent(outcome.turnout_valid), "valid votes / electorate")
        if declaration.rejected is None or outcome.turnout_ballots is None:
            line = _("The %(valid)s valid votes make a turnout of %(share)s%%.")
            return say(line, valid=valid, share=share)
        return say(
            _(
                "The %(valid)s valid votes make a turnout of %(share)s%%; with the %(rejected)s "
                "rejected it is %(all)s%%."
            ),
            valid=valid,
            share=share,
            rejected=Fact(grouped(declaration.rejected), "rejected"),
            all=Fact(percent(outcome.turnout_ballots), "ballots / electorate"),
        )

    def change(self) -> Iterator[Sentence | None]:
        for row in self.seat.winners[:1]:
            yield self._share_change(row)
        if self.seat.swing and self.seat.swing_from and self.seat.swing_to:
            size = Fact(percent(self.seat.swing.points), "swing")
            yield say(
                _("That is a swing of %(points)s points from %(loser)s to %(gainer)s."),
                points=size,
                loser=self.party_name(self.seat.swing_from),
                gainer=self.party_name(self.seat.swing_to),
            )
        last = self.seat.last_time
        if last is not None and last.notional:
            yield Sentence(_("The result last time is notional: the boundaries have moved since."))

    def _share_change(self, row: Row) -> Sentence | None:
        if row.share_change is None or not row.party_name.is_party:
            return None
        size = Fact(
            str(abs(points(row.share_change))), f"change of share of {row.party_name.label}"
        )
        if abs(points(row.share_change)) == 0:
            return say(_("The share of %(party)s was as it had been."), party=_of(row.party_name))
        line = (
            _("The share of %(party)s rose by %(points)s points.")
            if row.share_change > Fraction(0)
            else _("The share of %(party)s fell by %(points)s points.")
        )
        return say(line, party=_of(row.party_name), points=size)

    # --- What changed, what is known, what was said -------------------------------------------

    def corrections(self) -> Iterator[Sentence | None]:
        for change in reversed(self.snapshot.history(self.seat.contest)):
            if change.is_correction:
                yield self._corrected(change)

    def _corrected(self, change: Change) -> Sentence:
        at = localtime(change.declaration.created_at, self.snapshot.election.zone)
        parts = [
            say(
                _("%(figure)s was published as %(before)s"),
                figure=one.name,
                before=Fact(one.before or _("nothing"), f"{one.name} before"),
            )
            for one in change.differences
        ]
        words = {
            "time": Fact(at.strftime("%H:%M"), "corrected at"),
            "reason": Fact(change.declaration.reason.rstrip("."), "reason"),
        }
        if not parts:
            return say(_("The result was corrected at %(time)s (%(reason)s)."), **words)
        line = _("The result was corrected at %(time)s (%(reason)s): before that %(list)s.")
        return say(line, list=listed(parts), **words)

    def background(self) -> Iterator[Sentence | None]:
        note = self.seat.contest.note.strip()
        if note:
            yield Sentence(note, (Fact(note, "contest.note"),))

    def voices(self) -> Iterator[Sentence]:
        before = ""
        for quote in reversed(self.snapshot.quotes_from(self.seat.contest)):
            yield self._said(quote, again=quote.speaker == before)
            before = quote.speaker

    def _said(self, quote: Quote, *, again: bool) -> Sentence:
        words = {
            "name": Fact(quote.speaker, "quote.speaker"),
            "words": Fact(quote.words, "quote.words"),
        }
        if again:
            if quote.reported:
                return say("%(words)s", words=words["words"])
            return say(_("%(name)s went on: “%(words)s”"), **words)
        by = ", ".join(part for part in (quote.role, quote.location) if part)
        about = Fact(f", {by}" if by else "", "quote.role, quote.location")
        if quote.reported:
            return say(_("%(name)s%(about)s, in our words: %(words)s"), about=about, **words)
        return say(_("%(name)s%(about)s, said: “%(words)s”"), about=about, **words)

    def photos(self) -> Iterator[Sentence]:
        for photo in self.snapshot.photos_from(self.seat.contest):
            yield _captioned(photo)


def _captioned(photo: Photo) -> Sentence:
    return say(
        _("Photo: %(caption)s (%(credit)s)"),
        caption=Fact(photo.caption, "photo.caption"),
        credit=Fact(photo.credit, "photo.credit"),
    )


def _of(party_name: PartyName) -> Sentence:
    return Sentence(with_article(party_name.collective))


def _moved(now: int, before: int) -> Sentence:
    if now > before:
        return Sentence(_("up from"))
    return Sentence(_("down from") if now < before else _("as against"))
