"""Pages that set up a night: create a draft, upload files, see what they change, apply them."""

from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import rules_of
from results.desk.worker_status import worker_status
from results.editor.admin_page import admin_page
from results.editor.base import editor_of
from results.models import Body, Candidate, Election, Load, LoadFile
from results.models.body import body_slug
from results.setup import columns, reports, tasks
from results.setup.answers import add_option
from results.setup.forms import AnswersForm, FilesForm, NewElectionForm
from results.setup.progress import progress_of
from results.setup.steps import STEPS, SetupStep, skips_others, steps_of
from results.setup.undo import CannotUndo, can_be_undone, undo, why_not
from results.words.kinds import words_of

Context = dict[str, Any]
State = Load.State


def senior_editors_only(view: Any) -> Any:
    """Decorate a view of the admin that needs the permission to add elections."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("results.add_election"):
            raise PermissionDenied
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return admin.site.admin_view(checked)


@senior_editors_only
def start(request: HttpRequest) -> HttpResponse:
    """Show the form of a new election, and create its draft."""
    form = NewElectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        election = _create(form, request)
        return HttpResponseRedirect(reverse("set_up_election", args=[election.pk]))
    drafts = Election.objects.filter(visibility=Election.Visibility.DRAFT)
    context = {"title": _("Set up a night"), "form": form, "drafts": drafts}
    return admin_page(request, "setup/start.html", context)


@transaction.atomic
def _create(form: NewElectionForm, request: HttpRequest) -> Election:
    data = form.cleaned_data
    election = Election.objects.create(
        slug=data["slug"],
        name=data["name"],
        kind=data["kind"],
        date=data["date"],
        timezone=data["timezone"],
        language=data["language"],
        second_language=data["second_language"],
        polls_close=form.polls_close(),
        deposits=rules_of(data["kind"]).deposit_threshold is not None,
        visibility=Election.Visibility.DRAFT,
    )
    if data["body"]:
        Body.objects.create(election=election, slug=body_slug(data["body"]), name=data["body"])
    desk.record_action(editor_of(request), "made a draft", election=election, about=election.name)
    return election


@senior_editors_only
def election_page(request: HttpRequest, election_pk: int) -> HttpResponse:
    """The steps of an election, each with its form and the files that were loaded."""
    election = get_object_or_404(Election, pk=election_pk)
    forms = {step.what: FilesForm(step, _area(election)) for step in steps_of(election)}
    return _election_page(request, election, forms)


def _election_page(
    request: HttpRequest, election: Election, forms: dict[Load.What, FilesForm]
) -> HttpResponse:
    loads = list(Load.objects.filter(election=election).prefetch_related("files"))
    newest = {load.what: load for load in reversed(loads)}
    applied = {load.what: load for load in reversed(loads) if load.state == State.DONE}
    rows = [
        {
            "step": form.step,
            "form": form,
            "newest": newest.get(what),
            "applied": applied.get(what),
            "lines": reports.lasting_lines(applied[what].report) if what in applied else [],
            "open": bool(form.errors) or (what not in applied and what == next(iter(forms))),
        }
        for what, form in forms.items()
    ]
    wholes = election.contests.filter(part_of=None)
    context = {
        "title": election.name,
        "election": election,
        "rows": rows,
        "contests": wholes.count(),
        "candidates": Candidate.objects.filter(contest__in=wholes).count(),
        "without_region": wholes.filter(region=None).count(),
        "without_electorate": wholes.filter(electorate=None).count(),
        "with_last_result": wholes.filter(last_result__isnull=False).count(),
        "unpublished_polls": desk.unpublished_polls(election),
    }
    return admin_page(request, "setup/election.html", context)


def _area(election: Election) -> str:
    """The word for the area of a contest in this kind of election: “ward”."""
    return str(words_of(election).contest.one)


@senior_editors_only
def upload(request: HttpRequest, election_pk: int, what: str) -> HttpResponse:
    """Store files, and read them in the background."""
    election = get_object_or_404(Election, pk=election_pk)
    steps = {str(step.what): step for step in steps_of(election)}
    # Asked for by whoever signs in again on the way, or loads the page of an error again.
    if what not in steps or request.method != "POST":
        return HttpResponseRedirect(reverse("set_up_election", args=[election.pk]))
    form = FilesForm(steps[what], _area(election), request.POST, request.FILES)
    if not form.is_valid():
        forms = {step.what: FilesForm(step, _area(election)) for step in steps.values()}
        return _election_page(request, election, forms | {steps[what].what: form})
    answers = {"only_own": True} if what == "previous" and skips_others(election) else {}
    with transaction.atomic():
        load = Load.objects.create(
            election=election, what=what, by=editor_of(request), answers=answers
        )
        for name, content in form.contents():
            LoadFile.objects.create(load=load, name=name, content=content)
        tasks.enqueue(load, State.READING)
    return HttpResponseRedirect(reverse("set_up_load", args=[load.pk]))


@senior_editors_only
def load_page(request: HttpRequest, load_pk: int) -> HttpResponse:
    """A load: its progress, its questions or errors, or what applying it would change."""
    load = get_object_or_404(Load.objects.select_related("election"), pk=load_pk)
    step = STEPS[Load.What(load.what)]
    form = AnswersForm(
        step,
        request.POST or None,
        published=load.election.bulletins.exists(),
        councils=load.election.rules.has_control,
        initial=load.answers,
    )
    if request.method == "POST" and form.is_valid():
        return _act(request, load, step, form)
    tasks.fail_if_dead(load)
    done, total = progress_of(load)
    context = {
        "title": f"{load.get_what_display()}: {load.names}",
        "election": load.election,
        "load": load,
        "step": step,
        "lines": reports.lasting_lines(load.report),
        "unpublished_polls": _unpublished_polls(load),
        "form": form,
        "by_hand": any(not each["choices"] for each in load.report.get("questions", ())),
        "done": done,
        "total": total,
        "worker": worker_status() if load.is_running else "",
        "can_be_undone": can_be_undone(load),
        "why_not": why_not(load) if load.state == State.DONE else "",
        "tables": columns.tables_with_choices(
            step, load.report.get("tables", ()), _area(load.election)
        ),
    }
    return admin_page(request, "setup/load.html", context)


def _unpublished_polls(load: Load) -> list[desk.UnpublishedPoll]:
    """The polls that this load's files say are not held, and readers are not told of."""
    if load.state != State.DONE:
        return []
    polls = load.report.get("polls", {})
    unpublished = desk.unpublished_polls(load.election)
    return [poll for poll in unpublished if polls.get(str(poll.contest.pk))]


