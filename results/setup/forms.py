"""Forms of setting up: a new election, its files, and what the files do not say."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _, gettext_lazy

from results.arithmetic import ElectionKind
from results.arithmetic.slugs import free_slug
from results.editor.polling_day import validate_polling_day
from results.exchange.elections import POLLS_CLOSE, TITLES, in_full
from results.forms import VisibleTextField, WholeSlugField, WholeTextField
from results.models import Election, HouseStyle
from results.models.election import (
    KINDS,
    STORED_LANGUAGES,
    validate_election_slug,
    validate_timezone,
)
from results.models.text_limits import LONGEST_NAME, LONGEST_REASON
from results.setup.steps import SetupStep

CleanedData = dict[str, Any]

#: Bytes of both files together.
MOST_BYTES = 20_000_000


_SAME = gettext_lazy(
    "“%(name)s” is here already, on this day: %(state)s. Open it in place of making another, or "
    "tick this."
)


class NewElectionForm(forms.Form):
    """Form of a new election: its kind, its day, and when its polls close."""

    kind = forms.ChoiceField(label=gettext_lazy("What is elected"), choices=KINDS)
    date = forms.DateField(
        label=gettext_lazy("Polling day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[validate_polling_day],
    )
    close = forms.TimeField(
        label=gettext_lazy("Close of poll"),
        initial=POLLS_CLOSE,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Nothing can be declared before. Local time."),
    )
    name = VisibleTextField(
        label=gettext_lazy("Name"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "As readers see it, such as “General election, 3 May 2029” or “Northshire Council "
            "election”. Left empty, it is made of the kind and the day."
        ),
    )
    body = VisibleTextField(
        label=gettext_lazy("Council or office"),
        max_length=160,
        required=False,
        help_text=gettext_lazy(
            "Where all is about one, such as “Northshire Council”. Left empty where the files name "
            "the councils, as they do where there are several."
        ),
    )
    another = forms.BooleanField(label=gettext_lazy("Make another one beside it"), required=False)
    slug = WholeSlugField(
        label=gettext_lazy("Address"),
        max_length=50,
        required=False,
        validators=[validate_election_slug],
        help_text=gettext_lazy("The end of its web address. Left empty, it is made of the name."),
    )
    timezone = forms.CharField(
        label=gettext_lazy("Time zone"), initial="Europe/London", validators=[validate_timezone]
    )

    language = forms.ChoiceField(
        label=gettext_lazy("Language of its pages"),
        choices=STORED_LANGUAGES,
        required=False,
    )
    second_language = forms.ChoiceField(
        label=gettext_lazy("Second language"),
        choices=[("", gettext_lazy("none")), *STORED_LANGUAGES],
        required=False,
        help_text=gettext_lazy("At addresses of its own, below /cy/ or /en/."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style = HouseStyle.load()
        self.fields["timezone"].initial = style.timezone
        self.fields["language"].initial = style.language

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        data["language"] = data.get("language") or HouseStyle.load().language
        if data.get("second_language") == data["language"]:
            text = _("Its pages are in this language already: choose the other one, or none.")
            self.add_error("second_language", text)
        day, kind = data.get("date"), data.get("kind")
        if not (isinstance(day, dt.date) and kind):
            return data
        data["name"] = data.get("name") or self._name(day, str(kind), data.get("body", ""))
        data["slug"] = data.get("slug") or _free_slug(data["name"])
        same = Election.objects.filter(name=data["name"], date=day).first()
        if same is not None and not data.get("another"):
            words = {"name": same.name, "state": same.get_visibility_display()}
            self.add_error("another", _SAME % words)
        if Election.objects.filter(slug=data["slug"]).exists():
            self.add_error("slug", _("Another election has this address: choose another."))
        return data

    def _name(self, day: dt.date, kind: str, body: str) -> str:
        title = _("%(body)s election") % {"body": body} if body else TITLES[ElectionKind(kind)]
        return f"{title}, {in_full(day)}"

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that are always asked; `another` is where there is one already."""
        return [field for field in self if field.name != "another"]

    def polls_close(self) -> dt.datetime:
        """The close of poll in the election's time zone."""
        data = self.cleaned_data
        zone = Election(timezone=data["timezone"]).zone
        close: dt.time = data["close"]
        return dt.datetime.combine(data["date"], close, zone)


