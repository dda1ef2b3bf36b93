"""What was done just now on the night dashboard: undone, withdrawn, and restored from there."""

from django.contrib.auth.models import Permission, User
from django.db.models import F
from django.test import Client

from results import desk
from results.editor.night.done import LISTED_FOR, MAX_PUBLISHED, MAX_SET_ASIDE
from results.models import Contest, Declaration, Election, Headline, Post, ReviewItem
from tests import nights
from tests.editor.conftest import (
    Dashboard,
    address,
    client_of_role,
    form_data,
    staff_with,
    text_of,
)
from tests.editor.night_items import queue_quote, submit

HEADING = "Done just now"


def withdraw(seat: Contest, editor: User) -> None:
    nights.withdraw(
        seat, by=editor, idempotency_key="w", base_revision=1, reason="The wrong hall.",
        blame=Declaration.Blame.OURS,
    )  # fmt: skip


def publish_and_withdraw(seat: Contest, editor: User) -> None:
    desk.approve(submit(seat, nights.user()), by=editor, idempotency_key="a")
    withdraw(seat, editor)


def test_a_result_withdrawn_from_the_night_is_restored_there(
    admin: Client, night: Election, seat: Contest, editor: User, dashboard: Dashboard
) -> None:
    publish_and_withdraw(seat, editor)
    done = dashboard().split(HEADING)[1]
    page = f"{address('contest_restore', seat.pk)}?night={night.pk}"
    assert page in done
    assert address("contest_withdraw", seat.pk) not in done
    assert page in admin.get(address("election_night_count", night.pk, seat.pk)).content.decode()
    shown = admin.get(page)
    assert "Readers will see again:" in text_of(shown)
    assert f'class="closelink" href="{address("election_night", night.pk)}"' in (
        shown.content.decode()
    )
    answer = admin.post(page, form_data(shown) | {"note": "It was the right hall."})
    assert answer.headers["Location"] == address("election_night", night.pk)
    done = dashboard().split(HEADING)[1]
    assert page not in done
    assert f"{address('contest_withdraw', seat.pk)}?night={night.pk}" in done


def test_keys_of_what_was_done_go_with_it_as_their_list_says(
    seat: Contest, editor: User, dashboard: Dashboard
) -> None:
    desk.approve(submit(seat, nights.user()), by=editor, idempotency_key="a")
    page = dashboard()
    assert 'data-key="w"' in page
    ReviewItem.objects.update(settled_at=F("settled_at") - LISTED_FOR)
    page = dashboard()
    assert 'data-key="w"' not in page
    assert "are for what was done in the last quarter of an hour." in " ".join(page.split())


def test_a_refused_restoration_leads_back_to_the_night(
    admin: Client, night: Election, seat: Contest
) -> None:
    page = f"{address('contest_restore', seat.pk)}?night={night.pk}"
    assert admin.get(page).headers["Location"] == address("election_night", night.pk)


def test_what_was_set_aside_is_listed_to_a_limit(
    night: Election, seat: Contest, editor: User, dashboard: Dashboard
) -> None:
    for number in range(MAX_SET_ASIDE + 3):
        desk.decline(queue_quote(seat, f"Quote {number}."), by=editor)
    for number in range(MAX_PUBLISHED + 3):
        item = queue_quote(seat, f"Published {number}.")
        desk.approve(item, by=editor, idempotency_key=str(number))
    done = dashboard().split(HEADING)[1]
    assert done.count('value="reopen"') == MAX_SET_ASIDE
    assert done.count("it goes from every page") == MAX_PUBLISHED


def test_says_what_readers_will_see_of_each_withdrawal(
    seat: Contest, editor: User, dashboard: Dashboard
) -> None:
    """The withdrawal of a result stays on its page; of words nothing is left."""
    desk.approve(submit(seat, nights.user()), by=editor, idempotency_key="a")
    done = dashboard().split(HEADING)[1]
    assert "readers will see that it was" in done
    assert "it goes from every page" not in done
    withdraw(seat, editor)
    desk.approve(queue_quote(seat), by=editor, idempotency_key="b")
    done = dashboard().split(HEADING)[1]
    assert "it goes from every page" in done
    assert "readers will see that it was" not in done


