"""What the restore command says at its end."""

from datetime import UTC, datetime
from io import StringIO

import pytest

from electiondesk.backup.discarded import Discarded
from electiondesk.backup.restoration import Restored
from results.management.commands.restore import Command

NIGHT = datetime(2029, 5, 4, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("ended", ["passes", "links to choose a password", "API tokens"])
def test_names_all_that_another_key_of_the_desk_ends(ended: str) -> None:
    """Their secrets are stored as hashes that the key is a part of."""
    output = StringIO()
    restored = Restored(made_at=NIGHT, discarded=Discarded(), safety_copy=None, another_key=True)
    Command(stdout=output)._report(restored)
    assert ended in output.getvalue()
