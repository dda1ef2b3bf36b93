"""Admin page that merges two contests: choose, see what changes, confirm with a reason."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.editor.annotations import Context
from results.editor.base import editor_of
from results.editor.idempotency import KeyField
from results.forms import VisibleTextField
from results.models import MERGE_DUPLICATES, Contest

#: Values of `step`: show what would change, merge.
PREVIEW, MERGE = "preview", "merge"


class ContestField(forms.ModelChoiceField[Contest]):
    """Tells contests of one name apart by body, code and address."""

    def label_from_instance(self, obj: Contest) -> str:
        details = ", ".join(filter(None, [obj.body.name, obj.code, obj.slug]))
        return f"{obj.name} ({details})"


class MergeForm(forms.Form):
    into = ContestField(
        Contest.objects.none(),
        label=gettext_lazy("Merge it into"),
        help_text=gettext_lazy(
            "This contest keeps its name, its body and its address, and its own figures where both "
            "have some."
        ),
    )
    reason = VisibleTextField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=gettext_lazy("The log keeps it; readers see it beside a result that changes."),
        error_messages={"required": gettext_lazy("Say why: the log keeps it.")},
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("I have looked at what changes, and it cannot be undone."),
        required=False,
    )
    key = KeyField()

    def __init__(self, contest: Contest, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        others = Contest.objects.filter(election=contest.election_id).exclude(pk=contest.pk)
        into = self.fields["into"]
        assert isinstance(into, ContestField)
        into.queryset = others.select_related("body")


def may_merge(request: HttpRequest) -> bool:
    """Whether the user may merge what is one, and correct published results."""
    permissions = (MERGE_DUPLICATES, "change_contest", "change_declaration")
    return request.user.has_perms([f"results.{permission}" for permission in permissions])


def merge_view(
    request: HttpRequest, contest_pk: int, *, model_admin: ModelAdmin[Contest]
) -> HttpResponse:
    """Run one step of a merge. Raises PermissionDenied."""
    if not may_merge(request):
        raise PermissionDenied
    contests = Contest.objects.select_related("election", "body")
    contest = contests.filter(pk=contest_pk).first()
    if contest is None and request.method == "POST":
        # A repeated request: it has been merged by the first one.
        messages.info(request, _("That contest has been merged already."))
        return HttpResponseRedirect(reverse("admin:results_contest_changelist"))
    contest = contest or get_object_or_404(contests, pk=contest_pk)
    form = MergeForm(contest, request.POST or None)
    context: Context = {"contest": contest, "form": form}
    if request.method != "POST" or not form.is_valid():
        return _page(request, model_admin, context)
    step, into = request.POST.get("step", PREVIEW), form.cleaned_data["into"]
    try:
        if step == MERGE and form.cleaned_data["confirm"]:
            return _merge(request, contest, form, model_admin)
        context |= {"into": into, "effects": desk.preview_contest_merge(contest, into)}
    except desk.DeskError as refusal:
        form.add_error("into", str(refusal))
    if step == MERGE:
        form.add_error("confirm", _("Tick the box once you have looked at what changes."))
    return _page(request, model_admin, context)


def _merge(
    request: HttpRequest, contest: Contest, form: MergeForm, model_admin: ModelAdmin[Contest]
) -> HttpResponse:
    data, into = form.cleaned_data, form.cleaned_data["into"]
    effects = desk.merge_contests(
        contest,
        into,
        by=editor_of(request),
        reason=data["reason"],
        idempotency_key=data["key"],
    )
    words = {"contest": contest.full_name, "into": into.name, "results": len(effects.changed)}
    done = _("%(contest)s is merged into %(into)s; %(results)d published results changed.") % words
    model_admin.message_user(request, done, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:results_contest_change", args=[into.pk]))


def _page(request: HttpRequest, model_admin: ModelAdmin[Contest], context: Context) -> HttpResponse:
    contest = context["contest"]
    shared = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Merge %(contest)s into another contest") % {"contest": contest.full_name},
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "editor/contest_merge.html", shared | context)
