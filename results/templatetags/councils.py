"""Template tags for what pages show of a council."""

from django import template

from results.live import body_board, councils
from results.live.bodies import BodySnapshot
from results.live.body_board import BodyBar, BodyTable
from results.live.councils import Councils, summary_of_body
from results.live.election_snapshot import ElectionSnapshot
from results.models import Body, Contest
from results.words import control_sentences
from results.words.night_sentences import NightSummary

register = template.Library()


@register.simple_tag
def body_bar(body: BodySnapshot) -> BodyBar:
    """The bar of all of a council's seats: `{% body_bar body as bar %}`."""
    return body_board.body_bar(body)


@register.simple_tag
def body_table(snapshot: ElectionSnapshot, body: BodySnapshot) -> BodyTable:
    """A council's parties before and now: `{% body_table snapshot body as table %}`."""
    return body_board.body_table(body, snapshot.candidates_by_body.get(body.body.pk, {}))


@register.simple_tag
def control_sentence(body: BodySnapshot) -> str:
    """“Greens gain Hackney from Labour”; what is not certain yet is said so."""
    return control_sentences.control_sentence(body.name, body.control, body.party_names)


@register.simple_tag
def control_name(body: BodySnapshot, label: str | None) -> str:
    """The party in control, or “No overall control”; empty if not known."""
    return control_sentences.control_name(label, body.party_names)


@register.simple_tag
def body_summary(body: BodySnapshot) -> NightSummary:
    """The headline and standfirst of a council's own page."""
    return summary_of_body(body)


@register.simple_tag
def council_of(snapshot: ElectionSnapshot, contest: Contest) -> Body | None:
    """The contest's council on a night of several; None if the contest's name includes it."""
    if contest.qualifier or not snapshot.election.rules.has_control:
        return None
    facts = snapshot.body_facts
    if len(facts) < 2:
        return None
    return facts[contest.body_id].body if contest.body_id in facts else None


@register.simple_tag
def held_before(snapshot: ElectionSnapshot, contest: Contest) -> str:
    """Who held the seats of a council's ward: “Lab 2, Grn 1”; empty if not known."""
    return snapshot.ward(contest).before if snapshot.shows_councils else ""


@register.simple_tag
def knows_before(snapshot: ElectionSnapshot) -> bool:
    """Whether any council's seats or control before are known, so that tables have changes."""
    councils = snapshot.shown_councils
    return any(body.knows_before or body.control.before is not None for body in councils)


@register.simple_tag
def all_councils(snapshot: ElectionSnapshot) -> Councils:
    """The number of the night's councils that each party controls."""
    return councils.councils_of(
        snapshot.shown_councils, snapshot.party_names, snapshot.candidates_by_body
    )
