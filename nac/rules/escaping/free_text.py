"""Which values somebody wrote: names, titles, remarks. Decided by what samples hold, then by what a value is called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nac.handlebars.usage import EACH, Place, Read
from nac.rules.escaping.printed import Printed
from nac.rules.view import View

ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "`": "&#x60;", "=": "&#x3D;"}
"""What `{{ }}` makes of a character."""

# Called so, it is somebody's words even where a sample has a single one.
_WORDS_OF_PEOPLE = re.compile(
    r"(?:(?:first|last|full|given|family|display|nick|middle|author|user|customer|sender|actor|owner|member|person|"
    r"recipient|contact|manager|assignee|creator|inviter|invitee|buyer|seller|guest|host|client|doc|document|file)_?)?name"
    r"|(?:.+_)?(?:title|subject|headline|message|comment|note|description|excerpt|quote|body)|text"
)
# Called so, where a sample is more than a single word.
_NAMES = frozenset(
    "notes heading summary caption question answer review feedback reason remark remarks company organization author "
    "customer address team project".split()
)
_ENDINGS = ("_name", "_text", "_notes", "_summary", "_reason")
_SINGLE = re.compile(r"[\w.-]+")
_MARKUP = re.compile(r"(?:^|_)(?:html|markup|svg|snippet)(?:_|$)|_html$|^html")
_URL_NAME = re.compile(r"(?:^|_)(?:url|link|href|uri|website)s?$")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_TAG = re.compile(r"<[a-zA-Z/][^>]*>")
_WORDS = 3  # so many words, and no digit, are a text whatever it is called

# What the project itself says, in files that are looked at as they are.
_AUTHORED = ("$brand", "$organization", "$tenant")
_NOT_TEXT = ("$hosted_preference_url", "$embedded_preference_url", "$batched_events_count")


def shown_escapes(one: Printed, characters: str) -> tuple[dict[str, None], tuple[str, ...]]:
    """Which of these characters the samples' values hold, and the names of those samples."""
    found: dict[str, None] = {}
    events: dict[str, None] = {}
    for event, value in one.values:
        if isinstance(value, str) and (here := [each for each in characters if each in value]):
            found.update(dict.fromkeys(here))
            events[event] = None
    return found, tuple(events)


def is_url(one: Printed) -> bool:
    """Whether it prints an address: its values are some, or it is called so."""
    texts = [value for _, value in one.values if isinstance(value, str) and value]
    if texts:
        return all(_URL.fullmatch(text) for text in texts)
    return bool(one.reads) and all(_URL_NAME.search(name_of(read.place)) for read in one.reads)


def is_markup(one: Printed) -> bool:
    """Whether it is meant to be HTML: it is called so, or its values hold tags."""
    return any(_MARKUP.search(name_of(read.place)) for read in one.reads) or any(
        isinstance(value, str) and _TAG.search(value) for _, value in one.values
    )


def is_free_text(view: View, one: Printed, words: int = _WORDS) -> bool:
    """Whether somebody may write anything there, an apostrophe too. `words`: so many make it a text in any case."""
    return any(_is_free(view, one, read, words) for read in one.reads) and not is_url(one)


def _is_free(view: View, one: Printed, read: Read, words: int) -> bool:
    steps = read.place.steps
    if not steps or steps[0] in (*_AUTHORED, *_NOT_TEXT) or _is_constant(view, one, read.place):
        return False
    texts = _values(one, read)
    if any(not isinstance(value, str) for value in texts):
        return False
    name = name_of(read.place)
    if _URL_NAME.search(name):
        return False
    if _WORDS_OF_PEOPLE.fullmatch(name):
        return not texts or any(_WORD.search(text) for text in texts)
    if name in _NAMES or name.endswith(_ENDINGS):
        return any(_WORD.search(text) and not _SINGLE.fullmatch(text) for text in texts)
    return any(not any(map(str.isdigit, text)) and len(_WORD.findall(text)) >= words for text in texts)


def _values(one: Printed, read: Read) -> list[Any]:
    from nac.rules.escaping.printed import values

    found = [value for named in one.contexts for value in values(read.place, named.names)]
    return [value for value in found if value not in (None, "")]


def name_of(place: Place) -> str:
    """The last name on the way to a place, in small letters with underscores: that of the list, for its items."""
    names = [step for step in place.steps if isinstance(step, str)]
    name = names[-1] if names else ""
    if place.steps and place.steps[-1] is EACH:
        name = name.removesuffix("s")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[\s-]", "_", name).lower()


def _is_constant(view: View, one: Printed, place: Place) -> bool:
    """Whether every trigger gives a text there that is no expression: whoever wrote it knows what is in it."""
    found = [list(_authored(trigger.model.data, place)) for trigger in view.triggers_of(one.templated.template.slug)]
    return bool(found) and all(found)


def _authored(data: Any, place: Place) -> Iterator[str]:
    """The text that a trigger's `data` holds at a place, if it is one and no expression."""
    for step in place.steps:
        data = data.get(step) if isinstance(data, Mapping) and isinstance(step, str) else None
    if isinstance(data, str) and "{{" not in data and "{%" not in data:
        yield data
