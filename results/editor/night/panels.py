"""Pages that open in a dialog over the dashboard: headline, post, note.

Without the dashboard's script each is a page of its own.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Unpack

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.arithmetic import read_id
from results.editor.admin_page import admin_page
from results.editor.annotations import CleanedData, Context, FormData, FormOptions
from results.editor.base import editor_of, election_timezone, require_permission
from results.editor.idempotency import KeyField, new_key
from results.editor.messages import write_message
from results.editor.night.publication_preview import preview_headline, preview_publication
from results.editor.publication_preview import SHOWN_STANDING
from results.editor.refusals import refusals_in
from results.editor.sent_once import AlreadySent, saved_once
from results.forms import VisibleTextField
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.models import Assignment, Election, Headline
from results.models.message import LONGEST_MESSAGE
from results.models.text_limits import LONGEST_HEADLINE, LONGEST_POST, LONGEST_TITLE
from results.words.user_names import user_name


def page(
    request: HttpRequest,
    election: Election,
    template: str,
    context: Context,
    model_admin: ModelAdmin[Election],
) -> HttpResponse:
    shared = {
        "election": election,
        "return_address": reverse("admin:results_election_night", args=[election.pk]),
    }
    return admin_page(request, template, shared | context, opts=model_admin.opts)


def back(request: HttpRequest, election: Election, words: str) -> HttpResponse:
    """Redirect to the dashboard, with a sentence about what was done."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse("admin:results_election_night", args=[election.pk]))


# --- Headline, post, note -------------------------------------------------------------------


class HeadlineForm(forms.Form):
    """Form of the headline; empty restores the generated one."""

    text = VisibleTextField(
        label=gettext_lazy("Headline"),
        required=False,
        max_length=LONGEST_HEADLINE,
        help_text=gettext_lazy("On every open page at once. Empty: the one by rule returns."),
        widget=forms.TextInput(attrs={"autofocus": True, "class": "vTextField"}),
    )
    key = KeyField()


class PostForm(forms.Form):
    """A few sentences of the desk's own in the feed."""

    title = VisibleTextField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autofocus": True, "class": "vTextField"}),
    )
    text = VisibleTextField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
    )
    key = KeyField()


class NoteForm(forms.Form):
    """A message to one reporter, or to everybody who is sent to a count."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("To"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Everybody who is sent to a count"),
    )
    text = VisibleTextField(
        label=gettext_lazy("Message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "autofocus": True}),
        help_text=gettext_lazy("It reaches their phones within 20 seconds. Readers never see it."),
    )
    key = KeyField()

    def __init__(
        self,
        election: Election,
        data: FormData | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        sent = Assignment.objects.filter(contest__election=election).values("reporter")
        # A page that was opened before an upgrade has none.
        self.fields["key"].required = False
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(pk__in=sent).order_by("last_name", "username")
        field.label_from_instance = user_name  # type: ignore[method-assign, assignment]  # as Django documents


def headline_view(
    request: HttpRequest, election_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Publish a headline or take it back: first what readers will see, then publish it."""
    require_permission(request, "results.add_headline")
    election = get_object_or_404(Election, pk=election_pk)
    with election_timezone(election):
        snapshot = ElectionSnapshot(election)
        standing = snapshot.editors_headline
        with election_locale(election):
            by_rule = snapshot.night_summary.headline
        initial = {"text": standing.text if standing else by_rule}
        form = HeadlineForm(_with_key(request), initial=initial)
        preview = ""
        if request.method == "POST" and form.is_valid():
            change = partial(_change_headline, request, election, form.cleaned_data["text"])
            publish = partial(_publish_headline, change)
            if request.POST.get("step") == "publish":
                answer = _try(request, election, form, publish)
                if answer is not None:
                    return answer
            elif answer := _earlier(
                request, election, form, lambda key: _headline_words(change(key))
            ):
                return answer
            else:
                preview = _try_headline(election, form, lambda: change(new_key()))
        context = {
            "title": _("Headline"),
            "form": _previewed(form, preview),
            "preview": preview,
            "standing": standing,
            "by_rule": by_rule,
        }
        return page(request, election, "editor/night/headline.html", context, model_admin)


