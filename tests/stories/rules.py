"""What every draft story must be, whatever happened at its count."""

import re

from results.stories.story import Story

#: Numbers as stories print them: 34,603, 64.3, 2019, 03:18, 10th.
NUMBER = re.compile(r"\d[\d,.:]*\d|\d")
BROKEN = re.compile(r"None|%\(|\bnan\b|\{|\}|  |,,|\.\.(?!\.)| ,| \.|\(\)|“”|,\.|Fraction")


def faults_of(story: Story) -> list[str]:
    """Broken sentences, empty slots, and numbers that lead back to no field."""
    found = []
    for line in story.text.splitlines():
        if not line:
            continue
        if BROKEN.search(line):
            found.append(f"broken: {line}")
        if not line[0].isupper() and not line[0].isdigit() and line[0] not in "“‘":
            found.append(f"begins small: {line}")
    for paragraph in story.paragraphs:
        for sentence in paragraph.sentences:
            if sentence.text[-1:] not in ".”)":
                found.append(f"has no end: {sentence.text}")
    for sentence in (
        story.headline,
        story.standfirst,
        *(sentence for one in story.paragraphs for sentence in one.sentences),
    ):
        known = {number for fact in sentence.facts for number in NUMBER.findall(fact.text)}
        strange = set(NUMBER.findall(sentence.text)) - known
        if strange:
            found.append(f"from nowhere: {strange} in {sentence.text}")
    return found
