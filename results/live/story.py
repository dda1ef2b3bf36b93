"""A draft story of one declared seat, from its figures, last time's and what was said there.

Nothing here is published: an editor copies it, and answers for it. Every figure is a fact with
the field it comes from; what is not known is not written about.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.arithmetic import INDEPENDENT, SPEAKER
from results.live.changes import Change
from results.live.fragments import dressed_for
from results.live.scene import Scene
from results.live.seat import Row, Seat, with_results
from results.models import WITH_RESULT, Contest, Election, Photo, Quote
from results.words.faces import Face
from results.words.figures import grouped, ordinal, percent, points
from results.words.telling import Fact, Paragraph, Sentence, listed, say, whole, with_article


@dataclass(frozen=True, slots=True)
class Story:
    headline: Sentence
    standfirst: Sentence
    paragraphs: tuple[Paragraph, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        body = (fact for one in self.paragraphs for said in one.sentences for fact in said.facts)
        return (*self.headline.facts, *self.standfirst.facts, *body)

    @property
    def text(self) -> str:
        """Plain, a blank line between paragraphs."""
        parts = [self.headline.text, self.standfirst.text, *(one.text for one in self.paragraphs)]
        return "\n\n".join(parts) + "\n"

    @property
    def html(self) -> str:
        """The same as plain HTML, for a paper's own system."""
        body = format_html_join("\n", "<p>{}</p>", ((one.text,) for one in self.paragraphs))
        head = format_html("<h1>{}</h1>\n<p>{}</p>", self.headline.text, self.standfirst.text)
        return f"{head}\n{body}\n"


def story_of(scene: Scene, seat: Seat) -> Story | None:
    """The draft for a seat; None where no result stands."""
    if seat.outcome is None or not seat.winners:
        return None
    told = _Teller(scene, seat)
    found = (
        Paragraph(about, sentences)
        for about, sentences in (
            (_("The result"), whole(told.result())),
            (_("The rest of the field"), whole(told.field())),
            (_("Turnout"), whole(told.turnout())),
            (_("Change"), whole(told.change())),
            (_("Corrections"), whole(told.corrections())),
            (_("Background"), whole(told.background())),
            *((_("Said at the count"), (said,)) for said in told.voices()),
            *((_("Photo"), (said,)) for said in told.photos()),
        )
    )
    return Story(told.headline(), told.standfirst(), tuple(one for one in found if one.sentences))


def stories_of(election: Election) -> Iterator[tuple[str, Story]]:
    """The draft of every seat with a result: its address and its story, by name."""
    scene = Scene(election)
    declared = Contest.objects.filter(election=election, standing__status__in=WITH_RESULT)
    for contest in with_results(declared.order_by("name")):
        with dressed_for(election):
            story = story_of(scene, scene.seat(contest))
        if story is not None:
            yield contest.slug, story


