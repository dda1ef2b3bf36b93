"""Checks that hold for every draft story."""

import re

from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.seat import with_results
from results.models import Contest, Election
from results.stories.story import Story, story_of

#: Numbers as stories print them: 34,603, 64.3, 2019, 03:18, 10th.
NUMBER = re.compile(r"\d[\d,.:]*\d|\d")
BROKEN = re.compile(r"None|%\(|\bnan\b|\{|\}|  |,,|\.\.(?!\.)| ,| \.|\(\)|“”|,\.|Fraction")


def problems_of(story: Story) -> list[str]:
    """Broken sentences, missing values, and numbers that no fact accounts for."""
    problems = []
    for line in story.text.splitlines():
        if not line:
            continue
        if BROKEN.search(line):
            problems.append(f"broken: {line}")
        if not line[0].isupper() and not line[0].isdigit() and line[0] not in "“‘":
            problems.append(f"begins with a small letter: {line}")
    for paragraph in story.paragraphs:
        for sentence in paragraph.sentences:
            if sentence.text[-1:] not in ".”)":
                problems.append(f"has no end: {sentence.text}")
    for sentence in (
        story.headline,
        story.standfirst,
        *(sentence for paragraph in story.paragraphs for sentence in paragraph.sentences),
    ):
        known = {number for fact in sentence.facts for number in NUMBER.findall(fact.text)}
        unknown = set(NUMBER.findall(sentence.text)) - known
        if unknown:
            problems.append(f"without a fact: {unknown} in {sentence.text}")
    return problems


def draft_of(contest: Contest) -> Story | None:
    """The draft of a seat, after checking the rules that hold for every story."""
    snapshot = ElectionSnapshot(Election.objects.get(pk=contest.election_id))
    seat = snapshot.seat(with_results(Contest.objects.all()).get(pk=contest.pk))
    with election_locale(snapshot.election):
        story = story_of(snapshot, seat)
    if story is not None:
        assert problems_of(story) == [], story.text
    return story


def story_for(contest: Contest) -> Story:
    story = draft_of(contest)
    assert story is not None
    return story
