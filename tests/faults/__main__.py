"""`python -m tests.faults FOLDER`: check the history and log of a night again."""

import json
import sys
from pathlib import Path

from tests.faults.checker import log_of, violations
from tests.faults.history import read


def main(folder: Path) -> int:
    data = json.loads((folder / "log.json").read_text())
    problems = violations(read(folder / "history.jsonl"), log_of(data))
    print("\n".join(problems) or "nothing wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
