"""Static files under content-hashed names, and the check that they are of this release."""

import filecmp
import posixpath
import re
from collections.abc import Callable, Iterator
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


#: Comments on lines of their own, a fifth of what a phone loads, empty lines, and what indents the
#: others: nobody is served them. No string of several lines has an empty one, or one that begins
#: with a space.
COMMENTS = (r"(?ms)^[ \t]*/\*.*?\*/[ \t]*\n", r"(?m)^[ \t]*//[^\n]*\n", r"(?m)^\s+")
#: The template that stands for a comment among those of addresses.
COMMENT = ""
#: A stylesheet among our own that takes in another: the browser asks for one file, not for a chain.
STYLES = r"""(?m)^(?P<matched>@import "(?P<url>[^":]+)";)\n"""
#: Comments of a stylesheet, its empty lines, and what indents the others.
STYLE_COMMENTS = (r"(?s)[ \t]*/\*.*?\*/\n?", r"(?m)^\s+")
#: The template that stands for the text of an imported stylesheet.
TEXT = "text"


def _patterns() -> Iterator[Any]:
    """Yield what collectstatic rewrites: Django's patterns, and imports in our own files.

    Imports in other packages' files are left alone. The search is by regular expression and finds
    them in comments as well: one such comment would make collectstatic fail.
    """
    _glob, imports = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns
    folders = sorted(folder.name for folder in settings.STATICFILES_DIRS[0].iterdir())
    for folder in folders:
        styles = ((STYLES, TEXT), *((comment, COMMENT) for comment in STYLE_COMMENTS))
        yield f"{folder}/*.css", styles
    yield from CompressedManifestStaticFilesStorage.patterns
    for folder in folders:
        yield f"{folder}/*.js", (*imports, *((comment, COMMENT) for comment in COMMENTS))


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # base is untyped
    """Static files under content-hashed names: an open page keeps the modules of its release."""

    patterns = tuple(_patterns())
    #: One for each module in the longest chain of imports, whose names depend on the next one's.
    max_post_process_passes = 12

    def url_converter(
        self, name: str, hashed_files: dict[str, str], template: str | None = None
    ) -> Callable[[re.Match[str]], str]:
        """Convert as Django does; drop comments, and replace an import by the stylesheet."""
        if template == COMMENT:
            return lambda _match: ""
        if template == TEXT:
            return lambda match: self._text(name, match["url"])
        converter: Callable[[re.Match[str]], str] = super().url_converter(
            name, hashed_files, template
        )
        return converter

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        """Compress the files with hashed names: pages name no others, which are half of all."""
        yield from super().compress_files(paths & set(self.hashed_files.values()))

    def _text(self, name: str, url: str) -> str:
        """The text of what the stylesheet `name` imports, with what that imports in its turn.

        Addresses in it are read as the importing file's: both are one folder below the root.
        """
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), url))
        with self.open(imported) as file:
            text = file.read().decode()
        return re.sub(STYLES, lambda match: self._text(imported, match["url"]), text)


@cache
def problem() -> str:
    """Return what is wrong with the collected static files, and the remedy; "" for nothing.

    Checked once, since a process reads the manifest only when it starts.
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
    """Yield name and path of each file that collectstatic would collect."""
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
    """Report missing or old static files as an error: without them every page is a 500."""
    text = problem()
    return [Error(f"Static files: {text}.", id="electiondesk.E002")] if text else []
