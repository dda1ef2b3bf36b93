"""Permissions: each role against each page and action of the admin, in one table."""

from collections.abc import Sequence

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, User
from django.test import Client, RequestFactory

from results import desk
from results.editor.roles import ROLES, set_up_groups
from results.models import Assignment, Contest, Declaration, Election, Headline, ReviewItem
from tests import nights
from tests.editor.conftest import address

E, S, M, A = "Editors", "Senior editors", "Reporter managers", "Auditors"
NOBODY = "nobody"
REPORTER = "reporter"
ALL = {E, S, M, A}
#: Where phones reach the desk.
ADDRESS = "https://testserver"
People = dict[str, User]

#: (page, roles that may open it): everybody else is refused or redirected to sign-in.
PAGES = [
    ("contest_changelist", E, S, M, A),
    ("election_changelist", E, S, M, A),
    ("declaration_changelist", E, S, A),
    ("bulletin_changelist", E, S, A),
    ("electioncorrection_changelist", E, S, A),
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
    ("message_changelist", E, S, M, A),
    ("message_add", E, S, M),
    ("apitoken_changelist", S, A),
    ("apitoken_add", S),
    ("webhook_changelist", E, S, A),
    ("webhook_add", S),
    ("webhookdelivery_changelist", E, S, A),
    ("housestyle_changelist", E, S, A),
]
#: Only the publishing API adds to the record; candidates are added with their contest.
NOBODY_ADDS = {
    *(
        "declaration",
        "bulletin",
        "electioncorrection",
        "reviewitem",
        "notice",
        "auditentry",
        "photo",
        "candidate",
    ),
    "signinthrottle",
    "webhookdelivery",
    "housestyle",
}
CONTEST_PAGES = [
    ("contest_correct", E, S),
    ("contest_withdraw", E, S),
    ("contest_story", E, S, M, A),
    ("contest_change", E, S, M, A),
]
ELECTION_PAGES = [
    ("election_night", E, S, M, A),
    ("election_stories", E, S, M, A),
    ("election_print", E, S, M, A),
    ("election_times", E, S),
]


@pytest.fixture
def people(db: None) -> People:
    set_up_groups()
    accounts: dict[str, User] = {}
    for role in (*ROLES, NOBODY):
        user = User.objects.create_user(role.replace(" ", "-").lower(), is_staff=True)
        if role != NOBODY:
            user.groups.add(Group.objects.get(name=role))
        accounts[role] = user
    accounts[REPORTER] = nights.user("at-the-count")
    return accounts


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def roles_with_access(people: People, paths: dict[str, str]) -> dict[str, set[str]]:
    """The roles that may open each page; `paths` are the addresses by page."""
    clients = {role: client_of(user) for role, user in people.items()}
    return {
        page: {role for role, client in clients.items() if client.get(path).status_code == 200}
        for page, path in paths.items()
    }


def expected(table: Sequence[tuple[str, ...]]) -> dict[str, set[str]]:
    return {page: set(roles) for page, *roles in table}


def test_table_has_every_page_of_every_model() -> None:
    named = {page for page, *_roles in PAGES}
    models = [model for model in site._registry if model._meta.app_label == "results"]
    for model in models:
        name = model._meta.model_name
        assert f"{name}_changelist" in named, name
        if f"{name}_add" not in named:
            assert name in NOBODY_ADDS, name


def test_nobody_adds_to_the_record(people: People) -> None:
    everybody = {**people, "root": nights.user("root", staff=True)}
    paths = {name: address(f"{name}_add") for name in NOBODY_ADDS}
    assert roles_with_access(everybody, paths) == {name: set() for name in NOBODY_ADDS}


def test_pages_open_to_their_roles_only(people: People) -> None:
    paths = {page: address(page) for page, *_roles in PAGES}
    assert roles_with_access(people, paths) == expected(PAGES)


def test_pages_of_a_contest(people: People, declared: Contest) -> None:
    paths = {page: address(page, declared.pk) for page, *_roles in CONTEST_PAGES}
    assert roles_with_access(people, paths) == expected(CONTEST_PAGES)


def test_pages_of_acts_that_cannot_be_undone(people: People, declared: Contest) -> None:
    headline = desk.HeadlineContent(text="A night")
    desk.publish(declared.election, headline, by=people[E], idempotency_key="headline")
    paths = {
        "party_merge": address("party_merge", nights.party("lab").pk),
        "headline_erase": address("headline_erase", Headline.objects.get().pk),
        "contest_poll": address("contest_poll", declared.pk),
    }
    assert roles_with_access(people, paths) == {
        "party_merge": {S},
        "headline_erase": {S},
        "contest_poll": {E, S},
    }


def test_pages_of_an_election(people: People, declared: Contest) -> None:
    paths = {page: address(page, declared.election.pk) for page, *_roles in ELECTION_PAGES}
    assert roles_with_access(people, paths) == expected(ELECTION_PAGES)


def test_count_is_open_to_assigned_reporters_and_editors(people: People, seat: Contest) -> None:
    Assignment.objects.create(reporter=people[REPORTER], contest=seat)
    paths = {"count": "/count/ge/islington-north/"}
    assert roles_with_access(people, paths) == {"count": {E, S, REPORTER}}


