"""Hostile values in every form: accepted or refused as a whole, never a 500."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import given, strategies as st

from results.models import Contest, Election, Headline, Post, Quote, ReviewItem
from tests.fuzz.hostile import (
    ALONE,
    assert_consistent,
    hostile_examples,
    rolled_back,
    rows,
    send,
    texts,
)
from tests.fuzz.parsed_forms import ParsedForm, forms_of, spoilt

pytestmark = [pytest.mark.django_db, pytest.mark.db]

STEPS = (
    *("check", "change", "publish", "winner-check", "winner", "confirm-check", "confirm"),
    *("status", "count", "quote", "photo", "notice", "ask"),
)


@pytest.fixture
def night(kept_night: Election) -> Election:
    return kept_night


def send_hostile(client: Client, path: str, form: ParsedForm, examples: int, **more: Any) -> None:
    """Send the form with hostile values many times, each time to the same night."""

    @hostile_examples(examples)
    @given(pairs=spoilt(form, **more), accept=st.sampled_from(["text/html", "application/json"]))
    def check(pairs: list[tuple[str, str]], accept: str) -> None:
        with rolled_back():
            before = rows()
            assert_consistent(send(client, path, pairs, HTTP_ACCEPT=accept), before)

    check()


def forms_at(client: Client, path: str) -> list[ParsedForm]:
    page = client.get(path)
    assert page.status_code == 200, path
    return forms_of(page.content.decode())


# --- At the count -----------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["islington-north", "vale"])
def test_steps_of_the_count_form(people: dict[str, Client], slug: str) -> None:
    path = f"/count/ge/{slug}/"
    merged = ParsedForm()
    for form in forms_at(people["reporter"], path):
        merged.pairs += [pair for pair in form.pairs if pair[0] not in dict(merged.pairs)]
        merged.names |= form.names
        merged.choices |= form.choices
    merged.names |= {"item", "key", "waited", "expected_at", "declared_at", "warning_reason"}
    send_hostile(people["reporter"], path, merged, 60, steps=list(STEPS))


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("publish", "waited"),
        ("publish", "declared_at"),
        ("publish", "key"),
        ("publish", "base_revision"),
        ("winner", "waited"),
        ("count", "expected_at"),
        ("status", "key"),
        ("quote", "words"),
        ("confirm", "item"),
    ],
)
def test_one_field_at_a_time(people: dict[str, Client], step: str, name: str) -> None:
    """Random examples seldom reach this: each value alone in an otherwise valid form."""
    seat = Contest.objects.get(slug="vale")
    first, second = seat.candidates.all()
    right = {
        "step": step,
        "base_revision": "0",
        "key": "k",
        f"votes-{first.pk}": "200",
        f"votes-{second.pk}": "100",
        "rejected": "1",
        "electorate": "1000",
        "winners": str(first.pk),
        "status": "recount",
        "papers": "301",
        "speaker": "Ann",
        "words": "Thank you.",
        "item": "1",
    }
    for text in ALONE:
        with rolled_back():
            before = rows()
            sent = list({**right, name: text}.items())
            assert_consistent(send(people["reporter"], "/count/ge/vale/", sent), before)


@hostile_examples(60)
@given(
    fields=st.fixed_dictionaries(
        {},
        optional={
            name: texts | st.sampled_from(["reporter", "editor"])
            for name in ("username", "password", "code", "next", "kept-step", "kept-votes-1")
        },
    ),
    token=texts,
    phone=texts,
)
def _sign_in(client: Client, fields: dict[str, str], token: str, phone: str) -> None:
    with rolled_back():
        cache.clear()
        before = rows()
        assert_consistent(send(client, "/count/sign-in/", list(fields.items())), before)
        assert_consistent(send(client, "/count/sign-in/x/", [("token", token)]), before)
        assert_consistent(send(client, "/admin/login/", list(fields.items())), before)
        assert_consistent(
            send(client, "/count/phone/", [("unsent", phone), ("asked", phone)]), before
        )


def test_sign_in_form(people: dict[str, Client]) -> None:
    _sign_in(people["reader"])


@pytest.mark.parametrize("path", ["/count/sign-in/", "/admin/login/"])
def test_impossible_username(people: dict[str, Client], path: str) -> None:
    for text in ALONE:
        pairs = [("username", text), ("password", "wrong-password-here")]
        with rolled_back():
            before = rows()
            assert_consistent(send(people["reader"], path, pairs), before)


# --- At the desk ------------------------------------------------------------------------------


def _adminned() -> list[str]:
    return sorted(
        model._meta.label_lower
        for model in apps.get_models()
        if admin.site.is_registered(model) and model._meta.app_label in ("results", "auth")
    )


@pytest.mark.parametrize("action", ["add", "change"])
def test_admin_forms(people: dict[str, Client], action: str) -> None:
    for label in _adminned():
        _throw_at_the_admin(people["editor"], label, action)


def _throw_at_the_admin(editor: Client, label: str, action: str) -> None:
    model = apps.get_model(label)
    name = f"admin:{label.replace('.', '_')}_{action}"
    newest = model._default_manager.order_by("-pk").first()
    if action == "change" and newest is None:
        return
    path = reverse(name, args=[newest.pk] if newest is not None and action == "change" else [])
    page = editor.get(path)
    if page.status_code != 200:
        assert page.status_code == 403, path
        return
    forms = forms_of(page.content.decode())
    form = max(forms, key=lambda form: len(form.names))
    _fill(form)
    send_hostile(editor, path, form, 5)


def _fill(form: ParsedForm) -> None:
    """Fill in required fields that are empty, so that the rest of the form is valid."""
    filled = dict(form.pairs)
    night, seat = Election.objects.get(slug="ge"), Contest.objects.get(slug="vale")
    likely = {
        "election": str(night.pk),
        "contest": str(seat.pk),
        "name": "Another",
        "slug": "another",
        "title": "A title",
        "text": "Some words",
        "words": "Some words",
        "speaker": "Ann",
        "abbreviation": "AN",
        "date": "12/12/2019",
        "polls_close": "12/12/2019 22:00",
        "seats": "1",
        "username": "another",
        "ballot_order": "3",
        "standing_as": "independent",
        "password1": "correct-horse-battery",
        "password2": "correct-horse-battery",
    }
    form.pairs = [
        (name, value or likely.get(name, "")) for name, value in form.pairs if name in form.names
    ]
    form.pairs += [
        (name, likely[name]) for name in sorted(form.names) if name in likely and name not in filled
    ]


@pytest.mark.parametrize("action", ["correct", "withdraw"])
def test_correction_forms(people: dict[str, Client], action: str) -> None:
    seat = Contest.objects.get(slug="islington-north")
    page = reverse(f"admin:results_contest_{action}", args=[seat.pk])
    for query in ("", "?item=²", "?restore=²", "?restore=1", "?item=" + "9" * 30):
        forms = forms_at(people["editor"], page + query)
        form = max(forms, key=lambda form: len(form.names))
        form.pairs = [(name, value or "A reason") if name == "reason" else (name, value)
                      for name, value in form.pairs]  # fmt: skip
        steps = ["figures", "preview", "publish", "x"]
        send_hostile(people["editor"], page + query, form, 6, steps=steps)


def test_bulk_reporters_form(people: dict[str, Client]) -> None:
    path = reverse("admin:several_reporters")
    night = Election.objects.get(slug="ge")

    @hostile_examples(60)
    @given(lines=st.lists(st.tuples(texts, texts | st.sampled_from(["Vale", "vale"])), max_size=3))
    def check(lines: list[tuple[str, str]]) -> None:
        text = "\n".join(f"{who}; {where}" for who, where in lines)
        with rolled_back():
            before = rows()
            pairs = [("election", str(night.pk)), ("lines", text)]
            assert_consistent(send(people["editor"], path, pairs), before)

    check()


def test_night_dashboard(people: dict[str, Client]) -> None:
    path = reverse("admin:results_election_night", args=[Election.objects.get(slug="ge").pk])
    forms = [form for form in forms_at(people["editor"], path) if len(form.names) > 1]
    for form in forms[:3]:
        send_hostile(people["editor"], path, form, 15)


ACTIONS: list[tuple[str, Callable[[], Any]]] = [
    ("quote", lambda: Quote.objects.first()),
    ("post", lambda: Post.objects.first()),
    ("headline", lambda: Headline.objects.first()),
    ("reviewitem", lambda: ReviewItem.objects.first()),
]


@pytest.mark.parametrize(("name", "newest_of"), ACTIONS)
def test_list_actions(people: dict[str, Client], name: str, newest_of: Callable[[], Any]) -> None:
    path = reverse(f"admin:results_{name}_changelist")
    ids = [str(newest_of().pk), "²", "\0", "9" * 30]
    for text, chosen in product(["withdraw", "decline", "approve", "", "\0", "²"], ids):
        with rolled_back():
            before = rows()
            pairs = [("action", text), ("_selected_action", chosen), ("index", "0")]
            assert_consistent(send(people["editor"], path, pairs), before)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("results_group", "contests"),
        ("results_quote", "contest"),
        ("results_reporterpass", "reporter"),
        ("results_assignment", "contest"),
        ("auth_user", "contests"),
    ],
)
def test_autocomplete_is_redisplayed_with_invalid_ids(
    people: dict[str, Client], name: str, field: str
) -> None:
    path = reverse(f"admin:{name}_add")
    before = rows()
    for text in ("Ann Hall", " ", "²", "\0", "9" * 30):
        answer = send(people["editor"], path, [(field, text)])
        assert answer.status_code == 200
        assert_consistent(answer, before)
