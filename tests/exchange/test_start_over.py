"""start_over: numbers given before a backup was restored mean nothing to open pages any more."""

import pytest
from django.core.management import CommandError, call_command

from results import desk
from results.live.log import document_since
from results.models import Night
from tests import nights

pytestmark = pytest.mark.django_db


def test_open_pages_load_themselves_afresh(capsys):
    seat = nights.islington_north(nights.election())
    desk.declare(seat, nights.islington_figures(seat), by=nights.user(), key="1")
    before = Night.objects.get()
    call_command("start_over", "ge")
    after = Night.objects.get()
    assert after.epoch != before.epoch
    assert after.sequence == before.sequence
    assert document_since(after, after.sequence, str(before.epoch))["resync"]
    assert str(after.epoch) in capsys.readouterr().out
    call_command("verify", "ge")


def test_of_no_election_is_refused():
    with pytest.raises(CommandError, match="no election “nowhere”"):
        call_command("start_over", "nowhere")
