"""Back up, and report every file that another user could have read meanwhile.

`python -m tests.acceptance.watched_backup FILE FOLDER…`: prints what it saw as JSON, in a line.
"""

import json
import os
import stat
import sys
from pathlib import Path

import django
from django.core.management import call_command


class Watch:
    """Looks at some folders whenever Python is about to open, connect to or run anything."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self.before = set(self._files())
        self.readable: dict[str, str] = {}
        self.seen: set[str] = set()
        self._looking = False

    def _files(self) -> list[Path]:
        return [path for folder in self.folders for path in folder.rglob("*")]

    def look(self, event: str, _arguments: tuple[object, ...]) -> None:
        if self._looking or event.startswith(("os.listdir", "os.scandir", "object.")):
            return
        self._looking = True
        try:
            for path in set(self._files()) - self.before:
                self._note(path)
        finally:
            self._looking = False

    def _note(self, path: Path) -> None:
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            return
        self.seen.add(path.name)
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            self.readable[str(path)] = stat.filemode(mode)


def main(file: str, *folders: str) -> None:
    os.umask(0o022)
    django.setup()
    watch = Watch([Path(folder) for folder in folders])
    sys.addaudithook(watch.look)
    call_command("backup", file)
    watch.look("at the end", ())
    print(json.dumps({"seen": sorted(watch.seen), "readable": watch.readable}))


if __name__ == "__main__":
    main(*sys.argv[1:])
