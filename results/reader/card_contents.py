"""Build the cards of a night, a seat, a council, a party and a region."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from results.live.area_snapshot import AreaSnapshot
from results.live.bodies import BodySnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.colours import LIGHT_PAGE, NON_PARTY_COLOURS, shades
from results.live.councils import summary_of_body
from results.live.lists import ListRow
from results.live.night_cache import CachedContest
from results.live.party_table import PartyRow
from results.live.seat import Seat
from results.live.seat_row import SeatRow
from results.models import Election, Party
from results.reader.card import (
    WIDTH,
    Card,
    CardBar,
    CardEnd,
    CardRow,
    CardSpan,
    CardTick,
    Colour,
)
from results.reader.seat_bar import BarEnd, SeatBar, bar_of, bar_of_council, net_of
from results.reader.wall_words import end_name
from results.words.kinds import words_of
from results.words.nouns import Noun
from results.words.number_format import grouped, percent, signed
from results.words.party_names import PartyName
from results.words.times import clock

OTHER_COLOUR = "#6a645a"
#: Part of the bar's length that the words at a tick need.
TICK_WIDTH = 0.2
#: Parties that a region's headline names.
NAMED = 3


class Palette:
    """The colours of labels on paper, as the stored parties have them."""

    def __init__(self, snapshot: CachedSnapshot) -> None:
        rows = Party.objects.filter(tallied_with__isnull=True)
        self._colours: dict[str, str] = snapshot.cached.read_once(
            "party colours", lambda: dict(rows.values_list("slug", "colour")) | NON_PARTY_COLOURS
        )

    def __getitem__(self, label: str) -> Colour:
        shade = shades(self._colours.get(label, OTHER_COLOUR), LIGHT_PAGE)
        return Colour(shade.fill, shade.edge, shade.ink)


def night_card(snapshot: CachedSnapshot) -> Card:
    """The headline over the bar, the parties of several councils, or the newest separate result."""
    card = _card(snapshot, snapshot.headline_now, _declared(snapshot), snapshot.cached_contests)
    if snapshot.has_separate_results:
        return replace(card, rows=_rows_of_separate(snapshot))
    councils = snapshot.shown_councils
    if len(councils) > 1:
        return replace(card, rows=_party_rows(snapshot, snapshot.party_rows))
    bar = bar_of_council(councils[0], TICK_WIDTH) if councils else bar_of(snapshot, TICK_WIDTH)
    return _with_bar(card, snapshot, bar, snapshot.party_rows)


def council_card(
    snapshot: CachedSnapshot, council: BodySnapshot, wards: Sequence[CachedContest]
) -> Card:
    listed = words_of(council.body).listed.number(council.facts.contests)
    counts = {"declared": council.tally.contests, "all": listed, "postponed": _postponed(wards)}
    status = _("%(declared)d of %(all)s declared") % counts
    if counts["postponed"]:
        status = _("%(declared)d of %(all)s declared, %(postponed)d postponed") % counts
    card = _card(snapshot, summary_of_body(council).headline, status, wards)
    return _with_bar(card, snapshot, bar_of_council(council, TICK_WIDTH), ())


def area_card(snapshot: CachedSnapshot, area: AreaSnapshot) -> Card:
    """A region or a group: its parties with most seats."""
    rows = [row for row in area.party_rows if row.party_tally.seats][:NAMED]
    named = ", ".join(f"{row.party_name.name} {row.party_tally.seats}" for row in rows)
    params = {"area": area.area.local_name, "parties": named}
    title = _("%(area)s: %(parties)s") % params if named else area.area.local_name
    card = _card(snapshot, title, _declared(area), area.cached_contests)
    if area.has_separate_results:
        return card
    return _with_bar(card, area, bar_of(area, TICK_WIDTH), area.party_rows)


def party_card(snapshot: CachedSnapshot, party_name: PartyName) -> Card:
    """One party's seats and their change, of all that have declared."""
    rows = {row.party_name.label: row for row in snapshot.party_rows}
    row = rows.get(party_name.label)
    title = _party_title(party_name, row, snapshot.words.prize, net_of(snapshot, row) if row else 0)
    card = _card(snapshot, title, _declared(snapshot), snapshot.cached_contests)
    if snapshot.has_separate_results or len(snapshot.shown_councils) > 1:
        return card
    bar = bar_of(snapshot, TICK_WIDTH)
    if (
        bar.left
        and bar.right
        and party_name.label
        in (
            bar.left.party_name.label,
            bar.right.party_name.label,
        )
    ):
        return _with_bar(card, snapshot, bar, ())
    note = _note(Palette(snapshot), row, net_of(snapshot, row)) if row else None
    return replace(_with_bar(card, snapshot, bar, ()), note=note)