class _Teller:
    """Every sentence that can be written of one seat."""

    def __init__(self, scene: Scene, seat: Seat) -> None:
        self.scene, self.seat = scene, seat
        self.outcome = seat.outcome
        self.first = seat.winners[0]
        self.place = Fact(seat.contest.name, "contest.name")

    # --- Facts ------------------------------------------------------------------------------

    def _votes(self, row: Row) -> Fact | None:
        if row.place.votes is None:
            return None
        return Fact(grouped(row.place.votes), f"votes of {row.candidate.name}")

    def _name(self, row: Row) -> Fact:
        return Fact(row.candidate.name, "candidate.name")

    def _face(self, face: Face) -> Sentence:
        return Sentence(with_article(face.collective))

    @property
    def _last_time(self) -> str:
        """“2017”, or “last time” where the date is not known."""
        last = getattr(self.seat.contest, "last_result", None)
        return str(last.date.year) if last and last.date else ""

    def _then(self) -> Sentence:
        year = self._last_time
        return (
            say(_("in %(year)s"), year=Fact(year, "last_result.date"))
            if year
            else Sentence(_("last time"))
        )

    def _who(self, row: Row) -> Sentence:
        """“Nick Wakeling of the Liberal Democrats”, “Ann Hall, an independent”."""
        name = self._name(row)
        if row.face.label == INDEPENDENT:
            return say(_("%(name)s, an independent,"), name=name)
        if row.face.label == SPEAKER:
            return say(_("the Speaker, %(name)s,"), name=name)
        return say(_("%(name)s of %(party)s"), name=name, party=self._face(row.face))

    # --- Headline and standfirst --------------------------------------------------------------

    def headline(self) -> Sentence:
        if len(self.seat.winners) > 1:
            return self._headline_of_several()
        line = self._won(self.first)
        if self.outcome and self.outcome.partial:
            return say(_("%(line)s; full figures to follow"), line=line)
        if self.outcome and self.outcome.by_lot:
            return say(_("%(line)s by lot after a tie"), line=line)
        if self.outcome and self.outcome.majority is not None:
            majority = Fact(grouped(self.outcome.majority), "majority")
            return say(_("%(line)s with a majority of %(majority)s"), line=line, majority=majority)
        return line

    def _won(self, row: Row) -> Sentence:
        """Who has won it, and from whom: “Jeremy Corbyn holds Islington North for Labour”."""
        names = {"name": self._name(row), "seat": self.place}
        result, label = row.result, row.face.label
        if label == SPEAKER:
            return say(_("The Speaker, %(name)s, is returned in %(seat)s"), **names)
        loser = result.gained_from if result else None
        if label == INDEPENDENT:
            return self._independent(row, names, loser)
        party = self._face(row.face)
        if result and result.hold:
            return say(_("%(name)s holds %(seat)s for %(party)s"), party=party, **names)
        if loser:
            lost = self._loser(loser)
            line = _("%(name)s gains %(seat)s for %(party)s from %(loser)s")
            return say(line, party=party, loser=lost, **names)
        return say(_("%(name)s wins %(seat)s for %(party)s"), party=party, **names)

    def _independent(self, row: Row, names: dict[str, Fact], loser: str | None) -> Sentence:
        result = row.result
        if result and result.hold:
            return say(_("%(name)s, an independent, holds %(seat)s"), **names)
        if loser and result and result.same_person:
            line = _("%(name)s keeps %(seat)s as an independent, a gain from %(loser)s")
            return say(line, loser=self._loser(loser), **names)
        if loser:
            line = _("%(name)s, an independent, gains %(seat)s from %(loser)s")
            return say(line, loser=self._loser(loser), **names)
        return say(_("%(name)s, an independent, wins %(seat)s"), **names)

    def _loser(self, label: str) -> Sentence:
        if label == SPEAKER:
            return Sentence(_("the Speaker"))
        if label == INDEPENDENT:
            return Sentence(_("an independent"))
        return self._face(self.scene.faces[label])

    def _headline_of_several(self) -> Sentence:
        names = listed([say("%(name)s", name=self._name(row)) for row in self.seat.winners])
        return say(_("%(names)s are elected in %(seat)s"), names=names, seat=self.place)

    def standfirst(self) -> Sentence:
        row, votes = self.first, self._votes(self.first)
        if len(self.seat.winners) > 1:
            seats = Fact(str(len(self.seat.winners)), "contest.seats")
            return say(_("All %(seats)s seats are filled."), seats=seats)
        if votes is None:
            return say(
                _("%(name)s has won %(seat)s. The votes are not known yet."),
                name=self._name(row),
                seat=self.place,
            )
        if row.place.share is None:
            line = _("%(name)s took %(votes)s votes.")
            return say(line, name=self._name(row), votes=votes)
        share = Fact(percent(row.place.share), f"share of {row.candidate.name}")
        line = _("%(name)s took %(votes)s votes, %(share)s%% of those that were valid.")
        return say(line, name=self._name(row), votes=votes, share=share)

    # --- The result ---------------------------------------------------------------------------

    def result(self) -> Iterator[Sentence | None]:
        yield self._declared()
        for row in self.seat.winners:
            yield self._elected(row)
            yield self._how_often(row)
        yield self._second()
        yield self._defeated()
        if self.outcome and self.outcome.partial:
            yield Sentence(_("The full figures are still to follow."))

    def _declared(self) -> Sentence | None:
        declaration = self.seat.declaration
        if declaration is None or declaration.declared_at is None:
            return None
        at = localtime(declaration.declared_at, self.scene.election.zone)
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
        votes = self._votes(row)
        again = row.candidate.sitting_member
        words = {"who": self._who(row)}
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
        moved = _moved(row.place.votes or 0, before)
        if again:
            line = _("%(who)s was re-elected with %(votes)s votes, %(moved)s %(before)s %(then)s.")
        elif row.face.is_party:
            # The votes of last time were for the party, and for somebody else perhaps.
            line = _(
                "%(who)s was elected with %(votes)s votes, %(moved)s the party’s %(before)s "
                "%(then)s."
            )
        else:
            line = _("%(who)s was elected with %(votes)s votes, %(moved)s %(before)s %(then)s.")
        then = Fact(grouped(before), f"last votes of {row.face.label}")
        return say(line, votes=votes, moved=moved, before=then, then=self._then(), **words)

    def _how_often(self, row: Row) -> Sentence | None:
        if not row.times_elected:
            return None
        name = self._name(row)
        if row.times_elected == 1:
            return say(_("It is the first time that the seat has elected %(name)s."), name=name)
        times = Fact(ordinal(row.times_elected), "candidate.times_elected + 1")
        line = _("It is the %(times)s time that the seat has elected %(name)s.")
        return say(line, times=times, name=name)

    def _second(self) -> Sentence | None:
        """The runner-up and the majority, or the tie and the lot."""
        rows = [row for row in self.seat.rows if not row.place.elected]
        if not rows or self.outcome is None or len(self.seat.winners) > 1:
            return None
        row, votes = rows[0], self._votes(rows[0])
        if votes is None:
            return None
        who = self._who(row)
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
            row for row in self.seat.rows if row.candidate.sitting_member and not row.place.elected
        ]
        if not lost:
            return None
        names = listed([say("%(name)s", name=self._name(row)) for row in lost])
        line = ngettext(
            "The sitting member, %(names)s, was defeated.",
            "The sitting members %(names)s were defeated.",
            len(lost),
        )
        return say(line, names=names)

    # --- The others, turnout, change ----------------------------------------------------------

    def field(self) -> Iterator[Sentence | None]:
        others = [row for row in self.seat.rows if not row.place.elected]
        rest = others if len(self.seat.winners) > 1 else others[1:]
        known = [(row, votes) for row in rest if (votes := self._votes(row))]
        if known:
            parts = [
                say(
                    _("%(who)s had %(votes)s") if place == 0 else _("%(who)s %(votes)s"),
                    who=self._who(row),
                    votes=votes,
                )
                for place, (row, votes) in enumerate(known)
            ]
            yield say("%(list)s.", list=listed(parts))
        lost = self.seat.lost_deposits
        if lost:
            names = listed([say("%(name)s", name=self._name(row)) for row in lost])
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
            "then": self._then(),
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
        if declaration is None or outcome is None or outcome.valid is None or outcome.partial:
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
                loser=self._face(self.seat.swing_from),
                gainer=self._face(self.seat.swing_to),
            )
        last = self.seat.last_time
        if last is not None and last.notional:
            yield Sentence(_("The result last time is notional: the boundaries have moved since."))

    def _share_change(self, row: Row) -> Sentence | None:
        if row.share_change is None or not row.face.is_party:
            return None
        size = Fact(str(abs(points(row.share_change))), f"change of share of {row.face.label}")
        if abs(points(row.share_change)) == 0:
            return say(_("The share of %(party)s was as it had been."), party=_of(row.face))
        line = (
            _("The share of %(party)s rose by %(points)s points.")
            if row.share_change > Fraction(0)
            else _("The share of %(party)s fell by %(points)s points.")
        )
        return say(line, party=_of(row.face), points=size)

    # --- What changed, what is known, what was said -------------------------------------------

    def corrections(self) -> Iterator[Sentence | None]:
        for change in reversed(self.scene.history(self.seat.contest)):
            if change.is_correction:
                yield self._corrected(change)

    def _corrected(self, change: Change) -> Sentence:
        at = localtime(change.declaration.created_at, self.scene.election.zone)
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
        for quote in reversed(self.scene.voices_from(self.seat.contest)):
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
        by = ", ".join(part for part in (quote.role, quote.place) if part)
        about = Fact(f", {by}" if by else "", "quote.role, quote.place")
        if quote.reported:
            return say(_("%(name)s%(about)s, in our words: %(words)s"), about=about, **words)
        return say(_("%(name)s%(about)s, said: “%(words)s”"), about=about, **words)

    def photos(self) -> Iterator[Sentence]:
        for photo in self.scene.photos_from(self.seat.contest):
            yield _captioned(photo)


def _captioned(photo: Photo) -> Sentence:
    return say(
        _("Photo: %(caption)s (%(credit)s)"),
        caption=Fact(photo.caption, "photo.caption"),
        credit=Fact(photo.credit, "photo.credit"),
    )


def _of(face: Face) -> Sentence:
    return Sentence(with_article(face.collective))


def _moved(now: int, before: int) -> Sentence:
    if now > before:
        return Sentence(_("up from"))
    return Sentence(_("down from") if now < before else _("as against"))
