"""A correction or withdrawal sent again while its first request is still running."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.editor.preview import preview_change
from results.models import Bulletin, Contest
from tests.editor.conftest import address, form_data, text_of

Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """`meanwhile(call)` calls something once, just before a change waits for the night's lock."""

    def patch(call: Callable[[], object]) -> None:
        def call_first(*args: Any) -> Any:
            monkeypatch.setattr("results.editor.change_views.preview_change", preview_change)
            call()
            return preview_change(*args)

        monkeypatch.setattr("results.editor.change_views.preview_change", call_first)

    return patch


@pytest.mark.parametrize(
    ("change", "confirmation"),
    [
        ("correct", "Islington North corrected: published as bulletin 2."),
        ("withdraw", "Islington North withdrawn: published as bulletin 2."),
    ],
)
def test_both_requests_get_the_same_answer(
    admin: Client,
    editor: User,
    declared: Contest,
    meanwhile: Meanwhile,
    change: str,
    confirmation: str,
) -> None:
    page = address(f"contest_{change}", declared.pk)
    form = form_data(admin.get(page)) | {"reason": "Read again.", "step": "publish"}
    form |= {"rejected": "228"} if change == "correct" else {"confirm": "nobody"}
    first = Client()
    first.force_login(editor)
    answers = []
    meanwhile(lambda: answers.append(first.post(page, form, follow=True)))

    answers.append(admin.post(page, form, follow=True))

    assert [confirmation in text_of(answer) for answer in answers] == [True, True]
    assert Bulletin.objects.count() == 2


def test_another_change_with_the_same_key_is_stale(
    admin: Client, editor: User, declared: Contest, meanwhile: Meanwhile
) -> None:
    page = address("contest_correct", declared.pk)
    form = form_data(admin.get(page)) | {
        "reason": "Read again.",
        "rejected": "228",
        "step": "publish",
    }
    first = Client()
    first.force_login(editor)
    meanwhile(lambda: first.post(page, form))

    answer = admin.post(page, form | {"rejected": "229"})

    assert "published revision 2" in text_of(answer)
    assert 'value="229"' in answer.content.decode()
    assert Bulletin.objects.count() == 2
