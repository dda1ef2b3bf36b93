"""Reporters' phones on a bad line, and editors who correct, withdraw and approve."""

import html
import re
import threading
from typing import Any

from tests.faults.editor import Editor
from tests.faults.history import History
from tests.faults.people import TROUBLES, Item, Writer
from tests.faults.proxy import FROM_SERVER, Proxy
from tests.phone import Phone, Response
from tests.seeds.counts import PASSWORD
from tests.seeds.whole_night import Seat
from tests.tls import Site
from tests.whole_night.clock import Clock

#: Seconds that a fault of the line lasts, and that the line is well after it.
FAULT_SECONDS, WELL_SECONDS = 4.0, 5.0
#: As in static/reporter/outbox.js.
PHONE_SECONDS = 20.0
#: Seconds between two looks at the review queue.
LOOK_SECONDS = 2.0


class BadLine(threading.Thread):
    """Cuts, freezes, slows and halves the connections of phones by turns, until it is over."""

    def __init__(self, line: Proxy, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.line, self.over = line, over

    def run(self) -> None:
        while True:
            for fault in (self._cut, self._freeze, self._slow, self._lose, self._refuse):
                if self.over.wait(WELL_SECONDS):
                    return
                fault()

    def _cut(self) -> None:
        self.line.cut()

    def _freeze(self) -> None:
        self.line.freeze()
        self.over.wait(FAULT_SECONDS)
        self.line.thaw()

    def _slow(self) -> None:
        self.line.slow(0.5)
        self.over.wait(FAULT_SECONDS)
        self.line.slow(0)

    def _lose(self) -> None:
        """What is sent arrives, and no answer comes."""
        self.line.lose(FROM_SERVER)

    def _refuse(self) -> None:
        self.line.refuse()
        self.over.wait(FAULT_SECONDS)
        self.line.allow()


class PacedWriter(Writer):
    """A reporter's phone that sends its items over the whole night."""

    def __init__(
        self, name: str, site: Site, items: list[Item], history: History, clock: Clock
    ) -> None:
        super().__init__(name, site, items, history, PHONE_SECONDS)
        self.phone = Phone(site, opener=site.opener)
        self.clock = clock

    def run(self) -> None:
        step = self.clock.length / (len(self.items) + 1)
        for number, item in enumerate(self.items, start=1):
            self.clock.wait_until(number * step, self.over)
            self._send(item)


class Corrector(Editor):
    """Corrects what was published, by the dashboard's form."""

    def __init__(self, name: str, site: Site, *more: Any) -> None:
        super().__init__(name, site, *more)
        self.phone = Phone(site, opener=site.opener)
        self.phone.timeout = 20.0


class Withdrawer(Corrector):
    """Withdraws what was published."""

    action = "withdraw"
    done = re.compile(r"withdrawn: published as bulletin (\d+)\.")

    def _corrected(self, item: Item) -> Response:
        """Tick what the preview asks for, where readers will see another winner."""
        page = super()._corrected(item)
        asked = re.search(r'name="confirm" value="([^"]*)"', page.text)
        if asked is None or item.key not in self._forms:
            return page
        self._forms[item.key]["confirm"] = html.unescape(asked[1])
        return super()._corrected(item)


class Approver(threading.Thread):
    """Publishes what waits in the review queue, one item after the other."""

    def __init__(self, name: str, site: Site, history: History) -> None:
        super().__init__(daemon=True)
        self.who, self.history = name, history
        self.phone = Phone(site, opener=site.opener)
        self.phone.timeout = 20.0
        self.over = threading.Event()

    def run(self) -> None:
        approved: set[int] = set()
        while not self.over.wait(LOOK_SECONDS):
            for entry in self.history.of("waits"):
                if entry["item"] not in approved and self._approve(entry["item"]):
                    approved.add(entry["item"])

    def _approve(self, item: int) -> bool:
        """Press the button; return whether the item is published, now or before."""
        address = f"/admin/results/reviewitem/{item}/change/"
        try:
            page = self.phone.get(address)
            if "/login/" in page.path:
                self.phone.sign_in(self.who, PASSWORD)
                return False
            if page.status == 200 and 'name="approve"' not in page.text:
                # The answer of the time before was lost.
                self.history.record(self.who, "approved", item=item, sequence=None)
                return True
            answer = self.phone.post(address, {"approve": "1"})
        except TROUBLES:
            return False
        match = re.search(r"published as bulletin (\d+)\.", answer.text)
        if match is not None:
            self.history.record(self.who, "approved", item=item, sequence=int(match[1]))
        return match is not None


# --- What they send ------------------------------------------------------------------------------


def items_of(seat: Seat, name: str, *, winner_first: bool) -> list[Item]:
    """The winner and then the figures of a seat, or its figures alone."""
    boxes = {f"votes-{pk}": str(total) for pk, total in seat["votes"]}
    votes = [total for _pk, total in seat["votes"]]
    further = {key: str(seat[key]) for key in ("rejected", "electorate") if seat[key]}
    figures = {"step": "publish", "warning_reason": "As read out.", **boxes, **further}
    figures["base_revision"] = "1" if winner_first else "0"
    sent = [Item(seat["slug"], votes, figures, f"{name}-{seat['slug']}-figures")]
    if winner_first:
        first = max(seat["votes"], key=lambda one: one[1])[0]
        fields = {"step": "winner", "winners": str(first), "base_revision": "0"}
        unknown = [None] * len(votes)
        sent.insert(0, Item(seat["slug"], unknown, fields, f"{name}-{seat['slug']}-winner"))
    return sent


def correction_of(seat: Seat, name: str) -> Item:
    """One vote more for the first of the ballot paper."""
    (first, total), *others = seat["votes"]
    votes = [total + 1, *(total for _pk, total in others)]
    fields = {
        f"votes-{first}": str(total + 1),
        **{f"votes-{pk}": str(total) for pk, total in others},
        "reason": "A digit was misheard.",
        "blame": "ours",
        "warning_reason": "Read again.",
    }
    return Item(seat["slug"], votes, fields, f"{name}-{seat['slug']}-correction")


def withdrawal_of(seat: Seat, name: str) -> Item:
    fields = {"reason": "It was another count’s.", "blame": "ours"}
    votes = [None for _each in seat["votes"]]
    return Item(seat["slug"], votes, fields, f"{name}-{seat['slug']}-withdrawal")
