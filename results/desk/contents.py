"""Contents of the kinds of publication, and the rules in which the kinds differ."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import InitVar, dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Self

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from results.arithmetic import BLOCK, ValidationMessage, clean_text
from results.desk.errors import InvalidTransition, PictureUnreadable, ValidationRefused
from results.desk.intents import Intent
from results.desk.pictures import size_of
from results.live.election_snapshot import ElectionSnapshot
from results.models import (
    Bulletin,
    Candidate,
    Contest,
    Election,
    ExternalFigures,
    Headline,
    Night,
    Photo,
    Post,
    Publication,
    Quote,
    ReviewItem,
    clock,
)
from results.models.text_limits import LONGEST_QUOTE


def text_too_long(field: str, text: str, longest: int) -> list[ValidationMessage]:
    """Return the message of a text that is longer than `longest`; none for another."""
    if len(text) <= longest:
        return []
    params = {"longest": longest, "length": len(text)}
    return [ValidationMessage("text_too_long", BLOCK, field, params)]


@dataclass(frozen=True, kw_only=True)
class Content:
    """The content of one publication: columns of `model`, cleaned of invisible text.

    Raises `ValidationRefused` where a field of `required` is empty, or a text is too long.
    """

    model: ClassVar[type[Publication]]
    bulletin_kind: ClassVar[Bulletin.Kind]
    required: ClassVar[tuple[str, ...]]
    #: The most characters of fields whose column has no limit of its own.
    limits: ClassVar[Mapping[str, int]] = {}
    #: Fields by which earlier releases compared repeated requests, where not by all.
    compared_before: ClassVar[tuple[str, ...]] = ()
    #: The summary of a withdrawal's bulletin.
    withdrawal: ClassVar[str | Promise]
    #: The error where there is nothing to withdraw, for kinds that are `exclusive`.
    nothing_stands: ClassVar[str | Promise] = ""
    #: Columns that a withdrawal leaves empty. It repeats the others, which have no empty value.
    cleared: ClassVar[Mapping[str, Any]] = {}
    #: Parts of the election's pages that show it, and whether its contest's page does.
    night_parts: ClassVar[tuple[str, ...]] = ("feed",)
    on_seat_page: ClassVar[bool] = False
    #: Whether an election's newest publication of the kind replaces all others on pages.
    exclusive: ClassVar[bool] = False

    def __post_init__(self) -> None:
        for column in fields(self):
            if isinstance(value := getattr(self, column.name), str):
                object.__setattr__(self, column.name, clean_text(value))
        missing = [
            ValidationMessage("missing", BLOCK, n, {})
            for n in self.required
            if not getattr(self, n)
        ]
        refused = [*missing, *self._too_long()]
        if refused:
            raise ValidationRefused(refused)

    def _too_long(self) -> Iterator[ValidationMessage]:
        for name in self.names():
            longest, value = self.longest(name), getattr(self, name)
            if longest and isinstance(value, str):
                yield from text_too_long(name, value, longest)

    @classmethod
    def longest(cls, name: str) -> int | None:
        """Return the most characters of a field, where it has a limit: that of its column."""
        column = cls.model._meta.get_field(name)
        return cls.limits.get(name, getattr(column, "max_length", None))

    def columns(self, replaces: Any) -> dict[str, Any]:
        """Return values for a row of `model` that replaces `replaces`, or is new for None."""
        return {column.name: getattr(self, column.name) for column in fields(self)}

    def check(self, night: Night) -> None:
        """Raise `InvalidTransition` or `ValidationRefused` if it may not be published now."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the fields."""
        return tuple(column.name for column in fields(cls))

    def values(self, names: Iterable[str]) -> dict[str, Any]:
        """Values of these fields, with ids in place of rows."""
        values = {name: getattr(self, name) for name in names}
        return {name: getattr(value, "pk", value) for name, value in values.items()}

    def matches(self, row: Publication) -> bool:
        return all(getattr(row, name) == getattr(self, name) for name in self.names())

    def intent(self, election: Election, replaces: Publication | None = None) -> Intent:
        """Return the intent to publish it: another value of any field is another request."""
        asked: dict[str, Any] = {"act": self.bulletin_kind, "replaces": replaces and replaces.pk}
        if getattr(self, "contest", None) is None:
            asked["election"] = election.pk
        before = self.compared_before
        earlier = [asked | self.values(before)] if before else []
        return Intent(asked | self.values(self.names()), earlier)

    @staticmethod
    def summary(row: Any) -> str:
        """Return the bulletin's summary of the row."""
        return str(row)


