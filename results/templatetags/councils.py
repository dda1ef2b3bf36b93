"""Tags that give templates what pages show of a council."""

from django import template

from results.live import body_board, councils
from results.live.bodies import BodySnapshot
from results.live.body_board import BodyBar, BodyTable
from results.live.councils import Councils
from results.live.election_snapshot import ElectionSnapshot

register = template.Library()


@register.simple_tag
def body_bar(body: BodySnapshot) -> BodyBar:
    """The bar of all its seats: `{% body_bar body as bar %}`."""
    return body_board.body_bar(body)


@register.simple_tag
def body_table(snapshot: ElectionSnapshot, body: BodySnapshot) -> BodyTable:
    """Its parties before and now: `{% body_table snapshot body as table %}`."""
    return body_board.body_table(body, snapshot.candidates_by_body.get(body.body.pk, {}))


@register.simple_tag
def all_councils(snapshot: ElectionSnapshot) -> Councils:
    """Which party controls how many of the night's councils."""
    return councils.councils_of(snapshot.councils, snapshot.party_names)
