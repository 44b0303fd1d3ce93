"""A Microsoft Teams Adaptive Card, drawn. A card is any JSON: what has another shape is drawn as a labelled box.

Source of the shapes: the Adaptive Cards schema explorer, versions 1.0 to 1.5, as Teams takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from markupsafe import Markup

from nac.report.page.blocks import unknown
from nac.report.page.markdown import placeholder, teams_markdown
from nac.report.page.markup import h, link, shown
from nac.report.page.shapes import items, mapping, string

DEEPEST = 12
"""How deep containers are drawn within containers."""

_SIZES = ("small", "default", "medium", "large", "extralarge")
_WEIGHTS = ("lighter", "bolder")
_COLOURS = ("dark", "light", "accent", "good", "warning", "attention")
_STYLES = ("emphasis", "accent", "good", "warning", "attention")
_SIDES = ("center", "right")


def adaptive(card: Any) -> Iterator[Markup]:
    """The body and the actions of an Adaptive Card; one wrapped as an attachment of a message is found in it."""
    root = mapping(card)
    for found in items(root.get("attachments"))[:5]:
        yield from adaptive({**mapping(mapping(found).get("content")), "attachments": None})
    if root.get("content") and not root.get("body"):
        root = mapping(root["content"])
    yield from _elements(root.get("body"), 0)
    if root.get("actions"):
        yield _actions(root.get("actions"), 0)


def _elements(found: Any, depth: int) -> Iterator[Markup]:
    if depth > DEEPEST:
        yield h("p", "nested deeper than this page draws", class_="unknown")
        return
    for each in items(found):
        one = mapping(each)
        if one.get("isVisible") is False:
            continue
        draw = _DRAWN.get(string(one.get("type")))
        drawn = draw(one, depth) if draw else unknown("element", one)
        if one.get("separator") is True:
            yield h("hr")
        spaced = _one_of(one.get("spacing"), ("none", "small", "medium", "large", "extralarge", "padding"))
        yield h("div", drawn, class_=f"ac-gap-{spaced}") if spaced else drawn


def _one_of(found: Any, known: Iterable[str]) -> str:
    word = string(found).lower()
    return word if word in known else ""


def _classes(*parts: str) -> str:
    return " ".join(part for part in parts if part and not part.endswith("-"))


def _words(one: dict[str, Any]) -> str:
    return _classes(
        f"ac-{_one_of(one.get('size'), _SIZES)}",
        f"ac-{_one_of(one.get('weight'), _WEIGHTS)}",
        f"ac-{_one_of(one.get('color'), _COLOURS)}",
        f"ac-to-{_one_of(one.get('horizontalAlignment'), _SIDES)}",
        "ac-subtle" if one.get("isSubtle") is True else "",
        "ac-heading" if _one_of(one.get("style"), ("heading",)) else "",
        "ac-mono" if _one_of(one.get("fontType"), ("monospace",)) else "",
    )


def _text(one: dict[str, Any], depth: int) -> Markup:
    wrap = "" if one.get("wrap") is True else "ac-one-line"
    return h(
        "div", teams_markdown(string(one.get("text"))), class_=_classes("ac-text md", _words(one), wrap), dir="auto"
    )


def _rich(one: dict[str, Any], depth: int) -> Markup:
    def run(found: Any) -> Markup:
        each = mapping(found)
        written: Markup = h("span", string(found) or string(each.get("text")), class_=_words(each) or None)
        for key, tag in (("italic", "i"), ("strikethrough", "s"), ("underline", "u"), ("highlight", "mark")):
            written = h(tag, written) if each.get(key) is True else written
        return written

    return h("p", map(run, items(one.get("inlines"))), class_=_classes("ac-text", _words(one)), dir="auto")


def _image(one: dict[str, Any], depth: int) -> Markup:
    size = _one_of(one.get("size"), ("small", "medium", "large"))
    person = "is-round" if _one_of(one.get("style"), ("person",)) else ""
    name = string(one.get("altText")) or "Image"
    return placeholder(name, one.get("url"), class_=_classes(f"ac-image-{size or 'auto'}", person))


def _images(one: dict[str, Any], depth: int) -> Markup:
    return h("div", (_image(mapping(each), depth) for each in items(one.get("images"))), class_="ac-images")


def _media(one: dict[str, Any], depth: int) -> Markup:
    source = mapping(next(iter(items(one.get("sources"))), None)).get("url")
    return placeholder(string(one.get("altText")) or "Media", source, "video", class_="media-wide")


def _container(one: dict[str, Any], depth: int) -> Markup:
    style = _one_of(one.get("style"), _STYLES)
    return h("div", _elements(one.get("items"), depth + 1), class_=_classes("ac-container", f"ac-on-{style}"))


def _columns(one: dict[str, Any], depth: int) -> Markup:
    def column(found: Any) -> Markup:
        each = mapping(found)
        width = string(each.get("width"))
        share = "auto" if width == "auto" or width.endswith("px") else "stretch"
        style = _one_of(each.get("style"), _STYLES)
        return h(
            "div",
            _elements(each.get("items"), depth + 1),
            class_=_classes("ac-column", f"ac-{share}", f"ac-on-{style}"),
        )

    return h("div", map(column, items(one.get("columns"))), class_="ac-columns")


def _facts(one: dict[str, Any], depth: int) -> Markup:
    facts = [mapping(each) for each in items(one.get("facts"))]
    return h(
        "dl",
        (
            (
                h("dt", string(each.get("title")), dir="auto"),
                h("dd", teams_markdown(string(each.get("value"))), dir="auto"),
            )
            for each in facts
        ),
        class_="ac-facts",
    )


def _table(one: dict[str, Any], depth: int) -> Markup:
    first = one.get("firstRowAsHeaders", one.get("firstRowAsHeader", True)) is not False

    def row(number: int, found: Any) -> Markup:
        cells = items(mapping(found).get("cells"))
        tag = "th" if first and number == 0 else "td"
        scope = "col" if tag == "th" else None
        return h("tr", (h(tag, _elements(mapping(each).get("items"), depth + 1), scope=scope) for each in cells))

    rows = items(one.get("rows"))
    return h("table", h("tbody", (row(number, each) for number, each in enumerate(rows))), class_="ac-table")


def _input(one: dict[str, Any], depth: int) -> Markup:
    kind = string(one.get("type")).partition(".")[2]
    label = string(one.get("label"))
    named = (
        h("p", label, " *" if one.get("isRequired") is True else None, class_="bk-label", dir="auto") if label else None
    )
    if kind == "Toggle":
        return h(
            "div", named, h("div", h("span", class_="bk-box"), h("span", string(one.get("title"))), class_="bk-option")
        )
    if kind == "ChoiceSet" and string(one.get("style")) == "expanded":
        shape = "bk-box" if one.get("isMultiSelect") is True else "bk-box is-round"
        options = (
            h("div", h("span", class_=shape), h("span", string(mapping(each).get("title"))), class_="bk-option")
            for each in items(one.get("choices"))
        )
        return h("div", named, h("div", options, class_="bk-options"))
    shape = "menu" if kind in ("ChoiceSet", "Date", "Time") else "text"
    words = string(one.get("value")) or string(one.get("placeholder")) or kind
    return h("div", named, h("span", h("span", words, dir="auto"), class_=f"bk-field is-{shape}"))


def _actions(found: Any, depth: int) -> Markup:
    """The buttons in a row, and below it what each of them opens in its place."""
    buttons: list[Markup] = []
    opened: list[Markup] = []
    for each in items(found):
        one = mapping(each)
        kind = string(one.get("type"))
        style = _one_of(one.get("style"), ("positive", "destructive"))
        title = string(one.get("title")) or kind or "Action"
        buttons.append(
            link(
                one.get("url"),
                title,
                class_=_classes("ac-action", f"is-{style}"),
                dir="auto",
                title=shown(f"{kind} {string(one.get('url'))}".strip()),
            )
        )
        if kind == "Action.ShowCard" and depth < DEEPEST:
            below = mapping(one.get("card"))
            opened.append(
                h(
                    "div",
                    h("p", f"Opens under “{title}”", class_="bk-note"),
                    _elements(below.get("body"), depth + 1),
                    _actions(below.get("actions"), depth + 1) if below.get("actions") else None,
                    class_="ac-shown",
                )
            )
    return h("div", buttons, opened, class_="ac-actions")


_DRAWN: dict[str, Callable[[dict[str, Any], int], Markup]] = {
    "TextBlock": _text,
    "RichTextBlock": _rich,
    "Image": _image,
    "ImageSet": _images,
    "Media": _media,
    "Container": _container,
    "ColumnSet": _columns,
    "FactSet": _facts,
    "Table": _table,
    "ActionSet": lambda one, depth: _actions(one.get("actions"), depth),
    "Input.Text": _input,
    "Input.Number": _input,
    "Input.Date": _input,
    "Input.Time": _input,
    "Input.Toggle": _input,
    "Input.ChoiceSet": _input,
}
