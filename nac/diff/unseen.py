"""What a template's files say differently where no sample shows it: variants that no message of a sample came from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from nac.diff.causes import Causes
from nac.diff.changes import Change, Class, FieldChanged
from nac.diff.side import Sampled
from nac.diff.values import MAX_VALUE
from nac.diff.words import seen
from nac.handlebars import HandlebarsError
from nac.handlebars.lexer import tokenize
from nac.handlebars.source import Source
from nac.payload import canonical
from nac.templates.template import Template, Variant

_CONTEXT = 40
"""Characters in front of the first that differs, where a text is cut."""


@dataclass
class Met:
    """The names of the variants that messages of samples came from. `before`, `after`: those sent; `dropped`: those
    that are dropped now."""

    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)

    def add(self, before: Sampled, after: Sampled) -> None:
        self.before |= _names(before, "sent")
        self.after |= _names(after, "sent")
        self.dropped |= _names(after, "dropped")

    def shows(self, name: str, *, old: bool, new: bool) -> bool:
        """Whether the samples tell how the variant differs; `old` and `new` say on which sides it is."""
        if old and new:
            return name in self.after or name in self.before & self.dropped
        return name in (self.before if old else self.after | self.dropped)


def _names(side: Sampled, state: str) -> set[str]:
    return {one.variant for one in side.messages.values() if one.state == state and one.variant is not None}


def compare_unseen(
    trigger: str, old: Template, new: Template, met: Met, causes: Causes, channels: Collection[str] | None
) -> Iterator[Change]:
    """The variants that differ and that no sample shows, part by part."""
    sides = {one.name: one for one in old.variants}, {one.name: one for one in new.variants}
    changed: dict[str, dict[str, list[str]]] = {}
    for name in sorted({*sides[0], *sides[1]}):
        one, other = (side.get(name) for side in sides)
        channel = name.split("/")[0]
        live = any(_is_live(side, channel) for side in (old, new))
        if not live or (channels is not None and channel not in channels):
            continue
        if met.shows(name, old=one is not None, new=other is not None):
            continue
        if channel not in changed:
            changed[channel] = _by_folder(causes, channel)
        files = _files(changed[channel], name)
        if one is not None and other is not None:
            yield from _parts(trigger, one, other, files or causes.of_channel(channel))
            continue
        whole = not (old.of(channel) and new.of(channel))
        cls: Class = "audience" if whole else "content"
        what = "channel" if whole else "variant"
        reason = f"a new {what}; no sample shows it" if one is None else f"the {what} is gone; no sample showed it"
        before, after = (canonical(side.content) if side else None for side in (one, other))
        yield FieldChanged(trigger=trigger, cls=cls, path=name, reason=reason, causes=files or causes.paths,
                           before=_cut(before, after), after=_cut(after, before))  # fmt: skip
    unseen = {channel for channel in {*old.channels, *new.channels} if channels is None or channel in channels}
    unseen -= {name.split("/")[0] for name in (*met.before, *met.after, *met.dropped)}
    was, now = ([one for one in side.channels if one in unseen and _is_live(side, one)] for side in (old, new))
    both = {*old.channels} & {*new.channels}
    if {*was} & both != {*now} & both:
        yield FieldChanged(
            trigger=trigger, cls="audience", path="enabled_channels", before=", ".join(was), after=", ".join(now),
            reason="other channels are used; no sample shows it", causes=causes.paths,
        )  # fmt: skip


def _is_live(template: Template, channel: str) -> bool:
    return bool(template.of(channel)) and (template.enabled is None or channel in template.enabled)


def _by_folder(causes: Causes, channel: str) -> dict[str, list[str]]:
    """The files of templates that can alter a channel, by the variant's folder that they lie in; those of the whole
    channel, such as `sms.hbs`, by "".
    """
    found: dict[str, list[str]] = {}
    for path in causes.of_channel(channel):
        steps = path.partition("/templates/")[2].split("/")[1:]
        whole = bool(steps) and steps[-1].split(".")[0] == channel
        depth = 4 if steps[1:2] == ["_tenants"] else 2
        found.setdefault("" if whole else "/".join(steps[:depth]), []).append(path)
    return found


def _files(changed: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    """The files that a variant is made of."""
    channel, *tenant, last = name.split("/")
    folder = f"{channel}/_tenants/{tenant[0]}/{last}" if tenant else name
    return tuple(sorted((*changed.get("", ()), *changed.get(folder, ()))))


def _parts(trigger: str, old: Variant, new: Variant, files: tuple[str, ...]) -> Iterator[Change]:
    one, other = _said(old), _said(new)
    for path in dict.fromkeys((*one, *other)):
        before, after = one.get(path), other.get(path)
        if before == after or (before and after and _tidy(before) == _tidy(after)):
            continue
        same = _words(before or "") == _words(after or "")
        reason = (
            "only its white space differs; no sample shows it" if same else "it says something else; no sample shows it"
        )
        yield FieldChanged(
            trigger=trigger, cls="cosmetic" if same else "content", path=f"{new.name}.{path}", reason=reason,
            before=_cut(before, after), after=_cut(after, before), causes=files,
        )  # fmt: skip


def _said(variant: Variant) -> dict[str, str]:
    found = {
        "conditions": " and ".join(map(str, variant.conditions)),
        "locale": variant.locale,
        **dict(_leaves(variant.content, ())),
    }
    return {path: text for path, text in found.items() if text}


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from chain.from_iterable(_leaves(one, (*path, str(key))) for key, one in value.items())
    elif isinstance(value, list):
        yield from chain.from_iterable(_leaves(one, (*path, str(index))) for index, one in enumerate(value))
    elif value is not None:
        yield ".".join(path), value if isinstance(value, str) else canonical(value)


def _tidy(text: str) -> str:
    """Without comments, and with the expressions spaced in one way: pieces of a tag stand between NULs, which no
    template can hold."""
    try:
        tokens = tokenize(Source(text, "template"))
    except HandlebarsError:
        return text
    if tokens[-1].kind != "END":
        return text
    pieces = (one for one in tokens if one.kind not in ("COMMENT", "END"))
    return "".join(one.text if one.kind == "CONTENT" else f"\0{one.text.strip()}\0" for one in pieces)


def _words(text: str) -> list[str]:
    return seen(_tidy(text))


def _cut(text: str | None, other: str | None) -> str | None:
    """The text from a little before where it differs from the other, at most MAX_VALUE characters of it."""
    if text is None or len(text) <= MAX_VALUE:
        return text
    shorter = min(len(text), len(other or ""))
    same = next((at for at, (a, b) in enumerate(zip(text, other or "", strict=False)) if a != b), shorter)
    start = max(0, min(same - _CONTEXT, len(text) - MAX_VALUE))
    end = start + MAX_VALUE
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