def _free_slug(name: str) -> str:
    slug = slugify(name)[:44].strip("-") or "election"
    taken = set(Election.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return free_slug(slug, 50, taken.__contains__)


class FilesForm(forms.Form):
    """A file, or rows that were pasted; and a second table where the step may have one."""

    file = forms.FileField(label=gettext_lazy("File"), required=False)
    rows = forms.CharField(
        label=gettext_lazy("Or paste the rows, with their headings"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    second = forms.FileField(label=gettext_lazy("Second table, if there is one"), required=False)

    most_bytes = MOST_BYTES

    def __init__(self, step: SetupStep, area: str, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, prefix=str(step.what))
        self.about = str(step.about) % {"area": area}
        self.step = step
        for name in ("file", "second"):
            self.fields[name].widget.attrs["accept"] = step.accept
        if step.second is None:
            del self.fields["second"]
        else:
            self.fields["second"].help_text = str(step.second) % {"area": area}
        if not step.is_table:
            del self.fields["rows"]

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        files = [file for name in ("file", "second") if (file := data.get(name))]
        pasted = (data.get("rows") or "").strip("\r\n")
        if not data.get("file") and not pasted and "file" not in self.errors:
            pastes = "rows" in self.fields
            asked = _("Choose a file, or paste rows.") if pastes else _("Choose a file.")
            self.add_error("file", asked)
        if data.get("file") and pasted:
            self.add_error("rows", _("Give the file or the rows, not both: clear one of them."))
        if sum(file.size or 0 for file in files) > MOST_BYTES:
            raise ValidationError(_("The files are larger than 20 MB together."))
        return data

    def contents(self) -> list[tuple[str, bytes]]:
        """Names and contents of what was sent."""
        data = self.cleaned_data
        sent: list[tuple[str, bytes]] = []
        if data.get("file"):
            sent.append((_safe(data["file"].name), data["file"].read()))
        else:
            sent.append((_("pasted rows.csv"), data["rows"].strip("\r\n").encode()))
        if data.get("second"):
            sent.append((_safe(data["second"].name), data["second"].read()))
        return sent


def _safe(name: str) -> str:
    """Turn the name of an uploaded file into one segment of a path, of at most 255 bytes."""
    end = name.replace("/", "_").replace("\0", "").encode()[-120:]
    return end.decode(errors="ignore").lstrip(".") or "file"


class AnswersForm(forms.Form):
    """Answers to what the files of a step do not say; a step asks for some of them."""

    only_own = forms.BooleanField(
        label=gettext_lazy("Skip areas that this election does not have"), required=False
    )
    notional = forms.BooleanField(
        label=gettext_lazy("Worked out for new boundaries (notional)"), required=False
    )
    incomplete = forms.BooleanField(
        label=gettext_lazy("Load it although seats are missing"), required=False
    )
    one_seat = forms.BooleanField(label=gettext_lazy("Each area elects one"), required=False)
    poll = forms.DateField(
        label=gettext_lazy("Polling day of these results, where they do not say it"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    body = VisibleTextField(
        label=gettext_lazy("Council, where the file does not name it"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Such as “Northshire Council”."),
    )
    election_id = WholeTextField(
        label=gettext_lazy("Which election of a file of several"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Its id, such as “local.2026-05-07”."),
    )
    dates = forms.ChoiceField(
        label=gettext_lazy("Dates in the file"),
        required=False,
        choices=[
            ("", gettext_lazy("as they read")),
            ("dmy", gettext_lazy("day first: 7/5/2026")),
            ("mdy", gettext_lazy("month first: 5/7/2026")),
        ],
    )
    source = VisibleTextField(
        label=gettext_lazy("Where the figures come from, as readers see it"),
        required=False,
        max_length=LONGEST_NAME,
    )
    reason = VisibleTextField(
        label=gettext_lazy("Why results that were published change, as readers see it"),
        required=False,
        max_length=LONGEST_REASON,
    )

    def __init__(
        self, step: SetupStep, *args: Any, published: bool, councils: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        wanted = {*step.asks, *(["reason"] if published else [])}
        if not councils:
            wanted -= {"body", "one_seat"}
        for name in set(self.fields) - wanted:
            del self.fields[name]
