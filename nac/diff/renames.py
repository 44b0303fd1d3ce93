"""Triggers that are gone and triggers that came → which are the same one in another file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from nac.diff.reads import tidy
from nac.payload import canonical
from nac.project import Trigger

LIKE = 0.5
"""How alike two triggers of one workflow must be to be the same one, from 0 to 1."""
ALIKE = 0.8
"""How alike two of different workflows must be."""
MAX_PAIRS = 2_500


def renames(gone: Iterable[Trigger], came: Iterable[Trigger]) -> dict[str, str]:
    """The names that triggers had, by the names they have. Equal ones first, then the most alike."""
    old, new = ({one.name: one for one in side} for side in (gone, came))
    texts = {id(one): _text(one) for side in (old, new) for one in side.values()}
    found: dict[str, str] = {}
    by_text: dict[str, list[str]] = {}
    for name, one in sorted(old.items()):
        by_text.setdefault(texts[id(one)], []).append(name)
    for name, one in sorted(new.items()):
        if equal := by_text.get(texts[id(one)]):
            found[name] = equal.pop(0)
    left = [one for name, one in sorted(old.items()) if name not in found.values()]
    others = [one for name, one in sorted(new.items()) if name not in found]
    if len(left) * len(others) <= MAX_PAIRS:
        _nearest(left, others, {key: text.split("\n") for key, text in texts.items()}, found)
    return found


def _nearest(left: list[Trigger], others: list[Trigger], lines: Mapping[int, list[str]], found: dict[str, str]) -> None:
    scores = []
    for one in left:
        for other in others:
            same = (one.model.kind, one.runs) == (other.model.kind, other.runs)
            match = SequenceMatcher(None, lines[id(one)], lines[id(other)], autojunk=False)
            score = match.ratio()
            if score >= (LIKE if same else ALIKE):
                scores.append((-score, one.name, other.name))
    for _, was, now in sorted(scores):
        if now not in found and was not in found.values():
            found[now] = was


def _text(trigger: Trigger) -> str:
    """What a trigger says, a line for each key, whatever its order."""
    value = tidy(trigger.written.node.value)
    return "\n".join(f"{name}: {line}" for name in sorted(value) for line in _lines(value[name]))


def _lines(value: object) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}: {canonical(one)}" for name, one in value.items()]
    return [canonical(one) for one in value] if isinstance(value, list) else [canonical(value)]
