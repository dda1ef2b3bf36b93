"""What editors are told of pages that readers have open once a night is closed: they stay."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import Contest, Election, Quote
from tests.editor.conftest import Dashboard, address, form_data, messages_of, text_of

#: What is said in place of “at once”.
LATER = "A page that is open already says “Final”: it changes when it is next loaded."
LOADS_AFRESH = "loads itself afresh"


@pytest.fixture
def closed(night: Election) -> Election:
    Election.objects.update(final=True)
    night.refresh_from_db()
    return night


def _change(admin: Client, night: Election, **fields: str | None) -> str:
    page = address("election_change", night.pk)
    form = form_data(admin.get(page)) | fields
    sent = {name: value for name, value in form.items() if value is not None}
    return messages_of(admin.post(page, sent, follow=True))


def test_open_pages_load_again_when_a_night_is_closed_and_not_when_it_is_opened_again(
    admin: Client, night: Election
) -> None:
    said = _change(admin, night, final="on", close_anyway="on")
    assert LOADS_AFRESH in said
    assert LATER not in said
    said = _change(admin, night, final=None)
    assert not Election.objects.get().final
    assert LOADS_AFRESH not in said
    assert LATER in said


@pytest.mark.usefixtures("closed")
def test_changed_name_of_a_contest(admin: Client, seat: Contest) -> None:
    page = address("contest_change", seat.pk)
    form = form_data(admin.get(page)) | {"name": "Islington"}
    said = messages_of(admin.post(page, form, follow=True))
    assert LOADS_AFRESH not in said
    assert LATER in said


def test_preview_of_a_headline_and_of_its_withdrawal(admin: Client, closed: Election) -> None:
    page = address("headline_add")
    form = form_data(admin.get(page)) | {"election": closed.pk, "text": "It is over"}
    admin.post(page, form)
    for text in ("It is over now", ""):
        form = form_data(admin.get(page)) | {"election": closed.pk, "text": text}
        del form["_confirmed"]
        shown = text_of(admin.post(page, form))
        assert "open page" not in shown
        assert LATER in shown


@pytest.fixture
def quote(seat: Contest, editor: User) -> Quote:
    content = desk.QuoteContent(words="We are there.", contest=seat, speaker="Ann")
    desk.publish(seat.election, content, by=editor, idempotency_key="quote")
    return Quote.objects.get()


@pytest.mark.parametrize("is_final", [True, False])
def test_withdrawn_words(admin: Client, night: Election, quote: Quote, *, is_final: bool) -> None:
    Election.objects.update(final=is_final)
    chosen = {"action": "withdraw", "_selected_action": quote.pk}
    listed = text_of(admin.post(address("quote_changelist"), chosen))
    panel = text_of(admin.get(address("election_night_withdraw", night.pk, "quote", quote.pk)))
    for shown in (listed, panel):
        assert ("from open pages as well" in shown) is not is_final
        assert (LATER in shown) is is_final


def test_withdrawn_election(admin: Client, closed: Election) -> None:
    shown = text_of(admin.get(address("election_withdraw", closed.pk)))
    assert "Pages that are open load again" not in shown
    assert LATER in shown


@pytest.mark.usefixtures("seat")
def test_expected_times(admin: Client, closed: Election) -> None:
    pasted = {"key": "times", "text": "Islington North\t23:30"}
    shown = text_of(admin.post(address("election_times", closed.pk), pasted))
    assert "1 contest would change" in shown, shown
    assert "Pages that are open load again" not in shown
    assert LATER in shown


@pytest.mark.usefixtures("closed")
def test_dashboard(dashboard: Dashboard) -> None:
    assert LATER in dashboard()


def test_night_that_is_not_closed(admin: Client, night: Election, dashboard: Dashboard) -> None:
    assert LATER not in dashboard()
    assert LATER not in text_of(admin.get(address("election_withdraw", night.pk)))
    desk.start_new_epoch(night)
    assert LOADS_AFRESH in _change(admin, night, name="General election A")