def test_an_auditor_is_offered_nothing_that_they_may_not_do(
    night: Election, seat: Contest, editor: User
) -> None:
    publish_and_withdraw(seat, editor)
    quotes = [queue_quote(seat, words) for words in ("One.", "Two.")]
    desk.decline(quotes[0], by=editor)
    desk.approve(quotes[1], by=editor, idempotency_key="q")
    auditor = client_of_role("Auditors")
    done = auditor.get(address("election_night", night.pk)).content.decode().split(HEADING)[1]
    assert "set aside by" in done
    assert 'value="reopen"' not in done
    assert 'data-key="w"' not in done


def test_withdrawing_words_is_offered_to_whom_its_page_admits(
    night: Election, declared: Contest, editor: User
) -> None:
    """Who may add quotes and not change them may approve one, and not withdraw it."""
    quote = queue_quote(declared, "Well.")
    bulletin = desk.approve(quote, by=editor, idempotency_key="q").bulletin
    page = address("election_night_withdraw", night.pk, "quote", bulletin.quote_id)
    adds = staff_with(
        "view_contest", "view_election", "view_reviewitem", "view_declaration", "add_quote"
    )
    client = Client()
    client.force_login(adds)
    dashboard = address("election_night", night.pk)
    assert page not in client.get(dashboard).content.decode()
    assert client.get(page).status_code == 403
    adds.user_permissions.add(Permission.objects.get(codename="change_quote"))
    assert page in client.get(dashboard).content.decode()
    assert client.get(page).status_code == 200


def test_what_an_editor_published_without_the_queue_is_withdrawn_there(
    admin: Client, night: Election, declared: Contest, editor: User, dashboard: Dashboard
) -> None:
    """A headline, a post and a result of the editor’s own: the newest has the key."""
    for content in (desk.HeadlineContent(text="Close."), desk.PostContent(text="Late.")):
        desk.publish(night, content, by=editor, idempotency_key=nights.key())
    done = dashboard().split(HEADING)[1]
    headline, post = Headline.objects.get(), Post.objects.get()
    pages = [
        address("election_night_withdraw", night.pk, kind, pk)
        for kind, pk in (("post", post.pk), ("headline", headline.pk))
    ]
    assert [done.count(page) for page in pages] == [1, 1]
    assert done.index(pages[0]) < done.index('data-key="w"') < done.index(pages[1])
    assert done.count('data-key="w"') == 1
    assert "Post “Late.” published by editor" in done
    admin.post(f"{pages[0]}?night={night.pk}")
    done = dashboard().split(HEADING)[1]
    assert "Post withdrawn by editor" in done
    # Its publication leaves its place to what can still be withdrawn.
    assert "Late." not in done
    assert pages[0] not in done
    assert done.index(pages[1]) < done.index('data-key="w"')


def test_a_result_of_an_editors_own_is_withdrawn_and_restored_there(
    night: Election, declared: Contest, editor: User, dashboard: Dashboard
) -> None:
    """The contest is listed once, by its newest revision; a reporter’s own result is not."""
    assert HEADING not in dashboard()
    counts = nights.islington_ballot_counts(declared, rejected=228)
    nights.correct(
        declared, counts, by=editor, idempotency_key="c", base_revision=1, reason="Misheard."
    )
    done = dashboard().split(HEADING)[1]
    assert f"Correction of {declared.full_name} published by editor" in done
    assert address("contest_withdraw", declared.pk) in done
    nights.withdraw(
        declared, by=editor, idempotency_key="w", base_revision=2, reason="The wrong hall.",
        blame=Declaration.Blame.OURS,
    )  # fmt: skip
    done = dashboard().split(HEADING)[1]
    assert "published by" not in done
    assert f"Result from {declared.full_name} withdrawn by editor" in done
    assert address("contest_restore", declared.pk) in done


def test_a_result_has_what_can_be_done_about_it_once(
    night: Election, seat: Contest, editor: User, dashboard: Dashboard
) -> None:
    """Approved from the queue and withdrawn, it is listed as both."""
    publish_and_withdraw(seat, editor)
    done = dashboard().split(HEADING)[1]
    assert "published by" in done
    assert done.count(address("contest_restore", seat.pk)) == 1
    assert done.index("withdrawn by") < done.index(address("contest_restore", seat.pk))
    assert done.index(address("contest_restore", seat.pk)) < done.index("published by")
