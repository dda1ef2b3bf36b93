"""What applying a load changes is what its page said, whatever happened since it was read."""

import pytest
from django.test import Client
from django.urls import reverse

from results.models import Candidate, Election, Load
from tests.setup.conftest import act, give, page
from tests.setup.test_set_up import LIST

pytestmark = pytest.mark.django_db


def test_columns_chosen_beside_apply_are_read_first(chief: Client, draft: Election) -> None:
    load = give(chief, draft, "candidates", rows=LIST)
    table = load.report["tables"][0]
    names = [column["heading"] for column in table["columns"]]
    load = act(chief, load, "apply", **{f"column-0-{names.index('Electorate')}": ""})
    assert load.state == Load.State.READY
    assert load.answers["columns"]["electorate"] == ""
    assert not draft.contests.exists()
    assert "Read again with what you chose" in page(chief, load)


def test_apply_shows_what_another_load_made_of_it(chief: Client, draft: Election) -> None:
    first = give(chief, draft, "candidates", rows=LIST)
    second = give(chief, draft, "candidates", rows=LIST.replace("Ann Ash", "Ann Alder"))
    act(chief, second, "apply")
    first = act(chief, first, "apply")
    assert first.state == Load.State.READY
    assert "something here was changed since these files were read" in page(chief, first)
    assert Candidate.objects.filter(name="Ann Alder").exists()
    first = act(chief, first, "apply")
    assert first.state == Load.State.DONE
    assert Candidate.objects.filter(name="Ann Ash").exists()
    # As if nothing had come in between: undone one by one.
    chief.post(reverse("set_up_undo", args=[first.pk]))
    assert Candidate.objects.filter(name="Ann Alder").exists()


def test_other_holders_of_as_many_seats_are_listed(chief: Client, draft: Election) -> None:
    act(chief, give(chief, draft, "candidates", rows=LIST), "apply")
    rows = "party,seats\nLabour,4\nGreen,2\n"
    act(chief, give(chief, draft, "composition", rows=rows), "apply")
    load = give(chief, draft, "composition", rows="party,seats\nLabour,3\nGreen,3\n")
    assert "before the poll Labour 4, Green 2" in page(chief, load)
    assert "before the poll Green 3, Labour 3" in page(chief, load)
