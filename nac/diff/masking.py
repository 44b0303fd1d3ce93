"""People of directories are shown to nobody: what is known of them is covered up before anything is reported."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from nac.diagnostics import Diagnostic
from nac.messages import Sms
from nac.preview.facts.segments import segments
from nac.preview.result import Fact, Preview

COVER = "•"
MIN_LENGTH = 3
"""Shorter values (a language, a flag) tell nobody apart, and would cover half of every text."""
MAX_VALUES = 200
# Words of a message that are nobody's: a card is drawn by them.
_FIXED = frozenset({"kind", "format", "platform", "channel", "button_type"})


def secrets_of(recipient: Any) -> tuple[str, ...]:
    """The texts and numbers in a recipient that are not to be shown, the longest first."""
    found = {one for one in _values(recipient) if len(one) >= MIN_LENGTH}
    # Names come apart in templates: `{{first_word $recipient.name}}`.
    found |= {word for one in found for word in one.split() if len(word) >= MIN_LENGTH}
    return tuple(sorted(found, key=lambda one: (-len(one), one))[:MAX_VALUES])


def masked(text: str, secrets: tuple[str, ...]) -> str:
    """The text with every value of a person covered, in whatever letter case, as text, in HTML and in addresses."""
    return _pattern(secrets).sub(lambda found: COVER * len(found[0]), text) if secrets and text else text


def masked_preview(preview: Preview, secrets: tuple[str, ...]) -> Preview:
    """The preview as it may be shown: message, measures, findings and reasons covered up alike."""
    if not secrets:
        return preview

    def hide(text: str) -> str:
        return masked(text, secrets)

    choice = preview.choice
    if choice is not None:
        choice = replace(choice, steps=tuple(replace(one, reason=hide(one.reason)) for one in choice.steps))
    message = preview.message
    if isinstance(message, Sms):
        # A cover that takes as many units as what it covers: the card counts them.
        body = _pattern(secrets).sub(lambda found: _same_units(found[0]), message.body)
        message = replace(_covered(message, hide), body=body)
    elif message is not None:
        message = _covered(message, hide)
    return replace(
        preview, message=message, choice=choice, facts=tuple(_fact(one, hide) for one in preview.facts),
        problems=tuple(_problem(one, hide) for one in preview.problems), notes=tuple(map(hide, preview.notes)),
        not_sent=hide(preview.not_sent) if preview.not_sent else preview.not_sent,
    )  # fmt: skip


def _same_units(text: str) -> str:
    return ("*" if segments(text).encoding == "GSM-7" else COVER) * len(text)


def _covered(value: Any, hide: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {hide(str(key)): _covered(one, hide) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_covered(one, hide) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        open_ = {one.name: getattr(value, one.name) for one in fields(value) if one.name not in _FIXED}
        return replace(value, **{name: _covered(one, hide) for name, one in open_.items()})
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value if hide(str(value)) == str(value) else hide(str(value))
    return value


def _fact(fact: Fact, hide: Callable[[str], str]) -> Fact:
    value = hide(fact.value) if isinstance(fact.value, str) else fact.value
    return replace(fact, value=value, note=hide(fact.note) if fact.note else fact.note)


def _problem(one: Diagnostic, hide: Callable[[str], str]) -> Diagnostic:
    related = tuple(replace(each, message=hide(each.message)) for each in one.related)
    label = replace(one.label, message=hide(one.label.message))
    return replace(
        one, message=hide(one.message), label=label, related=related, help=hide(one.help) if one.help else one.help
    )


def label(shown: str) -> str:
    """Somebody of a directory, so that one can be told from another at a glance and from nobody else: `j•••`."""
    name, at, domain = shown.partition("@")
    return f"{name[:1]}{COVER * 3}{at}{domain}"


@lru_cache(maxsize=1024)
def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str]:
    forms = {form for one in secrets for form in _forms(one)}
    return re.compile("|".join(map(re.escape, sorted(forms, key=lambda one: (-len(one), one)))), re.IGNORECASE)


def _forms(value: str) -> Iterable[str]:
    plain = value.encode("utf-8", "replace").decode()
    return {value, html.escape(value), html.escape(value, quote=False), quote(plain), quote(plain, safe="")}


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, (int, float)):
        yield str(value)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in ("$channels", "is_transient", "object_type"):
                yield from _values(one)
    elif isinstance(value, list):
        for one in value:
            yield from _values(one)
