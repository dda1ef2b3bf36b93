"""The boxes for who was drawn by lot, in the desk's forms of a result."""

from typing import Any

from django import forms

from results.arithmetic import BallotCounts
from results.desk.ties import tied_candidates
from results.forms import LotMixin


class LotBoxesMixin(LotMixin):
    """Form mixin with the boxes of those who tie by the votes in its fields; it has a `seat`."""

    @property
    def lot_is_needed(self: Any) -> bool:
        """Whether a tie is published, or the typed votes make one."""
        return bool(self["lot"].value() or self["lot"].errors)

    @property
    def lot_boxes(self: Any) -> forms.BoundField:
        votes = BallotCounts(votes=self.votes_in_fields())
        boxes: forms.BoundField = self.lot_between(tied_candidates(self.seat, votes))
        return boxes
