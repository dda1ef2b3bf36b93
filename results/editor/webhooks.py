"""Admin of webhooks: their events, a trial message, and the outcome of each delivery."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from results.editor.annotations import CleanedData, FieldGroups
from results.editor.base import DeskAdmin, RecordAdmin
from results.forms import WholeURLField
from results.models import Group, Webhook, WebhookDelivery
from results.webhooks.deliveries import send_trial_message, start_from_now
from results.webhooks.sending import SendingFailed, target_of

State = WebhookDelivery.State

#: Trial messages of one action: an editor waits for all, each until its timeout.
MAX_TRIALS = 5


def _named(group: Group) -> str:
    return _("%(group)s, %(election)s") % {"group": group, "election": group.election}


class GroupField(forms.ModelChoiceField[Group]):
    """Names the election of each group: each night has “Key seats”."""

    def label_from_instance(self, group: Group) -> str:
        return _named(group)


class WebhookForm(forms.ModelForm[Webhook]):
    url = WholeURLField(
        label=gettext_lazy("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Whoever has it can post there: keep it secret."),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        choices=Webhook.Event.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "A seat that changed hands is told as that, and not as a result as well."
        ),
    )

    group = GroupField(
        label=gettext_lazy("Contests of"),
        queryset=Group.objects.select_related("election").order_by("election__date", "name", "pk"),
        required=False,
        help_text=Webhook._meta.get_field("group").help_text,
    )

    class Meta:
        model = Webhook
        fields = ("name", "format", "url", "events", "election", "group", "active")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            target_of(url)
        except SendingFailed as exc:
            raise forms.ValidationError(str(exc)) from None
        return url

    def clean(self) -> CleanedData:
        data = super().clean() or self.cleaned_data
        election, group = data.get("election"), data.get("group")
        if election and group and group.election_id != election.pk:
            self.add_error("group", _("This group is of another election."))
        return data


@admin.register(Webhook)
class WebhookAdmin(DeskAdmin[Webhook]):
    form = WebhookForm
    list_display = ("name", "format", "host", "event_names", "election", "group_named", "state")
    list_select_related = ("election", "group__election")
    actions = ("send_trial",)
    save_as_continue = False

    def get_fields(self, request: HttpRequest, obj: Webhook | None = None) -> FieldGroups:
        is_new = obj is None and self.has_add_permission(request)
        if not (is_new or self.has_change_permission(request, obj)):
            # The address is a secret: anybody who has it can post there.
            return ["name", "format", "host", "event_names", "election", "group_named", "state"]
        stored = ("signing_secret", "state") if obj is not None else ()
        return ["name", "format", "url", "events", "election", "group", "active", *stored]

    def get_readonly_fields(self, request: HttpRequest, obj: Webhook | None = None) -> list[str]:
        return ["host", "event_names", "group_named", "signing_secret", "state"]

    def has_delete_permission(self, request: HttpRequest, obj: Webhook | None = None) -> bool:
        return False  # its deliveries are a record: one that is not wanted is not active

    @admin.display(description=gettext_lazy("host"))
    def host(self, webhook: Webhook) -> str:
        return urlsplit(webhook.url).hostname or ""

    @admin.display(description=gettext_lazy("events"))
    def event_names(self, webhook: Webhook) -> str:
        return ", ".join(str(Webhook.Event(event).label) for event in webhook.events)

    @admin.display(description=gettext_lazy("contests of"), ordering="group")
    def group_named(self, webhook: Webhook) -> str | None:
        return _named(webhook.group) if webhook.group else None

    @admin.display(description=gettext_lazy("secret of the signature"))
    def signing_secret(self, webhook: Webhook) -> str:
        if webhook.format != Webhook.Format.WEBHOOK:
            return _("Slack and Teams know the desk by the address.")
        return webhook.secret

    @admin.display(description=gettext_lazy("state"))
    def state(self, webhook: Webhook) -> str:
        """State of the newest attempt, which tells an editor why nothing arrives."""
        if not webhook.active:
            return _("Not active")
        tried = webhook.deliveries.exclude(state=State.OVERTAKEN).exclude(state=State.WAITING)
        failing = webhook.deliveries.filter(state=State.WAITING, attempts__gt=0).first()
        if failing is not None:
            return _("Trying again: %(error)s") % {"error": failing.error}
        newest = tried.order_by("-settled_at").first()
        if newest is None:
            return _("Nothing sent yet")
        if newest.state == State.GIVEN_UP:
            return _("Given up: %(error)s") % {"error": newest.error}
        return _("Works")

    def save_model(
        self, request: HttpRequest, obj: Webhook, form: WebhookForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            start_from_now(obj)

    @admin.action(description=gettext_lazy("Send a trial message now"), permissions=["change"])
    def send_trial(self, request: HttpRequest, webhooks: "QuerySet[Webhook]") -> None:
        if len(webhooks) > MAX_TRIALS:
            text = _("Nothing was sent: choose at most %(number)d at a time.")
            self.message_user(request, text % {"number": MAX_TRIALS}, messages.WARNING)
            return
        for webhook in webhooks:
            error = send_trial_message(webhook)
            words = {"name": webhook.name, "error": error}
            if error:
                text = _("%(name)s: %(error)s") % words
                self.message_user(request, text, messages.ERROR)
            else:
                text = _("The trial message arrived: %(name)s.") % words
                self.message_user(request, text, messages.SUCCESS)
            self.log_change(request, webhook, "Trial message sent.")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(RecordAdmin[WebhookDelivery]):
    list_title = gettext_lazy("What webhooks were sent")
    list_display = ("moment", "webhook", "event", "number", "state", "attempts", "error")
    list_filter = ("state", "event", "webhook")
    list_select_related = ("webhook",)
    fields = (
        *("webhook", "election", "event", "number", "state", "attempts", "error"),
        *("created_at", "due_at", "settled_at"),
    )
    actions = ("send_again",)

    @admin.display(description=gettext_lazy("happened at"), ordering="created_at")
    def moment(self, delivery: WebhookDelivery) -> str:
        return timezone.localtime(delivery.created_at).strftime("%d/%m/%Y %H:%M:%S")

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("results.change_webhook")

    @admin.action(description=gettext_lazy("Send again what was given up"), permissions=["resend"])
    def send_again(
        self, request: HttpRequest, deliveries: "QuerySet[WebhookDelivery]"
    ) -> HttpResponse | None:
        given_up = deliveries.filter(state=State.GIVEN_UP)
        number = given_up.update(
            state=State.WAITING, attempts=0, due_at=timezone.now(), settled_at=None
        )
        text = ngettext("%(n)d is sent again.", "%(n)d are sent again.", number)
        self.message_user(request, text % {"n": number}, messages.SUCCESS)
        return None