@dataclass(frozen=True, kw_only=True)
class CountContent(Content):
    """The content of a quote or photo, which reporters send and which may need review."""

    review_kind: ClassVar[ReviewItem.Kind]
    on_seat_page: ClassVar[bool] = True
    #: Fields that differ each time a phone sends the same content.
    measured: ClassVar[tuple[str, ...]] = ()
    #: Fields by which earlier releases compared queued requests, and by which moved ones are.
    queued_before: ClassVar[tuple[str, ...]]

    contest: Contest | None = None

    @property
    def derived(self) -> Collection[str]:
        """Fields that are read from others: an editor may change them between two sendings."""
        return ()

    def intent_from_count(self, contest: Contest, digest: str = "") -> Intent:
        """Return the intent of a phone to publish or queue it, whenever the phone sends it.

        `digest` is that of the picture as it was sent, since its stored name is always new.
        """
        asked = self.intent(contest.election)
        queued = {"offer": self.review_kind, **self.values(self.queued_before)}
        content = {name: v for name, v in asked.content.items() if name not in self.measured}
        told = {name: v for name, v in content.items() if name not in self.derived}
        moved = self.moved_intent(self.to_json(), contest).content
        earlier = [content, *asked.earlier, queued | {"contest": contest.pk}, moved]
        return Intent(told | ({"picture": digest} if digest else {}), earlier)

    @classmethod
    def moved_intent(cls, content: Mapping[str, Any], contest: Contest) -> Intent:
        """Return the intent of a review item that a merge gives to another contest.

        It is made from the item's content, which does not have the picture as it was sent.
        """
        compared = {name: content.get(name) for name in cls.queued_before}
        return Intent({"moved": cls.review_kind, "contest": contest.pk, **compared})

    def to_json(self) -> dict[str, Any]:
        """Return the content for a review item."""
        return self.values(name for name in self.names() if name != "contest")

    @classmethod
    def from_json(cls, content: Mapping[str, Any], contest: Contest) -> Self:
        return cls(contest=contest, **content)


@dataclass(frozen=True, kw_only=True)
class QuoteContent(CountContent):
    """The content of a quote. The speaker is `candidate` where one is given.

    `reported` speech is shown without quotation marks. `location` is the contest's venue and
    `said_at` the time of the wording that it replaces, or now, unless given.
    """

    model = Quote
    bulletin_kind = Bulletin.Kind.QUOTE
    review_kind = ReviewItem.Kind.QUOTE
    required = ("words", "speaker")
    measured = ("said_at",)
    compared_before = ("contest", "role", "reported", "words", "speaker")
    queued_before = ("candidate", "role", "reported", "words", "speaker")
    limits: ClassVar[Mapping[str, int]] = {"words": LONGEST_QUOTE}
    withdrawal = gettext_lazy("A quote was withdrawn.")

    words: str
    candidate: Candidate | None = None
    speaker: str = ""
    role: str = ""
    location: str = ""
    reported: bool = False
    said_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.candidate:
            object.__setattr__(self, "speaker", self.candidate.name)
        super().__post_init__()

    @property
    def derived(self) -> Collection[str]:
        return ("speaker",) if self.candidate else ()

    @classmethod
    def moved_intent(cls, content: Mapping[str, Any], contest: Contest) -> Intent:
        is_named = bool(content.get("candidate"))
        return super().moved_intent({**content, "speaker": ""} if is_named else content, contest)

    def columns(self, replaces: Quote | None) -> dict[str, Any]:
        said_at = self.said_at or (replaces.said_at if replaces else clock.now())
        location = self.location or (self.contest.venue if self.contest else "")
        return super().columns(replaces) | {"location": location, "said_at": said_at}

    def to_json(self) -> dict[str, Any]:
        return super().to_json() | {"said_at": (self.said_at or timezone.now()).isoformat()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any], contest: Contest) -> Self:
        chosen, said_at = content.get("candidate"), datetime.fromisoformat(content["said_at"])
        candidate = Candidate.objects.get(pk=chosen, contest=contest) if chosen else None
        values = {**content, "candidate": candidate, "said_at": said_at}
        return cls(contest=contest, **values)

    @staticmethod
    def summary(row: Quote) -> str:
        return row.full_text


