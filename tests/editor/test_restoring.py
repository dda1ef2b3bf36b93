"""Restoring an earlier revision, and withdrawing quotes and posts."""

from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import Bulletin, Contest, Declaration, Election, Post, Quote, ReviewItem
from tests import nights
from tests.editor.conftest import address, correct_wakeling, form_data, messages_of, text_of


def test_restores_an_earlier_revision_as_a_new_one(
    admin: Client, declared: Contest, editor: User
) -> None:
    correct_wakeling(declared, 8000, by=editor, reason="Thought so.")
    first = Declaration.objects.get(revision=1)
    page = admin.get(address("declaration_change", first.pk)).content.decode()
    restore = f"{address('contest_correct', declared.pk)}?restore={first.pk}"
    assert restore in page
    form = admin.get(restore).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert admin.post(restore, data | {"reason": ""}).status_code == 200
    answer = admin.post(restore, data | {"reason": "The first was right.", "step": "publish"})
    assert answer.status_code == 302
    newest = Declaration.objects.get(revision=3)
    assert newest.ballot_counts.votes == first.ballot_counts.votes
    assert newest.kind == "correction"
    assert "?restore=" not in admin.get(address("declaration_change", newest.pk)).content.decode()


def test_withdrawing_a_quote_twice_publishes_once(
    admin: Client, declared: Contest, editor: User
) -> None:
    desk.publish(
        declared.election,
        desk.QuoteContent(words="Well, well.", contest=declared, speaker="X"),
        by=editor,
        idempotency_key="q",
    )
    quote = Quote.objects.get()
    action = {"action": "withdraw", "confirmed": "yes", "_selected_action": [quote.pk]}
    for _time in range(2):
        admin.post(address("quote_changelist"), action)
    assert Bulletin.objects.count() == 3
    for path in ("/ge/", "/ge/feed/", "/ge/islington-north/", "/ge/feed.atom"):
        assert "Well, well." not in admin.get(path).content.decode()
    assert "Well, well." not in str(Bulletin.objects.get(sequence=3).fragments)


def test_post_is_published_changed_and_withdrawn(admin: Client, declared: Contest) -> None:
    form = form_data(admin.get(address("post_add"))) | {
        "election": declared.election.pk,
        "title": "Where we are",
        "text": "Our reporters are at <b>nine</b> counts.",
    }
    assert admin.post(address("post_add"), form).status_code == 302
    feed = admin.get("/ge/feed/").content.decode()
    assert "Where we are" in feed
    assert "&lt;b&gt;nine&lt;/b&gt;" in feed
    first = Post.objects.get()
    change = address("post_change", first.pk)
    form = form_data(admin.get(change)) | {"text": "Our reporters are at ten counts."}
    admin.post(change, form)
    feed = admin.get("/ge/feed/").content.decode()
    assert "ten counts" in feed
    assert "edited" in feed
    assert f'id="bulletin-{first.sequence}"' in feed
    assert admin.get(f"/ge/bulletins/{first.sequence}/").status_code == 200
    newest = Post.objects.get(replaces=first)
    action = {"action": "withdraw", "confirmed": "yes", "_selected_action": [newest.pk]}
    admin.post(address("post_changelist"), action)
    assert "ten counts" not in admin.get("/ge/feed/").content.decode()


def test_refuses_a_post_about_a_contest_of_another_election(
    admin: Client, declared: Contest
) -> None:
    other = nights.contest(nights.election("council"), "Ward", [("Ann", "lab")])
    form = form_data(admin.get(address("post_add"))) | {
        "election": declared.election.pk,
        "contest": other.pk,
        "text": "Something.",
    }
    page = admin.post(address("post_add"), form).content.decode()
    assert "Choose a contest of this election." in page
    assert not Post.objects.exists()


class TestWithdrawnResult:
    def withdraw(self, declared: Contest, editor: User) -> None:
        withdrawal = desk.RevisionRequest(
            kind=Declaration.Kind.WITHDRAWAL,
            by=editor,
            idempotency_key="w",
            base_revision=1,
            reason="The wrong hall.",
            blame=Declaration.Blame.OURS,
        )
        desk.publish_result(declared, None, withdrawal)

    def test_is_published_again_with_its_figures_and_time(
        self, admin: Client, declared: Contest, editor: User
    ) -> None:
        self.withdraw(declared, editor)
        contest = admin.get(address("contest_change", declared.pk)).content.decode()
        page = address("contest_restore", declared.pk)
        assert page in contest
        shown = admin.get(page)
        assert "Readers will see again:" in text_of(shown)
        result = shown.context["preview"].result_after
        assert "Labour hold" in result
        assert result in text_of(shown)
        assert Declaration.objects.count() == 2
        assert admin.post(page, form_data(shown)).status_code == 200  # without a reason
        answer = admin.post(page, form_data(shown) | {"note": "It was the right hall."})
        assert answer.status_code == 302
        first, newest = Declaration.objects.get(revision=1), Declaration.objects.get(revision=3)
        assert newest.ballot_counts == first.ballot_counts
        assert newest.declared_at == first.declared_at
        assert newest.kind == "declaration"
        assert "Jeremy Corbyn" in admin.get("/ge/islington-north/").content.decode()
        again = admin.get(page, follow=True)
        assert "there is nothing to restore" in messages_of(again)


class TestResultThatWasOvertaken:
    """One that waits while another is published: it cannot follow, and used to wait for ever."""

    def waiting(self, seat: Contest) -> ReviewItem:
        seat.election.second_person = Election.SecondPerson.ALWAYS
        seat.election.save()
        counts = nights.ballot_counts(seat, 5483, 34603, 742, 236, 4326, 8000, electorate=75162)
        request = desk.RevisionRequest(
            kind=Declaration.Kind.DECLARATION,
            by=nights.user("second"),
            idempotency_key="second",
            warning_reason="As read out.",
        )
        item = desk.submit_result(seat, counts, request)
        assert isinstance(item, ReviewItem)
        return item

    def test_is_compared_with_what_is_published_and_opened_as_a_correction(
        self, admin: Client, seat: Contest
    ) -> None:
        item = self.waiting(seat)
        nights.declare(seat, 5483, 34603, 742, 236, 4326, 8415, electorate=75162)
        page = address("reviewitem_change", item.pk)
        text = text_of(admin.get(page))
        assert "A result was published here after this one was sent" in text
        assert "Published" in text
        assert "Publish it" not in text
        correction = f"{address('contest_correct', seat.pk)}?item={item.pk}"
        assert correction in admin.get(page).content.decode()
        form = admin.get(correction).context["form"]
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        said = {"reason": "Misheard.", "warning_reason": "As read out.", "step": "publish"}
        answer = admin.post(correction, data | said)
        assert answer.status_code == 302
        item.refresh_from_db()
        assert item.state == ReviewItem.State.PUBLISHED
        assert item.ballot_counts is not None
        assert Declaration.objects.get(revision=2).ballot_counts.votes == item.ballot_counts.votes

    def test_can_be_set_aside(self, admin: Client, seat: Contest) -> None:
        item = self.waiting(seat)
        nights.declare(seat, 5483, 34603, 742, 236, 4326, 8415, electorate=75162)
        admin.post(address("reviewitem_change", item.pk), {"decline": "1", "note": "We have it."})
        item.refresh_from_db()
        assert item.state == ReviewItem.State.DECLINED
