"""Fill an empty database with every kind of row, with the code of the previous release.

Run by `make.py` with that release on PYTHONPATH: everything imported here is of commit 866391f.
"""

import io
import time
from datetime import UTC, datetime, timedelta

import django
from constants import LINK, PASSWORD, SESSION

django.setup()

from django.contrib.auth.models import Group as Role, User  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_otp.plugins.otp_static.models import StaticDevice  # noqa: E402
from django_otp.plugins.otp_totp.models import TOTPDevice  # noqa: E402
from PIL import Image  # noqa: E402
from results.models.passes import _mark  # noqa: E402

from electiondesk.sessions import SessionStore  # noqa: E402
from results import desk  # noqa: E402
from results.arithmetic import Figures  # noqa: E402
from results.desk.pictures import store  # noqa: E402
from results.editor.roles import set_up as set_up_roles  # noqa: E402
from results.models import (  # noqa: E402
    Assignment,
    Contest,
    Election,
    Elsewhere,
    ElsewhereKind,
    FailedSignIn,
    Group,
    Headline,
    Kind,
    Notice,
    OfferKind,
    Phone,
    Photo,
    Post,
    Quote,
    ReporterPass,
    Serving,
    SittingMember,
    Status,
)
from tests import nights  # noqa: E402

#: Long after every run of the tests.
LATER = datetime(2199, 1, 1, tzinfo=UTC)


def main() -> None:
    election = nights.election()
    # Small ballot papers and words before results: every bulletin has a copy of the feed.
    north = nights.contest(
        election,
        "North",
        [("Ida Wold", "independent"), ("Joe Lamb", "speaker")],
        region="London",
        electorate=75162,
        venue="Sobell Leisure Centre",
    )
    vale = nights.contest(
        election,
        "Vale",
        [("Ann Hall", "lab"), ("Bob Rice", "con")],
        last={"con": 9000, "lab": 8000},
        region="South East",
    )
    nights.contest(election, "Dale", [("Eve Fell", "lab"), ("Gus Holm", "con")])
    SittingMember.objects.create(contest=vale, name="Bob Rice", party=nights.party("con"))
    group = Group.objects.create(election=election, slug="key", name="Key seats")
    group.contests.set([north, vale])
    people(north, vale)
    words(election, north)
    photos(election, north)
    declarations(north, vale)
    waiting(vale)


def people(north: Contest, vale: Contest) -> None:
    """An editor with a second factor, a reporter who is signed in, and one with a pass."""
    set_up_roles()
    editor = User.objects.create_superuser("chief", password=PASSWORD)
    editor.groups.set(Role.objects.all())
    TOTPDevice.objects.create(user=editor, name="phone", confirmed=True)
    TOTPDevice.objects.create(user=editor, name="begun", confirmed=False)
    codes = StaticDevice.objects.create(user=editor, name="paper", confirmed=True)
    codes.token_set.create(token="paper-code")
    for name in ("ann", "bob"):
        reporter = User.objects.create_user(name, password=PASSWORD)
        for contest in Contest.objects.filter(slug__in=["vale", "dale"]):
            Assignment.objects.create(reporter=reporter, contest=contest)
    ann, bob = (User.objects.get(username=name) for name in ("ann", "bob"))
    nights.trust(ann)
    ReporterPass.objects.create(
        reporter=bob,
        link_mark=_mark("link", LINK),
        code_mark=_mark("code", "7K3M9QRT"),
        expires_at=LATER,
        issued_by=editor,
    )
    ReporterPass.issue(ann, by=editor).issued.revoke()
    Phone.objects.create(reporter=ann, seen_at=timezone.now(), unsent=2, asked=1)
    FailedSignIn.objects.create(heading="0" * 64, at=timezone.now())
    Serving.objects.create(process="gone:1", readers={"ge": 3}, seen_at=timezone.now())
    sign_in(ann)


def sign_in(user: User) -> None:
    content = {
        "_auth_user_id": str(user.pk),
        "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
        "_auth_user_hash": user.get_session_auth_hash(),
        "began": time.time(),
    }
    # Written without the session store, which allows no session longer than a night.
    Session.objects.create(
        session_key=SESSION, session_data=SessionStore().encode(content), expire_date=LATER
    )


