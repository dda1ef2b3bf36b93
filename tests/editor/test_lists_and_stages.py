"""The admin of lists, of regions, and of counts by single transferable vote."""

from typing import Any

import pytest
from django.test import Client

from results.arithmetic import ElectionKind
from results.models import Contest, Declaration, Standing
from tests import nights
from tests.editor.conftest import address, form_data, text_of
from tests.lists import chamber, elect, list_ballot, names_elected, publish
from tests.nights import contest

pytestmark = pytest.mark.django_db


def publish_confirmed(admin: Client, page: str, form: dict[str, Any]) -> None:
    """Tick that the seats go to others, as the preview asks."""
    asked = admin.post(page, form | {"step": "preview"})
    confirm = {"step": "publish", "confirm": asked.context["after"]}
    answer = admin.post(page, form | confirm, follow=True)
    assert answer.redirect_chain, text_of(answer)


def test_corrects_the_votes_of_lists(admin: Client) -> None:
    lists = {"lab": ["Ann Ash", "Bob Beech"], "con": ["Dai Date", "Eve Elder"]}
    seat = list_ballot(chamber(ElectionKind.SENEDD), "Bangor", lists, seats=2)
    publish(seat, {"lab": 900, "con": 500})
    page = address("contest_correct", seat.pk)
    form = form_data(admin.get(page)) | {"reason": "Read out wrongly."}
    names = [row.name for row in admin.get(page).context["form"].vote_rows]
    assert names == ["Labour", "Conservative"]
    head = seat.candidates.get(name="Dai Date").pk
    form |= {f"votes-{head}": "2,000", "warning_reason": "Heard twice."}
    publish_confirmed(admin, page, form)
    assert names_elected(seat) == ["Dai Date", "Eve Elder"]
    story = admin.get(address("contest_story", seat.pk))
    assert story.status_code == 200


def test_corrects_who_was_declared_elected(admin: Client) -> None:
    people = [("Ann Ash", "lab"), ("Bob Beech", "con"), ("Cat Cedar", "ld")]
    ward = contest(chamber(ElectionKind.COUNCIL_STV), "Abbey", people, seats=2)
    elect(ward, ["Ann Ash"], stages={"Ann Ash": 1}, quota=900)
    assert admin.get(address("contest_story", ward.pk)).status_code == 200
    page = address("contest_correct", ward.pk)
    form = form_data(admin.get(page)) | {"reason": "The names were confused."}
    ids = {candidate.name: candidate.pk for candidate in ward.candidates.all()}
    assert form["quota"] == "900"
    del form[f"stage-{ids['Ann Ash']}"]
    form |= {"winners": [ids["Bob Beech"]], f"stage-{ids['Bob Beech']}": "1"}
    publish_confirmed(admin, page, form)
    assert names_elected(ward) == ["Bob Beech"]
    newest = Declaration.objects.get(contest=ward, revision=2)
    assert (newest.kind, newest.quota) == ("correction", 900)
    assert newest.ballot_counts.stages == {ids["Bob Beech"]: 1}


def test_preview_says_which_votes_are_first_preferences(admin: Client) -> None:
    people = [("Ann Ash", "lab"), ("Bob Beech", "con"), ("Cat Cedar", "ld")]
    ward = contest(chamber(ElectionKind.COUNCIL_STV), "Abbey", people, seats=1)
    votes = {"Ann Ash": 900, "Bob Beech": 700, "Cat Cedar": 100}
    elect(ward, ["Ann Ash"], votes=votes)
    page = address("contest_correct", ward.pk)
    form = form_data(admin.get(page)) | {"reason": "Read out wrongly.", "step": "preview"}
    form[f"votes-{ward.candidates.get(name='Cat Cedar').pk}"] = "120"
    text = text_of(admin.post(page, form))
    assert "First preferences in the tally:" in text
    assert "Votes in the tally:" not in text


