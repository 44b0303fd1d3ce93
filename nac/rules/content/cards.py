"""Adaptive Cards, as their published schema (version 1.6) and Microsoft's page on cards in Teams describe them."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from nac.diagnostics import describe, did_you_mean
from nac.messages import MsTeams
from nac.rules.content.json_body import Placed, Problem, is_known, placed
from nac.rules.content.shown import Shown
from nac.rules.view import View
from nac.templates.template import Path

MAX_VERSION = (1, 5)
"""The newest that Teams shows (Microsoft, "Cards reference"); a card of a later one shows nothing on older clients."""
MAX_DEPTH = 32

# What an element needs, by its type; a list of elements that it holds, by its key.
_ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "TextBlock": ("text",), "Image": ("url",), "Media": ("sources",), "RichTextBlock": ("inlines",),
    "Container": ("items",), "ColumnSet": (), "FactSet": ("facts",), "ImageSet": ("images",),
    "ActionSet": ("actions",), "Table": (), "Input.Text": ("id",), "Input.Number": ("id",), "Input.Date": ("id",),
    "Input.Time": ("id",), "Input.Toggle": ("id", "title"), "Input.ChoiceSet": ("id",), "Badge": (), "Carousel": (),
    "CodeBlock": (), "CompoundButton": (), "Icon": (), "Rating": (), "Input.Rating": (), "ProgressBar": (),
    "ProgressRing": (), "Component": (), "Chart.Donut": (), "Chart.Pie": (), "Chart.Gauge": (), "Chart.Line": (),
    "Chart.VerticalBar": (), "Chart.HorizontalBar": (), "Chart.HorizontalBar.Stacked": (),
    "Chart.VerticalBar.Grouped": (),
}  # fmt: skip
_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "Action.OpenUrl": ("url",), "Action.Submit": (), "Action.Execute": (), "Action.ShowCard": ("card",),
    "Action.ToggleVisibility": ("targetElements",), "Action.ResetInputs": (), "Action.Popover": (),
    "Action.OpenUrlDialog": (), "Action.InsertImage": (),
}  # fmt: skip
_SCHEMA = re.compile(r"https?://adaptivecards\.(?:io|microsoft\.com)/schemas/.*")
_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})")


def problems(view: View) -> list[Placed]:
    """What is wrong with the card of every Teams message."""
    return view.once(_placed)


def _placed(view: View) -> list[Placed]:
    return placed(view, "body_card", card, _rendered)


def _rendered(shown: Shown) -> Any:
    return (shown.message.card or None) if isinstance(shown.message, MsTeams) else None


def card(value: Any, at: Path = (), depth: int = 0) -> Iterator[Problem]:
    """What is wrong with a card, which may be any JSON; `at`: where it lies in another one."""
    if not isinstance(value, Mapping):
        if is_known(value) and at:
            yield Problem(at, f"a card is a mapping, not {describe(value)}")
        return  # told when it is rendered
    kind = value.get("type")
    if kind != "AdaptiveCard" and is_known(kind):
        message = "a card's `type` is `AdaptiveCard`" + ("" if "type" in value else ", and this has none")
        yield Problem((*at, "type") if "type" in value else at, message)
    if depth == 0:
        yield from _head(value, at)
    yield from _elements(value, "body", at, depth)
    yield from _actions(value, "actions", at, depth)


def _head(value: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    version = value.get("version")
    if version is None:
        yield Problem(at, "a card says its `version`, and this does not", 'write `"version": "1.4"`')
    elif is_known(version):
        found = _VERSION.fullmatch(version) if isinstance(version, str) else None
        if found is None:
            yield Problem((*at, "version"), "the `version` of a card is a text such as `1.4`")
        elif (int(found[1]), int(found[2])) > MAX_VERSION:
            newest = ".".join(map(str, MAX_VERSION))
            message = f"Teams shows cards up to version {newest}"
            yield Problem((*at, "version"), message, f'write `"{newest}"`', level="warning")
    schema = value.get("$schema")
    if schema is not None and is_known(schema) and not (isinstance(schema, str) and _SCHEMA.fullmatch(schema)):
        help = "write `http://adaptivecards.io/schemas/adaptive-card.json`, or leave it out"
        yield Problem((*at, "$schema"), "this is not the schema of Adaptive Cards", help, level="warning")


def _elements(holder: Mapping[str, Any], key: str, at: Path, depth: int) -> Iterator[Problem]:
    for index, one in enumerate((yield from _list(holder, key, at))):
        yield from _element(one, (*at, key, index), depth + 1)


def _element(one: Any, at: Path, depth: int) -> Iterator[Problem]:
    if depth > MAX_DEPTH or not is_known(one):
        return
    if not isinstance(one, Mapping):
        yield Problem(at, f"an element of a card is a mapping, not {describe(one)}")
        return
    kind = yield from _kind(one, at, "element", _ELEMENTS)
    if kind is None:
        return
    yield from _needs(one, at, kind, _ELEMENTS[kind])
    if kind == "Image" and not one.get("altText"):
        message = "this image has no `altText`: who does not see it does not learn what it shows"
        yield Problem(at, message, "say what it shows", kind="alt")
    for key in ("items", "images"):
        if key in one and kind in ("Container", "ImageSet"):
            for index, below in enumerate((yield from _list(one, key, at))):
                # The images of a set may leave their type out.
                known = below if kind == "Container" or not isinstance(below, Mapping) else {"type": "Image", **below}
                yield from _element(known, (*at, key, index), depth + 1)
    if kind == "ColumnSet":
        for index, column in enumerate((yield from _list(one, "columns", at))):
            if isinstance(column, Mapping):
                yield from _elements(column, "items", (*at, "columns", index), depth + 1)
    if kind == "ActionSet":
        yield from _actions(one, "actions", at, depth + 1)
    if kind == "FactSet":
        for index, fact in enumerate((yield from _list(one, "facts", at))):
            if isinstance(fact, Mapping):
                yield from _needs(fact, (*at, "facts", index), "fact", ("title", "value"))
    if "selectAction" in one:
        yield from _action(one["selectAction"], (*at, "selectAction"), depth + 1)


def _actions(holder: Mapping[str, Any], key: str, at: Path, depth: int) -> Iterator[Problem]:
    for index, one in enumerate((yield from _list(holder, key, at))):
        yield from _action(one, (*at, key, index), depth + 1)


def _action(one: Any, at: Path, depth: int) -> Iterator[Problem]:
    if depth > MAX_DEPTH or not is_known(one):
        return
    if not isinstance(one, Mapping):
        yield Problem(at, f"an action of a card is a mapping, not {describe(one)}")
        return
    kind = yield from _kind(one, at, "action", _ACTIONS)
    if kind is None:
        return
    yield from _needs(one, at, kind, _ACTIONS[kind])
    if kind == "Action.ShowCard" and "card" in one:
        yield from card(one["card"], (*at, "card"), depth + 1)


def _kind(
    one: Mapping[str, Any], at: Path, what: str, known: Mapping[str, Any]
) -> Generator[Problem, None, str | None]:
    """Yields what is wrong with a type, and returns it where it is a known one."""
    kind = one.get("type")
    if kind is None:
        yield Problem(at, f"an {what} of a card has a `type`, and this has none")
        return None
    if not isinstance(kind, str) or not is_known(kind):
        return None
    if kind not in known:
        help = did_you_mean(kind, known) or f"there are {', '.join(sorted(known))}"
        yield Problem((*at, "type"), f"`{kind[:40]}` is no {what} of Adaptive Cards", help)
        return None
    return kind


def _needs(one: Mapping[str, Any], at: Path, what: str, keys: tuple[str, ...]) -> Iterator[Problem]:
    name = "a fact" if what == "fact" else f"`{what}`"
    for key in keys:
        if one.get(key) is None:
            yield Problem(at, f"{name} needs `{key}`")


def _list(one: Mapping[str, Any], key: str, at: Path) -> Generator[Problem, None, list[Any]]:
    """Yields what is wrong with a list, and returns it."""
    found = one.get(key)
    if found is not None and not isinstance(found, list) and is_known(found):
        yield Problem((*at, key), f"`{key}` is a list, not {describe(found)}")
    return found if isinstance(found, list) else []
