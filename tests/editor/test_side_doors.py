"""What is published is changed by another revision and in no other way, whoever asks."""

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from results import desk
from results.models import Bulletin, Declaration, Headline, Quote
from tests import nights
from tests.editor.conftest import address, typed


@pytest.fixture
def published(declared):
    """A seat with a declaration, a quote and a headline: one of everything that is on record."""
    by = nights.user("colleague", staff=True)
    desk.publish(
        declared.election,
        desk.QuoteContent(
            words="We shall go on.",
            contest=declared,
            candidate=declared.candidates.get(name="Jeremy Corbyn"),
        ),
        by=by,
        idempotency_key="said",
    )
    desk.publish(
        declared.election,
        desk.HeadlineContent(text="The first seat is in"),
        by=by,
        idempotency_key="head",
    )
    return declared


def record():
    """All that is on record, as plain values."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Bulletin, Declaration, Quote, Headline)
    ] + [list(Declaration.totals.rel.related_model.objects.order_by("pk").values())]


def every_address(published):
    """Each admin address of each registered model, for an object that there is."""
    for model in django_admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        found = model.objects.first()
        if found is not None:
            for page in ("change", "delete", "history"):
                yield reverse(f"{name}_{page}", args=[found.pk])
    for page in ("correct", "withdraw"):
        yield address(f"contest_{page}", published.pk)


def test_every_page_opens_and_none_fails(admin, published):
    answers = {page: admin.get(page).status_code for page in every_address(published)}
    assert {page: code for page, code in answers.items() if code not in (200, 302, 403)} == {}
    assert len(answers) > 50


def test_whatever_is_posted_anywhere_the_record_stays(admin, published):
    """Every address of the admin, posted to with a delete's, a save's and an action's fields."""
    before = record()
    for page in every_address(published):
        for sent in (
            {"post": "yes"},
            {"_save": "Save", "votes": "1", "words": "", "text": "", "revision": "9"},
            {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"},
        ):
            answer = admin.post(page, sent)
            assert answer.status_code < 500, page
            after = record()
            assert [rows[: len(old)] for rows, old in zip(after, before, strict=True)] == before


@pytest.mark.parametrize("name", ["declaration", "bulletin"])
def test_the_record_is_read_only_even_to_a_superuser(admin, published, name):
    obj = {"declaration": Declaration, "bulletin": Bulletin}[name].objects.first()
    assert admin.get(address(f"{name}_change", obj.pk)).status_code == 200
    assert admin.post(address(f"{name}_change", obj.pk), {"_save": "Save"}).status_code == 403
    assert admin.get(address(f"{name}_add")).status_code == 403
    assert admin.get(address(f"{name}_delete", obj.pk)).status_code == 403


@pytest.mark.parametrize("name", ["contest", "election", "quote", "headline"])
def test_what_is_published_is_not_deleted(admin, published, name):
    found = {
        "contest": published,
        "election": published.election,
        "quote": Quote.objects.get(),
        "headline": Headline.objects.get(),
    }[name]
    page = address(f"{name}_delete", found.pk)
    assert admin.post(page, {"post": "yes"}).status_code == 403
    assert not LogEntry.objects.filter(object_id=found.pk, action_flag=3).exists()


def test_nothing_is_deleted_by_the_dozen(admin, published):
    for model in django_admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert "delete_selected" not in admin.get(reverse(name)).content.decode(), name


def test_a_declared_ballot_paper_is_settled(admin, published):
    """Names may be put right; nobody joins or leaves the ballot paper that was declared."""
    page = address("contest_change", published.pk)
    form = typed(admin.get(page))
    form["candidates-TOTAL_FORMS"] = 7
    form |= {
        "candidates-6-name": "A Latecomer",
        "candidates-6-ballot_order": "7",
        "candidates-6-contest": published.pk,
        "candidates-0-DELETE": "on",
    }
    admin.post(page, form)
    names = list(published.candidates.values_list("name", flat=True))
    assert len(names) == 6
    assert "A Latecomer" not in names


def test_users_in_the_record_are_not_deleted(admin, published):
    reporter = Declaration.objects.get().by
    page = reverse("admin:auth_user_delete", args=[reporter.pk])
    assert admin.post(page, {"post": "yes"}).status_code == 403