def _party_title(party_name: PartyName, row: PartyRow | None, prize: Noun, net: int | None) -> str:
    """“Conservatives: 152 seats, up 30”."""
    won, net = row.party_tally.seats if row else 0, net or 0
    params = {"party": party_name.collective, "won": prize.number(won), "net": abs(net)}
    if net > 0:
        return _("%(party)s: %(won)s, up %(net)d") % params
    if net < 0:
        return _("%(party)s: %(won)s, down %(net)d") % params
    return _("%(party)s: %(won)s") % params


def seat_card(snapshot: CachedSnapshot, seat: Seat) -> Card:
    """A contest's first candidates, or those elected unopposed."""
    cached = snapshot.cached.contests.get(seat.contest.pk)
    card = _card(snapshot, seat.title, "", [cached] if cached else [])
    status = seat.standing.status_name
    kicker = ", ".join(filter(None, [card.kicker, _region_of(seat)]))
    return replace(card, status=status, rows=_rows_of(snapshot, seat), kicker=kicker)


def _region_of(seat: Seat) -> str:
    return seat.contest.region.local_name if seat.contest.region else ""


def _card(
    snapshot: CachedSnapshot, title: str, status: str, contests: Iterable[CachedContest]
) -> Card:
    style, election = snapshot.house_style, snapshot.election
    rehearsal = _("Rehearsal: every figure is invented") if election.rehearsal else ""
    return Card(
        publisher=style.publisher,
        band=style.ground,
        kicker=_kicker(election),
        title=title,
        status=status,
        when=_when(snapshot, contests),
        rehearsal=rehearsal,
    )


def _kicker(election: Election) -> str:
    """The election's name and its day, which many names have already."""
    if str(election.date.year) in election.local_name:
        return election.local_name
    params = {"name": election.local_name, "day": date_format(election.date, "j F Y")}
    return _("%(name)s, %(day)s") % params


def _declared(snapshot: CachedSnapshot) -> str:
    tally = snapshot.tally
    if snapshot.has_separate_results:
        postponed = _postponed(snapshot.cached_contests)
        counts = {"declared": tally.contests, "all": snapshot.covered["contests"]}
    else:
        postponed = tally.postponed
        counts = {"declared": tally.declared, "all": snapshot.seats}
    if postponed:
        counts["postponed"] = postponed
        return _("%(declared)d of %(all)d declared, %(postponed)d postponed") % counts
    return _("%(declared)d of %(all)d declared") % counts


def _postponed(contests: Iterable[CachedContest]) -> int:
    return sum(cached.postponed_in > 0 for cached in contests)


def _when(snapshot: CachedSnapshot, contests: Iterable[CachedContest]) -> str:
    """“at 03:24 on 13 December 2019”, the last declaration, or the polling day without one."""
    times = [cached.declared_at for cached in contests if cached.declared_at]
    if not times:
        day = date_format(snapshot.election.date, "j F Y")
        return _("· polling day %(day)s") % {"day": day}
    local = max(times).astimezone(snapshot.election.zone)
    params = {"time": clock(local, snapshot.election.zone), "day": date_format(local, "j F Y")}
    return _("at %(time)s on %(day)s") % params


def _with_bar(card: Card, snapshot: CachedSnapshot, bar: SeatBar, rows: Sequence[PartyRow]) -> Card:
    """Return the card with a bar; the first party that is not at an end of it becomes the note."""
    palette = Palette(snapshot)
    ends = {end.party_name.label for end in (bar.left, bar.right) if end}
    third = next(
        (row for row in rows if row.party_name.label not in ends and row.party_tally.seats), None
    )
    note = _note(palette, third, net_of(snapshot, third)) if third else None
    return replace(card, bar=_bar(snapshot, bar, palette), note=note)


def _note(palette: Palette, row: PartyRow, net: int | None) -> tuple[str, Colour]:
    change = f" ({signed(net)})" if net else ""
    seats = row.party_tally.seats
    return f"{end_name(row.party_name)} {seats}{change}", palette[row.party_name.label]


