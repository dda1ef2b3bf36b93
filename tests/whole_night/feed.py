"""An agency that sends results to the publishing API, at the pace of the night."""

import json
import threading
from typing import Any

from tests.faults.history import History
from tests.faults.people import TROUBLES
from tests.seeds.whole_night import Seat
from tests.tls import Site
from tests.whole_night.clock import Clock

RETRY_SECONDS = 0.5
TIMEOUT_SECONDS = 30.0
#: Of so many results one is followed by a quote, which waits for an editor.
QUOTE_EVERY = 12
#: Of the seats that the file has a time for, the last ones are declared the next day.
LATE_SHARE = 0.02
NAME = "agency"


def paced(seats: list[Seat], seconds: float) -> list[tuple[float, Seat]]:
    """When each seat is sent, in seconds: as on the night, or evenly where no times are known."""
    times = sorted(seat["seconds"] for seat in seats if seat["seconds"] is not None)
    if len(times) < len(seats):
        step = seconds / max(len(seats), 1)
        return [(number * step, seat) for number, seat in enumerate(seats)]
    end = times[int((len(times) - 1) * (1 - LATE_SHARE))] or 1
    due = [(min((seat["seconds"] or 0) / end, 1) * seconds, seat) for seat in seats]
    return sorted(due, key=lambda one: one[0])


class Feed(threading.Thread):
    """Sends each result until it is answered, under the same idempotency key."""

    def __init__(
        self,
        site: Site,
        secret: str,
        due: list[tuple[float, Seat]],
        history: History,
        clock: Clock,
    ) -> None:
        super().__init__(daemon=True)
        self.site, self.secret, self.due, self.history = site, secret, due, history
        self.clock, self.over = clock, threading.Event()

    def run(self) -> None:
        for number, (seconds, seat) in enumerate(self.due):
            self.clock.wait_until(seconds, self.over)
            if self.over.is_set():
                return
            self._send_result(seat)
            if number % QUOTE_EVERY == 0:
                self._send_quote(seat)

    def _send_result(self, seat: Seat) -> None:
        key = f"{NAME}-{seat['slug']}"
        votes = [total for _candidate, total in seat["votes"]]
        self.history.record(NAME, "invoke", key=key, seat=seat["slug"], votes=votes)
        body: dict[str, Any] = {
            "votes": [{"candidate": pk, "votes": total} for pk, total in seat["votes"]],
            "rejected": seat["rejected"],
            "electorate": seat["electorate"],
        }
        status, answer = self._send(f"{seat['slug']}/result", key, body)
        if answer.get("code") == "reason_needed":
            body["warning_reason"] = "As published."
            status, answer = self._send(f"{seat['slug']}/result", key, body)
        if status == 200 and answer["state"] == "published":
            self.history.record(NAME, "ok", key=key, sequence=answer["sequence"])
        elif status:
            self.history.record(NAME, "fail", key=key, answer=answer)

    def _send_quote(self, seat: Seat) -> None:
        body = {"words": f"A long night in {seat['slug']}.", "speaker": "The mayor"}
        key = f"{NAME}-{seat['slug']}-quote"
        status, answer = self._send(f"{seat['slug']}/quotes", key, body)
        if status:
            what = "waits" if status == 202 else "fail"
            self.history.record(NAME, what, key=key, answer=answer, item=answer.get("review_item"))

    def _send(self, path: str, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send until an answer of the desk's own comes; status 0 if the night ends before."""
        while not self.over.is_set():
            try:
                status, answer = self._post(path, key, body)
                if status in (200, 202, 409, 422) and isinstance(answer, dict):
                    return status, answer
                self.history.record(NAME, "refused", key=key, status=status)
            except TROUBLES:
                self.history.record(NAME, "unknown", key=key)
            self.over.wait(RETRY_SECONDS)
        return 0, {}

    def _post(self, path: str, key: str, body: dict[str, Any]) -> tuple[int, Any]:
        connection = self.site.connection(TIMEOUT_SECONDS)
        try:
            connection.request(
                "POST",
                f"/api/v1/desk/elections/ge/contests/{path}",
                json.dumps(body).encode(),
                {
                    "Authorization": f"Bearer {self.secret}",
                    "Idempotency-Key": key,
                    "Content-Type": "application/json",
                },
            )
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()