def test_linking_the_last_constituency_allocates_its_region(admin: Client) -> None:
    night = chamber(ElectionKind.SCOTTISH_PARLIAMENT)
    lists = {"lab": ["Ann Ash", "Bob Beech"], "con": ["Dai Date", "Eve Elder"]}
    region = list_ballot(night, "Lothian", lists, seats=2, method="lists")
    leith = contest(night, "Leith", [("Lab Leith", "lab"), ("Con Leith", "con")])
    publish(leith, {"lab": 500, "con": 300})
    publish(region, {"lab": 600, "con": 400})
    assert Standing.objects.get(contest=region).summary["to_fill"] == 2
    page = address("contest_change", leith.pk)
    form = form_data(admin.get(page)) | {"region_contest": region.pk}
    admin.post(page, form, follow=True)
    assert Contest.objects.get(pk=leith.pk).region_contest == region
    assert names_elected(region) == ["Dai Date", "Ann Ash"]


def test_preview_shows_a_region_that_is_allocated_again(admin: Client) -> None:
    """The live page with both, what changes in the constituency, and both corrections."""
    night = chamber(ElectionKind.SCOTTISH_PARLIAMENT)
    lists = {"lab": ["Ann Ash", "Bob Beech"], "con": ["Dai Date", "Eve Elder"]}
    fife = list_ballot(night, "Fife", lists, seats=2, method="lists")
    almond, leven = (
        contest(night, name, [(f"Lab {name}", "lab"), (f"Con {name}", "con")])
        for name in ("Almond", "Leven")
    )
    Contest.objects.filter(pk=leven.pk).update(region_contest=fife)
    for seat in (almond, leven):
        publish(seat, {"lab": 300, "con": 400})
    publish(fife, {"lab": 1500, "con": 1000})
    page = address("contest_correct", leven.pk)
    form = form_data(admin.get(page)) | {"reason": "A bundle was missing.", "step": "preview"}
    form |= {f"votes-{leven.candidates.get(party__slug='lab').pk}": "500", "blame": "ours"}
    preview = admin.post(page, form | {"warning_reason": "So it is."}).context["preview"]
    assert "win the election" not in preview.page
    assert [change.party for change in preview.seats] == []
    assert {(each.before, each.after) for each in preview.differences} == {
        ("Con Leven", "Lab Leven"),
        ("300", "500"),
    }
    assert preview.page.count("A bundle was missing.") >= 2


def test_forms_are_headed_by_what_is_voted_for(admin: Client) -> None:
    lists = {"lab": ["Ann Ash", "Bob Beech"], "con": ["Dai Date", "Eve Elder"]}
    seat = list_ballot(chamber(ElectionKind.SENEDD), "Bangor", lists, seats=2)
    page = address("contest_declare", seat.pk)
    form = form_data(admin.get(page)) | {"rejected": "5", "step": "preview"}
    form |= {f"votes-{seat.candidates.get(name=name).pk}": "90" for name in ("Ann Ash", "Dai Date")}
    form[f"votes-{seat.candidates.get(name='Dai Date').pk}"] = "50"
    for answer in (admin.get(page), admin.post(page, form)):
        text = text_of(answer)
        assert "List Votes" in text
        assert "Candidate" not in text.partition("Bangor")[2].partition("As readers will see")[0]
        assert "All candidates" not in text


def test_asks_for_places_on_lists_only_where_there_are_lists(admin: Client) -> None:
    lists = {"lab": ["Ann Ash", "Bob Beech"], "con": ["Dai Date", "Eve Elder"]}
    night = chamber(ElectionKind.SENEDD)
    of_lists = list_ballot(night, "Bangor", lists, seats=2)
    by_votes = contest(nights.election("ge2029"), "Vale", [("Ann", "lab"), ("Bob", "con")])
    forms = {
        seat.name: admin.get(address("contest_change", seat.pk)).text
        for seat in (of_lists, by_votes)
    }
    assert 'name="candidates-0-list_position"' in forms["Bangor"]
    assert 'name="candidates-0-name"' in forms["Vale"]
    assert 'name="candidates-0-list_position"' not in forms["Vale"]
