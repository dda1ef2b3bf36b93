"""Votes counted last time, shown beside this time's boxes, where a slip is noticed at once."""

from collections import Counter

from django.utils.translation import gettext as _

from results.arithmetic.comparison import comparable
from results.live.seat import Seat
from results.words.number_format import grouped


def votes_last_time(seat: Seat) -> dict[int, int]:
    """The votes last time by candidate id, of those that are known and compare with this time's.

    For one seat, those of the party, if it has one candidate. For several seats, the person's own,
    since parties then have, or had, several candidates.
    """
    last = seat.last_time
    if last is None:
        return {}
    found = comparable(seat.voted_for, last)
    if seat.contest.seats > 1 and not seat.has_lists:
        found = {
            candidacy.id: tuple(
                vote
                for vote in last.votes
                if vote.person is not None
                and (vote.person, vote.label) == (candidacy.person, candidacy.label)
            )
            for candidacy in seat.voted_for
        }
    known = {pk: [vote.votes for vote in votes] for pk, votes in found.items()}
    return {
        pk: sum(votes or 0 for votes in each)
        for pk, each in known.items()
        if each and None not in each
    }


def last_time_texts(seat: Seat) -> dict[int, str]:
    """“last time 34,603” by candidate id."""
    notional = seat.last_time is not None and seat.last_time.notional
    text = _("last time, notionally, %(votes)s") if notional else _("last time %(votes)s")
    texts = {pk: text % {"votes": grouped(votes)} for pk, votes in votes_last_time(seat).items()}
    # Beside a box it stands on one line.
    return {pk: each.replace(" ", "\u00a0") for pk, each in texts.items()}


def seats_last_time(seat: Seat) -> str:
    """“Won last time: Labour 2, Conservative 1.”, most first; "" for a single seat or unknown."""
    last = seat.last_time
    if last is None or seat.contest.seats == 1 or not last.holders:
        return ""
    won = Counter(holder.label for holder in last.holders)
    # A party and its number never part at a line's end.
    pairs = [f"{seat.party_names[label].name}\u00a0{seats}" for label, seats in won.most_common()]
    return _("Won last time: %(parties)s.") % {"parties": ", ".join(pairs)}
