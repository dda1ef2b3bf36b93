"""An editor who corrects results in the admin during faults, by a browser's requests."""

import contextlib
import re

from tests.faults.history import History
from tests.faults.people import POLL_SECONDS, TROUBLES, Item, Writer
from tests.phone import Addresses, Response
from tests.seeds.counts import PASSWORD

#: Seconds that an editor looks at a page that does not come before asking for it again.
TIMEOUT_SECONDS = 20.0
BOX = re.compile(r'<input type="(?:text|hidden|number)" name="([^"]+)"(?: value="([^"]*)")?')


class Editor(Writer):
    """Corrects each of `items` once its figures are published, by the form as it was opened.

    An item's `seat` is a slug; `seats` has the number that the admin knows it by, and the key
    under which its figures were sent.
    """

    action = "correct"
    done = re.compile(r"corrected: published as bulletin (\d+)\.")

    def __init__(
        self,
        name: str,
        server: Addresses,
        items: list[Item],
        history: History,
        seats: dict[str, tuple[int, str]],
    ) -> None:
        super().__init__(name, server, items, history)
        self.phone.timeout = TIMEOUT_SECONDS
        self.seats = seats
        self._forms: dict[str, dict[str, str]] = {}

    def run(self) -> None:
        for item in self.items:
            if self._is_published(self.seats[item.seat][1]):
                self._send(item)

    def _is_published(self, figures: str) -> bool:
        """Wait until it has been answered; return whether it was published."""
        while not self.over.wait(POLL_SECONDS):
            for entry in self.history.of("ok", "fail"):
                if entry["key"] == figures:
                    return bool(entry["what"] == "ok")
        return False

    def _settled(self, item: Item) -> bool:
        try:
            answer = self._corrected(item)
        except TROUBLES:
            self.history.record(self.who, "unknown", key=item.key)
            return False
        match = self.done.search(answer.text)
        if answer.status == 200 and match is not None:
            self.history.record(self.who, "ok", key=item.key, sequence=int(match[1]))
            return True
        if answer.status == 200 and answer.path == self._address(item):
            self.history.record(self.who, "fail", key=item.key, answer=_words(answer))
            return True
        if "/login/" in answer.path or answer.status in (401, 403):
            with contextlib.suppress(*TROUBLES):
                self.phone.sign_in(self.who, PASSWORD)
        return False

    def _address(self, item: Item) -> str:
        return f"/admin/results/contest/{self.seats[item.seat][0]}/{self.action}/"

    def _corrected(self, item: Item) -> Response:
        """Open the form once, and send it until it is answered, as a browser resends a form."""
        if item.key not in self._forms:
            page = self.phone.get(self._address(item))
            boxes = dict(BOX.findall(page.text))
            if page.status != 200 or "base_revision" not in boxes:
                return page
            boxes.pop("csrfmiddlewaretoken", None)
            self._forms[item.key] = {**boxes, **item.fields, "key": item.key, "step": "publish"}
        return self.phone.post(self._address(item), self._forms[item.key])


def _words(page: Response) -> str:
    errors = re.findall(r'class="errorlist[^>]*>(.*?)</ul>', page.text, re.DOTALL)
    return f"{errors or page.text[-2000:]}"
