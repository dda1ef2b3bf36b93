"""Admin of quotes and headlines."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from results import desk
from results.live.feed_list import entry_ids
from results.models import (
    Bulletin,
    Candidate,
    Contest,
    Election,
    Headline,
    Night,
    Publication,
    Quote,
)
from tests import nights
from tests.arithmetic.test_text import INVISIBLE
from tests.editor.conftest import address, form_data, messages_of, text_of

PublishHeadline = Callable[[str], Any]

#: A surrogate has no UTF-8, so no browser sends one.
SENT = {name: text for name, text in INVISIBLE.items() if name != "a surrogate"}


@pytest.fixture
def corbyn(seat: Contest) -> Candidate:
    return seat.candidates.get(name="Jeremy Corbyn")


@pytest.fixture
def quote(admin: Client, seat: Contest, corbyn: Candidate) -> Quote:
    form = form_data(admin.get(address("quote_add")))
    sent = form | {"words": "We shall go on.", "contest": seat.pk, "candidate": corbyn.pk}
    admin.post(address("quote_add"), sent)
    return Quote.objects.get()


class TestQuote:
    def test_is_published_with_the_candidate_as_speaker(
        self, quote: Quote, corbyn: Candidate
    ) -> None:
        bulletin = Bulletin.objects.get()
        assert (bulletin.kind, bulletin.sequence, bulletin.quote) == ("quote", 1, quote)
        assert (quote.speaker, quote.candidate) == ("Jeremy Corbyn", corbyn)
        assert quote.by.username == "editor"
        assert "We shall go on." in bulletin.fragments["seat-voices-islington-north"]

    def test_withdrawing_several_asks_first_and_shows_them(
        self, admin: Client, quote: Quote
    ) -> None:
        chosen = {"action": "withdraw", "_selected_action": [quote.pk]}
        asked = admin.post(address("quote_changelist"), chosen)
        assert quote.words in asked.content.decode()
        assert Quote.objects.current().get() == quote
        admin.post(address("quote_changelist"), chosen | {"confirmed": "yes"})
        assert not Quote.objects.current().exists()
        again = admin.post(address("quote_changelist"), chosen, follow=True)
        assert "None of these is on the pages." in messages_of(again)

    def test_withdrawing_one_that_is_reworded_meanwhile_says_so(
        self, admin: Client, quote: Quote, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        withdraw = desk.withdraw_publication

        def reword_first(publication: Publication, **options: Any) -> desk.PublishResult:
            content = desk.QuoteContent(words="Reworded.", speaker=quote.speaker)
            desk.publish(
                quote.election, content, by=quote.by, idempotency_key="other", replaces=quote
            )
            return withdraw(publication, **options)

        monkeypatch.setattr(desk, "withdraw_publication", reword_first)
        chosen = {"action": "withdraw", "confirmed": "yes", "_selected_action": quote.pk}
        answer = admin.post(address("quote_changelist"), chosen, follow=True)
        assert "changed or withdrawn meanwhile" in messages_of(answer)
        assert Quote.objects.current().get().words == "Reworded."

    def test_sent_twice_is_published_once(self, admin: Client, seat: Contest) -> None:
        page = address("quote_add")
        sent = form_data(admin.get(page)) | {
            "words": "Again.",
            "speaker": "Ann",
            "contest": seat.pk,
        }
        first, second = (admin.post(page, sent, follow=True) for _ in range(2))
        assert Quote.objects.count() == Bulletin.objects.count() == 1
        assert "bulletin 1" in messages_of(first)
        assert "bulletin 1" in messages_of(second)

    def test_needs_a_speaker_and_keeps_the_input(self, admin: Client, seat: Contest) -> None:
        page = address("quote_add")
        sent = form_data(admin.get(page)) | {"words": "Who said this?", "contest": seat.pk}
        answer = admin.post(page, sent)
        form = answer.context["adminform"].form
        assert form.errors["speaker"] == ["Name the speaker, or choose a candidate."]
        assert "Who said this?" in answer.content.decode()
        assert not Bulletin.objects.exists()

    def test_refuses_a_candidate_of_another_contest(
        self, admin: Client, night: Election, corbyn: Candidate
    ) -> None:
        other = nights.contest(night, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
        page = address("quote_add")
        sent = form_data(admin.get(page))
        sent |= {"words": "Mine.", "contest": other.pk, "candidate": corbyn.pk}
        form = admin.post(page, sent).context["adminform"].form
        assert form.errors["candidate"] == ["Choose a candidate of this contest."]

    def test_rewording_is_another_row_and_replaces_it_on_pages(
        self, admin: Client, quote: Quote
    ) -> None:
        page = address("quote_change", quote.pk)
        sent = form_data(admin.get(page)) | {"words": "We will go on."}
        admin.post(page, sent)
        newer = Quote.objects.get(replaces=quote)
        quote.refresh_from_db()
        assert (quote.words, newer.words) == ("We shall go on.", "We will go on.")
        fragment = Bulletin.objects.get(sequence=2).fragments["seat-voices-islington-north"]
        assert "We will go on." in fragment
        assert "We shall go on." not in fragment
        assert newer.said_at == quote.said_at

    def test_only_the_newest_wording_can_be_reworded(self, admin: Client, quote: Quote) -> None:
        page = address("quote_change", quote.pk)
        form = form_data(admin.get(page))
        admin.post(page, form | {"words": "One."})
        later = admin.post(page, form | {"words": "Two.", "key": nights.key()})
        assert "editor changed this at" in text_of(later)
        assert Quote.objects.count() == 2

    def test_unchanged_form_publishes_nothing(self, admin: Client, quote: Quote) -> None:
        page = address("quote_change", quote.pk)
        answer = admin.post(page, form_data(admin.get(page)), follow=True)
        assert "nothing was published" in messages_of(answer)
        assert Bulletin.objects.count() == 1

    def test_markup_is_escaped(self, admin: Client, seat: Contest) -> None:
        page = address("quote_add")
        nasty = "<script>alert(1)</script> & </section>"
        admin.post(
            page,
            form_data(admin.get(page)) | {"words": nasty, "speaker": nasty, "contest": seat.pk},
        )
        for fragment in Bulletin.objects.get().fragments.values():
            assert "<script" not in fragment
        assert "<script>alert" not in admin.get(address("quote_changelist")).content.decode()


class TestHeadline:
    @pytest.fixture
    def publish(self, admin: Client, night: Election) -> PublishHeadline:
        def publish(text: str) -> Any:
            page = address("headline_add")
            sent = form_data(admin.get(page)) | {"election": night.pk, "text": text}
            return admin.post(page, sent, follow=True)

        return publish

    def test_replaces_the_generated_one(self, publish: PublishHeadline) -> None:
        assert "bulletin 1" in messages_of(publish("The night begins"))
        assert "The night begins" in Bulletin.objects.get().fragments["headline"]

    def test_unchanged_text_publishes_nothing(self, publish: PublishHeadline) -> None:
        publish("The night begins")
        assert "nothing was published" in messages_of(publish("The night begins"))
        assert Bulletin.objects.count() == Headline.objects.count() == 1

    def test_empty_text_withdraws_the_current_one(self, publish: PublishHeadline) -> None:
        publish("The night begins")
        assert "Withdrawn: bulletin 2" in messages_of(publish(""))
        assert "The night begins" not in Bulletin.objects.get(sequence=2).fragments["headline"]

    @pytest.mark.parametrize("text", SENT.values(), ids=SENT)
    def test_invisible_text_withdraws_the_current_one(
        self, publish: PublishHeadline, text: str
    ) -> None:
        publish("The night begins")
        assert "withdrawn" in messages_of(publish(text)).lower()
        newest = Headline.objects.order_by("-pk").first()
        assert newest is not None
        assert (newest.text, newest.withdrawn) == ("", True)

    def test_empty_text_is_an_error_without_a_current_one(self, publish: PublishHeadline) -> None:
        assert "There is no headline of ours to withdraw" in text_of(publish(""))
        assert Night.objects.get().sequence == 0

    def test_earlier_one_can_be_withdrawn(self, admin: Client, publish: PublishHeadline) -> None:
        publish("One")
        publish("Two")
        changelist = address("headline_changelist")
        chosen = {
            "action": "withdraw",
            "confirmed": "yes",
            "_selected_action": Headline.objects.get(text="One").pk,
        }
        assert "Withdrawn: bulletin 3" in messages_of(admin.post(changelist, chosen, follow=True))
        withdrawal = Bulletin.objects.get(sequence=3).fragments
        one, two = Headline.objects.get(text="One"), Headline.objects.get(text="Two")
        assert withdrawal[f"headline-{one.pk}"] == ""
        assert entry_ids(withdrawal["feed"]) == [f"headline-{two.pk}"]
        assert "Two" in withdrawal["headline"]
        admin.post(changelist, chosen)
        assert Night.objects.get().sequence == 3

    def test_withdrawing_needs_the_add_permission(
        self, publish: PublishHeadline, admin: Client, client: Client
    ) -> None:
        publish("One")
        reader = nights.user("auditor")
        reader.is_staff = True
        reader.save()
        reader.user_permissions.add(Permission.objects.get(codename="view_headline"))
        client.force_login(reader)
        chosen = {
            "action": "withdraw",
            "confirmed": "yes",
            "_selected_action": Headline.objects.get().pk,
        }
        client.post(address("headline_changelist"), chosen)
        assert Night.objects.get().sequence == 1

    def test_list_marks_the_current_one(self, admin: Client, publish: PublishHeadline) -> None:
        publish("One")
        publish("Two")
        rows = admin.get(address("headline_changelist")).context["cl"].result_list
        assert [(row.text, bool(row.text) and not row.replaced) for row in rows] == [
            ("Two", True),
            ("One", False),
        ]