def _act(request: HttpRequest, load: Load, step: SetupStep, form: AnswersForm) -> HttpResponse:
    """Read again with other answers, apply, or discard. A repeated click changes nothing."""
    action = request.POST.get("action", "")
    with transaction.atomic():
        fresh = Load.objects.select_for_update().get(pk=load.pk)
        if fresh.is_running or fresh.state in (State.DONE, State.UNDONE):
            return HttpResponseRedirect(request.path)
        if action == "leave":
            election_pk = fresh.election_id
            fresh.delete()
            messages.info(request, _("Nothing was changed."))
            return HttpResponseRedirect(reverse("set_up_election", args=[election_pk]))
        answers = _answers(request, fresh, step, form)
        as_read = _given(answers) == _given(fresh.answers)
        if action == "apply" and fresh.state == State.READY and as_read:
            tasks.enqueue(fresh, State.APPLYING)
        else:
            if action == "apply":
                messages.warning(request, _("Read again with what you chose: apply it below."))
            fresh.answers = answers
            fresh.save(update_fields=["answers"])
            tasks.enqueue(fresh, State.READING)
    return HttpResponseRedirect(request.path)


@senior_editors_only
def undo_load(request: HttpRequest, load_pk: int) -> HttpResponse:
    """Restore what was there before a load; where that is not possible, say why."""
    load = get_object_or_404(Load.objects.select_related("election"), pk=load_pk)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("set_up_load", args=[load.pk]))
    try:
        messages.success(request, undo(load, by=editor_of(request)))
    except CannotUndo as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("set_up_load", args=[load.pk]))
    return HttpResponseRedirect(reverse("set_up_election", args=[load.election_id]))


def _answers(request: HttpRequest, load: Load, step: SetupStep, form: AnswersForm) -> Context:
    """Merge the form's answers into those given before."""
    answers: Context = load.answers | {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in form.cleaned_data.items()
    }
    answers["columns"] = dict(answers.get("columns", {})) | columns.chosen(
        request.POST, load.report.get("tables", ())
    )
    for number, _question in enumerate(load.report.get("questions", ())):
        option = request.POST.get(f"question-{number}", "")
        if option:
            add_option(answers, option)
    return answers


def _given(answers: Context) -> Context:
    """The answers without those that are left empty."""
    return {name: value for name, value in answers.items() if value}