def test_only_editors_approve_a_review_item(people: People, seat: Contest) -> None:
    type(seat.election).objects.update(second_person=Election.SecondPerson.ALWAYS)
    revision_request = desk.RevisionRequest(
        kind=Declaration.Kind.DECLARATION, by=people[REPORTER], idempotency_key="k", base_revision=0
    )
    item = desk.submit_result(seat, nights.islington_ballot_counts(seat), revision_request)
    assert isinstance(item, ReviewItem)
    page = address("reviewitem_change", item.pk)
    codes = {}
    for role in (NOBODY, REPORTER, M, A, E):
        codes[role] = client_of(people[role]).post(page, {"approve": "1"}).status_code
    assert codes[E] == 302
    assert seat.declarations.count() == 1
    assert codes[A] == codes[M] == codes[NOBODY] == 403
    assert codes[REPORTER] == 302  # to the sign-in page of the desk, which keeps what was typed
    declined = client_of(people[REPORTER]).post(page, {"decline": "1", "reason": "The wrong hall."})
    assert declined.status_code == 401
    assert "You are not signed in as an editor" in declined.content.decode()


def test_auditors_and_managers_withdraw_nothing(people: People, declared: Contest) -> None:
    desk.publish(
        declared.election, desk.PostContent(text="A post."), by=people[E], idempotency_key="p"
    )
    post = declared.election.posts.get()
    action = {"action": "withdraw", "confirmed": "yes", "_selected_action": [post.pk]}
    for role in (A, M, NOBODY):
        client_of(people[role]).post(address("post_changelist"), action)
    assert declared.election.posts.count() == 1
    client_of(people[E]).post(address("post_changelist"), action)
    assert declared.election.posts.count() == 2


def test_lists_offer_auditors_no_action(people: People) -> None:
    """What is offered can be done: an auditor who chose one was answered that they may not."""

    def offered(role: str) -> set[str]:
        request = RequestFactory().get("/admin/")
        request.user = people[role]
        return {name for shown in site._registry.values() for name in shown.get_actions(request)}

    assert offered(A) == set()
    assert offered(M) == {"revoke", "unlock"}
    assert {"verify", "withdraw"} <= offered(E)


def test_senior_editors_edit_candidates_and_editors_read_them(
    people: People, seat: Contest
) -> None:
    page = address("contest_change", seat.pk)
    senior = client_of(people[S]).get(page).content.decode()
    assert 'name="candidates-0-name"' in senior
    editor = client_of(people[E]).get(page).content.decode()
    assert 'name="candidates-0-name"' not in editor
    assert "Jeremy Corbyn" in editor


class TestReporterManager:
    def test_grants_no_permissions(self, people: People, db: None) -> None:
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
            "role": "administrator",
            "date_joined_0": "2019-12-01",
            "date_joined_1": "12:00",
        }
        assert manager.post(page, sent).status_code == 302
        reporter.refresh_from_db()
        assert (reporter.is_staff, reporter.is_superuser) == (False, False)

    def test_cannot_change_editors(self, people: People) -> None:
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

    def test_creates_several_reporters_and_their_sheets(
        self, people: People, seat: Contest
    ) -> None:
        nights.contest(seat.election, "Elsewhere", [("Ann", "lab")])
        manager = client_of(people[M])
        lines = "Ann Smith; Islington North, elsewhere\n\nBob Rice; Elsewhere\n"
        page = manager.post(
            "/admin/auth/user/several/",
            {"election": seat.election.pk, "lines": lines, "phone_address": ADDRESS},
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
        "line",
        [
            "“Ann Smith; Islington South and Finsbury”",
            '"Ann Smith"; Islington South & Finsbury',
            "“Ann Smith”; “islington south &finsbury”",
        ],
    )
    def test_takes_quotation_marks_and_ampersands(
        self, people: People, seat: Contest, line: str
    ) -> None:
        """The example on the page has quotation marks."""
        south = nights.contest(seat.election, "Islington South and Finsbury", [("Ann", "lab")])
        fields = {"election": seat.election.pk, "lines": line, "phone_address": ADDRESS}
        client_of(people[M]).post("/admin/auth/user/several/", fields)
        ann = User.objects.get(username="ann-smith")
        assert ann.get_full_name() == "Ann Smith"
        assert [assignment.contest for assignment in ann.assignments.all()] == [south]

    def test_form_says_what_is_missing(self, people: People) -> None:
        page = client_of(people[M]).post("/admin/auth/user/several/", {"lines": " "})
        text = page.content.decode()
        assert "Choose the election of these counts." in text
        assert "Enter at least one reporter." in text

    @pytest.mark.parametrize(
        ("lines", "message"),
        [
            ("Ann Smith; Nowhere", "no count is called “Nowhere”"),
            ("; Islington North", "there is no name"),
            ("Ann; Islington North\nAnn; Islington North", "named twice"),
            ("Editors; Islington North", "the name of an editor"),
            ("w" * 151 + "; Elsewhere", "Line 1: the name is too long"),
            ("w" * 151 + " a; Islington North", "Line 1: the name is too long"),
            ("!" * 151 + "a; Islington North", "Line 1: the name is too long"),
        ],
    )
    def test_bad_line_creates_nobody_and_keeps_the_input(
        self, people: People, seat: Contest, lines: str, message: str
    ) -> None:
        before = User.objects.count()
        page = client_of(people[M]).post(
            "/admin/auth/user/several/",
            {"election": seat.election.pk, "lines": lines, "phone_address": ADDRESS},
        )
        assert message in page.content.decode()
        assert lines.splitlines()[0] in page.content.decode()
        assert User.objects.count() == before

    def test_others_cannot_create_several_reporters(self, people: People) -> None:
        for role in (E, S, A, NOBODY):
            answer = client_of(people[role]).get("/admin/auth/user/several/")
            assert answer.status_code == 403


def test_page_of_another_role_says_who_may_help(people: People) -> None:
    """A link that a colleague sent leads here, and the account may be the wrong one of two."""
    answer = client_of(people[M]).get(address("quote_add"))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert f"You are signed in as {people[M]}. Ask an administrator for another role." in page
    assert 'href="/admin/"' in page
