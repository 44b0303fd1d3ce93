"""What is read on a channel, against what is expected there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nac.diagnostics import MESSAGE_DROPPED, Label, did_you_mean
from nac.expectations.result import Failure, Matching, Result, listed, names
from nac.expected import ExpectedPreview
from nac.messages import Email, Message, Whatsapp
from nac.preview.result import Preview, Reader
from nac.project import Written


@dataclass(frozen=True)
class Looked:
    """One preview that an expectation is about. `who` names its reader where the expectation does not."""

    reader: Reader
    preview: Preview
    who: str


def looked_at(expected: ExpectedPreview, at: Written, result: Result) -> tuple[list[Looked], list[Failure]]:
    """The previews that an expectation is about, and why there are none."""
    readers: Sequence[Reader]
    if expected.recipient is None:
        readers = result.previewing(None, expected.locale, expected.tenant)
        if not readers:
            return [], [Failure("nobody reads it", at.label())]
    else:
        found = next((one for one in result.people if expected.recipient in names(one)), None)
        if found is None:
            return [], [_nobody(expected.recipient, at.below("recipient").label(), result)]
        readers = result.previewing(found.identity, expected.locale, expected.tenant)
    looked = []
    for reader in readers:
        for preview in reader.previews:
            if preview.channel == expected.channel:
                looked.append(Looked(reader, preview, "" if expected.recipient else reader.shown))
                break
        else:
            channels = ", ".join(dict.fromkeys(one.channel for one in reader.previews)) or "none"
            message = f"the template `{result.trigger.template}` is not written for {expected.channel}"
            return [], [Failure(message, at.below("channel").label(), help=f"its channels: {channels}")]
    return looked, []


def _nobody(recipient: str, label: Label, result: Result) -> Failure:
    if result.trigger.model.kind == "broadcast":
        help: str | None = "who is on a list, SuprSend knows: leave `recipient` out"
    else:
        known = [name for one in result.people for name in names(one)]
        help = did_you_mean(recipient, known) or (f"there are {listed(known)}" if known else None)
    return Failure(f"`{recipient}` is not among the recipients", label, help=help)


def check_message(expected: ExpectedPreview, at: Written, looked: Looked, matching: Matching) -> Iterator[Failure]:
    preview = looked.preview
    who = f"{looked.who}: " if looked.who else ""
    where = about(preview)
    if expected.dropped is not None:
        yield from _dropped(expected.dropped, at.below("dropped").label(), preview, who, where)
    if expected.not_sent is not None and expected.not_sent != (preview.not_sent is not None):
        message = "the message is sent" if expected.not_sent else f"nothing is sent: {preview.not_sent}"
        yield Failure(who + message, at.below("not_sent").label(), related=where)
    if expected.variant is not None:
        yield from _variant(expected.variant, at.below("variant").label(), preview, who)
    if not any(one in expected.model_fields_set for one in (*_TEXT, "segments")):
        return
    if preview.message is None:
        at_text = next(one for one in (*_TEXT, "segments") if one in expected.model_fields_set)
        yield Failure(f"{who}there is no message: {_reason(preview)}", at.below(at_text).label(), related=where)
        return
    if expected.segments is not None:
        count = next((one.value for one in preview.facts if one.name == "segments"), None)
        if count != expected.segments:
            label = at.below("segments").label()
            message = f"{who}it takes {count} segment{'s' if count != 1 else ''}, not {expected.segments}"
            yield Failure(message, label, actual=preview.text, related=where)
    yield from _texts(expected, at, preview, matching, who, where)


_TEXT = ("equals", "contains", "lacks", "matches")


def _texts(
    expected: ExpectedPreview, at: Written, preview: Preview, matching: Matching, who: str, where: tuple[Label, ...]
) -> Iterator[Failure]:
    assert preview.message is not None
    text = part(preview.message, expected.field)
    what = f"{who}the {expected.field}"

    def failure(message: str, *path: str | int, wanted: str | None = None) -> Failure:
        return Failure(f"{what} {message}", at.below(*path).label(), wanted, text, where)

    if text is None:
        at_text = next((one for one in _TEXT if one in expected.model_fields_set), None)
        if at_text is not None:
            yield Failure(f"{what} is left out", at.below(at_text).label(), related=where)
        return
    if expected.equals is not None and _trimmed(expected.equals) != _trimmed(text):
        yield failure("differs", "equals", wanted=expected.equals)
    for path, one in _each(expected.contains, "contains"):
        if _trimmed(one) not in text:
            yield failure(f"lacks `{_short(one)}`", *path)
    for path, one in _each(expected.lacks, "lacks"):
        if _trimmed(one) in text:
            yield failure(f"contains `{_short(one)}`", *path)
    if expected.matches is not None:
        try:
            if not matching(expected.matches, text):
                yield failure(f"does not match `{_short(expected.matches)}`", "matches")
        except ValueError as error:
            yield Failure(f"this pattern cannot be used: {error}", at.below("matches").label())


def part(message: Message, field: str) -> str | None:
    """A part of a message by its name in `expect`; None where it is not there."""
    if field == "text":
        return message.text
    if isinstance(message, Email) and field == "body":
        return message.plain_text
    if isinstance(message, Whatsapp) and field == "header":
        return message.header.text if message.header else None
    found: Any = getattr(message, field, None)
    return found if found is None or isinstance(found, str) else None


def _dropped(
    expected: str | bool, label: Label, preview: Preview, who: str, where: tuple[Label, ...]
) -> Iterator[Failure]:
    missing = [one for one in preview.problems if one.rule is MESSAGE_DROPPED]
    if expected is False:
        if missing:
            yield Failure(f"{who}the message is dropped: {_reason(preview)}", label, related=where)
    elif not missing:
        why = "would be sent" if preview.message is not None else f"is not dropped: {_reason(preview)}"
        yield Failure(f"{who}the message {why}", label, actual=preview.text, related=where)
    elif isinstance(expected, str) and not any(expected in _missing(one.message) for one in missing):
        why = missing[0].message.removeprefix("SuprSend would drop this message: ")
        related = tuple(one.label for one in missing[:3])
        yield Failure(f"{who}the message is dropped for another reason: {why}", label, related=related)


def _missing(message: str) -> list[str]:
    """What a message speaks of: of "`$recipient` has no `name`", these two and `$recipient.name`."""
    found = re.findall("`([^`]+)`", message)
    return [*found, ".".join(found)]


def _variant(expected: str, label: Label, preview: Preview, who: str) -> Iterator[Failure]:
    variant = preview.choice.variant if preview.choice else None
    ids = (variant.id, variant.name, variant.name.partition("/")[2]) if variant else ()
    if expected in ids:
        return
    name = f"`{variant.name}` is chosen" if variant else "no variant is chosen"
    steps = preview.choice.steps if preview.choice else ()
    reasons = "; ".join(f"{one.variant.name}: {one.reason}" for one in steps[:5])
    yield Failure(f"{who}{name}, not `{expected}`", label, related=about(preview), help=reasons or None)


def _reason(preview: Preview) -> str:
    if preview.not_sent is not None:
        return preview.not_sent
    return preview.problems[0].message if preview.problems else "nothing is written for this reader"


def about(preview: Preview) -> tuple[Label, ...]:
    """Where the message is written, or why there is none."""
    if preview.problems:
        return tuple(one.label for one in preview.problems[:3])
    variant = preview.choice.variant if preview.choice else None
    if variant is None:
        return ()
    files = [one.path for _, one in sorted(variant.sidecars.items(), key=lambda one: str(one[0]))]
    return tuple(Label(one) for one in files[:3] or [variant.written.source.path])


def _each(value: str | list[str] | None, key: str) -> list[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, list):
        return [((key, index), one) for index, one in enumerate(value)]
    return [] if value is None else [((key,), value)]


_SHORT = 60
_trimmed: Callable[[str], str] = lambda text: text.removesuffix("\n")  # noqa: E731 - a block in YAML ends in one


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
