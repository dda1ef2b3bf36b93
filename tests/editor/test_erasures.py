"""Admin page that withdraws words for good."""

import pytest
from django.test import Client

from results import desk
from results.models import AuditEntry, Bulletin, Election, Post
from tests import nights
from tests.editor.conftest import address, form_data, staff_with


@pytest.fixture
def post(night: Election) -> Post:
    content = desk.PostContent(text="Words that may not stay")
    desk.publish(night, content, by=nights.user(), idempotency_key="post")
    return Post.objects.get()


def test_previews_then_erases_with_a_reason_and_a_tick(admin: Client, post: Post) -> None:
    page = address("post_erase", post.pk)
    assert page in admin.get(address("post_change", post.pk)).content.decode()
    form = form_data(admin.get(page)) | {"reason": "By order of a court."}
    preview = admin.post(page, form | {"step": "preview"})
    assert "Words that may not stay" in preview.content.decode()
    unticked = admin.post(page, form | {"step": "erase"})
    assert "Tick the box" in unticked.content.decode()
    post.refresh_from_db()
    assert (post.text, Bulletin.objects.count()) == ("Words that may not stay", 1)
    done = admin.post(page, form | {"step": "erase", "confirm": "on"}, follow=True)
    assert "Withdrawn for good: bulletin 3." in done.content.decode()
    assert not Post.objects.exclude(text="").exists()
    entry = AuditEntry.objects.get(what="erasure")
    assert (entry.user, entry.after) == ("editor", "By order of a court.")
    again = admin.post(page, form | {"step": "erase", "confirm": "on"}, follow=True)
    assert "Withdrawn for good: bulletin 3." in again.content.decode()
    assert Bulletin.objects.count() == 3


def test_names_the_field_that_is_wrong(admin: Client, post: Post) -> None:
    page = address("post_erase", post.pk)
    form = form_data(admin.get(page))
    assert "Say why" in admin.post(page, form | {"step": "erase"}).content.decode()
    form["reason"] = "He wrote: words that may not stay."
    answer = admin.post(page, form | {"step": "preview"}).content.decode()
    assert "The reason repeats the words" in answer


def test_reason_that_the_log_would_cut_off_is_refused(admin: Client, post: Post) -> None:
    page = address("post_erase", post.pk)
    form = form_data(admin.get(page)) | {"reason": "r" * 301}
    answer = admin.post(page, form | {"step": "erase", "confirm": "on"})
    (error,) = answer.context["form"].errors["reason"]
    assert "300" in error
    assert "r" * 301 in answer.content.decode()
    post.refresh_from_db()
    assert post.text


def test_needs_its_own_permission(client: Client, post: Post) -> None:
    client.force_login(staff_with("view_post", "change_post", "add_post"))
    assert client.get(address("post_erase", post.pk)).status_code == 403
    html = client.get(address("post_change", post.pk)).content.decode()
    assert address("post_erase", post.pk) not in html
