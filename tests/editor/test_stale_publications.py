"""Forms of publications that are sent twice, or after somebody else has changed what they show."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import (
    Bulletin,
    Contest,
    Election,
    ExternalFigures,
    Headline,
    Photo,
    Post,
    Publication,
    Quote,
)
from tests import nights
from tests.editor.conftest import address, form_data, messages_of, text_of
from tests.responses import Response

#: Model, field that is reworded, wording published, by another editor, typed here.
KINDS = {
    "quote": (Quote, "words", "We shall go on.", "We will go on.", "We go on."),
    "post": (Post, "text", "We are there.", "We are here.", "We are all here."),
    "photo": (Photo, "caption", "A hall", "The hall", "The sports hall"),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def reword(seat: Contest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Publication]:
    """Publishes a wording, or another one in place of it, as the given user."""
    monkeypatch.setattr("results.desk.contents.size_of", lambda _name: (60, 40))

    def publish(kind: str, words: str, by: User, replaces: Publication | None = None) -> Any:
        content: dict[str, desk.Content] = {
            "quote": desk.QuoteContent(contest=seat, words=words, speaker="Ann"),
            "post": desk.PostContent(contest=seat, text=words),
            "photo": desk.PhotoContent(
                contest=seat, name="a", caption=words, alt="Rows", credit="Ann"
            ),
        }
        result = desk.publish(
            seat.election, content[kind], by=by, idempotency_key=nights.key(), replaces=replaces
        )
        return result.bulletin.publication

    return publish


@pytest.fixture
def other(db: None) -> User:
    user = nights.user("other", staff=True)
    user.first_name, user.last_name = "Olive", "Other"
    user.save()
    return user


class TestRewording:
    model: Any
    admin: Client
    form: dict[str, Any]

    @pytest.fixture(autouse=True)
    def opened(
        self, kind: str, admin: Client, editor: User, reword: Callable[..., Publication]
    ) -> None:
        self.admin, self.reword = admin, reword
        self.model, self.field, words, self.newer, self.typed = KINDS[kind]
        self.kind = kind
        self.publication = reword(kind, words, editor)
        self.page = address(f"{kind}_change", self.publication.pk)
        self.form = form_data(admin.get(self.page)) | {self.field: self.typed}

    def test_sent_twice_gets_its_first_answer(self) -> None:
        for _time in range(2):
            assert "bulletin 2" in messages_of(self.admin.post(self.page, self.form, follow=True))
        assert Bulletin.objects.count() == 2

    def test_sent_twice_gets_its_first_answer_after_another_rewording(self, other: User) -> None:
        self.admin.post(self.page, self.form)
        mine = self.model.objects.get(replaces=self.publication)
        self.reword(self.kind, self.newer, other, replaces=mine)
        again = self.admin.post(self.page, self.form, follow=True)
        assert "bulletin 2" in messages_of(again)
        assert Bulletin.objects.count() == 3

    def test_stale_form_keeps_what_was_typed_and_shows_the_newer_wording(self, other: User) -> None:
        newest = self.reword(self.kind, self.newer, other, replaces=self.publication)
        answer = self.admin.post(self.page, self.form)
        assert answer.status_code == 200
        assert "Olive Other changed this at" in text_of(answer)
        form = answer.context["adminform"].form
        assert form.errors[self.field] == [f"Published now: {self.newer}"]
        assert form[self.field].value() == self.typed
        assert f'action="{address(f"{self.kind}_change", newest.pk)}"' in answer.content.decode()
        assert Bulletin.objects.count() == 2

    def test_stale_form_is_published_once_it_is_saved_again(self, other: User) -> None:
        newest = self.reword(self.kind, self.newer, other, replaces=self.publication)
        form = form_data(self.admin.post(self.page, self.form))
        saved = self.admin.post(address(f"{self.kind}_change", newest.pk), form, follow=True)
        assert "bulletin 3" in messages_of(saved)
        current = self.model.objects.current().get()
        assert getattr(current, self.field) == self.typed
        assert current.replaces == newest

    def test_stale_form_with_an_answered_key_is_not_published(self, other: User) -> None:
        """The browser's Back leads to the form again, with the key that was sent."""
        self.admin.post(self.page, self.form)
        answer = self.admin.post(self.page, self.form | {self.field: "Third thoughts"})
        form = answer.context["adminform"].form
        assert form.errors[self.field] == [f"Published now: {self.typed}"]
        assert form[self.field].value() == "Third thoughts"
        assert Bulletin.objects.count() == 2

    def test_form_of_a_withdrawn_one_keeps_what_was_typed(self, other: User) -> None:
        desk.withdraw_publication(self.publication, by=other, idempotency_key="away")
        for _time in range(2):
            answer = self.admin.post(self.page, self.form)
            assert "Olive Other withdrew this at" in text_of(answer)
            assert answer.context["adminform"].form[self.field].value() == self.typed
        assert Bulletin.objects.count() == 2

    def test_reworded_while_the_form_is_saved(
        self, other: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish = desk.publish

        def reword_first(*args: Any, **options: Any) -> desk.PublishResult:
            monkeypatch.setattr(desk, "publish", publish)
            self.reword(self.kind, self.newer, other, replaces=self.publication)
            return publish(*args, **options)

        monkeypatch.setattr(desk, "publish", reword_first)
        answer = self.admin.post(self.page, self.form)
        form = answer.context["adminform"].form
        assert form.errors[self.field] == [f"Published now: {self.newer}"]
        assert Bulletin.objects.count() == 2

    def test_needs_the_permission(self, client: Client, other: User) -> None:
        self.reword(self.kind, self.newer, other, replaces=self.publication)
        reader = nights.user("auditor")
        reader.is_staff = True
        reader.save()
        client.force_login(reader)
        assert client.post(self.page, self.form).status_code == 403


class TestEmptyForm:
    """An empty headline or empty external figures withdraw what stands."""

    @pytest.fixture(params=["headline", "externalfigures"])
    def model(self, request: pytest.FixtureRequest) -> type[Publication]:
        return {"headline": Headline, "externalfigures": ExternalFigures}[request.param]

    @pytest.fixture
    def save(
        self, admin: Client, night: Election, seat: Contest, model: type[Publication]
    ) -> Callable[..., Response]:
        page = address(f"{model._meta.model_name}_add")

        def save(filled: bool, key: str, words: str = "The night begins") -> Response:
            data = form_data(admin.get(page)) | {"election": night.pk, "key": key}
            if model is Headline:
                data |= {"text": words if filled else ""}
            else:
                data |= {"source": words, "as_of": "12/12/2019 22:00"}
                data |= {"figures": "Labour 1" if filled else ""}
            return admin.post(page, data, follow=True)

        return save

    def test_sent_twice_gets_its_first_answer(self, save: Callable[..., Response]) -> None:
        nights.party("lab")
        save(True, "a")
        for _time in range(2):
            assert "Withdrawn: bulletin 2" in messages_of(save(False, "b"))
        assert Bulletin.objects.count() == 2

    def test_sent_twice_never_withdraws_a_later_one(
        self, save: Callable[..., Response], model: type[Publication]
    ) -> None:
        nights.party("lab")
        save(True, "a")
        save(False, "b")
        save(True, "c", "It goes on")
        assert "Withdrawn: bulletin 2" in messages_of(save(False, "b"))
        assert model.objects.current().count() == 1
        assert Bulletin.objects.count() == 3

    def test_emptied_after_it_was_sent_withdraws(self, save: Callable[..., Response]) -> None:
        nights.party("lab")
        save(True, "a")
        assert "Withdrawn: bulletin 2" in messages_of(save(False, "a"))

    def test_preview_never_withdraws_one_that_was_published_since(
        self, admin: Client, save: Callable[..., Response], model: type[Publication]
    ) -> None:
        nights.party("lab")
        save(True, "a")
        page = address(f"{model._meta.model_name}_add")
        data = form_data(admin.get(page)) | {"election": Election.objects.get().pk, "key": "b"}
        del data["_confirmed"]
        if model is ExternalFigures:
            data |= {"source": "", "as_of": "12/12/2019 22:00", "figures": ""}
        preview = admin.post(page, data)
        save(True, "c", "It goes on")
        sent = dict(preview.context["sent"]) | {"_confirmed": "1"}
        assert "changed or withdrawn meanwhile" in text_of(admin.post(page, sent, follow=True))
        assert model.objects.current().exists()
        assert Bulletin.objects.count() == 2
        again = admin.post(page, data)
        sent = dict(again.context["sent"]) | {"_confirmed": "1"}
        assert "Withdrawn: bulletin 3" in messages_of(admin.post(page, sent, follow=True))

    def test_needs_something_to_withdraw(
        self, save: Callable[..., Response], model: type[Publication]
    ) -> None:
        word = "withdraw" if model is Headline else "take down"
        assert word in text_of(save(False, "a"))
        assert not Bulletin.objects.exists()


def test_dashboard_never_withdraws_a_headline_published_since(
    admin: Client, night: Election, seat: Contest
) -> None:
    def publish(words: str) -> None:
        content = desk.HeadlineContent(text=words)
        desk.publish(night, content, by=nights.user(), idempotency_key=nights.key())

    publish("Too close to call")
    page = address("election_night_headline", night.pk)
    emptied = {"step": "preview", "text": "", "key": "mine"}
    panel = admin.post(page, emptied)
    assert "Too close to call" in text_of(panel)
    shown = {"_standing": str(panel.context["standing"].pk)}
    publish("A new dawn")
    refused = admin.post(page, emptied | shown | {"step": "publish"})
    assert "changed or withdrawn meanwhile" in text_of(refused)
    assert "A new dawn" in text_of(refused)
    assert Headline.objects.standing(night) == Headline.objects.get(text="A new dawn")
    shown = {"_standing": str(refused.context["standing"].pk)}
    assert f'name="_standing" value="{shown["_standing"]}"' in refused.content.decode()
    admin.post(page, emptied | shown | {"step": "publish"})
    assert Headline.objects.standing(night) is None


def test_correction_of_the_time_sent_twice_gets_its_first_answer(
    admin: Client, declared: Contest
) -> None:
    page = address("contest_correct", declared.pk)
    form = form_data(admin.get(page)) | {"reason": "Read again.", "step": "publish"}
    form |= {"declared_at": "13/12/2019 03:07"}
    for _time in range(2):
        answer = admin.post(page, form, follow=True)
        assert "corrected: published as bulletin 2." in text_of(answer)
    assert Bulletin.objects.count() == 2


def test_another_time_in_a_form_that_was_sent_is_shown_again(
    admin: Client, declared: Contest
) -> None:
    page = address("contest_correct", declared.pk)
    form = form_data(admin.get(page)) | {"reason": "Read again.", "step": "publish"}
    form |= {"rejected": "228"}
    admin.post(page, form)
    answer = admin.post(page, form | {"declared_at": "13/12/2019 03:07"})
    assert "published revision 2" in text_of(answer)
    assert "13/12/2019 03:07" in answer.content.decode()


def test_correction_of_a_withdrawn_result_keeps_what_was_typed(
    admin: Client, declared: Contest, other: User
) -> None:
    page = address("contest_correct", declared.pk)
    form = form_data(admin.get(page)) | {"reason": "Read again.", "rejected": "228"}
    nights.withdraw(declared, by=other, idempotency_key="w", base_revision=1, reason="Wrong hall.")
    for step in ("preview", "publish"):
        answer = admin.post(page, form | {"step": step})
        assert answer.status_code == 200
        assert "Olive Other withdrew this result at" in text_of(answer)
        assert 'value="228"' in answer.content.decode()
        assert "Read again." in answer.content.decode()
    assert Bulletin.objects.count() == 2
