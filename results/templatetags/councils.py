"""Tags that give templates what pages show of a council."""

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
    """The bar of all its seats: `{% body_bar body as bar %}`."""
    return body_board.body_bar(body)


@register.simple_tag
def body_table(snapshot: ElectionSnapshot, body: BodySnapshot) -> BodyTable:
    """Its parties before and now: `{% body_table snapshot body as table %}`."""
    return body_board.body_table(body, snapshot.candidates_by_body.get(body.body.pk, {}))


@register.simple_tag
def control_sentence(body: BodySnapshot) -> str:
    """“Greens gain Hackney from Labour”; what is not certain yet is said so."""
    return control_sentences.control_sentence(body.name, body.control, body.party_names)


@register.simple_tag
def control_name(body: BodySnapshot, label: str | None) -> str:
    """Who controls it, or did: a party, or no overall control."""
    return control_sentences.control_name(label, body.party_names)


@register.simple_tag
def body_summary(body: BodySnapshot) -> NightSummary:
    """The headline and standfirst of its own page."""
    return summary_of_body(body)


@register.simple_tag
def council_of(snapshot: ElectionSnapshot, contest: Contest) -> Body | None:
    """Its council on a night of several, where the contest's name does not say it."""
    if contest.qualifier or not snapshot.election.rules.has_control:
        return None
    facts = snapshot.body_facts
    if len(facts) < 2:
        return None
    return facts[contest.body_id].body if contest.body_id in facts else None


@register.simple_tag
def all_councils(snapshot: ElectionSnapshot) -> Councils:
    """Which party controls how many of the night's councils."""
    return councils.councils_of(
        snapshot.shown_councils, snapshot.party_names, snapshot.candidates_by_body
    )
