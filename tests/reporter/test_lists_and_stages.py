"""The phone at a count of party lists, and of a single transferable vote."""

import re

import pytest
from django.test import Client

from results.arithmetic import ElectionKind
from results.forms import MOST_STAGES
from results.models import Contest, Declaration, Standing
from tests.lists import chamber, heads, list_ballot, names_elected
from tests.nights import contest
from tests.reporter.conftest import Fields, assigned, phone_of, text_of
from tests.responses import Response

pytestmark = pytest.mark.django_db


def sent_back(response: Response) -> Fields:
    """What a check page sends, with every value of a repeated field."""
    html = response.content.decode()
    form = html[html.index("data-outbox") :]
    fields: Fields = {"step": "publish"}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        if name == "winners":
            fields[name] = [*fields.get(name, []), value]
        elif name not in ("csrfmiddlewaretoken", "step"):
            fields[name] = value
    return fields


class TestLists:
    @pytest.fixture
    def seat(self) -> Contest:
        lists = {"lab": ["Ann Ash", "Bob Beech"], "con": ["Dai Date", "Eve Elder"]}
        lists["independent"] = ["Hal Hazel"]
        return list_ballot(chamber(ElectionKind.SENEDD), "Bangor", lists, seats=3)

    @pytest.fixture
    def phone(self, seat: Contest) -> Client:
        return phone_of(assigned(seat, "reporter"))

    def fields(self, seat: Contest, **votes: str) -> Fields:
        ids = heads(seat)
        names = {"lab": "lab", "con": "con", "hazel": "Hal Hazel"}
        typed = {f"votes-{ids[names[name]]}": total for name, total in votes.items()}
        return {**typed, "base_revision": "0", "step": "check", "declared_at": ""}

    def test_asks_for_votes_of_lists_with_names_under_them(
        self, phone: Client, seat: Contest
    ) -> None:
        page = phone.get("/count/chamber/bangor/")
        text = text_of(page)
        assert "Labour Ann Ash, Bob Beech" in text
        assert "Hal Hazel Independent" in text
        assert page.content.decode().count("data-votes ") == 3

    def test_publishes_who_is_elected_in_the_order_of_the_lists(
        self, phone: Client, seat: Contest
    ) -> None:
        check = phone.post(
            "/count/chamber/bangor/", self.fields(seat, lab="900", con="500", hazel="80")
        )
        text = text_of(check)
        assert "The votes given for each list were" in text
        assert "Ann Ash, Dai Date and Bob Beech are duly elected as" in text
        page = phone.post("/count/chamber/bangor/", sent_back(check), follow=True)
        assert page.status_code == 200
        assert names_elected(seat) == ["Ann Ash", "Dai Date", "Bob Beech"]
        assert "Labour 900" in text_of(phone.get("/count/chamber/bangor/"))

    def test_the_check_page_is_headed_list(self, phone: Client, seat: Contest) -> None:
        checked = phone.post(
            "/count/chamber/bangor/", self.fields(seat, lab="900", con="500", hazel="9")
        )
        html = checked.content.decode()
        columns = set(re.findall(r'<th scope="col">\s*([^<]*?)\s*</th>', html))
        assert columns == {"List", "Votes", "Yours"}

    def test_asks_which_list_was_drawn(self, phone: Client, seat: Contest) -> None:
        # 900, 450 and 450, for two more seats … and 300 for none: no lot; 600, 600, 300, 300 tie.
        answer = phone.post(
            "/count/chamber/bangor/", self.fields(seat, lab="600", con="600", hazel="300")
        )
        assert answer.status_code == 422
        text = text_of(answer)
        assert (
            "The last seat is tied between Labour, Conservative, Hal Hazel: say which was" in text
        )
        assert "Drawn by lot" in text


