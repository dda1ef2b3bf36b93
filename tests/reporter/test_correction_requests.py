"""A reporter asks the desk to correct a published result."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.arithmetic import BallotCounts
from results.models import Bulletin, Contest, ReviewItem
from tests import nights
from tests.fuzz.parsed_forms import forms_of
from tests.present import present
from tests.reporter.conftest import JSON, URL, field, outbox_fields, text_of
from tests.responses import Response


class TestCorrectionRequest:
    @pytest.fixture
    def declared(self, phone: Client, seat: Contest, reporter: User) -> Contest:
        phone.post(URL, outbox_fields(seat, **{field(seat, "Nick Wakeling"): "8451"}), **JSON)
        return seat

    def ask(self, phone: Client, seat: Contest, **changes: Any) -> Response:
        sent = outbox_fields(
            seat, step="ask", key="ask", base_revision="1", reason="Read 15, typed 51."
        )
        return phone.post(URL, sent | changes)

    def test_is_queued_and_publishes_nothing(self, phone: Client, declared: Contest) -> None:
        page = phone.get(URL)
        assert "Ask the desk for a correction" in text_of(page)
        assert f'name="{field(declared, "Nick Wakeling")}"' in page.content.decode()
        self.ask(phone, declared)
        item = ReviewItem.objects.get()
        assert item.kind == ReviewItem.Kind.CORRECTION
        assert item.content["reason"] == "Read 15, typed 51."
        assert Bulletin.objects.count() == 1
        assert "Correction asked for : Waiting" in text_of(phone.get(URL))

    def test_changes_nothing_that_the_reporter_has_not_changed(
        self, phone: Client, seat: Contest
    ) -> None:
        """Not what is rarely announced either: the total, the papers, a lot."""
        ids = [seat.candidates.get(name=name).pk for name in ("Jeremy Corbyn", "Nick Wakeling")]
        votes = nights.islington_ballot_counts(seat).votes
        counts = BallotCounts(
            votes={**votes, **dict.fromkeys(ids, 34603)},
            rejected=227,
            electorate=99999,
            turnout_announced=Decimal("80.22"),
            valid_announced=79993,
            papers=80220,
            lot=(ids[0],),
        )
        reason = {"idempotency_key": "one", "warning_reason": "So said."}
        nights.declare_counts(seat, counts, by=nights.user("editor"), **reason)
        page = phone.get(URL).content.decode()
        asking = next(form for form in forms_of(page) if ("step", "ask") in form.pairs)
        sent = dict(asking.pairs) | {"reason": "Read out otherwise."}
        phone.post(URL, sent | {"rejected": "228"})
        assert ReviewItem.objects.get().ballot_counts == replace(counts, rejected=228)

    def test_is_unchanged_where_the_same_was_published_since(
        self, phone: Client, declared: Contest
    ) -> None:
        same = {field(declared, "Nick Wakeling"): "8415"}
        nights.correct(
            declared,
            nights.islington_ballot_counts(declared),
            by=nights.user("editor"),
            idempotency_key="c",
            base_revision=1,
            reason="Misheard.",
        )
        answer = self.ask(phone, declared, **same)
        assert answer.status_code == 302
        assert "Nothing more was published" in text_of(phone.get(answer.headers["Location"]))
        # Whatever revision the form was opened at: nothing is left to correct.
        sent = outbox_fields(
            declared, step="ask", key="late", base_revision="0", reason="Misheard."
        )
        data = phone.post(URL, sent | same, **JSON).json()
        assert (data["state"], data["sequence"]) == ("unchanged", 2)
        assert not ReviewItem.objects.exists()

    def test_of_words_alone_reaches_the_desk(self, phone: Client, declared: Contest) -> None:
        """A result of another ward has no wrong figure."""
        assert "say so and change no figure" in text_of(phone.get(URL))
        same = {field(declared, "Nick Wakeling"): "8451", "reason": "This is another ward."}
        sent = outbox_fields(declared, step="ask", key="ask", base_revision="1") | same
        data = phone.post(URL, sent, **JSON).json()
        assert data["state"] == "kept"
        assert ReviewItem.objects.get().content["reason"] == "This is another ward."
        assert phone.post(URL, sent, **JSON).json() == data
        assert Bulletin.objects.count() == 1

    def test_needs_a_reason_and_possible_counts(self, phone: Client, declared: Contest) -> None:
        assert "Say how you know" in text_of(self.ask(phone, declared, reason=" "))
        assert "more than the electorate" in text_of(self.ask(phone, declared, electorate="5"))
        assert not ReviewItem.objects.exists()

    def test_opens_as_a_filled_in_correction_and_is_closed_by_it(
        self, phone: Client, declared: Contest, client: Client
    ) -> None:
        self.ask(phone, declared)
        item = ReviewItem.objects.get()
        editor = nights.user("editor", staff=True)
        client.force_login(editor)
        page = client.get(f"/admin/results/reviewitem/{item.pk}/change/")
        assert "8,451" in text_of(page)
        assert "8,415" in text_of(page)
        address = f"/admin/results/contest/{declared.pk}/correct/?item={item.pk}"
        opened = client.get(address)
        assert "told the desk: Read 15, typed 51." in text_of(opened)
        form = opened.context["form"]
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        assert data["reason"] == ""  # it is for readers: the editor writes it
        own = {"reason": "One figure was typed wrongly.", "step": "publish"}
        answer = client.post(address, data | own)
        assert answer.status_code == 302, text_of(answer)
        item.refresh_from_db()
        assert (item.state, present(item.bulletin).sequence) == ("published", 2)
        assert "Published, bulletin 2" in text_of(phone.get(URL))
