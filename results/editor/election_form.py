"""Form of an election, which validates its rules against published results.

Before a night is closed, it asks for confirmation and lists what is still open.
"""

from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta

from django import forms
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from results.editor.annotations import CleanedData
from results.editor.polling_day import validate_polling_day
from results.models import (
    NOT_AWAITED,
    WITH_RESULT,
    Assignment,
    Contest,
    Declaration,
    Election,
    ExternalFigures,
    Phone,
    ReviewItem,
    Standing,
)
from results.models.election import validate_timezone
from results.words.nouns import listing
from results.words.times import time_of

#: Results that another kind corrects at most, each by a bulletin that takes a second or two.
MOST_CORRECTED = 20
#: The most contests without a result that are named before a night is closed.
NAMED = 5


class ElectionForm(forms.ModelForm[Election]):
    close_anyway = forms.BooleanField(
        label=gettext_lazy("Close it although something is open"),
        required=False,
        help_text=gettext_lazy(
            "Closing says “Final” on every page, and open pages stop asking for news. It can be "
            "undone: take the tick of “night closed” away."
        ),
    )

    move_anyway = forms.BooleanField(
        label=gettext_lazy("Move it although readers were told"),
        required=False,
        help_text=gettext_lazy("Pages have said when the polls closed: they will say this time."),
    )

    def clean_timezone(self) -> str:
        """Validate it before times are read in it: the model does so after them."""
        name: str = self.cleaned_data["timezone"]
        validate_timezone(name)
        return name

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        if not self.instance.pk:
            _read_in_its_zone(data)
        elif {"polls_close", "timezone"} & set(self.changed_data) and data.get("polls_close"):
            self._require_told_close(data)
        if "date" in self.changed_data and data.get("date"):
            try:
                validate_polling_day(data["date"])
            except forms.ValidationError as invalid:
                self.add_error("date", invalid)
        if self.instance.pk and "kind" in self.changed_data:
            self._require_few_results()
        if self.instance.pk and data.get("house_seats"):
            self._require_whole_house(data["house_seats"])
        if {"polls_close", "date"} & set(self.changed_data):
            self._require_polling_day(data)
        if self.instance.pk and "final" in self.changed_data and data.get("final"):
            reasons = list(open_matters(self.instance))
            if reasons and not data.get("close_anyway"):
                self.add_error("close_anyway", [*reasons, _("Tick this to close it all the same.")])
        return data

    def _require_few_results(self) -> None:
        """Refuse another kind once many results are published.

        Each would be corrected, in minutes in which nothing else could be published.
        """
        standings = Standing.objects.filter(contest__election=self.instance)
        results = standings.filter(status__in=WITH_RESULT).count()
        if results > MOST_CORRECTED:
            text = _(
                "%(n)d results are published as of this kind, so it stays. If it is wrong, "
                "withdraw this election, and set up the right one."
            )
            self.add_error("kind", text % {"n": results})

    def _require_whole_house(self, seats: int) -> None:
        """Refuse a House of fewer seats than are covered here."""
        contests = Contest.objects.filter(election=self.instance, part_of=None)
        here = contests.aggregate(n=Sum("seats"))["n"] or 0
        if seats < here:
            text = ngettext(
                "%(n)d seat of the House is covered here: give at least that.",
                "%(n)d seats of the House are covered here: give at least that.",
                here,
            )
            self.add_error("house_seats", text % {"n": here})

    def _require_told_close(self, data: CleanedData) -> None:
        """Check a close of poll that moves, or that pages show at another hour.

        Both in one form are refused: its times are read in the zone that is stored.
        """
        if {"polls_close", "timezone"} <= set(self.changed_data):
            text = _(
                "The close of poll is read in %(zone)s: save the time zone first, then the close "
                "of poll."
            )
            self.add_error("polls_close", text % {"zone": self.instance.timezone})
            return
        if "polls_close" in self.changed_data:
            self._require_before_results(data)
        self._require_move_anyway(data)

    def _require_before_results(self, data: CleanedData) -> None:
        """Refuse a close of poll that is later than what has been published already.

        Every correction of it would be refused: no result is declared before the close of poll.
        Those elected unopposed are known days before, and no result of a poll.
        """
        election, close = self.instance, data["polls_close"]
        declared = _results_of_polls(election)
        first = min((each.declared_at for each in declared if each.declared_at), default=None)
        latest = min(filter(None, [first, timezone.now()]))
        if close <= latest:
            return
        results = len(declared)
        if results and first:
            text = ngettext(
                "%(n)d result is published, the first declared at %(first)s: give a time before "
                "that. Otherwise it could not be corrected any more.",
                "%(n)d results are published, the first declared at %(first)s: give a time before "
                "that. Otherwise none of them could be corrected any more.",
                results,
            )
            words = {"n": results, "first": time_of(first, election)}
            self.add_error("polls_close", text % words)
        elif results or _has_figures(election):
            self.add_error(
                "polls_close",
                _(
                    "Figures that may be public only after the close of poll are published: give "
                    "a time that is past, or withdraw them first."
                ),
            )

    def _require_move_anyway(self, data: CleanedData) -> None:
        """Say what pages will say of a close of poll that readers know, and ask for a tick."""
        told = told_close_of_poll(self.instance)
        if told is None or "polls_close" in self.errors or data.get("move_anyway"):
            return
        close, changed = data["polls_close"], copy(self.instance)
        changed.timezone = data.get("timezone") or changed.timezone
        is_same_hour = _wall_time(told, changed) == _wall_time(told, self.instance)
        if "polls_close" not in self.changed_data and is_same_hour:
            return
        words = {"told": time_of(told, self.instance), "close": time_of(close, changed)}
        text = _("Readers were told that polls closed at %(told)s. Pages will say %(close)s.")
        if close > timezone.now():
            text = _(
                "Readers were told that polls closed at %(told)s. Pages will say that they close "
                "at %(close)s, and nothing can be declared before."
            )
        self.add_error("move_anyway", [text % words, _("Tick this to move it all the same.")])

    def _require_polling_day(self, data: CleanedData) -> None:
        close, day = data.get("polls_close"), data.get("date")
        if close is None or day is None:
            return
        zone = Election(timezone=data.get("timezone") or self.instance.timezone).zone
        local = close.astimezone(zone).date()
        if local not in (day, day + timedelta(days=1)):
            words = {"close": f"{local:%d/%m/%Y}", "day": f"{day:%d/%m/%Y}"}
            text = _("%(close)s is not on the polling day, %(day)s: change one of them.")
            self.add_error("polls_close", text % words)


