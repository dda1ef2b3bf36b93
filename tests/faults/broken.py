"""ASGI application: the desk with a defect, chosen by `BREAK`, that the checker must find.

An application for the server, in place of the desk's own. Nothing of this is in the product.
"""

import os
from types import ModuleType
from typing import Any

from electiondesk.asgi import application as working_application
from results import desk
from results.desk import revisions, submitted_results
from results.live import hub, log
from results.live.frames import Frame
from results.live.stream import Stream
from results.live.topics import Topics
from results.models import Bulletin, Declaration
from tests.faults.night import CORRECTED, SEATS

HOW = os.environ["BREAK"]
#: The night's last bulletin: a later one in the same frame could hide the defect of another.
AT = 2 * SEATS + CORRECTED

_read_after = log.read_after
_apply_decision = revisions.apply_decision


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
    """Sends a page's last bulletin again with what is new."""

    def frame_since(self, sequence: int | None, topics: Topics | None = None) -> Frame:
        document = self.tail.since(-1 if sequence is None else sequence)
        again = None if sequence is None else dict(self.tail._entries).get(sequence)
        if again is not None and sequence is not None and "fragments" in document:
            document["fragments"] = again | document["fragments"]
            document["since"] = sequence - 1
        return Frame(document)


def lost(night: Any, checked: Any, decision: Any) -> Any:
    """Acknowledge full counts after a winner without storing them."""
    if checked.request.kind == Declaration.Kind.UPDATE:
        return _acknowledge(night)
    return _apply_decision(night, checked, decision)


def forgotten(night: Any, checked: Any, decision: Any) -> Any:
    """Acknowledge a correction without storing it; previews still work."""
    request = checked.request
    if request.kind == Declaration.Kind.CORRECTION and request.idempotency_key.startswith("eve-"):
        return _acknowledge(night)
    return _apply_decision(night, checked, decision)


def _acknowledge(night: Any) -> desk.PublishResult:
    newest = Bulletin.objects.filter(election=night.election).order_by("-sequence")[0]
    return desk.PublishResult(newest)


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
    replace(submitted_results, "apply_decision", lost)
elif HOW == "forgotten":
    replace(revisions, "apply_decision", forgotten)
elif HOW != "nothing":
    raise ValueError(HOW)

application = working_application
