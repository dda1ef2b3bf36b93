"""The review queue in the admin: comparing, publishing and declining items; photos; passes."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from results import desk
from results.arithmetic import BallotCounts
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    Election,
    Photo,
    Quote,
    ReporterPass,
    ReviewItem,
)
from tests import nights
from tests.editor.conftest import address, form_data, staff_with
from tests.editor.night_items import publish_photo
from tests.present import present


@pytest.fixture
def reporter(db: None) -> User:
    return nights.user("reporter")


@pytest.fixture
def waiting(seat: Contest, reporter: User) -> ReviewItem:
    """A result of one person, where the election asks for two."""
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    return submit(seat, reporter)


def submit(seat: Contest, by: User, *, warning_reason: str = "", **changes: Any) -> ReviewItem:
    ballot_counts = nights.islington_ballot_counts(seat, **changes)
    request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION,
        by=by,
        idempotency_key=nights.key(),
        base_revision=0,
        warning_reason=warning_reason,
    )
    item = desk.submit_result(seat, ballot_counts, request)
    assert isinstance(item, ReviewItem)
    return item


def submit_winners(seat: Contest, *names: str, by: User) -> ReviewItem:
    """A result of which only the winners are known."""
    everybody = dict(seat.candidates.values_list("name", "pk"))
    counts = BallotCounts.of_winners(everybody.values(), [everybody[name] for name in names])
    request = desk.RevisionRequest(
        kind=Declaration.Kind.WINNER_ONLY, by=by, idempotency_key=nights.key(), base_revision=0
    )
    item = desk.submit_result(seat, counts, request)
    assert isinstance(item, ReviewItem)
    return item


@pytest.fixture
def quoted(seat: Contest, reporter: User) -> ReviewItem:
    content = {
        "words": "Thank you very much all.",
        "candidate": seat.candidates.get(name="Jeremy Corbyn").pk,
        "speaker": "Jeremy Corbyn",
        "role": "Labour leader",
        "reported": False,
        "said_at": "2019-12-13T03:30:00+00:00",
    }
    return desk.queue_for_review(
        seat, ReviewItem.Kind.QUOTE, content, by=reporter, idempotency_key="quote"
    )


def page(item: ReviewItem) -> str:
    return address("reviewitem_change", item.pk)


def test_lists_waiting_items_unless_all_are_asked_for(
    admin: Client, waiting: ReviewItem, quoted: ReviewItem, editor: User
) -> None:
    listed = admin.get(address("reviewitem_changelist")).content.decode()
    assert "Result, for a second person" in listed
    assert "Thank you very much all." in listed
    desk.decline(quoted, by=editor)
    assert "Thank you very much" not in admin.get(address("reviewitem_changelist")).content.decode()
    everything = admin.get(address("reviewitem_changelist") + "?state=all").content.decode()
    assert "Thank you very much" in everything


def test_shows_two_results_side_by_side(admin: Client, waiting: ReviewItem, seat: Contest) -> None:
    other = submit(seat, nights.user("colleague"), rejected=272)
    text = admin.get(page(waiting)).content.decode()
    assert "227" in text
    assert "272" in text
    assert text.count('class="differs"') == 1
    assert admin.post(page(other), {"approve": "1"}).status_code == 302
    declaration = Declaration.objects.get()
    assert (declaration.rejected, declaration.by.username) == (272, "colleague")
    waiting.refresh_from_db()
    assert waiting.state == "replaced"


@pytest.mark.parametrize("by", ["colleague", "editor"])
def test_names_who_sent_a_result_and_says_why(admin: Client, seat: Contest, by: str) -> None:
    """Another editor, where it was typed at the desk: not “the reporter”."""
    item = submit(seat, nights.user(by), valid_announced=53_806, warning_reason="Heard twice")
    page = admin.get(address("reviewitem_change", item.pk)).content.decode()
    assert f"{by} says: Heard twice" in " ".join(page.split())
    assert "(whoever sent it sees it)" in page
    assert "he reporter" not in page.partition('id="content"')[2]


def test_shows_every_figure_in_which_two_results_differ(
    admin: Client, seat: Contest, reporter: User
) -> None:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    item = submit(seat, reporter, valid_announced=53_805)
    why = "As read out."
    submit(seat, nights.user("colleague"), valid_announced=53_806, warning_reason=why)
    assert differing(admin.get(page(item))) == {"Valid votes as announced": ["53,805", "53,806"]}


def test_shows_who_is_elected(admin: Client, seat: Contest, reporter: User) -> None:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    item = submit_winners(seat, "Jeremy Corbyn", by=reporter)
    assert rows(admin.get(page(item)))["Elected"] == ["Jeremy Corbyn"]
    submit_winners(seat, "Nick Wakeling", by=nights.user("colleague"))
    assert differing(admin.get(page(item))) == {"Elected": ["Jeremy Corbyn", "Nick Wakeling"]}


def rows(response: Any, css_class: str = "") -> dict[str, list[str]]:
    """The cells of the table that compares results, by the label of the row."""
    text = unescape(response.content.decode())
    table = text.partition('<table class="figures">')[2].partition("</table>")[0]
    found = re.findall(
        r'<tr ?([^>]*)>\s*<th scope="row">\s*([^<]*?)\s*<(.*?)</tr>', table, re.DOTALL
    )
    return {
        label: re.findall(r"<td>(.*?)</td>", cells)
        for attributes, label, cells in found
        if css_class in attributes
    }


def differing(response: Any) -> dict[str, list[str]]:
    return rows(response, "differs")


def test_item_is_closed_once(admin: Client, waiting: ReviewItem, editor: User) -> None:
    assert admin.post(page(waiting), {"approve": "1"}).status_code == 302
    again = admin.post(page(waiting), {"approve": "1"}, follow=True)
    assert "has dealt with this already" in again.content.decode()
    late = admin.post(page(waiting), {"decline": "1"}, follow=True)
    assert "has dealt with this already" in late.content.decode()
    assert Bulletin.objects.count() == 1


def test_editor_cannot_confirm_their_own_result(
    admin: Client, waiting: ReviewItem, seat: Contest, editor: User
) -> None:
    own = submit(seat, editor, rejected=300)
    assert "a second person publishes it" in admin.get(page(own)).content.decode()
    admin.post(page(own), {"approve": "1"})
    assert not Declaration.objects.exists()


def test_stale_item_is_refused(
    admin: Client, waiting: ReviewItem, seat: Contest, editor: User
) -> None:
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat, rejected=1), by=editor, idempotency_key="k"
    )
    answer = admin.post(page(waiting), {"approve": "1"})
    assert answer.status_code == 409
    assert "Another result was published" in answer.content.decode()


def test_quote_is_published_as_reworded(admin: Client, quoted: ReviewItem) -> None:
    form = {"approve": "1", "words": "Thank you […] all.", "speaker": "Jeremy Corbyn", "role": ""}
    admin.post(page(quoted), form)
    quote = Quote.objects.get()
    assert (quote.words, quote.role, present(quote.candidate).name) == (
        "Thank you […] all.",
        "",
        "Jeremy Corbyn",
    )


def test_quote_needs_words(admin: Client, quoted: ReviewItem) -> None:
    answer = admin.post(page(quoted), {"approve": "1", "words": " ", "speaker": "Jeremy Corbyn"})
    assert answer.status_code == 422
    assert not Quote.objects.exists()
    quoted.refresh_from_db()
    assert quoted.waits


def test_declines_with_a_note(admin: Client, quoted: ReviewItem) -> None:
    admin.post(page(quoted), {"decline": "1", "note": "We have this already."})
    quoted.refresh_from_db()
    assert (quoted.state, quoted.note) == ("declined", "We have this already.")


WORDS = "It has been a long night, and we have heard every voice." * 5


def queue_long_quote(seat: Contest, by: User) -> ReviewItem:
    content = {"words": WORDS, "candidate": None, "speaker": "Ann Ash", "role": "", "said_at": None}
    return desk.queue_for_review(
        seat, ReviewItem.Kind.QUOTE, content, by=by, idempotency_key=nights.key()
    )


def test_what_was_set_aside_can_be_read_in_full_and_waits_again(
    admin: Client, seat: Contest, reporter: User
) -> None:
    item = queue_long_quote(seat, reporter)
    page = address("reviewitem_change", item.pk)
    admin.post(page, {"decline": "1", "note": "Who is she?"})
    html = admin.get(page).content.decode()
    assert WORDS in html
    assert "Ann Ash" in html
    assert 'name="words"' not in html
    assert admin.post(page, {"reopen": "1"}).status_code == 302
    item.refresh_from_db()
    assert (item.waits, item.note) == (True, "")
    assert 'name="words"' in admin.get(page).content.decode()


def test_who_may_not_publish_reads_it_in_full_and_lets_nothing_wait_again(
    client: Client, seat: Contest, reporter: User
) -> None:
    item = queue_long_quote(seat, reporter)
    page = address("reviewitem_change", item.pk)
    client.force_login(staff_with("view_reviewitem", "view_contest"))
    html = client.get(page).content.decode()
    assert WORDS in html
    desk.decline(item, by=nights.user("chief", staff=True))
    assert 'name="reopen"' not in client.get(page).content.decode()
    assert client.post(page, {"reopen": "1"}).status_code == 403


def test_result_that_was_overtaken_does_not_wait_again(
    admin: Client, seat: Contest, waiting: ReviewItem
) -> None:
    desk.decline(waiting, by=nights.user("chief", staff=True))
    nights.declare(seat, 236, 5483, 34603, 742, 4326, 8415)
    page = address("reviewitem_change", waiting.pk)
    answer = admin.post(page, {"reopen": "1"}, follow=True)
    assert "A result was published there since." in answer.content.decode()
    waiting.refresh_from_db()
    assert not waiting.waits


@pytest.mark.parametrize(
    ("permissions", "code"),
    [
        (("view_reviewitem",), 403),
        (("view_reviewitem", "add_quote"), 302),
        (("add_quote",), 403),
    ],
)
def test_needs_the_permission_of_its_kind(
    client: Client, quoted: ReviewItem, permissions: tuple[str, ...], code: int
) -> None:
    client.force_login(staff_with(*permissions))
    assert client.post(page(quoted), {"approve": "1"}).status_code == code
    assert Quote.objects.exists() == (code == 302)


class TestPhotos:
    @pytest.fixture
    def shown(self, seat: Contest, reporter: User, settings: Settings, tmp_path: Path) -> Photo:
        settings.MEDIA_ROOT = tmp_path
        return publish_photo(seat, reporter)

    def test_reworded_photo_keeps_its_feed_entry(self, admin: Client, shown: Photo) -> None:
        change = address("photo_change", shown.pk)
        form = form_data(admin.get(change)) | {"caption": "The winner, on the stage"}
        assert admin.post(change, form).status_code == 302
        newer = Photo.objects.get(replaces=shown)
        assert newer.first_sequence == shown.sequence
        feed = admin.get("/ge/feed/").content.decode()
        assert "The winner, on the stage" in feed
        assert ">On the stage" not in feed
        assert admin.get("/ge/bulletins/1/").status_code == 200

    def test_is_withdrawn_once(self, admin: Client, shown: Photo) -> None:
        action = {"action": "withdraw", "confirmed": "yes", "_selected_action": [shown.pk]}
        for _time in range(2):
            admin.post(address("photo_changelist"), action)
        assert Bulletin.objects.count() == 2
        assert admin.get(f"/ge/photos/{shown.name}-640.jpg").status_code == 404
        assert shown.name not in admin.get("/ge/feed/").content.decode()

    def test_waiting_photo_is_served_to_editors_only(
        self, admin: Client, seat: Contest, reporter: User, shown: Photo
    ) -> None:
        content = {"name": shown.name, "caption": "C", "alt": "A", "credit": "B"}
        item = desk.queue_for_review(
            seat, ReviewItem.Kind.PHOTO, content, by=reporter, idempotency_key="o"
        )
        text = admin.get(page(item)).content.decode()
        picture = address("picture", shown.name)
        assert picture in text
        assert "no-store" in admin.get(picture).headers["Cache-Control"]
        other = Client()
        other.force_login(staff_with("add_quote"))
        assert other.get(picture).status_code == 403


class TestPasses:
    def issue(self, admin: Client, reporter: User) -> Any:
        return admin.post(address("reporterpass_add"), {"reporter": reporter.pk})

    def test_sheet_shows_its_secrets_once(
        self, admin: Client, seat: Contest, reporter: User, client: Client
    ) -> None:
        answer = self.issue(admin, reporter)
        text = answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        assert "<svg" in text
        link = text.split("/count/sign-in/")[1].split("/")[0]
        issued = ReporterPass.objects.get()
        assert ReporterPass.of_link(link) == issued
        assert present(issued.issued_by).username == "editor"
        again = admin.get(address("reporterpass_change", issued.pk)).content.decode()
        assert link not in again

    def test_revoking_ends_the_session(self, admin: Client, seat: Contest, reporter: User) -> None:
        issued = ReporterPass.issue(reporter)
        phone = Client()
        phone.post(f"/count/sign-in/{issued.token}/")
        assert phone.get("/count/").status_code == 200
        action = {"action": "revoke", "_selected_action": [issued.issued.pk]}
        admin.post(address("reporterpass_changelist"), action)
        assert phone.get("/count/").status_code == 302

    def test_refuses_an_editor(self, admin: Client, editor: User) -> None:
        answer = self.issue(admin, editor)
        assert "sign in with a password" in answer.content.decode()
        assert not ReporterPass.objects.exists()

    def test_reporters_page_links_to_it_and_sets_trust(self, admin: Client, reporter: User) -> None:
        change = f"/admin/auth/user/{reporter.pk}/change/"
        text = admin.get(change).content.decode()
        assert reverse("admin:new_credentials", args=[reporter.pk]) in text
        joined = {"date_joined_0": "2019-12-01", "date_joined_1": "12:00"}
        form = form_data(admin.get(change)) | joined | {"trusted": "on"}
        answer = admin.post(change, form)
        assert answer.status_code == 302, answer.context["errors"]
        assert nights.user("reporter").has_perm("results.publish_unreviewed")
        form.pop("trusted")
        admin.post(change, form)
        assert not nights.user("reporter").has_perm("results.publish_unreviewed")


def test_items_cannot_be_added_or_deleted(admin: Client, waiting: ReviewItem) -> None:
    assert admin.get(address("reviewitem_delete", waiting.pk)).status_code == 403
    assert admin.get(address("reviewitem_add")).status_code == 403
    assert ReviewItem.objects.count() == 1
