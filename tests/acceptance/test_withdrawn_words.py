"""Withdrawn and reworded text is in no public response, also after a restart."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.acceptance.public_addresses import PublicAddresses, Response, get
from tests.acceptance.withdrawn_words import STANDING, WITHDRAWN, publish, withdraw
from tests.servers import Server

#: No public answer that holds words may live longer than this in a cache that obeys its headers.
LONGEST_LIFE_SECONDS = 15
#: The same while the desk does not answer: the five minutes of docs/withdrawing.md.
LONGEST_OUTAGE_SECONDS = 300


@dataclass(frozen=True)
class Answers:
    """Every public answer of one desk, before and after its words were withdrawn."""

    published: dict[str, Response]
    withdrawn: dict[str, Response]
    restarted: dict[str, Response]
    #: Asked again with the ETags of what was published.
    revalidated: dict[str, Response]


@pytest.fixture(scope="module")
def answers(make_desk: Callable[..., Server]) -> Iterator[Answers]:
    with make_desk() as desk:
        addresses = PublicAddresses(desk, "ge")
        desk.seed(publish)
        published = addresses.read()
        desk.seed(withdraw)
        withdrawn = addresses.read(also=set(published))
        revalidated = {
            path: get(desk.url(path), If_None_Match=answer.etag)
            for path, answer in published.items()
            if answer.etag
        }
        desk.restart()
        restarted = addresses.read(also=set(published))
        yield Answers(published, withdrawn, restarted, revalidated)


def holding(words: str, answers: dict[str, Response]) -> list[str]:
    return [path for path, answer in answers.items() if words in path + answer.text]


@pytest.mark.parametrize("kind", WITHDRAWN)
def test_withdrawn_text_is_in_no_public_response(answers: Answers, kind: str) -> None:
    words = WITHDRAWN[kind]
    assert holding(words, answers.published), "nothing to look for"
    assert holding(words, answers.withdrawn) == []
    assert holding(words, answers.restarted) == []


@pytest.mark.parametrize("kind", STANDING)
def test_standing_text_is_still_public(answers: Answers, kind: str) -> None:
    assert holding(STANDING[kind], answers.withdrawn)
    assert holding(STANDING[kind], answers.restarted)


def test_cached_copy_with_withdrawn_text_is_not_revalidated(answers: Answers) -> None:
    stale = [
        path
        for path, answer in answers.published.items()
        if any(words in answer.text for words in WITHDRAWN.values())
        and path in answers.revalidated
        and answers.revalidated[path].status == 304
    ]
    assert stale == []


def test_withdrawn_photo_is_404(answers: Answers) -> None:
    photos = {path for path in answers.published if "/photos/" in path}
    assert {answers.published[path].status for path in photos} == {200}
    withdrawn = {path for path in photos if answers.withdrawn[path].status == 404}
    assert len(withdrawn) == len(photos) / 2
    assert {path for path in photos if answers.restarted[path].status == 404} == withdrawn


def test_cache_lifetimes_are_short(answers: Answers) -> None:
    """A cached copy outlives a withdrawal by seconds only."""
    lives = {
        path: life(answer.cache_control)
        for path, answer in {**answers.published, **answers.withdrawn}.items()
        if answer.status == 200 and answer.cache_control and not path.endswith(".css")
    }
    assert {path: life for path, life in lives.items() if life > LONGEST_LIFE_SECONDS} == {}


def test_caches_serve_no_stale_copy_for_longer_than_documented(answers: Answers) -> None:
    stale = {
        int(seconds)
        for answer in answers.published.values()
        for seconds in re.findall(r"stale-if-error=(\d+)", answer.cache_control or "")
    }
    assert stale <= {LONGEST_OUTAGE_SECONDS}


def life(cache_control: str) -> int:
    """Seconds for which a shared cache may serve a copy while the desk answers."""
    directives = dict(
        part.strip().partition("=")[::2] for part in cache_control.lower().split(",") if "=" in part
    )
    fresh = directives.get("s-maxage", directives.get("max-age", "0"))
    stays = max(int(fresh), int(directives.get("max-age", "0")))
    return stays + int(directives.get("stale-while-revalidate", "0"))