def declarations(north: Contest, vale: Contest) -> None:
    """Every kind of revision: a winner, full figures, corrections, a withdrawal and another."""
    by, editor = nights.user(), nights.user("editor", staff=True)
    known = {"by": by, "warning_reason": "As read out."}
    figures = nights.figures(north, 30000, 20000, rejected=227, electorate=75162)
    verified = desk.Verification(electorate=75162, papers=54032)
    desk.report_status(north, Status.UNDER_WAY, by=by, key="status", verification=verified)
    ann = vale.candidates.get(name="Ann Hall")
    desk.flash(vale, [ann], by=by, key="winner", votes={ann.pk: 9000})
    desk.declare(north, figures, key="declare", **known)
    desk.verify_figures(north.declarations.get(), by=editor)
    desk.complete(vale, nights.figures(vale, 9000, 8500), base_revision=1, key="full", **known)
    desk.correct(
        north,
        Figures(votes=figures.votes, rejected=229, electorate=75162),
        by=editor,
        key="correct",
        base_revision=1,
        reason="Misheard.",
    )
    desk.withdraw(vale, by=editor, key="withdraw", base_revision=2, reason="Reopened.")
    desk.declare(vale, nights.figures(vale, 9001, 8500), base_revision=3, key="again", **known)


def words(election: Election, north: Contest) -> None:
    """Quotes, posts, headlines and external figures: current, changed and withdrawn."""
    by, editor = nights.user(), nights.user("editor", staff=True)
    fields = {"contest": north, "speaker": "Ann", "by": by}
    desk.quote(election, "A quote that stands.", key="quote 1", **fields)
    desk.quote(election, "A first wording.", key="quote 2", **fields)
    first = Quote.objects.get(words="A first wording.")
    desk.quote(election, "A second wording.", key="quote 3", replaces=first, **fields)
    desk.quote(election, "A withdrawn quote.", key="quote 4", **fields)
    gone = Quote.objects.get(words="A withdrawn quote.")
    desk.withdraw_quote(gone, by=editor, key="quote 5")
    desk.post(election, "A post that stands.", title="Live", by=editor, key="post 1")
    desk.post(election, "A withdrawn post.", by=editor, key="post 2")
    post = Post.objects.get(text="A withdrawn post.")
    desk.post(election, post.text, replaces=post, withdrawn=True, by=editor, key="post 3")
    for number, text in enumerate(("A headline", "", "A headline that stands")):
        desk.headline(election, text, by=editor, key=f"headline {number}")
    for number, seats in enumerate(({"lab": 2}, {"lab": 1, "con": 1})):
        desk.elsewhere(
            election,
            seats,
            kind=ElsewhereKind.WIRE,
            source="A wire service",
            as_of=election.polls_close + timedelta(minutes=number),
            by=editor,
            key=f"elsewhere {number}",
        )
    assert Headline.objects.count() == 3
    assert Elsewhere.objects.count() == 2


def photos(election: Election, north: Contest) -> None:
    """A photo with a changed caption, a withdrawn one, and a notice."""
    by = nights.user()
    for name in ("stands", "withdrawn"):
        file = io.BytesIO()
        Image.new("RGB", (1600, 900), "gray").save(file, "PNG")
        size = file.tell()
        file.seek(0)
        desk.photo(
            election,
            store(file, size).name,
            caption=f"A photo, {name}",
            alt="A hall",
            credit="Bob",
            contest=north,
            by=by,
            key=f"photo {name}",
        )
    shown = Photo.objects.get(caption="A photo, stands")
    desk.photo(
        election,
        shown.name,
        caption="A photo that stands",
        alt="A hall",
        credit="Bob",
        contest=north,
        replaces=shown,
        by=by,
        key="photo again",
    )
    gone = Photo.objects.get(caption="A photo, withdrawn")
    desk.withdraw_photo(gone, by=by, key="photo gone")
    Notice.objects.create(contest=north, name=shown.name, by=by, key="notice")


def waiting(vale: Contest) -> None:
    """Review items that wait, and declined ones."""
    bob = User.objects.get(username="bob")
    content = {"words": "Waits.", "candidate": None, "speaker": "Ann", "role": "", "said_at": ""}
    desk.offer(vale, OfferKind.QUOTE, content, by=bob, key="offer 1")
    other = desk.offer(vale, OfferKind.QUOTE, {**content, "words": "No."}, by=bob, key="offer 2")
    desk.decline(other, by=nights.user("editor", staff=True), note="Not heard by anyone else.")
    submission = desk.Submission(
        by=bob, key="offer 3", kind=Kind.DECLARATION, base_revision=0, warning_reason="Heard."
    )
    Election.objects.update(second_person="always")
    dale = Contest.objects.get(slug="dale")
    desk.send_result(dale, nights.figures(dale, 5000, 4000), submission)
    Election.objects.update(second_person="never")


if __name__ == "__main__":
    main()
