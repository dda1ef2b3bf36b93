"""Write a review item's content as one line for the audit trail: words and names, no keys."""

from collections.abc import Mapping
from typing import Any

from results.arithmetic import BallotCounts
from results.desk.counts_as_text import ballot_counts_as_text
from results.desk.revision_requests import read_seat
from results.models import Contest, Night


def content_as_text(night: Night, contest: Contest, content: Mapping[str, Any]) -> str:
    """Return a quote's words and speaker, a photo's caption and credit, or figures and reason."""
    if "figures" in content:
        counts = BallotCounts.from_json(content["figures"])
        figures = ballot_counts_as_text(read_seat(night, contest), counts)
        return "; ".join(filter(None, [figures, content.get("reason", "")]))
    words = content.get("words") or content.get("caption") or ""
    candidates = contest.candidates.filter(pk=content.get("candidate") or 0)
    speaker = content.get("speaker") or candidates.values_list("name", flat=True).first()
    parts = [words, speaker, content.get("role"), content.get("credit")]
    return "; ".join(str(part) for part in parts if part)
