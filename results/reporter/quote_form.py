"""The form of a quote from a count."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from results.arithmetic import clean_text
from results.forms import BallotPaperMixin, VisibleTextField
from results.live.seat import Seat
from results.models.text_limits import LONGEST_NAME, LONGEST_QUOTE
from results.reporter.forms import SubmissionForm, candidate_choices
from results.words.ballot_papers import BallotPaperChange

#: An omission in a quote, however it is typed. A full stop before it is the speaker's own.
OMISSION = re.compile(r"\s*[\[(]\s*(?:\.{2,}|…)\s*[\])]\s*|\s*(?:\.{3,}|…)\s*")


class SpeakerField(VisibleTextField):
    """The speaker, required unless a candidate is chosen."""

    @property
    def phone_attrs(self) -> dict[str, Any]:
        required = self.error_messages["required"]
        return {**super().phone_attrs, "data-unless": "candidate", "data-required": required}


class QuoteForm(BallotPaperMixin, SubmissionForm):
    """A quote. Typed quotation marks are removed: pages set their own."""

    id_prefix = "quote_"

    candidate = forms.ChoiceField(label=_("Who said it?"), required=False)
    speaker = SpeakerField(
        label=_("Someone else: name"),
        required=False,
        max_length=LONGEST_NAME,
        error_messages={"required": _("Say who said it.")},
    )
    role = VisibleTextField(label=_("As what?"), required=False, max_length=LONGEST_NAME)
    reported = forms.ChoiceField(
        label=_("How"),
        choices=[("", _("Their own words")), ("1", _("Reported speech, in ours"))],
        required=False,
        widget=forms.RadioSelect,
    )
    words = VisibleTextField(
        label=_("What was said"),
        max_length=LONGEST_QUOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what was said.")},
    )

    def __init__(self, seat: Seat, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["candidate"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Someone else")), *candidate_choices(seat)]
        self.fields["words"].widget.attrs["data-quoted"] = ""
        self.add_ballot_paper(seat.candidate_names)

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        ends = words[:1] + words[-1:]
        if len(words) > 1 and ends in ("“”", '""', "‘’", "''"):
            words = clean_text(words[1:-1])
        if not words:
            raise forms.ValidationError(self.fields["words"].error_messages["required"])
        return OMISSION.sub(" […] ", words).strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("candidate") and not data.get("speaker"):
            self.add_error("speaker", self.fields["speaker"].error_messages["required"])
        if "candidate" in self.errors:
            self.follow_ballot_paper()
        return data

    @property
    def speaker_change(self) -> BallotPaperChange:
        """Change of the chosen candidate's name since the form was opened."""
        chosen, shown = self.cleaned_data.get("candidate"), self.shown_names or {}
        names = {pk: name for pk, name in shown.items() if str(pk) == chosen}
        current = {pk: name for pk, name in self.current_names.items() if pk in names}
        return BallotPaperChange.between(names, current)
