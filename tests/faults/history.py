"""History of requests and responses during faults, stored as JSON lines."""

import json
import threading
import time
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class History:
    """Entries of all people of a night, in order; every one has `who` and `what`."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._lock = threading.Lock()

    def record(self, who: str, what: str, **more: Any) -> None:
        with self._lock:
            self.entries.append({"at": time.monotonic(), "who": who, "what": what, **more})

    def of(self, *what: str) -> list[Entry]:
        with self._lock:
            return [entry for entry in self.entries if entry["what"] in what]

    def save(self, path: Path) -> None:
        with path.open("w") as file:
            file.writelines(json.dumps(entry) + "\n" for entry in self.entries)


def read(path: Path) -> list[Entry]:
    return [json.loads(line) for line in path.read_text().splitlines()]
