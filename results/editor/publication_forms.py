"""Base of the admin's forms of publications."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib.auth.models import User
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from results import desk
from results.editor.annotations import CleanedData
from results.editor.base import format_local_time
from results.editor.idempotency import KeyField
from results.models import Election, Publication
from results.words.local_times import nearest_reading
from results.words.user_names import user_name
from results.words.validation_messages import message_text

P = TypeVar("P", bound=Publication)


@dataclass(frozen=True, slots=True)
class PublicationRefusal:
    """Reason why a form was not published.

    A newer revision has replaced the one that it changes, or the publishing API refused it.
    """

    opened: Publication | None = None
    newest: Publication | None = None
    refusal: desk.DeskError | None = None

    @property
    def text(self) -> str:
        if self.opened is None or self.newest is None or self.opened == self.newest:
            return str(self.refusal)
        by, withdrawn = self.newest.by, self.newest.withdrawn
        words = (
            _(
                "%(who)s withdrew this at %(time)s, after you opened it: it cannot be changed any "
                "more. Nothing of yours is published. Copy what you typed if it is still wanted."
            )
            if withdrawn
            else _(
                "%(who)s changed this at %(time)s, after you opened it. What is published now "
                "stands beside what you typed. Nothing of yours is published. Save again to "
                "publish it in place of that."
            )
        )
        return words % {
            "who": user_name(by),
            "time": format_local_time(self.newest.created_at, self.newest.election, "H:i"),
        }

    def newer_values(self, names: list[str]) -> Iterator[tuple[str, str]]:
        """The fields that the newest revision changed, and what they say now."""
        if self.opened is None or self.newest is None or self.newest.withdrawn:
            return
        for name in names:
            value = getattr(self.newest, name, None)
            if value != getattr(self.opened, name, None):
                yield name, _as_text(value, self.newest.election)


def _as_text(value: object, election: Election) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return format_local_time(value, election)
    return str(value) if value else "–"


class PublicationForm(forms.ModelForm[P]):
    """Form of one publication. The fields of `content_class` are columns of the model."""

    key = KeyField()
    content_class: ClassVar[type[desk.Content]]
    #: Set by the admin: who sends the form, and why it was refused when it was sent.
    editor: ClassVar[User]
    refused: ClassVar[PublicationRefusal | None] = None
    #: Set by the admin: whether the form comes back from its preview, to be changed.
    is_reopened: ClassVar[bool] = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, longest in self.content_class.limits.items():
            field = self.fields.get(name)
            if isinstance(field, forms.CharField):
                field.max_length = longest
                field.validators.append(MaxLengthValidator(longest))

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_reopened

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        contest, election = data.get("contest"), data.get("election")
        if contest and election and contest.election_id != election.pk:
            self.add_error("contest", _("Choose a contest of this election."))
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # not in stubs
        if self.refused is not None:
            self._show(self.refused)

    def _show(self, refused: PublicationRefusal) -> None:
        """Show why the form was refused, and what is published now beside each field."""
        if isinstance(refused.refusal, desk.ValidationRefused):
            for message in refused.refusal.messages:
                field = message.field if message.field in self.fields else None
                self.add_error(field, message_text(message))
        else:
            self.add_error(None, refused.text)
        for name, value in refused.newer_values(list(self.fields)):
            self.add_error(name, _("Published now: %(value)s") % {"value": value})

    @property
    def was_answered(self) -> bool:
        """Whether the form was published before, so that it is not checked against what is new."""
        key = self.data.get("key", "")
        return desk.find_earlier_answer(self.editor, key) is not None

    @property
    def withdraws(self) -> bool:
        """Whether saving withdraws the publication, because the form was left empty."""
        return False

    def content(self) -> desk.Content:
        return self.content_class(
            **{name: getattr(self.instance, name) for name in self.content_class.names()}
        )


def in_zone(moment: datetime, election: Election) -> datetime:
    """The time of day that was entered, in the election's zone instead of the form's."""
    if timezone.get_current_timezone() == election.zone:
        return moment
    there = timezone.make_aware(timezone.localtime(moment).replace(tzinfo=None), election.zone)
    return nearest_reading(there, timezone.now(), expected=False)
