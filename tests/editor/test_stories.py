"""Draft stories in every form: to copy, to download, with the live result, and as a post."""

from typing import Any

from django.test import Client

from results.models import Contest
from results.stories.story import escape_markdown
from tests.editor.conftest import address


def test_downloads_in_each_form(admin: Client, declared: Contest) -> None:
    path = address("contest_story", declared.pk)
    starts = {"text": "Jeremy Corbyn", "html": "<h1>Jeremy Corbyn", "markdown": "# Jeremy Corbyn"}
    for form, start in starts.items():
        answer: Any = admin.get(path, {"as": form})
        assert answer.content.decode().startswith(start)
        assert 'filename="islington-north.' in answer.headers["Content-Disposition"]
    assert admin.get(path, {"as": "docx"}).status_code == 404


def test_page_has_the_embed_a_post_and_the_card(admin: Client, declared: Contest) -> None:
    page: Any = admin.get(address("contest_story", declared.pk))
    context = page.context
    embed = "http://testserver/embed/ge/islington-north/"
    assert f'<iframe src="{embed}"' in context["with_embed"]
    assert context["post"].endswith("http://testserver/ge/islington-north/")
    assert context["card"] == "http://testserver/ge/islington-north/card.png"
    assert "WordPress" in page.content.decode()


def test_markdown_takes_no_name_for_a_mark() -> None:
    marked = escape_markdown("*Bob* <b>_Ash_</b> [x](y) #1")
    assert marked == r"\*Bob\* \<b\>\_Ash\_\</b\> \[x\](y) \#1"
    assert escape_markdown("1. Ash") == r"1\. Ash"
    assert escape_markdown("- Ash") == r"\- Ash"
    assert escape_markdown("34,603 votes, 64.3%") == "34,603 votes, 64.3%"
