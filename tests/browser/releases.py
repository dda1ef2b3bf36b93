"""Two releases of a desk, served one after the other at the same address."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.acceptance.checkout import Checkout
from tests.collected import PUBLIC
from tests.needs import ROOT
from tests.servers import Server

SETTINGS = {**PUBLIC, "ALLOWED_HOSTS": "127.0.0.1", "CSRF_TRUSTED_ORIGINS": "http://127.0.0.1"}
BASE = "templates/reporter/base.html"


class ReleasedDesk(Server):
    """A desk with DEBUG off whose code and static files another release replaces."""

    settings = "tests.released_settings"
    root = ROOT

    def __init__(self, folder: Path, static_root: Path) -> None:
        super().__init__(folder, environment={**SETTINGS, "STATIC_ROOT": str(static_root)})

    def command(self) -> list[str]:
        return [sys.executable, str(self.root / "manage.py"), *super().command()[2:]]

    def popen_options(self) -> Mapping[str, Any]:
        return {"env": {**self.environment, "PYTHONPATH": str(self.root)}, "cwd": self.root}

    def deploy(self, root: Path, static_root: Path) -> None:
        """Serve another release: the static files of the one before are gone."""
        self.stop()
        self.root = root
        self.environment["STATIC_ROOT"] = str(static_root)
        self.start()

    def file_names(self) -> set[str]:
        """The hashed names of the static files that are served."""
        manifest = Path(self.environment["STATIC_ROOT"], "staticfiles.json").read_text()
        return set(json.loads(manifest)["paths"].values())


class NextRelease:
    """A copy of this release whose scripts, styles, worker and pages are all others."""

    def __init__(self, folder: Path) -> None:
        self.root = Checkout(folder / "next").folder
        for file in self._written():
            is_script = file.suffix == ".js"
            with file.open("a") as text:
                text.write('globalThis.release = "next";\n' if is_script else ".next { top: 0 }\n")
        self._page = (self.root / BASE).read_text().replace("<html", '<html data-release="next"')
        self.mend_pages()
        self.static_root = folder / "static"
        environment = {"DJANGO_SETTINGS_MODULE": ReleasedDesk.settings, "PATH": os.environ["PATH"]}
        environment |= {**SETTINGS, "STATIC_ROOT": str(self.static_root)}
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=self.root, env=environment, check=True)

    def _written(self) -> Iterator[Path]:
        for file in sorted((self.root / "static").glob("*/*")):
            if file.suffix in {".js", ".css"}:
                yield file

    def without_scripts(self, folder: Path) -> Path:
        """A copy of its static files that lacks the scripts of the phone."""
        shutil.copytree(self.static_root, folder)
        for script in (folder / "reporter").glob("*.js*"):
            script.unlink()
        return folder

    def break_pages(self) -> None:
        """Answer with an error wherever a page of the counts is asked for, once it is started."""
        (self.root / BASE).write_text("{% no_such_tag %}")

    def mend_pages(self) -> None:
        (self.root / BASE).write_text(self._page)
