"""Editors and reporters: added with a role and a pass or link, listed, deactivated."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from results.desk.accounts import system_user
from results.desk.changes import Change, ChangeKind
from results.editor.roles import role_of, set_role, set_up_groups
from results.models import (
    Assignment,
    AuditEntry,
    Contest,
    Invitation,
    Phone,
    ReporterPass,
    SiteSettings,
)
from results.models.contest_lookup import MOST_SUGGESTED
from tests import nights
from tests.editor.conftest import form_data, messages_of, staff_with, text_of
from tests.responses import Response

ADD = "/admin/auth/user/add/"
ADDRESS = "https://testserver"
PASSWORD = "correct-horse-battery"


def add(client: Client, **sent: object) -> Response:
    return client.post(ADD, {"role": "reporter", "phone_address": ADDRESS} | sent)


def link_of(sheet: Response) -> str:
    """The path of the link that a sheet prints."""
    found = re.search(r"https://testserver(/[^<\s]+)\s*</dd>", sheet.content.decode())
    assert found, text_of(sheet)
    return found[1]


class TestAddingSomebody:
    def test_reporter_gets_counts_and_a_pass_in_one_go(self, admin: Client, seat: Contest) -> None:
        sheet = add(admin, name="Ann Smith", contests=[seat.pk])
        ann = User.objects.get(username="ann-smith")
        assert (ann.get_full_name(), ann.is_staff) == ("Ann Smith", False)
        assert not ann.has_usable_password()
        assert Assignment.objects.filter(reporter=ann, contest=seat).exists()
        assert 'class="picture"' in sheet.content.decode()
        assert "no-store" in sheet.headers["Cache-Control"]
        (link,) = set(re.findall(r"/count/sign-in/[^/\s]+/", text_of(sheet)))
        assert Client().post(link).headers["Location"] == "/count/"

    def test_editor_gets_a_role_and_chooses_the_password(
        self, admin: Client, settings: Settings
    ) -> None:
        sheet = add(admin, name="Eve Jones", role="Senior editors")
        eve = User.objects.get(username="eve-jones")
        assert role_of(eve) == "Senior editors"
        assert eve.has_perm("results.change_party")
        path = link_of(sheet)
        browser = Client()
        page = browser.get(path)
        assert "You sign in as eve-jones (Senior editor)" in text_of(page)
        assert page.headers["Referrer-Policy"] == "strict-origin"
        refused = browser.post(path, {"new_password1": "short", "new_password2": "short"})
        assert "too short" in text_of(refused)
        sent = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        assert browser.post(path, sent).headers["Location"] == reverse("admin:index")
        eve.refresh_from_db()
        assert eve.check_password(PASSWORD)
        assert browser.get("/admin/").status_code == 200
        assert Client().get(path).status_code == 403
        assert AuditEntry.objects.filter(user="eve-jones", what="password set by a link").exists()

    def test_goes_on_to_the_second_factor(self, admin: Client, settings: Settings) -> None:
        settings.SECOND_FACTOR = True
        eve = User.objects.create_user("eve", is_staff=True)
        path = reverse("admin:invitation", args=[Invitation.issue(eve).token])
        browser = Client()
        sent = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        assert browser.post(path, sent).headers["Location"] == reverse("admin:second_factor")
        # The link alone opens nothing.
        assert browser.get("/admin/").status_code == 302

    def test_says_what_is_missing_and_keeps_the_rest(self, admin: Client, seat: Contest) -> None:
        nights.user("ann-smith")
        shown = add(admin, name="Ann Smith", contests=[seat.pk], phone_address="http://desk.test")
        text = text_of(shown)
        assert "There is an account “ann-smith”: choose another user name." in text
        assert "ALLOWED_HOSTS" in text
        assert "Islington North" in text
        assert User.objects.filter(username__startswith="ann").count() == 1

    def test_address_is_kept_for_the_next_sheet(self, admin: Client) -> None:
        add(admin, name="Ann Smith")
        assert SiteSettings.load().phone_address == ADDRESS
        assert ADDRESS in admin.get(ADD).content.decode()

    def test_shows_no_password_and_no_permissions(self, admin: Client, editor: User) -> None:
        for page in (ADD, f"/admin/auth/user/{editor.pk}/change/"):
            text = admin.get(page).content.decode()
            assert 'type="password"' not in text
            assert "user_permissions" not in text
            assert "pbkdf2" not in text
        assert admin.get(f"/admin/auth/user/{editor.pk}/password/").status_code == 302

    def test_reporter_manager_makes_reporters_only(self, client: Client, db: None) -> None:
        manager = staff_with(
            "add_user", "change_user", "view_user", "add_reporterpass", "add_assignment"
        )
        client.force_login(manager)
        assert "Senior editor" not in text_of(client.get(ADD))
        assert add(client, name="Eve", role="Editors").status_code == 200
        assert not User.objects.filter(username="eve").exists()
        add(client, name="Bob Rice")
        assert User.objects.filter(username="bob-rice").exists()


class TestInvitation:
    def test_later_one_ends_the_earlier(self, editor: User) -> None:
        first = Invitation.issue(editor)
        second = Invitation.issue(editor)
        assert Invitation.of_link(first.token) is None
        assert Invitation.of_link(second.token) is not None

    def test_ends(self, editor: User) -> None:
        new = Invitation.issue(editor)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        assert Invitation.of_link(new.token) is None

    def test_ends_with_another_password(self, editor: User) -> None:
        """Whoever finds it in a mailbox afterwards could choose the next one."""
        editor.set_password("an-old-password")
        editor.save()
        client = Client()
        client.force_login(editor)
        new = Invitation.issue(editor)
        chosen = dict.fromkeys(("new_password1", "new_password2"), "Quite-another-1")
        page = reverse("admin:password_change")
        assert client.post(page, {"old_password": "an-old-password", **chosen}).status_code == 302
        assert Invitation.of_link(new.token) is None

    def test_opens_no_account_that_is_deactivated_or_a_reporters(self, editor: User) -> None:
        new = Invitation.issue(editor)
        for changed in ({"is_active": False}, {"is_active": True, "is_staff": False}):
            User.objects.filter(pk=editor.pk).update(**changed)
            assert Invitation.of_link(new.token) is None


class TestList:
    def test_shows_role_credentials_second_factor_and_counts(
        self, admin: Client, seat: Contest
    ) -> None:
        reporter = nights.user("ann")
        Assignment.objects.create(reporter=reporter, contest=seat)
        ReporterPass.issue(reporter)
        helper = User.objects.create_user("helper", is_staff=True)
        set_role(helper, "Auditors")
        rows = dict(re.findall(r"(ann|helper)</a></th>(.*?)</tr>", page_rows(admin)))
        assert "Reporter" in rows["ann"]
        assert "Islington North" in rows["ann"]
        assert "Pass, not used yet" in rows["ann"]
        assert "Auditor" in rows["helper"]
        assert "None: make a pass or a link" in rows["helper"]

    def test_names_the_pass_on_a_phone_beside_a_newer_one(
        self, admin: Client, seat: Contest
    ) -> None:
        """A phone that signs in is not hidden by a pass that was made for another night."""
        reporter = nights.user("ann")
        older = ReporterPass.issue(reporter).issued
        ReporterPass.objects.filter(pk=older.pk).update(phone_hash="a phone")
        ReporterPass.issue(reporter)
        assert "Pass, on a phone, Pass, not used yet" in page_rows(admin)
        ReporterPass.objects.exclude(pk=older.pk).update(revoked_at=timezone.now())
        assert "Pass, on a phone" in page_rows(admin)
        assert "Pass, not used yet" not in page_rows(admin)

    def test_says_which_accounts_are_programs(self, admin: Client) -> None:
        """Nobody made them, nobody signs in with them, and nobody can reactivate them here."""
        for username in ("wire", "clock", "rehearsal", "api-gazette"):
            system_user(username)
        nights.user("ann")
        User.objects.filter(username="ann").update(is_active=False)
        rows = dict(re.findall(r">([a-z-]+)</a></th>(.*?)</tr>", page_rows(admin)))
        for username in ("wire", "clock", "rehearsal", "api-gazette"):
            assert "Program" in rows[username]
            assert "Nobody signs in: " in rows[username]
            assert "Reactivate" not in rows[username]
            assert "Reporter" not in rows[username]
        assert "what files say that are loaded" in rows["wire"]
        assert "Reporter" in rows["ann"]
        assert "Reactivate" in rows["ann"]

    def test_takes_the_same_queries_for_many(
        self, admin: Client, seat: Contest, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(30):
            reporter = nights.user(f"reporter-{number}")
            Assignment.objects.create(reporter=reporter, contest=seat)
            ReporterPass.issue(reporter)
        with django_assert_max_num_queries(20):
            admin.get("/admin/auth/user/")

    def test_filters_by_role(self, admin: Client) -> None:
        set_up_groups()
        nights.user("ann")
        set_role(User.objects.create_user("helper", is_staff=True), "Auditors")
        listed = admin.get("/admin/auth/user/?role=Auditors").context["cl"].result_list
        assert [user.username for user in listed] == ["helper"]
        listed = admin.get("/admin/auth/user/?role=reporter").context["cl"].result_list
        assert [user.username for user in listed] == ["ann"]


def page_rows(admin: Client) -> str:
    return " ".join(admin.get("/admin/auth/user/").content.decode().split())


class TestKeepingSomebodyOut:
    def test_deactivates_after_a_confirmation(self, admin: Client, seat: Contest) -> None:
        reporter = nights.user("ann")
        issued = ReporterPass.issue(reporter)
        phone = Client()
        phone.post(reverse("sign_in_by_link", args=[issued.token]))
        page = reverse("admin:account_deactivate", args=[reporter.pk])
        assert "They are signed out everywhere" in text_of(admin.get(page))
        assert User.objects.get(pk=reporter.pk).is_active
        done = admin.post(page, follow=True)
        assert "ann is deactivated." in messages_of(done)
        assert "Deactivated" in text_of(done)
        assert phone.get("/count/").status_code == 302
        entry = AuditEntry.objects.get(what="account deactivated")
        assert (entry.user, entry.about) == ("editor", "ann")
        admin.post(reverse("admin:account_reactivate", args=[reporter.pk]))
        assert User.objects.get(pk=reporter.pk).is_active
        assert not ReporterPass.objects.get().is_live

    def test_revokes_passes_and_links(self, admin: Client) -> None:
        reporter = nights.user("ann")
        ReporterPass.issue(reporter)
        admin.post(reverse("admin:account_revoke", args=[reporter.pk]))
        assert not ReporterPass.objects.get().is_live
        assert AuditEntry.objects.filter(what="passes and links revoked", about="ann").exists()

    @pytest.mark.parametrize("name", ["account_deactivate", "account_revoke", "new_credentials"])
    def test_notifies_the_persons_pages_at_once(
        self,
        admin: Client,
        name: str,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        sent: list[Change] = []
        monkeypatch.setattr("results.desk.change_notifications._send", sent.append)
        reporter = nights.user("ann")
        page = reverse(f"admin:{name}", args=[reporter.pk])
        with django_capture_on_commit_callbacks(execute=True):
            admin.post(page, {"phone_address": ADDRESS})
        assert (ChangeKind.ACCESS, (reporter.pk,)) in [(each.kind, each.users) for each in sent]

    def test_nobody_deactivates_themselves(self, admin: Client, editor: User) -> None:
        page = reverse("admin:account_deactivate", args=[editor.pk])
        assert "You cannot deactivate yourself" in messages_of(admin.post(page, follow=True))
        assert User.objects.get(pk=editor.pk).is_active

    def test_last_administrator_stays_one(self, admin: Client, editor: User) -> None:
        page = reverse("admin:auth_user_change", args=[editor.pk])
        shown = admin.post(page, form_data(admin.get(page)) | {"role": "Editors"})
        assert "This is the only administrator" in text_of(shown)
        assert User.objects.get(pk=editor.pk).is_superuser

    @pytest.mark.parametrize("name", ["account_deactivate", "account_revoke", "new_credentials"])
    def test_reporter_manager_has_no_say_over_editors(
        self, client: Client, name: str, db: None
    ) -> None:
        editor = nights.user("editor", staff=True)
        client.force_login(staff_with("change_user", "view_user", "add_reporterpass"))
        page = reverse(f"admin:{name}", args=[editor.pk])
        assert client.get(page).status_code == 404
        assert client.post(page, {"phone_address": ADDRESS}).status_code == 404

    def test_new_link_for_a_forgotten_password(self, admin: Client) -> None:
        eve = User.objects.create_user("eve", is_staff=True, password="the-one-before-this")
        page = reverse("admin:new_credentials", args=[eve.pk])
        assert "works until then" in text_of(admin.get(page))
        path = link_of(admin.post(page, {"phone_address": ADDRESS}))
        Client().post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD})
        eve.refresh_from_db()
        assert eve.check_password(PASSWORD)

    def test_new_link_speaks_of_no_password_where_there_is_none(self, admin: Client) -> None:
        add(admin, name="Eve Ford", role="Editors")
        eve = User.objects.get(username="eve-ford")
        page = text_of(admin.get(reverse("admin:new_credentials", args=[eve.pk])))
        assert "A new link for Eve Ford" in page
        assert "The password that they have now" not in page


def test_several_reporters_are_of_the_only_election(admin: Client, seat: Contest) -> None:
    chosen = re.compile(r'<option value="\d+" selected>')
    assert chosen.search(admin.get("/admin/auth/user/several/").content.decode())
    nights.election(slug="other")
    assert not chosen.search(admin.get("/admin/auth/user/several/").content.decode())


def test_list_tells_a_sign_in_from_a_phone_that_was_seen(admin: Client, editor: User) -> None:
    """An editor who signed in three hours ago may have worked ever since."""
    ann = nights.user("ann")
    three, four = [timezone.now() - timedelta(hours=number) for number in (3, 4)]
    User.objects.filter(pk=editor.pk).update(last_login=three)
    User.objects.filter(pk=ann.pk).update(last_login=four)
    Phone.objects.create(reporter=ann, seen_at=three)
    cells = re.findall(
        r'field-last_seen">([^<]*)<', admin.get("/admin/auth/user/").content.decode()
    )
    assert sorted(cell.replace("\N{NO-BREAK SPACE}", " ") for cell in cells) == [
        "3 hours ago",
        "Signed in 3 hours ago",
    ]


def test_sheet_leads_back_to_the_list_that_its_form_is_of(admin: Client, seat: Contest) -> None:
    lines = "Ann Smith; Islington North"
    fields = {"election": seat.election.pk, "lines": lines, "phone_address": ADDRESS}
    several = "/admin/auth/user/several/"
    form, sheets = admin.get(several), admin.post(several, fields)
    assert 'class="picture"' in sheets.content.decode()
    for page in (form, sheets):
        path = page.content.decode().partition('<div class="breadcrumbs">')[2]
        assert (
            '<a href="/admin/auth/user/">Editors and reporters</a>' in path.partition("</div>")[0]
        )


def test_several_reporters_take_names_with_commas(admin: Client, seat: Contest) -> None:
    for name in ("Ayr, Carrick and Cumnock", "Elsewhere"):
        nights.contest(seat.election, name, [("Ann", "lab")])
    lines = "Ann Smith; elsewhere, Ayr, Carrick & Cumnock, Islington North\nBob\tElsewhere\t\n"
    fields = {"election": seat.election.pk, "lines": lines, "phone_address": ADDRESS}
    sheets = admin.post("/admin/auth/user/several/", fields)
    assert sheets.content.decode().count('class="picture"') == 2
    assert Assignment.objects.filter(reporter__username="ann-smith").count() == 3
    assert Assignment.objects.filter(reporter__username="bob").count() == 1
    wrong = admin.post("/admin/auth/user/several/", fields | {"lines": "Eve; Elsewere"})
    assert "Is it Elsewhere?" in text_of(wrong)
    lines = "\n".join(f"Eve{n}; Elsewere{n}" for n in range(100))
    wrong = admin.post("/admin/auth/user/several/", fields | {"lines": lines})
    assert "Line 100: no count is called “Elsewere99”." in text_of(wrong)
    assert text_of(wrong).count("Is it Elsewhere?") == MOST_SUGGESTED


def test_page_of_sheets_that_is_sent_again_issues_nothing(admin: Client, seat: Contest) -> None:
    """A browser sends the form again as somebody loads the page of the sheets again."""
    lines = "Ann Smith; Islington North\nBob Rice; Islington North"
    fields = {"election": seat.election.pk, "lines": lines, "phone_address": ADDRESS}
    admin.post("/admin/auth/user/several/", fields)
    again = admin.post("/admin/auth/user/several/", fields)
    assert "Ann Smith, Bob Rice have these counts and a pass already" in text_of(again)
    assert ReporterPass.objects.count() == 2
    admin.post("/admin/auth/user/several/", fields | {"again": "on"})
    assert ReporterPass.objects.count() == 4


def test_reporter_of_another_night_gets_a_pass_without_a_question(
    admin: Client, seat: Contest
) -> None:
    fields = {"election": seat.election.pk, "phone_address": ADDRESS}
    admin.post("/admin/auth/user/several/", fields | {"lines": "Ann Smith; Islington North"})
    nights.contest(seat.election, "Elsewhere", [("Ann", "lab")])
    admin.post("/admin/auth/user/several/", fields | {"lines": "Ann Smith; Elsewhere"})
    assert ReporterPass.objects.count() == 2
