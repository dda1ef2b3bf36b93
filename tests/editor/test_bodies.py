"""The seats of a council in the admin: typed as text, checked, and corrected once published."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from results.arithmetic import NO_OVERALL_CONTROL, ElectionKind
from results.models import Body, Bulletin, Contest, Election, ElectionCorrection
from tests import nights
from tests.editor.conftest import REASON, address, form_data, text_of
from tests.responses import Response

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(db: None) -> Contest:
    """One ward of one seat, of a council of five by thirds; Labour defends it."""
    night = nights.election(kind=ElectionKind.COUNCIL)
    body = Body.objects.create(election=night, slug="eastford", name="Eastford", seats=5)
    return nights.contest(
        night, "Hill", [("Ann", "lab"), ("Bob", "con")], body=body, last={"lab": 900, "con": 800}
    )


def save(admin: Client, election: Election, **changes: object) -> Response:
    page = address("election_change", election.pk)
    form = form_data(admin.get(page))
    form |= {f"bodies-0-{name}": value for name, value in changes.items()}
    return admin.post(page, form, follow=True)


def test_seats_and_control_are_typed_as_people_write_them(admin: Client, ward: Contest) -> None:
    save(
        admin,
        ward.election,
        composition_before="Labour 3, Con 2",
        control_before="No overall control",
    )
    body = Body.objects.get()
    assert body.composition_before == {"con": 2, "lab": 3}
    assert body.control_before == NO_OVERALL_CONTROL
    page = admin.get(address("election_change", ward.election_id)).content.decode()
    assert "Labour 3, Conservative 2" in page


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"composition_before": "Whigs 3"}, "“Whigs 3”: no party here is called that."),
        ({"composition_before": "Labour three"}, "write the party and its number of seats"),
        ({"composition_before": "Labour 3, Labour 1"}, "this party is there twice"),
        (
            {"composition_before": "Labour 6"},
            "There were 6 seats before, but there are only 5 in all.",
        ),
        ({"not_up": "Labour 5"}, "5 seats are entered as not up, but only 4 are not up."),
        (
            {"composition_before": "Con 5"},
            "Labour held 0 seats before, fewer than the 1 that are up.",
        ),
        ({"control_before": "the Whigs"}, "no party here is called that"),
        ({"seats": "0"}, "1 seats are up: there cannot be only 0 in all."),
    ],
)
def test_seats_that_cannot_be_are_refused_beside_their_body(
    admin: Client, ward: Contest, changes: dict[str, str], error: str
) -> None:
    assert error in text_of(save(admin, ward.election, **changes))
    assert Body.objects.get().composition_before == {}


def test_every_party_that_cannot_be_read_is_named_at_once(admin: Client, ward: Contest) -> None:
    answer = text_of(save(admin, ward.election, composition_before="Whigs 3, Levellers 2, Con 2"))
    assert "“Whigs 3”: no party here is called that." in answer
    assert "“Levellers 2”: no party here is called that." in answer


def test_change_of_published_seats_needs_a_reason(admin: Client, ward: Contest) -> None:
    save(admin, ward.election, composition_before="Labour 3, Con 2")
    nights.declare(ward, 900, 800)
    answer = save(admin, ward.election, composition_before="Labour 2, Con 3")
    assert "Eastford: seats before" in text_of(answer)
    assert Body.objects.get().composition_before == {"con": 2, "lab": 3}
    form = form_data(admin.get(address("election_change", ward.election_id)))
    form |= {"bodies-0-composition_before": "Labour 2, Con 3", "correction-reason": REASON}
    form |= {"correction-tick": "on", "correction-blame": "ours", "correction-key": "k1"}
    admin.post(address("election_change", ward.election_id), form)
    assert Body.objects.get().composition_before == {"con": 3, "lab": 2}
    changes = ElectionCorrection.objects.get().changes
    assert ["Eastford: control", "Labour", "Conservative"] in changes
    assert Bulletin.objects.latest("sequence").kind == Bulletin.Kind.CORRECTION


def test_page_of_many_councils_costs_few_queries_for_each(admin: Client) -> None:
    """A night may have 150 of them."""
    opened, saved = [], []
    for number in (3, 13):
        night = nights.election(f"night-{number}", kind=ElectionKind.COUNCIL)
        Body.objects.bulk_create(
            Body(election=night, slug=f"council-{each}", name=f"Council {each}", seats=5)
            for each in range(number)
        )
        page = address("election_change", night.pk)
        with CaptureQueriesContext(connection) as queries:
            form = form_data(admin.get(page))
        opened.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            assert admin.post(page, form | {"name": "Another"}).status_code == 302
        saved.append(len(queries))
    assert opened[1] <= opened[0] + 2
    # Django reads each row once more where its key was sent.
    assert saved[1] <= saved[0] + 10 + 2
