"""Slack's Block Kit, drawn. Blocks are any JSON: what has another shape than Slack's is drawn as a labelled box.

Source of the shapes: Slack's Block Kit reference (blocks, block elements, composition objects, rich text).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markupsafe import Markup

from nac.report.page import mrkdwn
from nac.report.page.markdown import markdown, placeholder
from nac.report.page.markup import h, link, shown
from nac.report.page.rich_text import rich_text
from nac.report.page.shapes import items, mapping, string

MOST_BLOCKS = 100
"""More than Slack takes (50): what is beyond is counted, not drawn."""


def blocks(found: Sequence[Any]) -> Iterator[Markup]:
    for one in found[:MOST_BLOCKS]:
        yield _block(mapping(one))
    if len(found) > MOST_BLOCKS:
        yield h("p", f"and {len(found) - MOST_BLOCKS:,} more blocks", class_="unknown")


def _block(one: dict[str, Any]) -> Markup:
    draw = _BLOCKS.get(string(one.get("type")))
    return draw(one) if draw else unknown("block", one)


def unknown(what: str, one: dict[str, Any]) -> Markup:
    """Something this page has no drawing for, by its type, with the texts that it holds."""
    texts = [string(one.get(key)) or _words(one.get(key)) for key in ("title", "text", "alt_text", "fallback")]
    name = shown(string(one.get("type")) or "without a type")
    return h(
        "div",
        h("span", f"Not drawn here: {what} ", h("code", name), class_="unknown-name"),
        *(h("p", each) for each in texts if each),
        class_="unknown",
    )


def text_object(found: Any) -> Markup:
    """A `plain_text` or `mrkdwn` object; a bare string is taken as plain text."""
    one = mapping(found)
    if string(one.get("type")) == "mrkdwn":
        return mrkdwn.slack(string(one.get("text")))
    return mrkdwn.plain(_words(found))


def _words(found: Any) -> str:
    return string(found) or string(mapping(found).get("text"))


def _header(one: dict[str, Any]) -> Markup:
    return h("p", _words(one.get("text")), class_="bk-header", dir="auto")


def _section(one: dict[str, Any]) -> Markup:
    fields = items(one.get("fields"))
    accessory = mapping(one.get("accessory"))
    return h(
        "div",
        h(
            "div",
            h("div", text_object(one.get("text")), dir="auto") if one.get("text") else None,
            h("div", (h("div", text_object(each), dir="auto") for each in fields), class_="bk-fields")
            if fields
            else None,
            class_="bk-main",
        ),
        h("div", element(accessory), class_="bk-accessory") if accessory else None,
        class_="bk-section",
    )


def _context(one: dict[str, Any]) -> Markup:
    def each(found: Any) -> Markup:
        part = mapping(found)
        if string(part.get("type")) == "image":
            return placeholder("", part.get("image_url"), class_="media-dot")
        return h("span", text_object(part), dir="auto")

    return h("div", map(each, items(one.get("elements"))), class_="bk-context")


def _actions(one: dict[str, Any]) -> Markup:
    return h("div", (element(mapping(each)) for each in items(one.get("elements"))), class_="bk-actions")


def _image(one: dict[str, Any]) -> Markup:
    title = _words(one.get("title"))
    url = one.get("image_url") or mapping(one.get("slack_file")).get("url")
    return h(
        "figure",
        h("figcaption", title, dir="auto") if title else None,
        placeholder(string(one.get("alt_text")) or "Image", url, class_="media-wide"),
        class_="bk-image",
    )


def _video(one: dict[str, Any]) -> Markup:
    return h(
        "figure",
        h("figcaption", link(one.get("title_url"), _words(one.get("title"))), dir="auto"),
        h("p", _words(one.get("description")), class_="bk-note", dir="auto") if one.get("description") else None,
        placeholder(string(one.get("alt_text")) or "Video", one.get("video_url"), "video", class_="media-wide"),
        class_="bk-image",
    )


def _file(one: dict[str, Any]) -> Markup:
    return placeholder(string(one.get("external_id")) or "File", None, "file")


def _input(one: dict[str, Any]) -> Markup:
    optional = " (optional)" if one.get("optional") is True else None
    return h(
        "div",
        h("p", _words(one.get("label")), optional, class_="bk-label", dir="auto"),
        element(mapping(one.get("element"))),
        h("p", _words(one.get("hint")), class_="bk-note", dir="auto") if one.get("hint") else None,
        class_="bk-input",
    )


def element(one: dict[str, Any]) -> Markup:
    """A block element: a button, a menu, a field to fill in."""
    kind = string(one.get("type"))
    if kind in ("button", "workflow_button"):
        style = string(one.get("style"))
        colour = f" is-{style}" if style in ("primary", "danger") else ""
        return link(one.get("url"), _words(one.get("text")) or "Button", class_=f"bk-button{colour}", dir="auto")
    if kind == "image":
        return placeholder(string(one.get("alt_text")) or "Image", one.get("image_url"), class_="media-square")
    if kind == "overflow":
        names = ", ".join(_words(mapping(each).get("text")) for each in items(one.get("options"))[:10])
        return h("span", "⋯", class_="bk-button", title=shown(names) or "More")
    if kind in ("checkboxes", "radio_buttons"):
        shape = "bk-box" if kind == "checkboxes" else "bk-box is-round"
        return h(
            "div",
            (
                h("div", h("span", class_=shape), h("span", text_object(mapping(each).get("text"))), class_="bk-option")
                for each in items(one.get("options"))[:20]
            ),
            class_="bk-options",
        )
    if kind in _FIELDS or kind.endswith("_select"):
        chosen = one.get("initial_option")
        words = _words(mapping(chosen).get("text")) if chosen else _chosen(one) or _words(one.get("placeholder"))
        return h(
            "span",
            h("span", words or _FIELDS.get(kind, "Choose an option"), dir="auto"),
            class_=f"bk-field is-{_shape(kind)}",
        )
    return unknown("element", one)


def _chosen(one: dict[str, Any]) -> str:
    names = ("initial_value", "initial_date", "initial_time")
    return next((found for name in names if (found := string(one.get(name)))), "")


def _shape(kind: str) -> str:
    return "menu" if kind.endswith("_select") or "picker" in kind else "text"


_FIELDS = {
    "datepicker": "Select a date",
    "timepicker": "Select a time",
    "datetimepicker": "Select a date and time",
    "plain_text_input": "Write something",
    "email_text_input": "Email address",
    "url_text_input": "Address",
    "number_input": "Number",
    "rich_text_input": "Write something",
    "file_input": "Choose a file",
}

_BLOCKS: dict[str, Callable[[dict[str, Any]], Markup]] = {
    "header": _header,
    "section": _section,
    "divider": lambda _: h("hr"),
    "context": _context,
    "actions": _actions,
    "image": _image,
    "video": _video,
    "file": _file,
    "input": _input,
    "rich_text": lambda one: h("div", rich_text(items(one.get("elements"))), class_="bk-rich"),
    "markdown": lambda one: h("div", markdown(string(one.get("text"))), class_="md", dir="auto"),
}
