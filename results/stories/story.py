"""A draft story of one declared seat, from its figures, last time's and what was said there.

Nothing here is published: an editor copies it, and answers for it. Every figure is a fact with
the field it comes from; what is not known is not written about.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.seat import Seat, with_results
from results.models import WITH_RESULT, Contest, Election
from results.stories.headline import Head
from results.stories.paragraphs import Body
from results.stories.sentences import Fact, Paragraph, Sentence, whole


@dataclass(frozen=True, slots=True)
class Story:
    headline: Sentence
    standfirst: Sentence
    paragraphs: tuple[Paragraph, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        body = (fact for one in self.paragraphs for said in one.sentences for fact in said.facts)
        return (*self.headline.facts, *self.standfirst.facts, *body)

    @property
    def text(self) -> str:
        """Plain, a blank line between paragraphs."""
        parts = [self.headline.text, self.standfirst.text, *(one.text for one in self.paragraphs)]
        return "\n\n".join(parts) + "\n"

    @property
    def html(self) -> str:
        """The same as plain HTML, for a paper's own system."""
        body = format_html_join("\n", "<p>{}</p>", ((one.text,) for one in self.paragraphs))
        head = format_html("<h1>{}</h1>\n<p>{}</p>", self.headline.text, self.standfirst.text)
        return f"{head}\n{body}\n"


def story_of(snapshot: ElectionSnapshot, seat: Seat) -> Story | None:
    """The draft for a seat; None where no result stands."""
    if seat.outcome is None or not seat.winners:
        return None
    head, told = Head(snapshot, seat), Body(snapshot, seat)
    found = (
        Paragraph(about, sentences)
        for about, sentences in (
            (_("The result"), whole(told.result())),
            (_("The rest of the field"), whole(told.field())),
            (_("Turnout"), whole(told.turnout())),
            (_("Change"), whole(told.change())),
            (_("Corrections"), whole(told.corrections())),
            (_("Background"), whole(told.background())),
            *((_("Said at the count"), (said,)) for said in told.voices()),
            *((_("Photo"), (said,)) for said in told.photos()),
        )
    )
    return Story(head.headline(), head.standfirst(), tuple(one for one in found if one.sentences))


def stories_of(election: Election) -> Iterator[tuple[str, Story]]:
    """The draft of every seat with a result: its address and its story, by name."""
    snapshot = ElectionSnapshot(election)
    declared = Contest.objects.filter(election=election, standing__status__in=WITH_RESULT)
    for contest in with_results(declared.order_by("name")):
        with election_locale(election):
            story = story_of(snapshot, snapshot.seat(contest))
        if story is not None:
            yield contest.slug, story
