"""ASGI application: the desk with a defect, chosen by `BREAK`, that the checker must find.

An application for the server, in place of the desk's own. Nothing of this is in the product.
"""

import os
from types import ModuleType
from typing import Any

from electiondesk.asgi import application as desk
from results.desk import results, review_queue, revisions
from results.desk.publishing import PublishResult
from results.live import hub, log
from results.live.frames import encode
from results.live.stream import Stream
from results.models import Bulletin, Declaration
from tests.faults.night import CORRECTED, SEATS

HOW = os.environ["BREAK"]
#: The night's last bulletin: a later one in the same frame could hide the defect of another.
AT = 2 * SEATS + CORRECTED

_read_after = log.read_after
_publish_revision = revisions.publish_revision


def dropped(night: Any, sequence: int, limit: int) -> Any:
    """Drop the fragments of one bulletin."""
    entries = _read_after(night, sequence, limit)
    return [(number, {} if number == AT else parts) for number, parts in entries]


def swapped(night: Any, sequence: int, limit: int) -> Any:
    """Swap the fragments of the last two bulletins."""
    entries = _read_after(night, sequence, limit)
    texts = dict(
        Bulletin.objects.filter(sequence__in=(AT - 1, AT)).values_list("sequence", "fragments")
    )
    other = {AT - 1: texts.get(AT, {}), AT: texts.get(AT - 1, {})}
    return [(number, other.get(number, parts)) for number, parts in entries]


class Twice(Stream):
    """Send a page's last bulletin again with what is new."""

    def frame_since(self, sequence: int | None) -> str:
        document = self.tail.since(-1 if sequence is None else sequence)
        again = None if sequence is None else dict(self.tail._entries).get(sequence)
        if again is not None and sequence is not None and "fragments" in document:
            document["fragments"] = again | document["fragments"]
            document["since"] = sequence - 1
        return encode(document)


def lost(contest: Any, ballot_counts: Any, request: Any) -> Any:
    """Acknowledge full results after a winner without storing them."""
    if request.kind == Declaration.Kind.UPDATE:
        newest = Bulletin.objects.filter(election=contest.election).order_by("-sequence")[0]
        return PublishResult(newest)
    return _publish_revision(contest, ballot_counts, request)


def forgotten(contest: Any, ballot_counts: Any, request: Any) -> Any:
    """Acknowledge an editor's correction without storing it; previewing still works."""
    if request.kind == Declaration.Kind.CORRECTION and request.idempotency_key.startswith("eve-"):
        newest = Bulletin.objects.filter(election=contest.election).order_by("-sequence")[0]
        return PublishResult(newest)
    return _publish_revision(contest, ballot_counts, request)


def replace(module: ModuleType, name: str, defect: object) -> None:
    assert hasattr(module, name)
    setattr(module, name, defect)


if HOW == "dropped":
    log.read_after = dropped
elif HOW == "swapped":
    log.read_after = swapped
elif HOW == "twice":
    replace(hub, "Stream", Twice)
elif HOW == "lost":
    replace(review_queue, "publish_revision", lost)
elif HOW == "forgotten":
    replace(results, "publish_revision", forgotten)
elif HOW != "nothing":
    raise ValueError(HOW)

application = desk
