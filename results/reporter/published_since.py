"""Correction requests that were typed while the desk published another revision."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from results import desk
from results.live.seat import Seat
from results.models import Declaration
from results.reporter.count_page import figures_of
from results.reporter.forms import CorrectionRequestForm
from results.words.number_format import grouped


class PublishedSince(desk.DeskError):
    """The desk has published another revision: the text says so, `changes` lists what differs."""

    def __init__(self, text: str, changes: list[str]) -> None:
        self.changes = changes
        super().__init__(text)


def require_newest(form: CorrectionRequestForm, seat: Seat) -> None:
    """Raise PublishedSince if the form was opened at an older revision than the present one.

    The form then has the newest figures, except those that the reporter had changed, and the newest
    revision: sent again, it is accepted.
    """
    if form.cleaned_data["base_revision"] == seat.standing.revision:
        return
    if seat.declaration is None or not seat.has_result:
        raise PublishedSince(
            _("What was published here is withdrawn: there is nothing to correct. Ring the desk."),
            [],
        )
    changes = list(_follow(form, seat, seat.declaration))
    raise PublishedSince(
        _(
            "The desk has published other figures since you began, bulletin %(number)s. What you "
            "did not change is as they have it. Look at it, and send what is still wrong."
        )
        % {"number": seat.declaration.sequence},
        changes,
    )


def _follow(form: CorrectionRequestForm, seat: Seat, newest: Declaration) -> Iterator[str]:
    """Update the form to the newest revision; yield a sentence for each figure that differs."""
    revision = form.cleaned_data["base_revision"]
    opened_at = Declaration.objects.filter(contest=seat.contest, revision=revision).first()
    before = figures_of(seat, opened_at.ballot_counts) if opened_at is not None else {}
    now = figures_of(seat, newest.ballot_counts)
    data = form.data.copy()
    data["base_revision"] = str(seat.standing.revision)
    for name, bound in ((name, form[name]) for name in now if name in form.fields):
        then, published, typed = before.get(name), now[name], bound.data
        if then == published or isinstance(published, list):
            continue
        values = {"name": bound.label, "now": _text(published), "typed": typed or "–"}
        if not bound.field.has_changed(then, typed):
            data[name] = "" if published is None else str(published)
            yield _("%(name)s: %(now)s is published now; it was %(typed)s.") % values
        elif bound.field.has_changed(published, typed):
            yield _("%(name)s: %(now)s is published now; you have %(typed)s.") % values
    form.data = data


def _text(figure: object) -> str:
    if isinstance(figure, int):
        return grouped(figure)
    return "–" if figure in (None, "") else str(figure)