def _line_words(snapshot: CachedSnapshot, threshold: int) -> str:
    """“326 to win”, of a council “26 for control”."""
    has_control = snapshot.election.rules.has_control
    words = _("%(seats)s for control") if has_control else _("%(seats)s to win")
    return words % {"seats": threshold}


def _bar(snapshot: CachedSnapshot, bar: SeatBar, palette: Palette) -> CardBar:
    drawn = bar.drawn(WIDTH)

    def end(one: BarEnd | None) -> CardEnd | None:
        # Before the first result two noughts would be the largest figures of the card.
        if one is None or not bar.stretches:
            return None
        return CardEnd(str(one.seats), one.party_name.name, palette[one.party_name.label])

    return CardBar(
        left=end(bar.left),
        right=end(bar.right),
        spans=tuple(
            CardSpan(span.x, span.width, palette[span.label], span.not_up) for span in drawn.spans
        ),
        line=drawn.line,
        line_words=_line_words(snapshot, bar.threshold) if bar.threshold else "",
        ticks=tuple(
            CardTick(
                x,
                tick.party_name.abbreviation,
                _("%(seats)d last time") % {"seats": tick.held},
                tick.side,
                palette[tick.party_name.label],
            )
            for x, tick in drawn.ticks
        ),
    )


def _party_rows(snapshot: CachedSnapshot, rows: Sequence[PartyRow]) -> tuple[CardRow, ...]:
    palette = Palette(snapshot)
    some = [row for row in rows if row.party_tally.seats]
    longest = max((row.party_tally.seats for row in some), default=1)
    return tuple(
        CardRow(
            row.party_name.name,
            str(row.party_tally.seats),
            row.party_tally.seats / longest,
            palette[row.party_name.label],
        )
        for row in some
    )


def _rows_of_separate(snapshot: CachedSnapshot) -> tuple[CardRow, ...]:
    """The candidates of the only contest, or the winner of each that has a result."""
    seats = snapshot.separate_results
    if len(seats) == 1:
        return _rows_of(snapshot, seats[0])
    newest_first = sorted(seats, key=lambda seat: -(seat.standing.first_sequence or 0))
    winners = [(seat, row) for seat in newest_first for row in seat.winners[:1]]
    palette = Palette(snapshot)
    longest = max((row.candidate_result.votes or 0 for _seat, row in winners), default=0) or 1
    return tuple(
        CardRow(
            f"{seat.contest.full_name}: {_name(row)}",
            _votes_and_share(row),
            (row.candidate_result.votes or 0) / longest,
            palette[row.party_name.label],
        )
        for seat, row in winners
    )


def _rows_of(snapshot: CachedSnapshot, seat: Seat) -> tuple[CardRow, ...]:
    palette = Palette(snapshot)
    if seat.outcome is not None and seat.outcome.unopposed:
        return tuple(
            CardRow(row.candidate.name, row.party_name.name, 1, palette[row.party_name.label])
            for row in seat.rows
        )
    all_rows: Sequence[SeatRow | ListRow] = seat.lists.rows if seat.has_lists else seat.rows
    rows = [row for row in all_rows if row.candidate_result.votes is not None]
    longest = max((row.candidate_result.votes or 0 for row in rows), default=0) or 1
    return tuple(
        CardRow(
            _name(row),
            _first_preferences(row) if seat.as_declared else _votes_and_share(row),
            (row.candidate_result.votes or 0) / longest,
            palette[row.party_name.label],
        )
        for row in rows
    )


def _name(row: SeatRow | ListRow) -> str:
    """“Ann Ash, Lab”; a list's name only; an answer in a referendum without a party."""
    if isinstance(row, ListRow) and row.row.candidate.list_position is not None:
        return row.name
    return ", ".join(filter(None, [row.name, row.party_name.abbreviation]))


def _votes_and_share(row: SeatRow | ListRow) -> str:
    """“34,603, 64.3%”; the votes only if the share is not known; empty if neither is."""
    votes = row.candidate_result.votes
    return "" if votes is None else _with_share(grouped(votes), row)


def _first_preferences(row: SeatRow | ListRow) -> str:
    """“1,200 first preferences, 48.0%”, named as such: they are not the votes that win a seat."""
    votes = row.candidate_result.votes or 0
    named = ngettext("%(votes)s first preference", "%(votes)s first preferences", votes)
    return _with_share(named % {"votes": grouped(votes)}, row)


def _with_share(votes: str, row: SeatRow | ListRow) -> str:
    share = row.candidate_result.share
    return votes if share is None else f"{votes}, {percent(share)}%"
