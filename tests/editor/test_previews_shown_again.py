"""A preview that is shown again after publishing says nothing that has become false."""

import pytest
from django.test import Client

from results.models import Bulletin, Contest, Election, ReviewItem
from tests import nights
from tests.editor.conftest import address, form_data, text_of
from tests.editor.test_declaring import form_of, votes_of

#: What was true of every page with a preview only until its button was pressed.
YET = "published yet"


def _correction(admin: Client, declared: Contest) -> tuple[str, dict[str, object]]:
    page = address("contest_correct", declared.pk)
    return page, form_data(admin.get(page)) | {"reason": "Read again.", "rejected": "228"}


def test_preview_of_a_correction_claims_nothing_that_the_button_makes_false(
    admin: Client, declared: Contest
) -> None:
    page, form = _correction(admin, declared)
    shown = text_of(admin.post(page, form | {"step": "preview"}))
    assert "This is a preview: looking at it publishes nothing." in shown
    assert YET not in shown


@pytest.mark.parametrize("change", ["correct", "withdraw"])
def test_reloaded_preview_of_a_change_gets_the_answer_of_its_button(
    admin: Client, declared: Contest, change: str
) -> None:
    """It said that somebody had published meanwhile, and nothing of the editor's own."""
    page = address(f"contest_{change}", declared.pk)
    form = form_data(admin.get(page)) | {"reason": "Read again.", "confirm": "nobody"}
    form |= {"rejected": "228"} if change == "correct" else {}
    admin.post(page, form | {"step": "preview"})
    admin.post(page, form | {"step": "publish"}, follow=True)
    again = text_of(admin.post(page, form | {"step": "preview"}, follow=True))
    assert "published as bulletin 2." in again
    assert "Nothing of yours is published" not in again
    assert Bulletin.objects.count() == 2


def test_reloaded_preview_after_another_editors_change_says_whose(
    admin: Client, declared: Contest
) -> None:
    page, form = _correction(admin, declared)
    admin.post(page, form | {"step": "preview"})
    other = Client()
    other.force_login(nights.user("other", staff=True))
    other_page, other_form = _correction(other, declared)
    other.post(other_page, other_form | {"rejected": "230", "step": "publish"})
    again = text_of(admin.post(page, form | {"step": "preview"}))
    assert "other published revision 2" in again
    assert YET not in again


@pytest.mark.parametrize("waits", [False, True])
def test_reloaded_preview_of_a_declaration_gets_the_answer_of_its_button(
    admin: Client, seat: Contest, waits: bool
) -> None:
    rule = Election.SecondPerson.ALWAYS if waits else Election.SecondPerson.NEVER
    Election.objects.update(second_person=rule)
    page = address("contest_declare", seat.pk)
    form = form_of(seat, *votes_of(seat), rejected="227", electorate="75162")
    first = text_of(admin.post(page, form))
    assert "This is a preview: looking at it publishes nothing." in first
    assert YET not in first
    admin.post(page, form | {"step": "publish"}, follow=True)
    again = text_of(admin.post(page, form, follow=True))
    answer = "kept at the desk. A second person publishes it." if waits else "declared: bulletin 1."
    assert f"Islington North{':' if waits else ''} {answer}" in again
    assert (Bulletin.objects.count(), ReviewItem.objects.count()) == ((0, 1) if waits else (1, 0))


def test_changed_figures_are_not_published_by_their_preview(admin: Client, seat: Contest) -> None:
    """The form was sent before with something else in it."""
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    page = address("contest_declare", seat.pk)
    form = form_of(seat, *votes_of(seat), rejected="227", electorate="75162")
    admin.post(page, form | {"step": "publish"}, follow=True)
    asked = admin.post(page, form | {"rejected": "228"})
    assert "was sent before with something else in it" in text_of(asked)
    item = ReviewItem.objects.get()
    assert item.ballot_counts is not None
    assert item.ballot_counts.rejected == 227
    changed = {"rejected": "228", "key": asked.context["form"]["key"].value()}
    assert "As readers will see it" in text_of(admin.post(page, form | changed))


def test_reloaded_preview_of_a_post_gets_the_answer_of_its_button(
    admin: Client, seat: Contest
) -> None:
    page = address("post_add")
    form = form_data(admin.get(page)) | {"text": "Seen.", "election": seat.election_id}
    del form["_confirmed"]
    assert YET not in text_of(admin.post(page, form))
    admin.post(page, form | {"_confirmed": "1"}, follow=True)
    assert "Published as bulletin 1." in text_of(admin.post(page, form, follow=True))
    assert Bulletin.objects.count() == 1


@pytest.mark.parametrize("step", ["post", "headline"])
def test_reloaded_preview_of_the_dashboard_gets_the_answer_of_its_button(
    admin: Client, night: Election, step: str
) -> None:
    page = address(f"election_night_{step}", night.pk)
    form = form_data(admin.get(page)) | {"text": "Seen."}
    admin.post(page, form | {"step": "preview"})
    admin.post(page, form | {"step": "publish"}, follow=True)
    again = text_of(admin.post(page, form | {"step": "preview"}, follow=True))
    assert "published: bulletin 1." in again
    changed = form | {"step": "preview", "text": "Something else."}
    assert "As readers will see it" in text_of(admin.post(page, changed))
    assert Bulletin.objects.count() == 1
