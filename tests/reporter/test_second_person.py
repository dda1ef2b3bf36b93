"""Two people: what one sends waits for another, who confirms it or enters the same."""

import pytest

from results import desk
from results.models import Bulletin, Declaration, Election, IdempotencyRecord, ReviewItem
from tests import nights
from tests.reporter.conftest import JSON, URL, box, phone_of, typed, words


@pytest.fixture
def always(seat):
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    return seat


def send(phone, sent):
    response = phone.post(URL, sent, **JSON)
    return response.status_code, response.json()


def test_only_what_a_check_asks_about_waits(phone, seat):
    status, said = send(phone, typed(seat, turnout_announced="78.1", warning_reason="Heard so."))
    assert (status, said["state"], said["key"]) == (200, "kept", "mine")
    assert "second person" in said["words"]
    assert not Bulletin.objects.exists()
    status, said = send(phone, typed(seat, key="better"))
    assert said["state"] == "published"


def test_a_small_majority_asks_for_one(phone, seat):
    """Fewer than 150 votes: no reporter publishes that alone."""
    close = {box(seat, "Nick Wakeling"): "34454", "electorate": "110000"}
    _status, said = send(phone, typed(seat, **close))
    assert said["state"] == "reason"
    assert send(phone, typed(seat, **close, warning_reason="Yes."))[1]["state"] == "kept"


def test_agreement_publishes_the_first_ones_and_answers_both(phone, colleague, always):
    assert send(phone, typed(always))[1]["state"] == "kept"
    _status, said = send(phone_of(colleague), typed(always, key="theirs", turnout_announced="71.8"))
    assert (said["state"], said["sequence"]) == ("published", 1)
    declaration = Declaration.objects.get()
    assert declaration.by.username == "reporter"
    # What only the second one noted is not lost.
    assert str(declaration.turnout_announced) == "71.80"
    again = send(phone, typed(always))
    assert (again[1]["state"], again[1]["sequence"]) == ("published", 1)
    assert send(phone_of(colleague), typed(always, key="theirs", turnout_announced="71.8"))[1] == {
        **said
    }
    assert Bulletin.objects.count() == 1
    offer = ReviewItem.objects.get()
    assert (offer.state, offer.settled_by.username) == (ReviewItem.State.PUBLISHED, "colleague")


def test_a_difference_publishes_nothing_and_both_wait(phone, colleague, always):
    send(phone, typed(always))
    other = typed(always, key="theirs", **{box(always, "Nick Wakeling"): "8451"})
    status, said = send(phone_of(colleague), other)
    assert (status, said["state"]) == (200, "kept")
    assert not Bulletin.objects.exists()
    assert ReviewItem.objects.filter(state=ReviewItem.State.WAITING).count() == 2
    # One's own second try replaces one's first, and may agree.
    assert send(phone_of(colleague), typed(always, key="again"))[1]["state"] == "published"
    assert not ReviewItem.objects.filter(state=ReviewItem.State.WAITING).exists()


def test_nobody_confirms_their_own_whatever_phone_or_group(phone, reporter, always):
    reporter.is_superuser = True
    reporter.save()
    send(phone, typed(always))
    assert send(phone_of(reporter), typed(always, key="other phone"))[1]["state"] == "kept"
    offer = ReviewItem.objects.get(state=ReviewItem.State.WAITING)
    with pytest.raises(desk.InvalidTransition):
        desk.approve(offer, by=reporter)
    page = phone.post(URL, {"step": "confirm", "offer": str(offer.pk)})
    assert page.status_code == 404
    assert not Bulletin.objects.exists()


def test_a_colleague_compares_and_confirms(phone, colleague, always):
    send(phone, typed(always))
    theirs = phone_of(colleague)
    assert "A colleague’s result waits for you" in words(theirs.get(URL))
    assert "your confirmation of the result" in words(theirs.get("/count/"))
    offer = ReviewItem.objects.get()
    page = theirs.post(URL, {"step": "confirm-check", "offer": str(offer.pk)})
    assert "34,603" in words(page)
    assert "This is what I heard: publish it" in words(page)
    done = theirs.post(URL, {"step": "confirm", "offer": str(offer.pk)}, follow=True)
    assert "bulletin 1" in words(done)
    assert "Published" in words(phone.get(f"{URL}offered/{offer.pk}/"))
    # Confirmed twice is published once.
    theirs.post(URL, {"step": "confirm", "offer": str(offer.pk)})
    assert Bulletin.objects.count() == 1


def test_a_winner_alone_waits_as_well(phone, colleague, always):
    corbyn = str(always.candidates.get(name="Jeremy Corbyn").pk)
    winner = {"step": "flash", "winners": corbyn, "base_revision": "0", "key": "w"}
    assert send(phone, winner)[1]["state"] == "kept"
    offer = ReviewItem.objects.get()
    other = phone_of(colleague)
    page = other.post(URL, {"step": "confirm-check", "offer": str(offer.pk)})
    assert "Jeremy Corbyn is elected" in words(page)
    assert send(other, winner)[1]["state"] == "published"


def test_another_result_meanwhile_leaves_it_unpublished(phone, colleague, always):
    send(phone, typed(always))
    votes = nights.islington_ballot_counts(always).votes | {
        always.candidates.get(name="Nick Wakeling").pk: 8451
    }
    nights.declare_counts(
        always, nights.ballot_counts(always, *votes.values()), by=colleague, idempotency_key="k"
    )
    with pytest.raises(desk.StaleRevision):
        desk.approve(ReviewItem.objects.get(), by=nights.user("editor"))
    assert ReviewItem.objects.get().waits
    assert Bulletin.objects.count() == 1


def test_the_key_of_a_kept_result_takes_nothing_else(phone, always):
    send(phone, typed(always))
    status, said = send(phone, typed(always, rejected="228"))
    assert (status, said["state"]) == (409, "faulty")


def test_set_aside_is_told_to_the_reporter(phone, always):
    send(phone, typed(always))
    desk.decline(ReviewItem.objects.get(), by=nights.user("editor"), note="Ring me first.")
    assert "Ring me first." in words(phone.get(URL))
    assert send(phone, typed(always))[1]["words"] == "Set aside"
    with pytest.raises(desk.InvalidTransition, match="editor has dealt with this"):
        desk.approve(ReviewItem.objects.get(), by=nights.user("other"))


def test_no_receipt_is_left_by_what_is_only_kept(phone, always):
    send(phone, typed(always))
    assert not IdempotencyRecord.objects.exists()