def _with_key(request: HttpRequest) -> QueryDict | None:
    """The posted fields; a form that is edited in place gets its key with its preview."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    data.setdefault("key", new_key())
    return data


def _try_headline(
    election: Election, form: forms.Form, change: Callable[[], desk.PublishResult]
) -> str:
    """The preview of a change; empty where it was refused, with the reasons in the form."""
    preview = ""
    with refusals_in(form):
        preview = preview_headline(election, change)
        if not preview:
            form.add_error("text", _("That stands already: there is nothing to publish."))
    return preview


def _change_headline(
    request: HttpRequest, election: Election, text: str, key: str
) -> desk.PublishResult:
    by = editor_of(request)
    if text:
        content = desk.HeadlineContent(text=text)
        return desk.publish(election, content, by=by, idempotency_key=key)
    is_confirmed = request.POST.get("step") == "publish"
    shown = (read_id(request.POST.get(SHOWN_STANDING, "")) or None) if is_confirmed else None
    return desk.withdraw_standing(election, Headline, by=by, idempotency_key=key, shown=shown)


def _publish_headline(change: Callable[[str], desk.PublishResult], key: str) -> str:
    return _headline_words(change(key))


def _headline_words(result: desk.PublishResult) -> str:
    if result.unchanged:
        return _("That stands already: nothing was published.")
    headline = result.bulletin.publication
    if headline is not None and headline.withdrawn:
        return _("Headline withdrawn: bulletin %(number)d.") % {"number": result.sequence}
    return _("Headline published: bulletin %(number)d.") % {"number": result.sequence}


def _previewed(form: forms.Form, preview: str) -> forms.Form:
    """The form, whose focus goes to the button that publishes once a preview is shown."""
    if preview:
        for field in form.fields.values():
            field.widget.attrs.pop("autofocus", None)
    return form


def post_view(
    request: HttpRequest, election_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Write a post: first what readers will see, then publish it."""
    require_permission(request, "results.add_post")
    election = get_object_or_404(Election, pk=election_pk)
    form = PostForm(request.POST or None)
    preview = ""
    with election_timezone(election):
        if request.method == "POST" and form.is_valid():
            content = desk.PostContent(
                title=form.cleaned_data["title"], text=form.cleaned_data["text"]
            )
            publish = partial(_publish_post, request, election, content)
            if request.POST.get("step") == "publish":
                answer = _try(request, election, form, publish)
                if answer is not None:
                    return answer
            elif answer := _earlier(request, election, form, publish):
                return answer
            elif request.POST.get("step") == "preview":
                with refusals_in(form):
                    preview = preview_publication(election, content, by=editor_of(request))
        context = {"title": _("Post"), "form": _previewed(form, preview), "preview": preview}
        return page(request, election, "editor/night/post.html", context, model_admin)


def _publish_post(
    request: HttpRequest, election: Election, content: desk.PostContent, key: str
) -> str:
    result = desk.publish(election, content, by=editor_of(request), idempotency_key=key)
    return _("Post published: bulletin %(number)d.") % {"number": result.sequence}


def _try(
    request: HttpRequest, election: Election, form: forms.Form, publish: Callable[[str], str]
) -> HttpResponse | None:
    """Publish with the form's key; None where it was refused, with the reasons in the form."""
    key = form.cleaned_data["key"]

    response = None
    with refusals_in(form):
        try:
            response = back(request, election, publish(key))
        except desk.IdempotencyKeyReused:
            response = back(request, election, publish(f"{key[:60]}-changed"))
    return response


def _earlier(
    request: HttpRequest, election: Election, form: forms.Form, publish: Callable[[str], str]
) -> HttpResponse | None:
    """The answer to a preview that is loaded again after it was published; None if it was not."""
    key = form.cleaned_data["key"]
    if desk.find_earlier_answer(editor_of(request), key) is None:
        return None
    with suppress(desk.IdempotencyKeyReused):
        return back(request, election, publish(key))
    return None


def _write_once(request: HttpRequest, election: Election, data: CleanedData) -> None:
    """Write the message; nothing where the same form with the same words was sent before."""
    text, to, by = data["text"], data["to"], editor_of(request)
    if not data["key"]:
        write_message(election, text, to=to, by=by)
        return
    content = f"{to.pk if to else ''}\n{text}"
    with suppress(AlreadySent), saved_once(request, data["key"], content) as remember:
        write_message(election, text, to=to, by=by)
        remember()


def note_view(
    request: HttpRequest, election_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    require_permission(request, "results.add_message")
    election = get_object_or_404(Election, pk=election_pk)
    initial = {"to": request.GET.get("to", "")}
    form = NoteForm(election, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        if to is None and not Assignment.objects.filter(contest__election=election).exists():
            form.add_error("to", _("Nobody is sent to a count of this election yet."))
        else:
            _write_once(request, election, form.cleaned_data)
            who = user_name(to) if to else _("everybody at a count")
            return back(request, election, _("Sent to %(who)s.") % {"who": who})
    with election_timezone(election):
        context = {"title": _("Note to reporters"), "form": form}
        return page(request, election, "editor/night/note.html", context, model_admin)
