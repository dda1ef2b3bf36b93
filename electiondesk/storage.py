"""Static files under content-hashed names, and the check that they are those of this release."""

import filecmp
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Error, register
from whitenoise.storage import CompressedManifestStaticFilesStorage

REMEDY = "run `manage.py collectstatic`, then restart this process"


def _patterns() -> Iterator[Any]:
    """What to rewrite: what Django rewrites, and the imports of our own modules.

    Files of other packages are not searched for imports. The search is by regular expression and
    finds them in comments as well: one such comment would make collectstatic fail.
    """
    yield from CompressedManifestStaticFilesStorage.patterns
    _glob, imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns
    for folder in sorted(settings.STATICFILES_DIRS[0].iterdir()):
        yield f"{folder.name}/*.js", imports


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Static files under content-hashed names: an open page keeps the modules of its release."""

    patterns = tuple(_patterns())


@cache
def problem() -> str:
    """What is wrong with the collected files of this process, and the remedy; "" for nothing.

    Looked up once, since a process reads the manifest when it starts and not again.
    """
    if not isinstance(staticfiles_storage, HashedStaticFiles):
        return ""
    names = staticfiles_storage.hashed_files
    if not names:
        return f"not collected: {REMEDY}"
    for name, source in _sources():
        collected = Path(settings.STATIC_ROOT, name)
        if name not in names or not collected.is_file():
            return f"{name} is not collected: {REMEDY}"
        if not filecmp.cmp(source, collected, shallow=False):
            return f"{name} was collected from another release: {REMEDY}"
    return ""


def _sources() -> Iterator[tuple[str, str]]:
    """Each file that collectstatic would collect: its name, and where it is."""
    seen = set()
    app = apps.get_app_config("staticfiles")
    ignored = app.ignore_patterns if isinstance(app, StaticFilesConfig) else []
    for finder in get_finders():
        for path, storage in finder.list(ignored):
            name = Path(getattr(storage, "prefix", None) or "", path).as_posix()
            if name not in seen:
                seen.add(name)
                yield name, storage.path(path)


@register(deploy=True)
def collected(**_options: Any) -> list[CheckMessage]:
    """Refuse missing or old static files, without which every page is an error."""
    found = problem()
    return [Error(f"Static files: {found}.", id="electiondesk.E002")] if found else []
