"""Admin of groups of contests and of external figures."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from results.models import Bulletin, Contest, Election, ExternalFigures, Group, Night, Party
from results.models.known_parties import known_party
from tests import nights
from tests.editor.conftest import address, form_data, messages_of, text_of
from tests.responses import Response


@pytest.fixture
def group(admin: Client, night: Election, seat: Contest) -> Group:
    page = address("group_add")
    sent = form_data(admin.get(page)) | {
        "election": night.pk,
        "name": "Our patch",
        "slug": "our-patch",
        "about": "What we always cover.",
        "named": "islington north\n",
    }
    admin.post(page, sent)
    return Group.objects.get()


class TestGroup:
    def test_named_contests_have_page_and_link(
        self, admin: Client, group: Group, seat: Contest
    ) -> None:
        assert list(group.contests.all()) == [seat]
        page = admin.get("/ge/groups/our-patch/").content.decode()
        assert "What we always cover." in page
        assert "Seats that parties defend" in page
        assert 'id="row-islington-north"' in page
        assert "/ge/groups/our-patch/" in admin.get("/ge/").content.decode()
        assert "Our patch" in admin.get("/ge/regions/").content.decode()

    def test_change_is_published_as_bulletin(
        self, admin: Client, group: Group, seat: Contest
    ) -> None:
        nights.declare(seat, 5483, 34603, 742, 236, 4326, 8415, electorate=75162)
        page = address("group_change", group.pk)
        data = form_data(admin.get(page)) | {"name": "Our own patch"}
        assert "bulletin 2" in messages_of(admin.post(page, data, follow=True))
        assert "Our own patch" in Bulletin.objects.get(sequence=2).fragments["groups"]

    def test_publishes_nothing_when_unchanged(
        self, admin: Client, group: Group, seat: Contest
    ) -> None:
        nights.declare(seat, 5483, 34603, 742, 236, 4326, 8415, electorate=75162)
        page = address("group_change", group.pk)
        answer = admin.post(page, form_data(admin.get(page)), follow=True)
        assert "Nothing that readers see has changed" in messages_of(answer)
        assert Night.objects.get().sequence == 1

    def test_lists_unknown_names_and_keeps_the_entry(
        self, admin: Client, night: Election, group: Group
    ) -> None:
        page = address("group_change", group.pk)
        data = form_data(admin.get(page)) | {"named": "Islington North\nBarchester\n"}
        answer = admin.post(page, data)
        form = answer.context["adminform"].form
        assert form.errors["named"] == ["No contest here is called “Barchester”."]
        assert "Barchester" in answer.content.decode()

    def test_refuses_contests_of_another_election(
        self, admin: Client, night: Election, group: Group
    ) -> None:
        other = nights.contest(nights.election("le"), "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
        page = address("group_change", group.pk)
        answer = admin.post(page, form_data(admin.get(page)) | {"contests": [other.pk]})
        form = answer.context["adminform"].form
        assert form.errors["contests"] == ["Choose contests of this election."]


@pytest.fixture
def fill(admin: Client, night: Election, seat: Contest) -> Callable[..., Response]:
    """Posts the form of external figures with some fields changed."""

    def fill(**changes: object) -> Response:
        page = address("externalfigures_add")
        data = form_data(admin.get(page)) | {
            "election": night.pk,
            "source": "Three broadcasters",
            "as_of": "12/12/2019 22:00",
            "figures": "Conservatives 1\nothers: 0",
        }
        return admin.post(page, data | changes, follow=True)

    return fill


class TestExternalFigures:
    def test_readers_see_nothing_before_a_look_at_it(
        self, admin: Client, night: Election, seat: Contest
    ) -> None:
        nights.party("con")
        page = address("externalfigures_add")
        data = form_data(admin.get(page)) | {
            "election": night.pk,
            "source": "Three broadcasters",
            "as_of": "12/12/2019 22:00",
            "figures": "Conservatives 1\nothers: 0",
        }
        del data["_confirmed"]
        before = Bulletin.objects.count()
        shown = admin.post(page, data)
        assert "This is a preview: looking at it publishes nothing." in text_of(shown)
        assert "Three broadcasters" in shown.context["preview"].page
        assert Bulletin.objects.count() == before
        sent = dict(shown.context["sent"])
        again = admin.post(page, sent | {"_edit": "1"})
        assert again.context["adminform"].form["source"].value() == "Three broadcasters"
        assert Bulletin.objects.count() == before
        done = admin.post(page, sent | {"_confirmed": "1"}, follow=True)
        assert f"bulletin {before + 1}" in messages_of(done)

    def test_form_is_of_the_only_election(self, admin: Client, night: Election) -> None:
        for model in ("externalfigures", "group", "headline", "post", "message"):
            form = admin.get(address(f"{model}_add")).context["adminform"].form
            assert form["election"].value() == night.pk, model

    def test_form_is_of_the_night_viewed_last(self, admin: Client, night: Election) -> None:
        other = nights.election("le")
        page = address("externalfigures_add")
        assert admin.get(page).context["adminform"].form["election"].value() is None
        admin.get(address("election_night", other.pk))
        assert admin.get(page).context["adminform"].form["election"].value() == other.pk
        Election.objects.filter(pk=other.pk).update(final=True)
        assert admin.get(page).context["adminform"].form["election"].value() == night.pk

    def test_takes_a_time_of_the_night_alone(self, fill: Callable[..., Response]) -> None:
        nights.party("con")
        Election.objects.update(timezone="Europe/Berlin")
        assert "bulletin 1" in messages_of(fill(as_of="01:15"))
        figures = ExternalFigures.objects.get()
        at = figures.as_of.astimezone(figures.election.zone)
        assert at.strftime("%d/%m/%Y %H:%M") == "13/12/2019 01:15"

    def test_time_has_come(self, fill: Callable[..., Response]) -> None:
        soon = timezone.localtime() + timedelta(hours=2)
        form = fill(as_of=f"{soon:%d/%m/%Y %H:%M}").context["adminform"].form
        assert form.errors["as_of"] == ["That time has not come yet: check it."]
        assert not ExternalFigures.objects.exists()

    def test_preview_names_the_figures_whose_place_is_taken(
        self, admin: Client, fill: Callable[..., Response]
    ) -> None:
        """An exit poll goes with the first figures of a wire service."""
        page = address("externalfigures_add")
        data = form_data(admin.get(page)) | {"kind": "wire", "source": "PA", "figures": "Con 1"}
        data |= {"election": Election.objects.get().pk, "as_of": "12/12/2019 22:00"}
        del data["_confirmed"]
        nights.party("con")
        assert "what stands there now" not in text_of(admin.post(page, data))
        fill()
        words = "what stands there now goes (Exit poll, Three broadcasters)."
        assert words in text_of(admin.post(page, data))
        assert words in text_of(admin.post(page, data | {"figures": ""}))

    def test_says_how_to_write_a_time(self, fill: Callable[..., Response]) -> None:
        form = fill(as_of="soon").context["adminform"].form
        assert "write it as 01:30" in form.errors["as_of"][0]

    def test_reads_one_party_from_each_line(self, fill: Callable[..., Response]) -> None:
        nights.party("con")
        assert "bulletin 1" in messages_of(fill())
        figures = ExternalFigures.objects.get()
        assert figures.rows == [{"label": "con", "seats": 1}, {"label": "others", "seats": 0}]
        assert figures.as_of.astimezone(figures.election.zone).strftime("%H:%M") == "22:00"

    @pytest.mark.parametrize(
        ("figures", "error"),
        [
            ("Whigs 3", "Line 1: “Whigs 3”: no party here is called that."),
            ("Labour 3.5", "Line 1: “Labour 3.5”: Enter a whole number, without a decimal point."),
            ("Labour 2", "That is more than the 1 seat there is."),
        ],
    )
    def test_shows_errors_beside_the_field(
        self, fill: Callable[..., Response], figures: str, error: str
    ) -> None:
        form = fill(figures=figures).context["adminform"].form
        assert form.errors["figures"] == [error]
        assert not ExternalFigures.objects.exists()

    def test_names_every_wrong_line_at_once(self, fill: Callable[..., Response]) -> None:
        form = fill(figures="Whigs 3\n\nLabour 1\nTories x\nLabour 2.5").context["adminform"].form
        assert form.errors["figures"] == [
            "Line 1: “Whigs 3”: no party here is called that.",
            "Line 4: “Tories x”: no party here is called that.",
            "Line 5: “Labour 2.5”: Enter a whole number, without a decimal point.",
        ]

    @pytest.mark.parametrize("known_is_stored", [True, False])
    def test_asks_which_of_two_parties_with_one_abbreviation(
        self, fill: Callable[..., Response], known_is_stored: bool
    ) -> None:
        if known_is_stored:
            known_party("snp").make()
        Party.objects.create(slug="space-navies", name="Space Navies Party", abbreviation="SNP")
        form = fill(figures="SNP 1").context["adminform"].form
        (error,) = form.errors["figures"]
        parties = "“Scottish National Party (SNP)” or “Space Navies Party”"
        assert error == f"Line 1: “SNP 1”: which party? Write {parties}."

    def test_reads_aliases_and_numbers(self, fill: Callable[..., Response]) -> None:
        known_party("snp").make()
        fill(figures="Scottish National Party 1\nPP102 0")
        assert ExternalFigures.objects.get().rows == [{"label": "snp", "seats": 1}]

    def test_needs_a_source_and_closed_polls(self, fill: Callable[..., Response]) -> None:
        assert "source" in fill(figures="Labour 1", source=" ").context["adminform"].form.errors
        Election.objects.update(polls_close=timezone.now() + timedelta(hours=1))
        assert "election" in fill(figures="Labour 1").context["adminform"].form.errors
        assert not ExternalFigures.objects.exists()
