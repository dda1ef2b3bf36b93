"""A desk that is broken on purpose, to see that the checker notices: `BREAK` says how.

An application for the server, in place of the desk's own. Nothing of this is in the product.
"""

import os
from typing import Any

from electiondesk.asgi import application as desk
from results.desk import results, review_queue, revisions
from results.live import hub, log
from results.live.frames import encode
from results.models import Bulletin, Declaration
from tests.faults.night import CORRECTED, SEATS

HOW = os.environ["BREAK"]
#: The night's last bulletin: whatever follows in the same frame may hide the fault of another.
AT = 2 * SEATS + CORRECTED

_read_after = log.read_after
_publish_revision = revisions.publish_revision


def dropped(night: Any, sequence: int, limit: int) -> Any:
    """A number that brings nothing of what was published under it."""
    entries = _read_after(night, sequence, limit)
    return [(number, {} if number == AT else parts) for number, parts in entries]


def swapped(night: Any, sequence: int, limit: int) -> Any:
    """The last two, the one in the other's place."""
    entries = _read_after(night, sequence, limit)
    texts = dict(
        Bulletin.objects.filter(sequence__in=(AT - 1, AT)).values_list("sequence", "fragments")
    )
    other = {AT - 1: texts.get(AT, {}), AT: texts.get(AT - 1, {})}
    return [(number, other.get(number, parts)) for number, parts in entries]


class Twice(hub.Stream):
    """With what is new the last one that a page has is sent once more, wherever the page is."""

    def frame_since(self, sequence: int | None) -> str:
        document = self.tail.since(-1 if sequence is None else sequence)
        again = None if sequence is None else dict(self.tail._entries).get(sequence)
        if again is not None and sequence is not None and "fragments" in document:
            document["fragments"] = again | document["fragments"]
            document["since"] = sequence - 1
        return encode(document)


def lost(contest: Any, ballot_counts: Any, submission: Any) -> Any:
    """Full figures after a winner are acknowledged, and never written down."""
    if submission.kind == Declaration.Kind.UPDATE:
        newest = Bulletin.objects.filter(election=contest.election).order_by("-sequence")[0]
        return revisions.PublishResult(newest)
    return _publish_revision(contest, ballot_counts, submission)


def forgotten(contest: Any, ballot_counts: Any, submission: Any) -> Any:
    """A correction is acknowledged, and never written down; trying one out goes on working."""
    if submission.kind == Declaration.Kind.CORRECTION and submission.idempotency_key.startswith(
        "eve-"
    ):
        newest = Bulletin.objects.filter(election=contest.election).order_by("-sequence")[0]
        return revisions.PublishResult(newest)
    return _publish_revision(contest, ballot_counts, submission)


if HOW == "dropped":
    log.read_after = dropped
elif HOW == "swapped":
    log.read_after = swapped
elif HOW == "twice":
    hub.Stream = Twice  # type: ignore[misc]  # replaces a class
elif HOW == "lost":
    review_queue.publish_revision = lost
elif HOW == "forgotten":
    results.publish_revision = forgotten
elif HOW != "nothing":
    raise ValueError(HOW)

application = desk
