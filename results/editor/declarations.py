"""Admin of declarations: every revision, read-only, and the mark that one was verified."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from results import desk
from results.arithmetic import REASON, ValidationMessage
from results.editor import tables
from results.editor.base import RecordAdmin, Tool, editor_of, format_local_time
from results.editor.change_views import may_change
from results.editor.contests import change_tools
from results.live.revision_differences import changes_in, revisions
from results.models import Contest, Declaration, Standing
from results.words.validation_messages import message_text


@admin.register(Declaration)
class DeclarationAdmin(RecordAdmin[Declaration]):
    """Read-only: a result is changed by a correction or a withdrawal, which is another revision."""

    list_display = (
        "contest",
        "revision",
        "kind",
        "declared",
        "published",
        "by",
        "sequence",
        "is_verified",
        "why",
    )
    list_filter = (("contest__election", admin.RelatedOnlyFieldListFilter), "kind", "blame")
    search_fields = ("contest__name", "by__username", "reason")
    search_help_text = _("Contest, reporter or reason")
    ordering = ("-created_at", "-pk")
    fieldsets = (
        (None, {"fields": ("contest", "revision", "kind", "sequence", "stands")}),
        (_("Figures"), {"fields": ("ballot_counts_table", "changed")}),
        (_("Who and when"), {"fields": ("by", "published", "declared", "recount", "source")}),
        (_("Why"), {"fields": ("reason", "blame", "note")}),
        (_("Checks"), {"fields": ("warnings_accepted", "warning_reason")}),
    )

    readonly_fields = flatten_fieldsets(fieldsets)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Declaration]:
        return super().get_queryset(request).select_related("contest__election", "by", "verified")

    def tools(self, request: HttpRequest, obj: Declaration) -> Iterator[Tool]:
        standing = getattr(obj.contest, "standing", None)
        if standing and standing.declaration_id == obj.pk:
            yield from change_tools(request, obj.contest)
        elif standing and _is_restorable(obj, standing) and may_change(request):
            correct = reverse("admin:results_contest_correct", args=[obj.contest_id])
            yield Tool(str(_("Restore these figures…")), f"{correct}?restore={obj.pk}")
        yield Tool(
            obj.contest.full_name, reverse("admin:results_contest_change", args=[obj.contest_id])
        )

    actions = ("verify",)

    def has_verify_permission(self, request: HttpRequest) -> bool:
        return may_change(request)

    @admin.action(description=_("Verified against the officer’s notice"), permissions=["verify"])
    def verify(self, request: HttpRequest, declarations: "QuerySet[Declaration]") -> None:
        """Mark revisions that stand as verified. Nothing is published."""
        standing = declarations.filter(standing__isnull=False).select_related("contest__election")
        by = editor_of(request)
        marked = sum(desk.mark_verified(declaration, by=by) for declaration in standing)
        words = ngettext("%(n)d was verified.", "%(n)d were verified.", marked)
        self.message_user(request, words % {"n": marked}, messages.SUCCESS)

    @admin.display(description=_("verified"))
    def is_verified(self, declaration: Declaration) -> str | None:
        """“Yes” or nothing: a column of red crosses would look like a list of errors."""
        return gettext("Yes") if hasattr(declaration, "verified") else None

    # --- Columns and rows ---------------------------------------------------------------------

    @admin.display(description=_("declared at"), ordering="declared_at")
    def declared(self, declaration: Declaration) -> str:
        if declaration.declared_at is None:
            return self.empty_value_display
        return format_local_time(declaration.declared_at, declaration.contest.election, "j M, H:i")

    @admin.display(description=_("published at"), ordering="created_at")
    def published(self, declaration: Declaration) -> str:
        election = declaration.contest.election
        return format_local_time(declaration.created_at, election, "j M Y, H:i:s")

    @admin.display(description=_("reason"))
    def why(self, declaration: Declaration) -> str:
        return declaration.reason or declaration.warning_reason

    @admin.display(description=_("stands"), boolean=True)
    def stands(self, declaration: Declaration) -> bool:
        standing = getattr(declaration.contest, "standing", None)
        return standing is not None and standing.declaration_id == declaration.pk

    @admin.display(description=_("as declared"))
    def ballot_counts_table(self, declaration: Declaration) -> str:
        return tables.ballot_counts_table(declaration)

    @admin.display(description=_("changed since the revision before"))
    def changed(self, declaration: Declaration) -> str:
        contest = Contest.objects.filter(pk=declaration.contest_id)
        for change in changes_in(revisions(contest)):
            if change.declaration == declaration:
                context = {"differences": change.differences}
                return render_to_string("editor/_differences.html", context)
        return self.empty_value_display

    @admin.display(description=_("warnings accepted"))
    def warnings_accepted(self, declaration: Declaration) -> str:
        """Sentences of the warnings that the reporter accepted."""
        sentences = [(message_text(_message(stored)),) for stored in declaration.warnings]
        return format_html_join("", "<p>{}</p>", sentences) or self.empty_value_display


def _is_restorable(declaration: Declaration, standing: Standing) -> bool:
    """Whether an earlier revision's figures can be restored as a correction."""
    kinds_without_figures = (Declaration.Kind.WITHDRAWAL, Declaration.Kind.UNOPPOSED)
    return (
        standing.is_published
        and standing.incomplete == declaration.incomplete
        and standing.status != Standing.Status.UNOPPOSED
        and declaration.kind not in kinds_without_figures
    )


def _message(stored: dict[str, Any]) -> ValidationMessage:
    params = {name: value for name, value in stored.items() if name not in ("code", "field")}
    return ValidationMessage(stored["code"], REASON, stored["field"], params)