def _read_in_its_zone(data: CleanedData) -> None:
    """Read the close of poll of a new election in its own zone, not in the desk's."""
    if data.get("polls_close") and data.get("timezone"):
        zone = Election(timezone=data["timezone"]).zone
        data["polls_close"] = timezone.localtime(data["polls_close"]).replace(tzinfo=zone)


def _wall_time(moment: datetime, election: Election) -> datetime:
    return moment.astimezone(election.zone).replace(tzinfo=None)


def told_close_of_poll(election: Election) -> datetime | None:
    """Return the close of poll that a bulletin has told readers; None while there is none."""
    return election.night.poll_closed_at if election.is_published else None


def _results_of_polls(election: Election) -> list[Declaration]:
    standings = Standing.objects.filter(contest__election=election, status__in=WITH_RESULT)
    published = (standing.declaration for standing in standings.select_related("declaration"))
    return [each for each in published if each is not None and not each.unopposed]


def _has_figures(election: Election) -> bool:
    return ExternalFigures.objects.filter(
        election=election, withdrawn=False, replaced_by=None
    ).exists()


def _names(contests: QuerySet[Contest], number: int) -> str:
    """Return the names of the first of so many contests, and how many others there are."""
    names = [contest.full_name for contest in contests.order_by("sort_key", "pk")[:NAMED]]
    rest = number - len(names)
    if rest > 0:
        names.append(ngettext("%(n)d other", "%(n)d others", rest) % {"n": rest})
    return listing(names)


def open_matters(election: Election) -> Iterator[str]:
    """Yield a sentence for each open matter of a night."""
    contests = Contest.objects.filter(election=election, part_of=None)
    everything = contests.count()
    without = contests.exclude(standing__status__in=NOT_AWAITED)
    waiting = without.count()
    if waiting:
        text = ngettext(
            "%(n)d of %(all)d contests has no result: %(names)s.",
            "%(n)d of %(all)d contests have no result: %(names)s.",
            waiting,
        )
        yield text % {"n": waiting, "all": everything, "names": _names(without, waiting)}
    items = ReviewItem.objects.filter(
        contest__election=election, state=ReviewItem.State.WAITING
    ).count()
    if items:
        text = ngettext(
            "%(n)d thing waits in the review queue.",
            "%(n)d things wait in the review queue.",
            items,
        )
        yield text % {"n": items}
    reporters = Assignment.objects.filter(contest__election=election).values("reporter")
    unsent = Phone.objects.filter(reporter__in=reporters).aggregate(n=Sum("unsent"))["n"]
    if unsent:
        text = ngettext(
            "Phones hold %(n)d thing that has not arrived.",
            "Phones hold %(n)d things that have not arrived.",
            unsent,
        )
        yield text % {"n": unsent}
