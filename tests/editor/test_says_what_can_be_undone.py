"""Each page that acts says whether the action can be undone."""

from typing import Any

import pytest
from django.test import Client

from results.models import Contest, Election
from tests import nights
from tests.editor.conftest import address, form_data, text_of


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ("correct", "It cannot be undone: another correction can follow it"),
        ("withdraw", "The result can be restored afterwards."),
    ],
)
def test_previews_of_changes(admin: Client, declared: Contest, form: str, sentence: str) -> None:
    page = address(f"contest_{form}", declared.pk)
    fields = form_data(admin.get(page)) | {"reason": "Misread.", "step": "preview"}
    if form == "correct":
        fields["rejected"] = "272"
    assert sentence in text_of(admin.post(page, fields))


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Election.SecondPerson.NEVER, "It is not undone: a mistake is corrected or withdrawn"),
        (Election.SecondPerson.ALWAYS, "Until it is published it can be set aside"),
    ],
)
def test_preview_of_a_declaration(
    admin: Client, seat: Contest, rule: Election.SecondPerson, sentence: str
) -> None:
    Election.objects.update(second_person=rule)
    votes = nights.islington_ballot_counts(seat).votes
    form: dict[str, Any] = {f"votes-{pk}": count for pk, count in votes.items()}
    form |= {"base_revision": 0, "key": "d", "step": "preview"}
    assert sentence in text_of(admin.post(address("contest_declare", seat.pk), form))


@pytest.mark.parametrize(
    ("panel", "sentence"),
    [
        ("headline", "another headline can be published after it"),
        ("post", "it can be changed or withdrawn afterwards"),
    ],
)
def test_previews_from_the_night(admin: Client, night: Election, panel: str, sentence: str) -> None:
    page = address(f"election_night_{panel}", night.pk)
    form = form_data(admin.get(page)) | {"text": "We are there.", "step": "preview"}
    assert sentence not in text_of(admin.get(page))
    assert sentence in text_of(admin.post(page, form))


def test_note_to_reporters(admin: Client, night: Election) -> None:
    page = text_of(admin.get(address("election_night_note", night.pk)))
    assert "A note cannot be taken back once it is sent" in page


def test_preview_of_a_withdrawn_headline(admin: Client, night: Election) -> None:
    page = address("headline_add")
    form = form_data(admin.get(page)) | {"election": night.pk, "text": "It is over"}
    asked = {name: value for name, value in form.items() if name != "_confirmed"}
    assert "It can be withdrawn afterwards" in text_of(admin.post(page, asked))
    admin.post(page, form)
    asked |= {"key": form_data(admin.get(page))["key"], "text": ""}
    shown = text_of(admin.post(page, asked))
    assert "It goes from every open page at once" in shown
    assert "It can be withdrawn afterwards" not in shown
