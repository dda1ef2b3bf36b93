"""Texts have the same most characters in the admin, on the dashboard, on a phone, over the API."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin as django_admin
from django.test import Client
from django.urls import reverse

from results import desk
from results.api import write_schemas
from results.editor.change_forms import CorrectionForm
from results.editor.declaration_form import DeclarationForm
from results.editor.detail_corrections import ReasonForm
from results.editor.headlines import HeadlineForm
from results.editor.night import panels
from results.editor.photos import PhotoForm
from results.editor.posts import PostForm
from results.editor.quotes import QuoteForm
from results.models import Contest, Election, Message, Person, Post, Quote, ReviewItem
from results.reporter import forms as of_phones, picture_forms, quote_form
from tests.editor.conftest import address
from tests.editor.test_attributed_quotes import queue_quote

TOO_LONG = "a" * 20_000


def longest_of(form: type[forms.BaseForm], name: str) -> int | None:
    fields: dict[str, forms.Field] = form.base_fields  # type: ignore[attr-defined]  # not in stubs
    return getattr(fields[name], "max_length", None)


def longest_sent(schema: Any, name: str) -> int:
    found = schema.model_json_schema()["properties"][name]
    return int(found["maxLength"])


@pytest.mark.parametrize(
    ("longest", "name", "every"),
    [
        (2000, "words", [quote_form.QuoteForm]),
        (200, "speaker", [quote_form.QuoteForm, QuoteForm]),
        (200, "role", [quote_form.QuoteForm, QuoteForm]),
        (120, "title", [panels.PostForm, PostForm]),
        (1000, "text", [panels.PostForm, PostForm]),
        (160, "text", [panels.HeadlineForm, HeadlineForm]),
        (400, "caption", [picture_forms.PhotoForm, PhotoForm]),
        (400, "alt", [picture_forms.PhotoForm, PhotoForm]),
        (120, "credit", [picture_forms.PhotoForm, PhotoForm]),
        (
            1000,
            "reason",
            [
                of_phones.ResultForm,
                of_phones.CorrectionRequestForm,
                DeclarationForm,
                CorrectionForm,
                ReasonForm,
            ],
        ),
        (1000, "warning_reason", [of_phones.ResultForm, DeclarationForm, CorrectionForm]),
        (200, "source", [of_phones.ResultForm, DeclarationForm]),
    ],
)
def test_forms_have_the_same(longest: int, name: str, every: list[type[forms.BaseForm]]) -> None:
    assert [longest_of(form, name) for form in every] == [longest] * len(every)


def test_api_has_the_same() -> None:
    assert longest_sent(write_schemas.Quote, "words") == 2000
    assert longest_sent(write_schemas.Quote, "speaker") == 200
    assert longest_sent(write_schemas.Headline, "text") == 160
    for name, longest in {"reason": 1000, "warning_reason": 1000, "source": 200}.items():
        assert longest_sent(write_schemas.Result, name) == longest


def test_quote_in_the_admin_says_so_beside_the_field(admin: Client, seat: Contest) -> None:
    page = admin.get("/admin/results/quote/add/").content.decode()
    assert "maxlength" not in page[page.index('<textarea name="words"') :].partition(">")[0]
    data = {"contest": seat.pk, "speaker": "Ann Ash", "words": TOO_LONG, "key": "long"}
    answer = admin.post("/admin/results/quote/add/", data)
    assert answer.status_code == 200
    (error,) = answer.context["adminform"].form.errors["words"]
    assert "2000" in error
    assert not Quote.objects.exists()


def test_post_on_the_dashboard_says_so_beside_the_field(admin: Client, night: Election) -> None:
    answer = admin.post(
        address("election_night_post", night.pk), {"text": TOO_LONG, "step": "publish"}
    )
    assert "text" in answer.context["form"].errors
    assert not Post.objects.exists()


def test_quote_that_waits_says_so_beside_the_field(admin: Client, seat: Contest) -> None:
    item = queue_quote(seat, seat.candidates.all()[0].pk, "")
    data = {"words": TOO_LONG, "speaker": "b" * 201, "role": "Agent", "approve": "1"}
    answer = admin.post(address("reviewitem_change", item.pk), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "At most 2,000 characters: this has 20,000." in page
    assert page.count('aria-invalid="true"') == 2
    assert ReviewItem.objects.get().waits


def test_publishing_api_refuses_longer_texts(seat: Contest) -> None:
    with pytest.raises(desk.ValidationRefused) as refused:
        desk.QuoteContent(contest=seat, words=TOO_LONG, speaker="c" * 201)
    assert [each.field for each in refused.value.messages] == ["words", "speaker"]
    with pytest.raises(desk.ValidationRefused):
        desk.HeadlineContent(text="d" * 161)


def cut_off_by_browsers(page: str) -> list[str]:
    """Inputs that a browser fills with the beginning of what is pasted, and says nothing."""
    inputs = re.findall(r"<(?:input|textarea)[^>]*>", page)
    return [each for each in inputs if "maxlength" in each and 'type="hidden"' not in each]


def all_forms(base: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for form in base.__subclasses__():
        # Those of the admin's models get their fields from it: their pages are tried below.
        if form.__module__.startswith("results.") and not issubclass(form, forms.BaseModelForm):
            yield form
        yield from all_forms(form)


def test_no_form_has_an_input_that_cuts_off_what_is_pasted() -> None:
    cut = {
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in all_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if name != "key" and "maxlength" in field.widget.attrs and not field.widget.is_hidden
    }
    assert cut == set()


def test_no_template_of_the_desk_has_one() -> None:
    folders = [Path(settings.BASE_DIR) / "templates" / name for name in ("editor", "admin")]
    templates = [each for folder in folders for each in folder.rglob("*.html")]
    assert [each.name for each in templates if "maxlength" in each.read_text()] == []


@pytest.mark.parametrize("name", [each._meta.label_lower for each in django_admin.site._registry])
def test_no_page_that_adds_a_row_has_one(admin: Client, night: Election, name: str) -> None:
    answer = admin.get(reverse(f"admin:{name.replace('.', '_')}_add"), follow=True)
    may_add = django_admin.site._registry[apps.get_model(name)].has_add_permission
    assert answer.status_code == (200 if may_add(answer.wsgi_request) else 403)
    assert cut_off_by_browsers(answer.content.decode()) == []


def test_no_page_that_changes_a_row_has_one(admin: Client, seat: Contest) -> None:
    party = seat.candidates.all()[0].party_id
    assert party is not None
    for name, key in {"contest": seat.pk, "election": seat.election_id, "party": party}.items():
        page = admin.get(address(f"{name}_change", key)).content.decode()
        assert cut_off_by_browsers(page) == []


@pytest.mark.parametrize(
    ("model", "field", "data"),
    [("post", "title", {"text": "Hall"}), ("person", "name", {}), ("group", "slug", {"name": "a"})],
)
def test_one_line_that_is_too_long_says_so_and_stays(
    admin: Client, night: Election, model: str, field: str, data: dict[str, str]
) -> None:
    posted = {"election": night.pk, field: "a" * 500, "key": "long", **data}
    answer = admin.post(address(f"{model}_add"), posted)
    assert answer.status_code == 200
    (error,) = answer.context["adminform"].form.errors[field]
    assert "500" in error
    assert "a" * 500 in answer.content.decode()
    assert not Post.objects.exists()
    assert not Person.objects.filter(name__startswith="aaa").exists()


def test_reason_of_what_is_set_aside_says_so_beside_the_field(admin: Client, seat: Contest) -> None:
    item = queue_quote(seat, seat.candidates.all()[0].pk, "")
    answer = admin.post(
        address("reviewitem_change", item.pk), {"note": "n" * 301, "words": "Mine", "decline": "1"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "At most 300 characters: this has 301." in page
    assert "n" * 301 in page
    assert ">Mine</textarea>" in page
    assert ReviewItem.objects.get().waits


def test_reason_on_the_dashboard_is_not_cut_off(admin: Client, seat: Contest) -> None:
    item = queue_quote(seat, seat.candidates.all()[0].pk, "")
    data = {"action": "aside", "item": item.pk, "note": "n" * 301}
    admin.post(address("election_night_action", seat.election_id), data)
    assert ReviewItem.objects.get().waits
    page = admin.get(address("election_night", seat.election_id)).content.decode()
    assert "At most 300 characters: this has 301." in page


def test_question_on_the_dashboard_is_not_cut_off(admin: Client, seat: Contest) -> None:
    data = {"action": "ask", "contest": seat.pk, "text": "q" * 501}
    admin.post(address("election_night_action", seat.election_id), data)
    assert not Message.objects.exists()
    page = admin.get(address("election_night", seat.election_id)).content.decode()
    assert "At most 500 characters: this has 501." in page
