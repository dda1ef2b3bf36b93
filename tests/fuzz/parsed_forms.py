"""Parse a page's forms: fields, values and choices, as a browser has them."""

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from hypothesis import strategies as st

from tests.fuzz.hostile import BIG, texts

Pairs = list[tuple[str, str]]


@dataclass
class ParsedForm:
    """One form: what would be sent as it stands, and every value that a field offers.

    `action` is the address that it is sent to; empty for that of its page.
    """

    action: str = ""
    pairs: Pairs = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)


def parsed(html: str) -> Element:
    root: Element = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return root


def forms_of(html: str) -> list[ParsedForm]:
    """Return every form of a page whose method is POST."""
    return [
        _form(form)
        for form in parsed(html).iter("form")
        if (form.get("method") or "get").lower() == "post"
    ]


def _form(element: Element) -> ParsedForm:
    form = ParsedForm(element.get("action") or "")
    for control in element.iter():
        name = control.get("name")
        if not name or control.tag not in ("input", "select", "textarea", "button"):
            continue
        form.names.add(name)
        if control.tag == "select":
            for option in control.iter("option"):
                value = option.get("value", "")
                form.choices.setdefault(name, []).append(value)
                if option.get("selected") is not None:
                    form.pairs.append((name, value))
        elif control.tag == "textarea":
            form.pairs.append((name, "".join(control.itertext())))
        elif control.tag == "button" or control.get("type") in ("checkbox", "radio", "submit"):
            form.choices.setdefault(name, []).append(control.get("value", "on"))
            if control.get("checked") is not None:
                form.pairs.append((name, control.get("value", "on")))
        else:
            form.pairs.append((name, control.get("value", "")))
    return form


@st.composite
def spoilt(draw: st.DrawFn, form: ParsedForm, steps: list[str] | None = None) -> Pairs:
    """Return the form's pairs with some of them replaced, repeated or left out."""
    pairs = list(form.pairs)
    names = sorted(form.names - {"csrfmiddlewaretoken"})
    for name in draw(st.lists(st.sampled_from(names), max_size=4, unique=True)) if names else ():
        value = draw(_values(form, name))
        what = draw(st.sampled_from(["replace", "replace", "replace", "repeat", "leave out"]))
        if what != "repeat":
            pairs = [pair for pair in pairs if pair[0] != name]
        if what != "leave out":
            pairs.append((name, value))
    if steps:
        pairs = [pair for pair in pairs if pair[0] != "step"]
        pairs.append(("step", draw(st.sampled_from(steps))))
    return pairs


def _values(form: ParsedForm, name: str) -> Any:
    offered = form.choices.get(name)
    anything = texts | st.just("1") | st.just("2")
    if name.endswith(("_FORMS", "-id")):
        return anything
    large = st.sampled_from([*[""] * 30, BIG])
    return anything | large | (st.sampled_from(offered) if offered else st.just("Ann Hall"))
