"""Quotes and headlines from the desk: through the door, and never edited in place."""

import pytest
from django.contrib.auth.models import Permission

from results.models import Bulletin, Headline, Night, Quote
from tests import nights
from tests.arithmetic.test_text import INVISIBLE
from tests.editor.conftest import address, said, text_of, typed

#: A surrogate has no UTF-8, so no browser sends one.
SENT = {name: text for name, text in INVISIBLE.items() if name != "a surrogate"}


@pytest.fixture
def corbyn(seat):
    return seat.candidates.get(name="Jeremy Corbyn")


@pytest.fixture
def quote(admin, seat, corbyn):
    form = typed(admin.get(address("quote_add")))
    sent = form | {"words": "We shall go on.", "contest": seat.pk, "candidate": corbyn.pk}
    admin.post(address("quote_add"), sent)
    return Quote.objects.get()


class TestAQuote:
    def test_is_one_bulletin_attributed_by_the_ballot_paper(self, quote, corbyn):
        bulletin = Bulletin.objects.get()
        assert (bulletin.kind, bulletin.sequence, bulletin.quote) == ("quote", 1, quote)
        assert (quote.speaker, quote.candidate) == ("Jeremy Corbyn", corbyn)
        assert quote.by.username == "editor"
        assert "We shall go on." in bulletin.fragments["seat-voices-islington-north"]

    def test_sent_twice_is_published_once(self, admin, seat):
        page = address("quote_add")
        sent = typed(admin.get(page)) | {"words": "Again.", "speaker": "Ann", "contest": seat.pk}
        first, second = (admin.post(page, sent, follow=True) for _ in range(2))
        assert Quote.objects.count() == Bulletin.objects.count() == 1
        assert "bulletin 1" in said(first)
        assert "bulletin 1" in said(second)

    def test_needs_a_speaker_and_keeps_what_was_typed(self, admin, seat):
        page = address("quote_add")
        sent = typed(admin.get(page)) | {"words": "Who said this?", "contest": seat.pk}
        answer = admin.post(page, sent)
        form = answer.context["adminform"].form
        assert form.errors["speaker"] == ["Name the speaker, or choose a candidate."]
        assert "Who said this?" in answer.content.decode()
        assert not Bulletin.objects.exists()

    def test_is_never_given_to_another_seat_s_candidate(self, admin, night, corbyn):
        other = nights.contest(night, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
        page = address("quote_add")
        sent = typed(admin.get(page))
        sent |= {"words": "Mine.", "contest": other.pk, "candidate": corbyn.pk}
        form = admin.post(page, sent).context["adminform"].form
        assert form.errors["candidate"] == ["Choose a candidate of this contest."]

    def test_reworded_is_another_row_and_pages_show_the_newer(self, admin, quote):
        page = address("quote_change", quote.pk)
        sent = typed(admin.get(page)) | {"words": "We will go on."}
        admin.post(page, sent)
        newer = Quote.objects.get(replaces=quote)
        quote.refresh_from_db()
        assert (quote.words, newer.words) == ("We shall go on.", "We will go on.")
        fragment = Bulletin.objects.get(sequence=2).fragments["seat-voices-islington-north"]
        assert "We will go on." in fragment
        assert "We shall go on." not in fragment
        assert newer.said_at == quote.said_at

    def test_that_was_reworded_cannot_be_reworded_again(self, admin, quote):
        page = address("quote_change", quote.pk)
        form = typed(admin.get(page))
        admin.post(page, form | {"words": "One."})
        later = admin.post(page, form | {"words": "Two.", "key": nights.key()})
        assert later.status_code == 403
        assert Quote.objects.count() == 2

    def test_saved_as_it_is_publishes_nothing(self, admin, quote):
        page = address("quote_change", quote.pk)
        answer = admin.post(page, typed(admin.get(page)), follow=True)
        assert "nothing was published" in said(answer)
        assert Bulletin.objects.count() == 1

    def test_cannot_inject_anything(self, admin, seat):
        page = address("quote_add")
        nasty = "<script>alert(1)</script> & </section>"
        admin.post(
            page, typed(admin.get(page)) | {"words": nasty, "speaker": nasty, "contest": seat.pk}
        )
        for fragment in Bulletin.objects.get().fragments.values():
            assert "<script" not in fragment
        assert "<script>alert" not in admin.get(address("quote_changelist")).content.decode()


class TestAHeadline:
    @pytest.fixture
    def put_up(self, admin, night):
        def act(text):
            page = address("headline_add")
            sent = typed(admin.get(page)) | {"election": night.pk, "text": text}
            return admin.post(page, sent, follow=True)

        return act

    def test_goes_above_the_one_by_rule(self, put_up):
        assert "bulletin 1" in said(put_up("The night begins"))
        assert "The night begins" in Bulletin.objects.get().fragments["headline"]

    def test_that_stands_already_publishes_nothing(self, put_up):
        put_up("The night begins")
        assert "nothing was published" in said(put_up("The night begins"))
        assert Bulletin.objects.count() == Headline.objects.count() == 1

    def test_left_empty_withdraws_the_one_that_stands(self, put_up):
        put_up("The night begins")
        assert "Withdrawn: bulletin 2" in said(put_up(""))
        assert "The night begins" not in Bulletin.objects.get(sequence=2).fragments["headline"]

    @pytest.mark.parametrize("text", SENT.values(), ids=SENT)
    def test_of_invisible_text_withdraws_the_one_that_stands(self, put_up, text):
        put_up("The night begins")
        assert "withdrawn" in said(put_up(text)).lower()
        newest = Headline.objects.order_by("-pk").first()
        assert newest is not None
        assert (newest.text, newest.withdrawn) == ("", True)

    def test_left_empty_with_none_to_withdraw_is_an_error_beside_the_field(self, put_up):
        assert "There is no headline of ours to withdraw" in text_of(put_up(""))
        assert Night.objects.get().sequence == 0

    def test_that_another_replaced_can_be_withdrawn(self, admin, put_up):
        put_up("One")
        put_up("Two")
        changelist = address("headline_changelist")
        chosen = {"action": "withdraw", "_selected_action": Headline.objects.get(text="One").pk}
        assert "Withdrawn: bulletin 3" in said(admin.post(changelist, chosen, follow=True))
        assert "One" not in Bulletin.objects.get(sequence=3).fragments["feed"]
        assert "Two" in Bulletin.objects.get(sequence=3).fragments["headline"]
        admin.post(changelist, chosen)
        assert Night.objects.get().sequence == 3

    def test_is_withdrawn_only_by_who_may_add_one(self, put_up, admin, client):
        put_up("One")
        reader = nights.user("auditor")
        reader.is_staff = True
        reader.save()
        reader.user_permissions.add(Permission.objects.get(codename="view_headline"))
        client.force_login(reader)
        chosen = {"action": "withdraw", "_selected_action": Headline.objects.get().pk}
        client.post(address("headline_changelist"), chosen)
        assert Night.objects.get().sequence == 1

    def test_is_shown_with_the_one_that_stands_marked(self, admin, put_up):
        put_up("One")
        put_up("Two")
        rows = admin.get(address("headline_changelist")).context["cl"].result_list
        assert [(row.text, bool(row.text) and not row.replaced) for row in rows] == [
            ("Two", True),
            ("One", False),
        ]
