"""Two editors with the same form of the admin open: the second is told of the first."""

import re
from typing import Any

from django.test import Client

from results.models import Contest, Election, Group
from tests import nights
from tests.editor.conftest import address, form_data, text_of


def opened(admin: Client, page: str) -> dict[str, Any]:
    """The form as a browser has it, with its hidden field."""
    answer = admin.get(page)
    (stored,) = re.findall(r'name="_stored" value="([^"]+)"', answer.content.decode())
    return form_data(answer) | {"_stored": stored}


def test_second_editor_is_told_what_the_first_changed(admin: Client, seat: Contest) -> None:
    page = address("contest_change", seat.pk)
    first, second = opened(admin, page), opened(admin, page)
    assert admin.post(page, first | {"electorate": "70001"}).status_code == 302
    answer = admin.post(page, second | {"venue": "Emirates Stadium"})
    text = text_of(answer)
    assert "editor changed this at" in text
    assert "electorate: 70001" in text
    assert "nothing of yours is saved" in text
    seat.refresh_from_db()
    assert (seat.electorate, seat.venue) == (70001, "Sobell Leisure Centre")
    # What was entered is still there, and is saved once it was looked at.
    (stored,) = re.findall(r'name="_stored" value="([^"]+)"', answer.content.decode())
    both = second | {"venue": "Emirates Stadium", "electorate": "70001", "_stored": stored}
    assert admin.post(page, both).status_code == 302
    seat.refresh_from_db()
    assert (seat.electorate, seat.venue) == (70001, "Emirates Stadium")


def test_candidates_and_seats_of_a_group_count_as_well(
    admin: Client, night: Election, seat: Contest
) -> None:
    page = address("contest_change", seat.pk)
    old = opened(admin, page)
    seat.candidates.filter(pk=seat.candidates.all()[0].pk).update(name="Somebody Else")
    assert "was changed while the page was open" in text_of(admin.post(page, old))
    group = Group.objects.create(election=night, name="Key seats", slug="key-seats")
    page = address("group_change", group.pk)
    old = opened(admin, page)
    group.contests.add(seat)
    assert "was changed while the page was open" in text_of(admin.post(page, old))


def test_results_that_arrive_meanwhile_are_no_change_of_the_form(
    admin: Client, night: Election, seat: Contest
) -> None:
    for page in (address("contest_change", seat.pk), address("election_change", night.pk)):
        old = opened(admin, page)
        nights.declare_counts(
            seat,
            nights.islington_ballot_counts(seat),
            by=nights.user(),
            idempotency_key="declared",
        )
        answer = admin.post(page, old)
        assert "while the page was open" not in text_of(answer)


def test_the_same_editor_may_save_twice(admin: Client, night: Election) -> None:
    page = address("election_change", night.pk)
    for name in ("General election A", "General election B"):
        assert admin.post(page, opened(admin, page) | {"name": name}).status_code == 302


def test_no_page_of_a_draft_is_said_to_load_again(admin: Client, night: Election) -> None:
    Election.objects.update(visibility=Election.Visibility.DRAFT)
    page = address("election_change", night.pk)
    answer = admin.post(page, opened(admin, page) | {"name": "Another name"}, follow=True)
    text = text_of(answer)
    assert "Readers do not see this election, so nothing was published." in text
    assert "loads itself afresh" not in text
