"""Nouns of elections in the forms that sentences need: areas, bodies and who is elected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

Text = str | Promise


def listing(names: Sequence[str]) -> str:
    """Return “Ann Hall, Bob Rice and Cat Moss”; empty for none."""
    *others, last = names or [""]
    if not others:
        return last
    return gettext("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A noun in the forms that sentences need. `a` has its article, `counted` takes `n`."""

    one: Text
    a: Text
    many: Text
    counted: Any

    def number(self, n: int) -> str:
        """Return “1 ward”, “24 wards”."""
        return str(self.counted % {"n": n})

    def of(self, n: int) -> Text:
        """The singular for one, else the plural, without the number."""
        return self.one if n == 1 else self.many


SEAT = Noun(
    one=_("seat"),
    a=_("a seat"),
    many=_("seats"),
    counted=ngettext_lazy("%(n)d seat", "%(n)d seats", "n"),
)
CONSTITUENCY = Noun(
    one=_("constituency"),
    a=_("a constituency"),
    many=_("constituencies"),
    counted=ngettext_lazy("%(n)d constituency", "%(n)d constituencies", "n"),
)
CONSTITUENCY_OR_REGION = Noun(
    one=_("constituency or region"),
    a=_("a constituency or region"),
    many=_("constituencies and regions"),
    counted=ngettext_lazy("%(n)d constituency", "%(n)d constituencies and regions", "n"),
)
WARD = Noun(
    one=_("ward"),
    a=_("a ward"),
    many=_("wards"),
    counted=ngettext_lazy("%(n)d ward", "%(n)d wards", "n"),
)
DIVISION = Noun(
    one=_("division"),
    a=_("a division"),
    many=_("divisions"),
    counted=ngettext_lazy("%(n)d division", "%(n)d divisions", "n"),
)
ELECTORAL_AREA = Noun(
    one=_("electoral area"),
    a=_("an electoral area"),
    many=_("electoral areas"),
    counted=ngettext_lazy("%(n)d electoral area", "%(n)d electoral areas", "n"),
)
WARD_OR_DIVISION = Noun(
    one=_("ward or division"),
    a=_("a ward or division"),
    many=_("wards and divisions"),
    counted=ngettext_lazy("%(n)d ward", "%(n)d wards and divisions", "n"),
)
AREA = Noun(
    one=_("area"),
    a=_("an area"),
    many=_("areas"),
    counted=ngettext_lazy("%(n)d area", "%(n)d areas", "n"),
)
BY_ELECTION = Noun(
    one=_("by-election"),
    a=_("a by-election"),
    many=_("by-elections"),
    counted=ngettext_lazy("%(n)d by-election", "%(n)d by-elections", "n"),
)

COUNCIL = Noun(
    one=_("council"),
    a=_("a council"),
    many=_("councils"),
    counted=ngettext_lazy("%(n)d council", "%(n)d councils", "n"),
)
HOUSE = Noun(
    one=_("House"),
    a=_("a House"),
    many=_("Houses"),
    counted=ngettext_lazy("%(n)d House", "%(n)d Houses", "n"),
)
PARLIAMENT = Noun(
    one=_("parliament"),
    a=_("a parliament"),
    many=_("parliaments"),
    counted=ngettext_lazy("%(n)d parliament", "%(n)d parliaments", "n"),
)
SENEDD = Noun(
    one=_("Senedd"),
    a=_("a Senedd"),
    many=_("Senedds"),
    counted=ngettext_lazy("%(n)d Senedd", "%(n)d Senedds", "n"),
)
ASSEMBLY = Noun(
    one=_("assembly"),
    a=_("an assembly"),
    many=_("assemblies"),
    counted=ngettext_lazy("%(n)d assembly", "%(n)d assemblies", "n"),
)
OFFICE = Noun(
    one=_("office"),
    a=_("an office"),
    many=_("offices"),
    counted=ngettext_lazy("%(n)d office", "%(n)d offices", "n"),
)
CANDIDATE = Noun(
    one=_("candidate"),
    a=_("a candidate"),
    many=_("candidates"),
    counted=ngettext_lazy("%(n)d candidate", "%(n)d candidates", "n"),
)
ANSWER = Noun(
    one=_("answer"),
    a=_("an answer"),
    many=_("answers"),
    counted=ngettext_lazy("%(n)d answer", "%(n)d answers", "n"),
)
QUESTION = Noun(
    one=_("question"),
    a=_("a question"),
    many=_("questions"),
    counted=ngettext_lazy("%(n)d question", "%(n)d questions", "n"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Nouns for those elected: in running text, in a declaration, and for sitting members."""

    one: Text
    many: Text
    title: Text
    titles: Text
    sitting: Text
    all_sitting: Text

    def of(self, n: int) -> Text:
        return self.one if n == 1 else self.many

    def sitting_of(self, n: int) -> Text:
        return self.sitting if n == 1 else self.all_sitting


def _members(one: Text, many: Text, title: Text, titles: Text) -> People:
    return People(
        one=one,
        many=many,
        title=title,
        titles=titles,
        sitting=_("sitting member"),
        all_sitting=_("sitting members"),
    )


COUNCILLORS = People(
    one=_("councillor"),
    many=_("councillors"),
    title=_("councillor"),
    titles=_("councillors"),
    sitting=_("sitting councillor"),
    all_sitting=_("sitting councillors"),
)
MPS = _members(_("MP"), _("MPs"), _("Member of Parliament"), _("Members of Parliament"))
MSS = _members(_("MS"), _("MSs"), _("Member of the Senedd"), _("Members of the Senedd"))
MSPS = _members(
    _("MSP"),
    _("MSPs"),
    _("Member of the Scottish Parliament"),
    _("Members of the Scottish Parliament"),
)
AMS = _members(
    _("AM"), _("AMs"), _("Member of the London Assembly"), _("Members of the London Assembly")
)
MLAS = _members(
    _("MLA"),
    _("MLAs"),
    _("Member of the Legislative Assembly"),
    _("Members of the Legislative Assembly"),
)
MAYORS = People(
    one=_("mayor"),
    many=_("mayors"),
    title=_("mayor"),
    titles=_("mayors"),
    sitting=_("sitting mayor"),
    all_sitting=_("sitting mayors"),
)
COMMISSIONERS = People(
    one=_("commissioner"),
    many=_("commissioners"),
    title=_("police and crime commissioner"),
    titles=_("police and crime commissioners"),
    sitting=_("sitting commissioner"),
    all_sitting=_("sitting commissioners"),
)
#: Nobody is elected by a referendum: an answer is approved.
ANSWERS = People(
    one=_("answer"),
    many=_("answers"),
    title=_("answer"),
    titles=_("answers"),
    sitting="",
    all_sitting="",
)
