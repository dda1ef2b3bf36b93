"""No address of the admin changes or deletes what is published, not even for a superuser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from results import desk
from results.models import Bulletin, Contest, Declaration, Headline, Quote, Total
from tests import nights
from tests.editor.conftest import address, form_data


@pytest.fixture
def published(declared: Contest) -> Contest:
    """A seat with a declaration, a quote and a headline."""
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


def published_rows() -> list[list[dict[str, Any]]]:
    """Return all published rows as values."""
    models = (Bulletin, Declaration, Quote, Headline, Total)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def every_address(published: Contest) -> Iterator[str]:
    """Yield each admin address of each registered model, for its first object."""
    for model in django_admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        obj = model._default_manager.first()
        if obj is not None:
            for page in ("change", "delete", "history"):
                yield reverse(f"{name}_{page}", args=[obj.pk])
    for page in ("correct", "withdraw"):
        yield address(f"contest_{page}", published.pk)


def test_every_page_answers(admin: Client, published: Contest) -> None:
    answers = {page: admin.get(page).status_code for page in every_address(published)}
    assert {page: code for page, code in answers.items() if code not in (200, 302, 403)} == {}
    assert len(answers) > 50


def test_no_post_changes_the_record(admin: Client, published: Contest) -> None:
    """POST a deletion, a save and an action to every address of the admin."""
    before = published_rows()
    for page in every_address(published):
        for sent in (
            {"post": "yes"},
            {"_save": "Save", "votes": "1", "words": "", "text": "", "revision": "9"},
            {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"},
        ):
            answer = admin.post(page, sent)
            assert answer.status_code < 500, page
        after = published_rows()
        assert [rows[: len(old)] for rows, old in zip(after, before, strict=True)] == before, page


@pytest.mark.parametrize("name", ["declaration", "bulletin"])
def test_record_is_read_only_to_a_superuser(admin: Client, published: Contest, name: str) -> None:
    obj = {"declaration": Declaration.objects.get(), "bulletin": Bulletin.objects.first()}[name]
    assert obj is not None
    assert admin.get(address(f"{name}_change", obj.pk)).status_code == 200
    assert admin.post(address(f"{name}_change", obj.pk), {"_save": "Save"}).status_code == 403
    assert admin.get(address(f"{name}_add")).status_code == 403
    assert admin.get(address(f"{name}_delete", obj.pk)).status_code == 403


@pytest.mark.parametrize("name", ["contest", "election", "quote", "headline"])
def test_published_objects_are_not_deleted(admin: Client, published: Contest, name: str) -> None:
    obj = {
        "contest": published,
        "election": published.election,
        "quote": Quote.objects.get(),
        "headline": Headline.objects.get(),
    }[name]
    page = address(f"{name}_delete", obj.pk)
    assert admin.post(page, {"post": "yes"}).status_code == 403
    assert not LogEntry.objects.filter(object_id=obj.pk, action_flag=3).exists()


def test_no_list_has_a_delete_action(admin: Client, published: Contest) -> None:
    for model in django_admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert "delete_selected" not in admin.get(reverse(name)).content.decode(), name


def test_declared_ballot_paper_keeps_its_candidates(admin: Client, published: Contest) -> None:
    """Names may be corrected; candidates are neither added nor removed."""
    page = address("contest_change", published.pk)
    form = form_data(admin.get(page))
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


def test_users_who_published_are_not_deleted(admin: Client, published: Contest) -> None:
    reporter = Declaration.objects.get().by
    page = reverse("admin:auth_user_delete", args=[reporter.pk])
    assert admin.post(page, {"post": "yes"}).status_code == 403
