"""Seed functions: publish something of every kind, then withdraw or reword it.

`desk.seed(publish)` and `desk.seed(withdraw)`.
"""

import io

from django.contrib.auth.models import User
from PIL import Image

from results import desk
from results.desk.pictures import store
from results.models import (
    Contest,
    Election,
    ExternalFigures,
    Headline,
    Photo,
    Post,
    Quote,
    Standing,
)
from tests import nights

#: What readers could see, and may see nowhere once it is withdrawn or reworded.
WITHDRAWN = {
    "quote at a count": "Qwordsatacount",
    "speaker of a quote": "Qspeaker",
    "quote without a contest": "Qwithoutacontest",
    "first wording of a quote": "Qfirstwording",
    "headline": "Hheadline",
    "headline that another one had replaced": "Hreplaced",
    "title of a post": "Ptitle",
    "text of a post": "Ptext",
    "first wording of a post": "Pfirstwording",
    "caption": "Fcaption",
    "words for who cannot see a photo": "Falternative",
    "credit": "Fcredit",
    "first caption": "Ffirstcaption",
    "source of external figures": "Esource",
    "background note": "Nbackground",
}
#: The newest wording of each, which stays.
STANDING = {
    "newest wording of a quote": "Qnewestwording",
    "headline that was not withdrawn": "Hstays",
    "newest wording of a post": "Pnewestwording",
    "newest caption": "Fnewestcaption",
    "newest source of external figures": "Enewest",
    "newest background note": "Nnewest",
}


def publish() -> None:
    """Publish something of every kind, with other bulletins between them."""
    election = nights.election()
    north = nights.islington_north(election)
    vale = nights.contest(election, "Vale", [("Ann Hall", "lab"), ("Bob Rice", "con")])
    Contest.objects.filter(pk=north.pk).update(note=WITHDRAWN["background note"])
    north.refresh_from_db()
    by = nights.user()
    desk.report_status(north, Standing.Status.UNDER_WAY, by=by, idempotency_key=nights.key())
    _quotes(election, north, by)
    _headlines(election, by)
    nights.declare_counts(
        north, nights.islington_ballot_counts(north), by=by, idempotency_key="declare"
    )
    _posts(election, north, by)
    _photos(election, north, by)
    _external_figures(election, WITHDRAWN["source of external figures"], by)
    desk.report_status(vale, Standing.Status.RECOUNT, by=by, idempotency_key=nights.key())


def _quotes(election: Election, north: Contest, by: User) -> None:
    speaker = WITHDRAWN["speaker of a quote"]
    for name, contest in (
        ("quote at a count", north),
        ("quote without a contest", None),
        ("first wording of a quote", north),
    ):
        desk.publish(
            election,
            desk.QuoteContent(words=WITHDRAWN[name], speaker=speaker, contest=contest),
            by=by,
            idempotency_key=f"publish {name}",
        )


def _headlines(election: Election, by: User) -> None:
    for words in (
        STANDING["headline that was not withdrawn"],
        WITHDRAWN["headline that another one had replaced"],
        WITHDRAWN["headline"],
    ):
        desk.publish(
            election, desk.HeadlineContent(text=words), by=by, idempotency_key=f"publish {words}"
        )


def _posts(election: Election, north: Contest, by: User) -> None:
    title, text = WITHDRAWN["title of a post"], WITHDRAWN["text of a post"]
    desk.publish(
        election,
        desk.PostContent(text=text, title=title, contest=north),
        by=by,
        idempotency_key="publish post",
    )
    desk.publish(
        election,
        desk.PostContent(text=WITHDRAWN["first wording of a post"]),
        by=by,
        idempotency_key="publish another post",
    )


def _photos(election: Election, north: Contest, by: User) -> None:
    for name in ("caption", "first caption"):
        picture = io.BytesIO()
        Image.new("RGB", (1600, 900), "gray").save(picture, "PNG")
        size = picture.tell()
        picture.seek(0)
        desk.publish(
            election,
            desk.PhotoContent(
                name=store(picture, size).name,
                caption=WITHDRAWN[name],
                alt=WITHDRAWN["words for who cannot see a photo"],
                credit=WITHDRAWN["credit"],
                contest=north,
            ),
            by=by,
            idempotency_key=f"publish {name}",
        )


def _external_figures(election: Election, source: str, by: User) -> None:
    desk.publish(
        election,
        desk.ExternalFiguresContent(
            seats={"lab": 1},
            kind=ExternalFigures.Kind.WIRE,
            source=source,
            as_of=election.polls_close,
        ),
        by=by,
        idempotency_key=f"publish {source}",
    )


def withdraw() -> None:
    """Withdraw or reword all of it, and publish one bulletin more."""
    election = Election.objects.get()
    north = election.contests.get(slug="islington-north")
    editor = nights.user("editor")
    _withdraw_quotes(election, north, editor)
    for name in ("headline", "headline that another one had replaced"):
        headline = Headline.objects.get(text=WITHDRAWN[name])
        desk.withdraw_publication(headline, by=editor, idempotency_key=f"withdraw {name}")
    _withdraw_posts(election, editor)
    _withdraw_photos(election, north, editor)
    _external_figures(election, STANDING["newest source of external figures"], editor)
    Contest.objects.filter(pk=north.pk).update(note=STANDING["newest background note"])
    desk.republish(election, [Contest.objects.get(pk=north.pk)], by=editor, idempotency_key="note")
    vale = election.contests.get(slug="vale")
    desk.report_status(vale, Standing.Status.ON_STAGE, by=editor, idempotency_key="on stage")


def _withdraw_quotes(election: Election, north: Contest, editor: User) -> None:
    for name in ("quote at a count", "quote without a contest"):
        quote = Quote.objects.get(words=WITHDRAWN[name])
        desk.withdraw_publication(quote, by=editor, idempotency_key=f"withdraw {name}")
    reworded = Quote.objects.get(words=WITHDRAWN["first wording of a quote"])
    words = STANDING["newest wording of a quote"]
    desk.publish(
        election,
        desk.QuoteContent(words=words, speaker="Ann", contest=north),
        replaces=reworded,
        by=editor,
        idempotency_key=words,
    )


def _withdraw_posts(election: Election, editor: User) -> None:
    post = Post.objects.get(text=WITHDRAWN["text of a post"])
    desk.withdraw_publication(post, by=editor, idempotency_key="withdraw post")
    reworded = Post.objects.get(text=WITHDRAWN["first wording of a post"])
    words = STANDING["newest wording of a post"]
    desk.publish(
        election,
        desk.PostContent(text=words),
        replaces=reworded,
        by=editor,
        idempotency_key="reword post",
    )


def _withdraw_photos(election: Election, north: Contest, editor: User) -> None:
    withdrawn = Photo.objects.get(caption=WITHDRAWN["caption"])
    desk.withdraw_publication(withdrawn, by=editor, idempotency_key="withdraw photo")
    recaptioned = Photo.objects.get(caption=WITHDRAWN["first caption"])
    desk.publish(
        election,
        desk.PhotoContent(
            name=recaptioned.name,
            caption=STANDING["newest caption"],
            alt="A hall",
            credit="Bob",
            contest=north,
        ),
        replaces=recaptioned,
        by=editor,
        idempotency_key="recaption photo",
    )
