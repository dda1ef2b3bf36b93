"""Admin of messages to reporters: write one, and see who has read and answered it."""

from typing import Any, TypedDict

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import WithAnnotations

from results.desk import record_action
from results.desk.changes import change_of
from results.editor.annotations import ChoiceField, CleanedData, DbForeignKey
from results.editor.base import DeskAdmin, editor_of, format_local_time
from results.editor.inline_rows import RowsFormSet
from results.models import Assignment, Election, Message, MessageReading
from results.words.user_names import user_name


class Readers(TypedDict):
    """Numbers of reporters who have seen a message, and who have answered it."""

    seen: int
    answered: int


class MessageForm(ModelForm[Message]):
    class Meta:
        model = Message
        fields = ("election", "to", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        election, to = data.get("election"), data.get("to")
        assigned = Assignment.objects.filter(contest__election=election)
        if election is None:
            return data
        if to is not None and not assigned.filter(reporter=to).exists():
            self.add_error("to", _("This reporter is sent to no count of the election."))
        elif to is None and not assigned.exists():
            self.add_error("election", _("Nobody is sent to a count of this election yet."))
        return data


def write_message(election: Election, text: str, *, to: User | None, by: User) -> Message:
    """Write to one reporter, or to everybody who is sent to a count. Recorded in the audit log.

    The text has at most `LONGEST_MESSAGE` characters.
    """
    message = Message.objects.create(election=election, to=to, text=text, by=by)
    about = user_name(to) if to else str(_("everybody"))
    change = change_of(message)
    record_action(
        by, "message sent", election=election, about=about, after=message.text, change=change
    )
    return message


class ReadingInline(admin.TabularInline[MessageReading, Message]):
    model = MessageReading
    formset = RowsFormSet[Any, Any]
    fields = ("reporter", "read_at", "answer", "answered_at")
    readonly_fields = fields
    extra = 0
    can_delete = False
    verbose_name_plural = gettext_lazy("seen and answered by")

    def has_add_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False


@admin.register(Message)
class MessageAdmin(DeskAdmin[Message]):
    form = MessageForm
    fields = ("election", "to", "text")
    list_display = ("__str__", "recipient", "sent", "by", "seen", "answered", "election")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("election", "to", "by")
    search_fields = ("text", "readings__answer")
    inlines = (ReadingInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        answered = Count("readings", filter=~Q(readings__answer=""))
        return super().get_queryset(request).annotate(seen=Count("readings"), answered=answered)

    def get_inlines(self, request: HttpRequest, obj: Message | None) -> Any:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def formfield_for_foreignkey(
        self, db_field: DbForeignKey, request: HttpRequest, **kwargs: object
    ) -> ChoiceField | None:
        if db_field.name == "to":
            reporters = Assignment.objects.values("reporter")
            kwargs["queryset"] = User.objects.filter(pk__in=reporters).order_by(
                "last_name", "username"
            )
            kwargs["empty_label"] = _("Everybody who is sent to a count")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "to":
            field.label_from_instance = user_name  # type: ignore[method-assign, assignment]  # as Django documents
        return field

    def save_model(
        self, request: HttpRequest, obj: Message, form: MessageForm, change: bool
    ) -> None:
        obj.by = editor_of(request)
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("to"), ordering="to")
    def recipient(self, message: Message) -> str:
        return user_name(message.to) if message.to else _("everybody")

    @admin.display(description=gettext_lazy("sent at"), ordering="sent_at")
    def sent(self, message: Message) -> str:
        return format_local_time(message.sent_at, message.election)

    @admin.display(description=gettext_lazy("seen by"), ordering="seen")
    def seen(self, message: "WithAnnotations[Message, Readers]") -> int:
        return message.seen

    @admin.display(description=gettext_lazy("answers"), ordering="answered")
    def answered(self, message: "WithAnnotations[Message, Readers]") -> int:
        return message.answered
