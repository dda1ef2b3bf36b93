"""Details of a withdrawn election: they are stored, and its results are not corrected."""

import pytest
from django.core.management import call_command
from django.test import Client

from results.desk.visibility import withdraw_election
from results.models import Bulletin, Contest, Election, ElectionCorrection, Night, Party
from tests import nights
from tests.editor.conftest import address, form_data, text_of
from tests.responses import Response

WITHDRAWN = "was withdrawn: nothing in it can be published."


@pytest.fixture
def withdrawn(declared: Contest) -> Contest:
    withdraw_election(declared.election, by=nights.user("editor"), reason="A mistake.")
    return declared


def save(admin: Client, page: str, **changes: object) -> Response:
    return admin.post(page, form_data(admin.get(page)) | changes, follow=True)


def test_stores_a_venue_for_pages_that_are_shown_again(admin: Client, withdrawn: Contest) -> None:
    epoch = Night.objects.get().epoch
    answer = save(admin, address("contest_change", withdrawn.pk), venue="Town hall")
    assert "Readers do not see this election, so nothing was published." in text_of(answer)
    withdrawn.refresh_from_db()
    assert withdrawn.venue == "Town hall"
    assert Bulletin.objects.count() == 1
    assert Night.objects.get().epoch != epoch


def test_refuses_what_would_correct_a_result(admin: Client, withdrawn: Contest) -> None:
    page = address("contest_change", withdrawn.pk)
    (box,) = [
        name for name, value in form_data(admin.get(page)).items() if value == "Jeremy Corbyn"
    ]
    answer = save(admin, page, **{box: "Jeremy B Corbyn"})
    assert WITHDRAWN in text_of(answer)
    assert withdrawn.candidates.filter(name="Jeremy Corbyn").exists()


def test_stores_the_name_of_a_party(admin: Client, withdrawn: Contest) -> None:
    labour = Party.objects.get(slug="lab")
    save(admin, address("party_change", labour.pk), name="The Labour Party")
    labour.refresh_from_db()
    assert labour.name == "The Labour Party"
    assert Bulletin.objects.count() == 1


def test_page_that_publishes_it_again_says_that_readers_have_seen_it(
    admin: Client, withdrawn: Contest
) -> None:
    page = f"/admin/results/election/{withdrawn.election_id}/publish/"
    told = text_of(admin.get(page))
    assert "Nobody but editors has seen it before." not in told
    assert "Readers are told until then that it was withdrawn." in told
    Election.objects.update(visibility=Election.Visibility.DRAFT)
    assert "Nobody but editors has seen it before." in text_of(admin.get(page))


class TestShownAgain:
    """What changed while readers could not see it is corrected when they see it again."""

    REASON = "Labour stood under another name."

    @pytest.fixture
    def renamed(self, admin: Client, withdrawn: Contest) -> Contest:
        labour = address("party_change", Party.objects.get(slug="lab").pk)
        save(admin, labour, name="The Labour Party", collective="Labourites")
        return withdrawn

    def publish(self, admin: Client, contest: Contest, **fields: str) -> Response:
        page = address("election_publish", contest.election_id)
        asked = admin.post(page, {"front": "on"})
        if not fields:
            return asked
        reason = {f"correction-{name}": text for name, text in fields.items()}
        sent = dict(asked.context["sent"]) | form_data(asked) | reason
        return admin.post(page, sent, follow=True)

    def test_shows_what_changed_and_publishes_nothing_yet(
        self, admin: Client, renamed: Contest
    ) -> None:
        text = text_of(self.publish(admin, renamed))
        assert "Readers have seen what this changes: it is a correction." in text
        assert "The Labour Party" in text
        assert not Election.objects.get().is_published
        assert Bulletin.objects.count() == 1

    def test_is_corrected_with_the_reason(
        self, admin: Client, client: Client, renamed: Contest
    ) -> None:
        answer = self.publish(admin, renamed, reason=self.REASON, blame="ours", tick="on")
        assert "Corrected, with the reason: bulletin 2." in text_of(answer)
        assert ElectionCorrection.objects.get().changes == [
            ["Party", "Labour", "The Labour Party"],
            [
                "Islington North",
                "Labour hold Islington North, majority 26,188",
                "Labourites hold Islington North, majority 26,188",
            ],
        ]
        page = text_of(client.get("/ge/corrections/"))
        assert self.REASON in page
        assert Election.objects.get().front
        call_command("verify", "ge")

    def test_rule_that_changed_is_corrected(self, admin: Client, withdrawn: Contest) -> None:
        form = address("election_change", withdrawn.election_id)
        save(admin, form, name="The general election")
        self.publish(admin, withdrawn, reason=self.REASON, blame="ours", tick="on")
        changes = ElectionCorrection.objects.get().changes
        assert changes == [["Name", "General election", "The general election"]]
        call_command("verify", "ge")

    def test_later_correction_is_compared_with_the_newest_one(
        self, admin: Client, renamed: Contest
    ) -> None:
        self.publish(admin, renamed, reason=self.REASON, blame="ours", tick="on")
        withdraw_election(Election.objects.get(), by=nights.user("editor"), reason="Again.")
        labour = address("party_change", Party.objects.get(slug="lab").pk)
        save(admin, labour, name="Labour")
        self.publish(admin, renamed, reason="It did not.", blame="ours", tick="on")
        newest = ElectionCorrection.objects.last()
        assert newest is not None
        assert newest.changes == [["Party", "The Labour Party", "Labour"]]
        call_command("verify", "ge")

    def test_nothing_is_asked_where_nothing_changed(
        self, admin: Client, withdrawn: Contest
    ) -> None:
        self.publish(admin, withdrawn)
        assert Election.objects.get().is_published
        assert Bulletin.objects.count() == 1
