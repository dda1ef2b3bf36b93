"""Restoring an earlier revision, and withdrawing quotes and posts."""

from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import Bulletin, Contest, Declaration, Post, Quote
from tests import nights
from tests.editor.conftest import address, form_data


def wrong(declared: Contest, editor: User) -> None:
    votes = nights.islington_ballot_counts(declared).votes
    wakeling = declared.candidates.get(name="Nick Wakeling").pk
    ballot_counts = nights.ballot_counts(declared, *{**votes, wakeling: 8000}.values())
    nights.correct(
        declared,
        ballot_counts,
        by=editor,
        idempotency_key="c",
        base_revision=1,
        reason="Thought so.",
    )


def test_restores_an_earlier_revision_as_a_new_one(
    admin: Client, declared: Contest, editor: User
) -> None:
    wrong(declared, editor)
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
    action = {"action": "withdraw", "_selected_action": [quote.pk]}
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
    action = {"action": "withdraw", "_selected_action": [newest.pk]}
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
