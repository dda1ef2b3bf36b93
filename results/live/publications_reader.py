"""Read what editors have published beside the results, for the snapshot of an election."""

from abc import abstractmethod
from functools import cached_property

from django.utils.translation import gettext as _

from results.models import (
    OTHERS,
    Contest,
    Election,
    ExternalFigures,
    Group,
    Headline,
    Photo,
    Quote,
)
from results.words.party_names import PartyName, PartyNames


class PublicationsReader:
    """The part of a snapshot that reads headline, external figures, groups, quotes and photos."""

    election: Election

    @property
    @abstractmethod
    def party_names(self) -> PartyNames: ...

    @cached_property
    def editors_headline(self) -> Headline | None:
        """The editor's current headline; None if there is none or it was withdrawn."""
        headline: Headline | None = Headline.objects.standing(self.election)
        return headline

    @cached_property
    def external_figures(self) -> ExternalFigures | None:
        """The newest exit poll or wire service's figures; None if withdrawn."""
        figures: ExternalFigures | None = ExternalFigures.objects.standing(self.election)
        return figures

    @cached_property
    def groups(self) -> list[Group]:
        """Groups of seats that an editor has defined, in the editor's order."""
        return list(Group.objects.filter(election=self.election))

    @property
    def exit_poll(self) -> dict[str, int]:
        """The exit poll's seats by label; empty without one."""
        figures = self.external_figures
        if figures is None or figures.kind != ExternalFigures.Kind.EXIT_POLL:
            return {}
        return {row["label"]: row["seats"] for row in figures.rows if row["label"] != OTHERS}

    @property
    def external_figures_rows(self) -> list[tuple[PartyName, int]]:
        """`(party name, seats)` of the external figures, in their order."""
        rows = self.external_figures.rows if self.external_figures else ()
        others = PartyName(OTHERS, _("Others"), _("Others"), _("Oth"))
        return [
            (others if row["label"] == OTHERS else self.party_names[row["label"]], row["seats"])
            for row in rows
        ]

    def quotes_from(self, contest: Contest) -> list[Quote]:
        return list(contest.quotes.current().newest_first().select_related("candidate__party"))

    def photos_from(self, contest: Contest) -> list[Photo]:
        return list(contest.photos.current().newest_first())