class TestStages:
    @pytest.fixture
    def ward(self) -> Contest:
        people = [("Ann Ash", "lab"), ("Bob Beech", "con"), ("Cat Cedar", "ld"), ("Dai Elm", "lab")]
        return contest(chamber(ElectionKind.COUNCIL_STV), "Abbey", people, seats=2)

    @pytest.fixture
    def phone(self, ward: Contest) -> Client:
        return phone_of(assigned(ward, "reporter"))

    def declare(self, phone: Client, ward: Contest, stages: dict[str, str], revision: int) -> str:
        ids = {candidate.name: str(candidate.pk) for candidate in ward.candidates.all()}
        fields: Fields = {
            "winners": [ids[name] for name in stages],
            **{f"stage-{ids[name]}": stage for name, stage in stages.items()},
            "quota": "1,058",
            "base_revision": str(revision),
            "step": "check",
        }
        check = phone.post("/count/chamber/abbey/", fields)
        assert check.status_code == 200, text_of(check)
        page = phone.post("/count/chamber/abbey/", sent_back(check), follow=True)
        assert page.status_code == 200, text_of(page)
        return text_of(check)

    def test_marks_one_elected_at_a_time(self, phone: Client, ward: Contest) -> None:
        text = self.declare(phone, ward, {"Cat Cedar": "1"}, 0)
        assert "Cat Cedar is duly elected as" in text
        assert "1 seat is still open." in text
        assert "The quota is 1,058." in text
        standing = Standing.objects.get(contest=ward)
        assert standing.status_name == "1 of 2 elected"
        page = phone.get("/count/chamber/abbey/").content.decode()
        assert 'data-name="Cat Cedar" checked' in " ".join(page.split())
        assert 'value="1058"' in page
        self.declare(phone, ward, {"Cat Cedar": "1", "Ann Ash": "4"}, 1)
        assert names_elected(ward) == ["Cat Cedar", "Ann Ash"]
        newest = Declaration.objects.get(contest=ward, revision=2)
        assert (newest.kind, newest.quota) == ("update", 1058)
        assert newest.ballot_counts.stages is not None
        assert sorted(newest.ballot_counts.stages.values()) == [1, 4]

    def test_a_stage_belongs_to_who_is_ticked(self, phone: Client, ward: Contest) -> None:
        first = ward.candidates.all()[0]
        fields = {f"stage-{first.pk}": "2", "base_revision": "0", "step": "check"}
        answer = phone.post("/count/chamber/abbey/", fields)
        assert answer.status_code == 422
        assert "Tick Ann Ash as elected, or leave the stage empty." in text_of(answer)

    def test_no_count_has_so_many_stages(self, phone: Client, ward: Contest) -> None:
        first = str(ward.candidates.all()[0].pk)
        fields: Fields = {"winners": [first], "base_revision": "0", "step": "check"}
        # The phone's own check refuses it as well.
        assert f'data-most="{MOST_STAGES}"' in phone.get("/count/chamber/abbey/").content.decode()
        answer = phone.post("/count/chamber/abbey/", {**fields, f"stage-{first}": "99999"})
        assert answer.status_code == 422
        assert "That is more digits than any count has." in text_of(answer)

    def test_a_winner_ticked_twice_is_one(self, phone: Client, ward: Contest) -> None:
        first = str(ward.candidates.all()[0].pk)
        fields: Fields = {"winners": [first, first], "base_revision": "0", "step": "publish"}
        assert phone.post("/count/chamber/abbey/", fields).status_code == 302
        assert names_elected(ward) == ["Ann Ash"]

    def test_taking_back_who_was_elected_asks_for_a_reason(
        self, phone: Client, ward: Contest
    ) -> None:
        self.declare(phone, ward, {"Cat Cedar": "1"}, 0)
        ids = {candidate.name: str(candidate.pk) for candidate in ward.candidates.all()}
        fields = {"winners": [ids["Bob Beech"]], "base_revision": "1", "step": "check"}
        check = phone.post("/count/chamber/abbey/", fields)
        assert "Published as elected: Cat Cedar" in text_of(check)
