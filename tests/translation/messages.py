"""The messages that readers' and reporters' pages may show, extracted from the source.

In Python alone: gettext is not needed to test the catalogue, or to bring it up to date.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]

#: What readers and reporters see. The rest is the desk's, which is in English: the admin
#: (results/editor, templates/editor, templates/admin), setting up, files and commands, draft
#: stories, rehearsals, webhooks and the API.
TRANSLATED = (
    *("templates/reader", "templates/reporter", "templates/shared", "templates/403_csrf.html"),
    *("results/words", "results/live", "results/reader", "results/reporter", "results/forms.py"),
    *("results/desk", "results/push", "electiondesk"),
)
#: Of models only the names of choices: labels and help of their fields are the admin's.
CHOICES = ("results/models",)
#: Within the above: what only editors and operators see.
LEFT_OUT = frozenset(
    {
        *(f"results/desk/{name}.py" for name in ("accounts", "ballot_papers", "contest_merge")),
        *(f"results/desk/{name}.py" for name in ("erased_texts", "erasures", "logos")),
        *(f"results/desk/{name}.py" for name in ("party_merge", "passwords", "visibility")),
        *(f"results/models/{name}.py" for name in ("api_token", "chain_entry", "load")),
        *(f"results/models/{name}.py" for name in ("party_alias", "push", "quote", "webhook")),
        "results/models/sign_in_throttle.py",
        "results/models/party.py",
        *(f"results/words/{name}.py" for name in ("party_labels", "party_seats", "typed_times")),
    }
)

_SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_IN_CONTEXT = {"pgettext", "pgettext_lazy"}
_PLURAL_IN_CONTEXT = {"npgettext", "npgettext_lazy"}
_CALL = re.compile(r"\b(gettext|ngettext|pgettext|npgettext|_)\(")
_LITERAL = re.compile(r"""\s*,?\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One message as gettext identifies it; `plural` is empty for one without."""

    context: str
    singular: str
    plural: str = ""


def messages() -> dict[Message, list[str]]:
    """Every message, with the paths of the files that have it, in their order.

    gettext identifies a message by context and singular: one without a plural, or with another, is
    the same message.
    """
    found: dict[Message, list[str]] = {}
    for path in sorted(_files(TRANSLATED)):
        for message in _messages_of(path):
            found.setdefault(message, []).append(str(path.relative_to(ROOT)))
    for path in sorted(_files(CHOICES)):
        for message in _choices_of(path):
            found.setdefault(message, []).append(str(path.relative_to(ROOT)))
    merged: dict[tuple[str, str], tuple[Message, list[str]]] = {}
    for message, paths in found.items():
        first, before = merged.get((message.context, message.singular), (message, []))
        if first.plural:
            message = first
        merged[message.context, message.singular] = message, list(dict.fromkeys(before + paths))
    return dict(merged.values())


def _files(parts: tuple[str, ...]) -> Iterator[Path]:
    for part in parts:
        path = ROOT / part
        for file in [path] if path.is_file() else path.rglob("*"):
            if file.suffix in (".py", ".html") and str(file.relative_to(ROOT)) not in LEFT_OUT:
                yield file


def _messages_of(path: Path) -> Iterator[Message]:
    text = path.read_text(encoding="utf-8")
    calls = _calls_in_python(ast.parse(text)) if path.suffix == ".py" else _calls_in_html(text)
    for name, arguments in calls:
        if message := _message(name, arguments):
            yield message


def _choices_of(path: Path) -> Iterator[Message]:
    """The messages of enumerations, and of lists at the level of the module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_enumeration = isinstance(node, ast.ClassDef) and any(
            "Choices" in ast.unparse(base) for base in node.bases
        )
        is_list = isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.List)
        if is_enumeration or is_list:
            for name, arguments in _calls_in_python(node):
                if message := _message(name, arguments):
                    yield message


def _calls_in_python(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            constants = [each for each in node.args if isinstance(each, ast.Constant)]
            yield name, [each.value for each in constants if isinstance(each.value, str)]


def _calls_in_html(text: str) -> Iterator[tuple[str, list[str]]]:
    code = templatize(text)
    for call in _CALL.finditer(code):
        at, arguments = call.end(), []
        while literal := _LITERAL.match(code, at):
            arguments.append(ast.literal_eval(literal[1]))
            at = literal.end()
        yield call[1], arguments


def _message(name: str, arguments: list[str]) -> Message | None:
    if name in _SINGULAR and arguments:
        return Message("", arguments[0])
    if name in _PLURAL and len(arguments) > 1:
        return Message("", arguments[0], arguments[1])
    if name in _IN_CONTEXT and len(arguments) > 1:
        return Message(arguments[0], arguments[1])
    if name in _PLURAL_IN_CONTEXT and len(arguments) > 2:
        return Message(*arguments[:3])
    return None
