"""Who may: each role against each address and action of the desk, in one table."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, User
from django.test import Client

from results import desk
from results.editor.roles import ROLES, set_up
from results.models import Assignment, Declaration, Election
from tests import nights
from tests.editor.conftest import address

E, S, M, A = "Editors", "Senior editors", "Reporter managers", "Auditors"
NOBODY = "nobody"
REPORTER = "reporter"
ALL = {E, S, M, A}

#: (name, what is asked for, who is let in): everyone else is refused or sent to sign in.
LOOKS = [
    ("contest_changelist", E, S, M, A),
    ("election_changelist", E, S, M, A),
    ("declaration_changelist", E, S, A),
    ("bulletin_changelist", E, S, A),
    ("reviewitem_changelist", E, S, A),
    ("notice_changelist", E, S, A),
    ("auditentry_changelist", E, S, A),
    ("auditentry_export", E, S, A),
    ("quote_changelist", E, S, A),
    ("quote_add", E, S),
    ("headline_changelist", E, S, A),
    ("headline_add", E, S),
    ("post_changelist", E, S, A),
    ("post_add", E, S),
    ("photo_changelist", E, S, A),
    ("externalfigures_add", E, S),
    ("party_changelist", E, S, A),
    ("party_add", S),
    ("election_add", S),
    ("contest_add", S),
    ("group_add", S),
    ("lastresult_add", S),
    ("assignment_add", M),
    ("externalfigures_changelist", E, S, A),
    ("person_changelist", E, S, A),
    ("person_add", S),
    ("candidate_changelist", E, S, A),
    ("group_changelist", E, S, A),
    ("lastresult_changelist", E, S, A),
    ("assignment_changelist", E, S, M, A),
    ("reporterpass_changelist", M, A),
    ("reporterpass_add", M),
    ("signinthrottle_changelist", E, S, M, A),
]
#: The record is written by the door alone, and ballot papers with their contest.
NOBODY_ADDS = {
    *("declaration", "bulletin", "reviewitem", "notice", "auditentry", "photo", "candidate"),
    "signinthrottle",
}
OF_THE_SEAT = [
    ("contest_correct", E, S),
    ("contest_withdraw", E, S),
    ("contest_story", E, S, M, A),
    ("contest_change", E, S, M, A),
]
OF_THE_NIGHT = [
    ("election_night", E, S, M, A),
    ("election_stories", E, S, M, A),
]


@pytest.fixture
def people(db):
    set_up()
    made = {}
    for role in (*ROLES, NOBODY):
        user = User.objects.create_user(role.replace(" ", "-").lower(), is_staff=True)
        if role != NOBODY:
            user.groups.add(Group.objects.get(name=role))
        made[role] = user
    made[REPORTER] = nights.user("at-the-count")
    return made


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def let_in(people, path):
    return {role for role, user in people.items() if client_of(user).get(path).status_code == 200}


def test_the_table_has_every_page_of_every_model():
    named = {row[0] for row in LOOKS}
    ours = [model for model in site._registry if model._meta.app_label == "results"]
    for model in ours:
        name = model._meta.model_name
        assert f"{name}_changelist" in named, name
        if f"{name}_add" not in named:
            assert name in NOBODY_ADDS, name


@pytest.mark.parametrize("name", sorted(NOBODY_ADDS))
def test_what_nobody_adds(people, name):
    root = nights.user("root", staff=True)
    assert let_in({**people, "root": root}, address(f"{name}_add")) == set()


@pytest.mark.parametrize("row", LOOKS, ids=lambda row: row[0])
def test_pages(people, row):
    name, *who = row
    assert let_in(people, address(name)) == set(who)


@pytest.mark.parametrize("row", OF_THE_SEAT, ids=lambda row: row[0])
def test_pages_of_a_seat(people, declared, row):
    name, *who = row
    assert let_in(people, address(name, declared.pk)) == set(who)


@pytest.mark.parametrize("row", OF_THE_NIGHT, ids=lambda row: row[0])
def test_pages_of_a_night(people, declared, row):
    name, *who = row
    assert let_in(people, address(name, declared.election.pk)) == set(who)


def test_the_count_is_for_who_is_sent_there_or_may_declare(people, seat):
    Assignment.objects.create(reporter=people[REPORTER], contest=seat)
    assert let_in(people, "/count/ge/islington-north/") == {E, S, REPORTER}


def test_only_who_may_settle_an_offer_can(people, seat):
    type(seat.election).objects.update(second_person=Election.SecondPerson.ALWAYS)
    submission = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION, by=people[REPORTER], idempotency_key="k", base_revision=0
    )
    offer = desk.submit_result(seat, nights.islington_ballot_counts(seat), submission)
    page = address("reviewitem_change", offer.pk)
    codes = {}
    for role in (NOBODY, REPORTER, M, A, E):
        codes[role] = client_of(people[role]).post(page, {"approve": "1"}).status_code
    assert codes[E] == 302
    assert seat.declarations.count() == 1
    assert codes[A] == codes[M] == codes[NOBODY] == 403
    assert codes[REPORTER] == 302  # to the sign-in page of the desk


def test_actions_are_only_those_one_may_do(people, declared):
    desk.publish(
        declared.election, desk.PostContent(text="A post."), by=people[E], idempotency_key="p"
    )
    post = declared.election.posts.get()
    action = {"action": "withdraw", "_selected_action": [post.pk]}
    for role in (A, M, NOBODY):
        client_of(people[role]).post(address("post_changelist"), action)
    assert declared.election.posts.count() == 1
    client_of(people[E]).post(address("post_changelist"), action)
    assert declared.election.posts.count() == 2


def test_a_senior_editor_edits_the_ballot_paper_and_an_editor_reads_it(people, seat):
    page = address("contest_change", seat.pk)
    senior = client_of(people[S]).get(page).content.decode()
    assert 'name="candidates-0-name"' in senior
    editor = client_of(people[E]).get(page).content.decode()
    assert 'name="candidates-0-name"' not in editor
    assert "Jeremy Corbyn" in editor


class TestAReporterManager:
    def test_gives_no_rights_to_anyone(self, people, db):
        manager = client_of(people[M])
        reporter = people[REPORTER]
        page = f"/admin/auth/user/{reporter.pk}/change/"
        text = manager.get(page).content.decode()
        assert "is_superuser" not in text
        assert "user_permissions" not in text
        sent = {
            "username": reporter.username,
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "date_joined_0": "2019-12-01",
            "date_joined_1": "12:00",
        }
        assert manager.post(page, sent).status_code == 302
        reporter.refresh_from_db()
        assert (reporter.is_staff, reporter.is_superuser) == (False, False)

    def test_does_not_touch_those_at_the_desk(self, people):
        manager = client_of(people[M])
        for role in (M, E, S):
            page = f"/admin/auth/user/{people[role].pk}/"
            assert manager.get(f"{page}change/").status_code == 302
            assert manager.post(f"{page}password/", {"password1": "x" * 20}).status_code in (
                302,
                403,
                404,
            )
        assert not User.objects.get(pk=people[E].pk).has_usable_password()

    def test_makes_several_reporters_and_their_sheets(self, people, seat):
        nights.contest(seat.election, "Elsewhere", [("Ann", "lab")])
        manager = client_of(people[M])
        lines = "Ann Smith; Islington North, elsewhere\n\nBob Rice; Elsewhere\n"
        page = manager.post(
            "/admin/auth/user/several/", {"election": seat.election.pk, "lines": lines}
        )
        text = page.content.decode()
        assert text.count('class="picture"') == 2
        assert "no-store" in page.headers["Cache-Control"]
        ann = User.objects.get(username="ann-smith")
        assert (ann.get_full_name(), ann.has_usable_password()) == ("Ann Smith", False)
        assert Assignment.objects.filter(reporter=ann).count() == 2
        token = text.split("/count/sign-in/")[1].split("/")[0]
        phone = Client()
        assert phone.post(f"/count/sign-in/{token}/").status_code == 302

    @pytest.mark.parametrize(
        ("lines", "fault"),
        [
            ("Ann Smith; Nowhere", "no count is called “Nowhere”"),
            ("; Islington North", "there is no name"),
            ("Ann; Islington North\nAnn; Islington North", "named twice"),
            ("Editors; Islington North", "sits at the desk"),
        ],
    )
    def test_a_bad_line_makes_nobody_and_keeps_what_was_typed(self, people, seat, lines, fault):
        before = User.objects.count()
        page = client_of(people[M]).post(
            "/admin/auth/user/several/", {"election": seat.election.pk, "lines": lines}
        )
        assert fault in page.content.decode()
        assert lines.splitlines()[0] in page.content.decode()
        assert User.objects.count() == before

    def test_others_do_not_come_here(self, people):
        for role in (E, S, A, NOBODY):
            answer = client_of(people[role]).get("/admin/auth/user/several/")
            assert answer.status_code == 403
