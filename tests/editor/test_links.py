"""No role is offered a link of the admin that refuses it."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from results import desk
from results.editor.roles import ROLES, set_up_groups
from results.models import Assignment, Contest, ReporterPass, ReviewItem
from tests import nights

LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)"')
#: How many clicks from the start.
DEPTH = 4
#: Lists in another order, with another filter or of another day are the same page.
SAME_PAGE = re.compile(r"[?&](o|p|all|e|_facets|state|kind)=")


def links_of(html: str, page: str) -> Iterator[str]:
    for found in LINK.findall(html):
        link = unescape(found)
        if link.startswith("?"):
            link = page.split("?")[0] + link
        if link.startswith("/") and not SAME_PAGE.search(link):
            yield link


def one_of_each(path: str) -> str:
    """The path without its numbers: pages of two contests offer the same links."""
    return re.sub(r"\d+", "1", path.split("?")[0])


@pytest.fixture
def busy(seat: Contest) -> Contest:
    """A night with a result, things that wait, a reporter and a count that is expected."""
    reporter = nights.user("ann")
    Assignment.objects.create(reporter=reporter, contest=seat)
    ReporterPass.issue(reporter)
    nights.declare(seat, 5483, 34603, 742, 236, 4326, 8415, electorate=75162)
    nights.contest(seat.election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
    content = {"words": "Well.", "speaker": "The mayor", "role": "", "reported": False}
    desk.queue_for_review(
        seat, ReviewItem.Kind.QUOTE, content, by=reporter, idempotency_key="quote"
    )
    editor = nights.user("root", staff=True)
    headline = desk.HeadlineContent(text="A night")
    desk.publish(seat.election, headline, by=editor, idempotency_key="headline")
    return seat


@pytest.mark.parametrize("role", ROLES)
def test_every_link_opens(busy: Contest, role: str) -> None:
    set_up_groups()
    user = User.objects.create_user("somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    refused, seen = [], {one_of_each("/admin/logout/")}
    pages = [("/admin/", "the start")]
    for _click in range(DEPTH):
        found: list[tuple[str, str]] = []
        for page, where in pages:
            answer = client.get(page)
            if answer.status_code in (403, 404) or "/admin/login/" in answer.headers.get(
                "Location", ""
            ):
                refused.append(f"{where} → {page}: {answer.status_code}")
            is_html = answer.headers.get("Content-Type", "").startswith("text/html")
            if not (page.startswith("/admin/") and answer.status_code == 200 and is_html):
                continue
            for link in links_of(answer.content.decode(), page):
                if one_of_each(link) not in seen:
                    seen.add(one_of_each(link))
                    found.append((link, page))
        pages = found
    assert not refused, "\n".join(refused)
