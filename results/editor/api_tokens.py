"""Admin of API tokens: issuing one shows it once; an action revokes them at once."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from results.desk.accounts import NEWSROOM, set_full_name, system_user
from results.editor.admin_page import secret_page
from results.editor.annotations import FieldGroups
from results.editor.base import ListAdmin, editor_of
from results.models import ApiToken
from results.models.api_token import LASTS


class TokenForm(forms.ModelForm[ApiToken]):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May publish"),
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Quotes and corrections wait in the review queue, as reporters’ do."
        ),
    )

    class Meta:
        model = ApiToken
        fields = ("newsroom", "scopes", "election", "expires_at")
        help_texts = {
            "newsroom": gettext_lazy(
                "Publishes under this name. Tokens of one newsroom are not each other’s second "
                "person."
            ),
        }

    def clean_newsroom(self) -> str:
        name: str = self.cleaned_data["newsroom"].strip()
        if not slugify(name):
            raise forms.ValidationError(_("Use letters or digits."))
        return name

    def clean_expires_at(self) -> datetime:
        expires_at: datetime = self.cleaned_data["expires_at"]
        if expires_at <= timezone.now():
            raise forms.ValidationError(_("Choose a time that is still to come."))
        return expires_at


@admin.register(ApiToken)
class ApiTokenAdmin(ListAdmin[ApiToken]):
    """Lists tokens and their use. The token itself is only on the page of a new one."""

    form = TokenForm
    list_display = (
        *("newsroom", "ending", "scope_names", "election", "state"),
        *("last_used_at", "expires_at", "issued_by"),
    )
    list_select_related = ("election", "issued_by")
    search_fields = ("newsroom", "ending")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> FieldGroups:
        if obj is None:
            return ["newsroom", "scopes", "election", "expires_at"]
        return [
            *("newsroom", "ending", "scope_names", "election", "state", "issued_by"),
            *("issued_at", "last_used_at", "expires_at", "revoked_at"),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"expires_at": timezone.now() + LASTS}

    @admin.display(description=gettext_lazy("may publish"))
    def scope_names(self, token: ApiToken) -> str:
        return ", ".join(str(ApiToken.Scope(scope).label) for scope in token.scopes)

    @admin.display(description=gettext_lazy("state"))
    def state(self, token: ApiToken) -> str:
        return token.state

    @admin.action(
        description=gettext_lazy("Revoke: nothing more is published with it"),
        permissions=["change"],
    )
    def revoke(self, request: HttpRequest, tokens: "QuerySet[ApiToken]") -> None:
        for token in tokens:
            token.revoke()
            self.log_change(request, token, "Revoked.")
        text = ngettext("%(n)d token was revoked.", "%(n)d tokens were revoked.", len(tokens))
        self.message_user(request, text % {"n": len(tokens)}, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Any, form: TokenForm, change: bool) -> None:
        """Issue the token, as `obj`, which keeps it for `response_add` only."""
        account = system_user(f"{NEWSROOM}{slugify(obj.newsroom)}"[:150])
        if not account.get_full_name():
            set_full_name(account, f"{obj.newsroom} (API)")
        issued = ApiToken.issue(
            newsroom=obj.newsroom,
            scopes=obj.scopes,
            election=obj.election,
            expires_at=obj.expires_at,
            account=account,
            issued_by=editor_of(request),
        )
        obj.secret, obj.pk, obj.ending = issued.secret, issued.token.pk, issued.token.ending

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        context = {
            "title": _("A token for %(newsroom)s") % {"newsroom": obj.newsroom},
            "token": obj,
            "secret": obj.secret,
            "scopes": self.scope_names(obj),
        }
        return secret_page(request, "editor/api_token.html", context, opts=self.opts)
