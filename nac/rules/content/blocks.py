"""Slack's Block Kit, as Slack's reference of blocks and block elements describes it for messages."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import Any

from nac.diagnostics import describe, did_you_mean
from nac.messages import Slack
from nac.preview.facts.slack import BLOCKS, BUTTON, FIELD, FIELDS, HEADER, SECTION
from nac.rules.content.json_body import Placed, Problem, is_known, placed
from nac.rules.content.shown import Shown
from nac.rules.view import View
from nac.templates.template import Path

ALT = 2000
URL = 3000
ID = 255
VALUE = 2000
TITLE = 2000
ACTIONS = 25
CONTEXT = 10
OPTIONS = 100
MARKDOWN = 12_000

_BLOCKS = frozenset(
    "actions alert card carousel container context context_actions data_table divider file header image input markdown "
    "plan rich_text section table task_card video".split()
)
_TEXTS = ("plain_text", "mrkdwn")
_BUTTONS = frozenset({"button", "workflow_button"})
_SELECTS = frozenset(
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
_OTHERS = frozenset(
    "overflow datepicker timepicker datetimepicker checkboxes radio_buttons plain_text_input email_text_input "
    "url_text_input number_input rich_text_input file_input icon_button feedback_buttons image url_source".split()
)
_ELEMENTS = _BUTTONS | _SELECTS | _OTHERS
_STYLES = ("primary", "danger")


def problems(view: View) -> list[Placed]:
    """What is wrong with the blocks of every Slack message."""
    return view.once(_placed)


def _placed(view: View) -> list[Placed]:
    return placed(view, "body_block", message, _rendered)


def _rendered(shown: Shown) -> Any:
    return {"blocks": list(shown.message.blocks)} if isinstance(shown.message, Slack) and shown.message.blocks else None


def message(value: Any) -> Iterator[Problem]:
    """What is wrong with a message, `{"blocks": […]}`, which may be any JSON."""
    if isinstance(value, list):
        yield Problem((), "this is a bare list of blocks, which Slack refuses", 'wrap it: `{"blocks": […]}`')
        return
    blocks = value.get("blocks") if isinstance(value, Mapping) else None
    if not isinstance(blocks, list):
        return  # told when it is rendered
    if len(blocks) > BLOCKS:
        yield Problem(("blocks",), f"there are {len(blocks)} blocks, and Slack takes up to {BLOCKS} in a message")
    for index, one in enumerate(blocks):
        if isinstance(one, Mapping):
            yield from _block(one, ("blocks", index))


def _block(block: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    kind = yield from _kind(block, at, "block", _BLOCKS)
    if kind is None:
        return
    yield from _short(block, "block_id", ID, at)
    what = f"{_article(kind)} `{kind}` block"
    if kind == "section":
        yield from _section(block, at)
    elif kind == "header":
        yield from _text(block, "text", at, what, HEADER, plain=True)
    elif kind == "image":
        yield from _image(block, at, what)
        if "title" in block:
            yield from _text(block, "title", at, what, TITLE, plain=True)
    elif kind == "actions":
        elements = yield from _list(block, "elements", at, what, ACTIONS)
        for index, one in enumerate(elements):
            yield from _element(one, (*at, "elements", index))
    elif kind == "context":
        elements = yield from _list(block, "elements", at, what, CONTEXT)
        for index, one in enumerate(elements):
            yield from _in_context(one, (*at, "elements", index))
    elif kind == "input":
        yield from _text(block, "label", at, what, TITLE, plain=True)
        if "element" not in block:
            yield _missing(at, what, "element")
        else:
            yield from _element(block["element"], (*at, "element"))
    elif kind == "video":
        yield from _text(block, "title", at, what, 200, plain=True)
        for key in ("alt_text", "video_url", "thumbnail_url"):
            yield from _string(block, key, at, what, URL)
    elif kind == "markdown":
        yield from _string(block, "text", at, what, MARKDOWN)
    elif kind == "rich_text":
        yield from _list(block, "elements", at, what, None)


def _section(block: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    what = "a `section` block"
    if "text" not in block and "fields" not in block:
        yield _missing(at, what, "text", "give it `text`, or `fields`")
    if "text" in block:
        yield from _text(block, "text", at, what, SECTION)
    if "fields" in block:
        fields = yield from _list(block, "fields", at, what, FIELDS)
        for index, one in enumerate(fields):
            yield from _text({"field": one}, "field", at, what, FIELD, path=(*at, "fields", index))
    if "accessory" in block:
        yield from _element(block["accessory"], (*at, "accessory"))


def _in_context(one: Any, at: Path) -> Iterator[Problem]:
    if not isinstance(one, Mapping):
        return
    kind = one.get("type")
    if kind == "image":
        yield from _image(one, at, "an image")
    elif kind in _TEXTS:
        yield from _text({"element": one}, "element", at, "a `context` block", SECTION, path=at)
    elif is_known(kind):
        yield Problem(
            (*at, "type") if "type" in one else at,
            "a `context` block holds texts and images, and this is neither",
            "put it into an `actions` block",
        )


def _element(one: Any, at: Path) -> Iterator[Problem]:
    if not isinstance(one, Mapping):
        if is_known(one):
            yield Problem(at, f"an element is a mapping, not {describe(one)}")
        return
    kind = yield from _kind(one, at, "element", _ELEMENTS)
    if kind is None:
        return
    yield from _short(one, "action_id", ID, at)
    if kind in _BUTTONS:
        yield from _text(one, "text", at, "a button", BUTTON, plain=True)
        yield from _short(one, "url", URL, at)
        yield from _short(one, "value", VALUE, at)
        style = one.get("style")
        if style is not None and is_known(style) and style not in _STYLES:
            yield Problem((*at, "style"), "the `style` of a button is `primary` or `danger`", "or leave it out")
    elif kind == "image":
        yield from _image(one, at, "an image")
    elif kind in ("static_select", "multi_static_select", "overflow", "checkboxes", "radio_buttons"):
        limit = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}.get(kind, OPTIONS)
        if "option_groups" not in one:
            yield from _list(one, "options", at, f"a `{kind}`", limit)


def _image(one: Mapping[str, Any], at: Path, what: str) -> Iterator[Problem]:
    if "slack_file" not in one:
        yield from _string(one, "image_url", at, what, URL)
    if "alt_text" not in one:
        yield Problem(at, f"{what} needs `alt_text`: Slack refuses the message without it", "say what the image shows")
    else:
        yield from _string(one, "alt_text", at, what, ALT, empty=True)


def _kind(one: Mapping[str, Any], at: Path, what: str, known: frozenset[str]) -> Generator[Problem, None, str | None]:
    """Yields what is wrong with a type, and returns it where it is a known one."""
    kind = one.get("type")
    if kind is None:
        article = "an" if what == "element" else "a"
        yield Problem(at, f"{article} {what} has a `type`, and this has none")
        return None
    if not isinstance(kind, str) or not is_known(kind):
        return None
    if kind not in known:
        help = did_you_mean(kind, known) or f"Slack knows {', '.join(sorted(known))}"
        yield Problem((*at, "type"), f"`{kind[:40]}` is no {what} of Slack's", help)
        return None
    return kind


def _text(
    holder: Mapping[str, Any], key: str, at: Path, what: str, limit: int, plain: bool = False, path: Path | None = None
) -> Iterator[Problem]:
    """A text object."""
    if key not in holder:
        yield _missing(at, what, key)
        return
    path = (*at, key) if path is None else path
    one = holder[key]
    if not isinstance(one, Mapping):
        if is_known(one):
            message = f"`{key}` of {what} is a mapping with `type` and `text`, not {describe(one)}"
            form = "plain_text" if plain else "mrkdwn"
            yield Problem(path, message, f'`{{"type": "{form}", "text": …}}`')
        return
    kind, text = one.get("type"), one.get("text")
    if is_known(kind) and kind not in (_TEXTS[:1] if plain else _TEXTS):
        wanted = "`plain_text`" if plain else "`plain_text` or `mrkdwn`"
        yield Problem((*path, "type") if "type" in one else path, f"the text of {what} is of the type {wanted}")
    if not isinstance(text, str):
        if "text" not in one:
            yield Problem(path, f"this text of {what} has no `text`")
        else:
            yield Problem((*path, "text"), f"the `text` of {what} is a text, not {describe(text)}")
    elif not text:
        yield Problem((*path, "text"), f"the text of {what} is empty, and Slack refuses that")
    elif is_known(text) and len(text) > limit:
        yield _too_long((*path, "text"), f"the text of {what}", len(text), limit)


def _string(
    one: Mapping[str, Any], key: str, at: Path, what: str, limit: int, empty: bool = False
) -> Iterator[Problem]:
    if key not in one:
        yield _missing(at, what, key)
    elif not isinstance(one[key], str):
        yield Problem((*at, key), f"`{key}` of {what} is a text, not {describe(one[key])}")
    elif not one[key] and not empty:
        yield Problem((*at, key), f"`{key}` of {what} is empty, and Slack refuses that")
    else:
        yield from _short(one, key, limit, at)


def _short(one: Mapping[str, Any], key: str, limit: int, at: Path) -> Iterator[Problem]:
    text = one.get(key)
    if isinstance(text, str) and is_known(text) and len(text) > limit:
        yield _too_long((*at, key), f"`{key}`", len(text), limit)


def _list(
    one: Mapping[str, Any], key: str, at: Path, what: str, limit: int | None
) -> Generator[Problem, None, list[Any]]:
    """Yields what is wrong with a list, and returns it."""
    found = one.get(key)
    if key not in one:
        yield _missing(at, what, key)
    elif not isinstance(found, list):
        if is_known(found):
            yield Problem((*at, key), f"`{key}` of {what} is a list, not {describe(found)}")
    elif not found:
        yield Problem((*at, key), f"`{key}` of {what} is empty, and Slack refuses that")
    elif limit is not None and len(found) > limit:
        yield Problem((*at, key), f"{what} has {len(found)} `{key}`, and Slack takes up to {limit}")
    return found if isinstance(found, list) else []


def _missing(at: Path, what: str, key: str, help: str | None = None) -> Problem:
    return Problem(at, f"{what} needs `{key}`", help)


def _too_long(at: Path, what: str, count: int, limit: int) -> Problem:
    return Problem(at, f"{what} has {count:,} characters, and Slack takes up to {limit:,}")


def _article(kind: str) -> str:
    return "an" if kind[:1] in "aeiou" else "a"