@dataclass(frozen=True, kw_only=True)
class PhotoContent(CountContent):
    """The content of a photo: caption, credit and text alternative of the picture `name`."""

    model = Photo
    bulletin_kind = Bulletin.Kind.PHOTO
    review_kind = ReviewItem.Kind.PHOTO
    required = compared_before = queued_before = ("caption", "alt", "credit")
    measured = ("name",)
    withdrawal = gettext_lazy("A photo was withdrawn.")

    name: str = ""
    caption: str
    alt: str
    credit: str

    def columns(self, replaces: Photo | None) -> dict[str, Any]:
        width, height = self._size(replaces)
        location = self.contest.venue if self.contest else ""
        size = {"width": width, "height": height}
        return super().columns(replaces) | {"location": location, **size}

    def _size(self, replaces: Photo | None) -> tuple[int, int]:
        """Raise PictureUnreadable where the file is missing, or may not be read."""
        if replaces is not None and replaces.name == self.name:
            return replaces.width, replaces.height
        try:
            return size_of(self.name)
        except OSError:
            raise PictureUnreadable from None

    @staticmethod
    def summary(row: Photo) -> str:
        return _("Photo: %(caption)s") % {"caption": row.caption}


@dataclass(frozen=True, kw_only=True)
class PostContent(Content):
    """The content of a post: a few sentences by the editors in the feed."""

    model = Post
    bulletin_kind = Bulletin.Kind.POST
    required = ("text",)
    withdrawal = gettext_lazy("A post was withdrawn.")

    text: str
    title: str = ""
    contest: Contest | None = None


@dataclass(frozen=True, kw_only=True)
class HeadlineContent(Content):
    """The content of a headline, shown above the generated one until another replaces it."""

    model = Headline
    bulletin_kind = Bulletin.Kind.HEADLINE
    required = ("text",)
    withdrawal = gettext_lazy("A headline was withdrawn.")
    nothing_stands = gettext_lazy("There is no headline of ours to withdraw: write one.")
    cleared: ClassVar[Mapping[str, Any]] = {"text": ""}
    night_parts = ("headline", "feed")
    exclusive = True

    text: str


@dataclass(frozen=True, kw_only=True)
class ExternalFiguresContent(Content):
    """The content of external figures: seats by label in an exit poll or from a wire service.

    An exit poll may not be published before the close of poll (Representation of the People Act
    1983, s. 66A).
    """

    model = ExternalFigures
    bulletin_kind = Bulletin.Kind.EXTERNAL_FIGURES
    required = ("source", "rows")
    withdrawal = gettext_lazy("External figures were withdrawn.")
    nothing_stands = gettext_lazy("There are no figures to take down: enter some.")
    cleared: ClassVar[Mapping[str, Any]] = {"rows": []}
    night_parts = ("headline", "elsewhere")
    exclusive = True

    kind: str
    source: str
    as_of: datetime
    seats: InitVar[Mapping[str, int]]
    rows: list[dict[str, Any]] = field(init=False)

    def __post_init__(self, seats: Mapping[str, int]) -> None:
        ordered = sorted(seats.items(), key=lambda item: (-item[1], item[0]))
        rows = [{"label": label, "seats": number} for label, number in ordered]
        object.__setattr__(self, "rows", rows)
        super().__post_init__()

    def check(self, night: Night) -> None:
        if timezone.now() < night.election.polls_close:
            raise InvalidTransition(
                _("The polls are still open: nothing of this may be public yet.")
            )
        snapshot = ElectionSnapshot(night.election, night)
        if snapshot.has_separate_results:
            raise InvalidTransition(str(NO_SEATS_ADDED_UP))
        most = night.election.house_seats or snapshot.seats
        if sum(row["seats"] for row in self.rows) > most:
            raise ValidationRefused(
                [ValidationMessage("too_many_seats", BLOCK, "figures", {"seats": most})]
            )


NO_SEATS_ADDED_UP = gettext_lazy(
    "Each result of this election stands for itself: there is no number of seats to forecast."
)

#: The content of each model of a publication.
CONTENT_OF: dict[type[Publication], type[Content]] = {
    content.model: content
    for content in (
        QuoteContent,
        PhotoContent,
        PostContent,
        HeadlineContent,
        ExternalFiguresContent,
    )
}
