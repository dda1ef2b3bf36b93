"""Texts have the same most characters in the admin, on the dashboard, on a phone, over the API."""

from typing import Any

import pytest
from django import forms
from django.test import Client

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
from results.models import Contest, Election, Post, Quote, ReviewItem
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
