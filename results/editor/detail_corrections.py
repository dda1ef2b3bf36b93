"""Corrections that an admin form makes: previewed, with a reason for readers and a tick.

A form that changes what published results say is tried out and rolled back, until it has both a
reason and a tick. Then it is saved and published in one transaction.
"""

from collections.abc import Iterable, Sequence

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.editor.idempotency import KeyField
from results.forms import VisibleTextField
from results.live.election_changes import ElectionChange
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.revision_differences import RevisionChange
from results.models import Contest, Declaration, Election
from results.models.text_limits import LONGEST_REASON

#: Corrections that the preview shows in full.
SHOWN = 20


class ReasonForm(forms.Form):
    """Form of a correction's reason, whose mistake it was, and a tick to tell readers."""

    prefix = "correction"

    reason = VisibleTextField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=gettext_lazy(
            "Shown to readers beside what changes, and on the corrections page."
        ),
        max_length=LONGEST_REASON,
        error_messages={"required": gettext_lazy("Say why: readers see it beside what changes.")},
    )
    blame = forms.ChoiceField(
        label=gettext_lazy("Whose mistake"),
        choices=Declaration.Blame.choices,
        initial=Declaration.Blame.OURS,
        widget=forms.RadioSelect,
    )
    tick = forms.BooleanField(
        label=gettext_lazy("Yes: tell readers that what was published is wrong."),
        error_messages={"required": gettext_lazy("Tick this first: readers have seen it.")},
    )
    key = KeyField()


class ReasonNeeded(Exception):
    """A form changes what readers were told, without a reason.

    `changes` are its corrections as readers would see them, `page` an HTML document with them.
    Raising it rolls everything back.
    """

    def __init__(
        self, form: ReasonForm, changes: Sequence[RevisionChange | ElectionChange], page: str
    ) -> None:
        super().__init__(len(changes))
        self.form = form
        self.changes = changes
        self.page = page


class DetailCorrections:
    """The corrections that one request of an admin form publishes; `data` is what it sent."""

    def __init__(self, data: QueryDict, by: User) -> None:
        self.form = ReasonForm(data if f"{ReasonForm.prefix}-key" in data else None)
        self.by = by
        self._published: list[tuple[Election, desk.PublishResult]] = []

    def correct_contests(self, election: Election, contests: Iterable[Contest]) -> None:
        """Publish a correction of each of these contests of the election."""
        reason, blame, key = self._why(election)
        results = desk.correct_details(
            election, contests, by=self.by, reason=reason, blame=blame, idempotency_key=key
        )
        self._published += [(election, result) for result in results]

    def correct_election(self, election: Election, changes: Sequence[tuple[str, str, str]]) -> None:
        """Publish one correction of what many contests of the election say."""
        reason, blame, key = self._why(election)
        result = desk.correct_election(
            election, changes, by=self.by, reason=reason, blame=blame, idempotency_key=key
        )
        self._published.append((election, result))

    def _why(self, election: Election) -> tuple[str, str, str]:
        """Return reason, blame and idempotency key; placeholders while they are not given."""
        data = self.form.cleaned_data if self.form.is_valid() else {}
        key = data.get("key") or str(self.form["key"].value())
        reason = data.get("reason") or _("(your reason)")
        return reason, data.get("blame", Declaration.Blame.OURS), f"{key[:60]}-{election.pk}"

    def finish(self) -> str:
        """A sentence about what was corrected, empty for nothing.

        Raises ReasonNeeded for corrections without a reason and a tick.
        """
        if not self._published:
            return ""
        if not self.form.is_valid():
            raise ReasonNeeded(self.form, *self._preview())
        numbers = ", ".join(str(result.sequence) for _election, result in self._published[:SHOWN])
        return _("Corrected, with the reason: bulletin %(numbers)s.") % {"numbers": numbers}

    def _preview(self) -> tuple[list[RevisionChange | ElectionChange], str]:
        changes: list[RevisionChange | ElectionChange] = []
        pages = []
        by_election: dict[int, list[desk.PublishResult]] = {}
        for election, result in self._published:
            by_election.setdefault(election.pk, []).append(result)
        for pk, results in by_election.items():
            election = Election.objects.get(pk=pk)
            snapshot = ElectionSnapshot(election)
            numbers = {result.sequence for result in results}
            own = [
                change for change in snapshot.corrections if change.declaration.sequence in numbers
            ]
            changes += own
            with election_locale(election):
                last = results[-1].bulletin
                context = {
                    "election": election,
                    "language": election.page_language,
                    "snapshot": snapshot,
                    "party_styles": snapshot.party_styles,
                    "fragments": last.fragments,
                    "seat": last.fragments.get(f"seat-{last.contest.slug}") if last.contest else "",
                    "changes": own[:SHOWN],
                }
                pages.append(render_to_string("editor/preview_page.html", context))
        return changes, pages[0]


def has_published_result(election: Election) -> bool:
    """Whether readers have seen a result of the election."""
    return Declaration.objects.filter(contest__election=election).exists()
