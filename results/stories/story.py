"""Generate a draft story of a declared seat from its results, the last ones, and its quotes.

Drafts are never published by themselves: an editor copies and edits them. Every number is a fact
with the field it comes from, and unknown facts are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.seat import Seat, with_results
from results.models import WITH_RESULT, Contest, Election
from results.stories.headline import HeadlineWriter
from results.stories.paragraphs import ParagraphWriter
from results.stories.party_lists import ListHeadlineWriter, ListParagraphWriter
from results.stories.sentences import Fact, Paragraph, Sentence, capitalized
from results.stories.transfers import TransferHeadlineWriter, TransferParagraphWriter


@dataclass(frozen=True, slots=True)
class Story:
    headline: Sentence
    standfirst: Sentence
    paragraphs: tuple[Paragraph, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        body = [sentence for paragraph in self.paragraphs for sentence in paragraph.sentences]
        return tuple(
            fact for sentence in (self.headline, self.standfirst, *body) for fact in sentence.facts
        )

    @property
    def text(self) -> str:
        """The story as plain text, with a blank line between paragraphs."""
        paragraphs = (paragraph.text for paragraph in self.paragraphs)
        return "\n\n".join([self.headline.text, self.standfirst.text, *paragraphs]) + "\n"

    @property
    def html(self) -> str:
        """The story as HTML without classes, to paste into a newsroom's own system."""
        paragraphs = ((paragraph.text,) for paragraph in self.paragraphs)
        body = format_html_join("\n", "<p>{}</p>", paragraphs)
        head = format_html("<h1>{}</h1>\n<p>{}</p>", self.headline.text, self.standfirst.text)
        return f"{head}\n{body}\n"

    @property
    def markdown(self) -> str:
        """The story as Markdown (CommonMark), with special characters in names escaped."""
        paragraphs = (escape_markdown(paragraph.text) for paragraph in self.paragraphs)
        head = f"# {escape_markdown(self.headline.text)}"
        standfirst = f"**{escape_markdown(self.standfirst.text)}**"
        return "\n\n".join([head, standfirst, *paragraphs]) + "\n"


#: Special characters of Markdown, anywhere or at the beginning of a paragraph.
_MARKS = re.compile(r"([\\`*_\[\]<>#|~&])|^([-+=])|^(\d+)([.)])")


def escape_markdown(text: str) -> str:
    return _MARKS.sub(
        lambda found: f"{found[3]}\\{found[4]}" if found[3] else f"\\{found[0]}", text
    )


def _writers(snapshot: ElectionSnapshot, seat: Seat) -> tuple[HeadlineWriter, ParagraphWriter]:
    """Return the writers for the electoral system of a contest."""
    if seat.has_lists:
        return ListHeadlineWriter(snapshot, seat), ListParagraphWriter(snapshot, seat)
    if seat.as_declared:
        return TransferHeadlineWriter(snapshot, seat), TransferParagraphWriter(snapshot, seat)
    return HeadlineWriter(snapshot, seat), ParagraphWriter(snapshot, seat)


def story_of(snapshot: ElectionSnapshot, seat: Seat) -> Story | None:
    """The draft for a seat; None without a result."""
    if seat.outcome is None or not seat.winners:
        return None
    head, body = _writers(snapshot, seat)
    paragraphs = (
        Paragraph(_("The result"), capitalized(body.result())),
        Paragraph(body.field_title(), capitalized(body.field())),
        Paragraph(_("Turnout"), capitalized(body.turnout())),
        Paragraph(_("Change"), capitalized(body.change())),
        Paragraph(_("Corrections"), capitalized(body.corrections())),
        Paragraph(_("Background"), capitalized(body.background())),
        *(Paragraph(_("Said at the count"), (quote,)) for quote in body.quotes()),
        *(Paragraph(_("Photo"), (photo,)) for photo in body.photos()),
    )
    nonempty = tuple(paragraph for paragraph in paragraphs if paragraph.sentences)
    return Story(head.headline(), head.standfirst(), nonempty)


def stories_of(election: Election) -> Iterator[tuple[str, Story]]:
    """Yield the slug and the draft of every seat with a result, in order of name."""
    snapshot = ElectionSnapshot(election)
    declared = Contest.objects.filter(election=election, standing__status__in=WITH_RESULT)
    for contest in with_results(declared.order_by("sort_key", "pk")):
        with election_locale(election):
            story = story_of(snapshot, snapshot.seat(contest))
        if story is not None:
            yield contest.slug, story
