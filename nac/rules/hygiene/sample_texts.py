"""Every text of a project that stands for somebody's data: of samples, of mock data, and of recipients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from nac.json_reader import read_json
from nac.rules.references.sample_places import values

if TYPE_CHECKING:
    from nac.project import Written
    from nac.rules.view import View

MAX_TOLD = 50
Found = TypeVar("Found")


@dataclass(frozen=True)
class SampleText:
    """A text and its place. `sent`: a recipient of a trigger, who gets real messages; else a made-up one."""

    value: str
    at: Written
    sent: bool = False


def sample_texts(view: View) -> list[SampleText]:
    """Every one of them, in the order of the files."""
    return list(_found(view))


def in_reason(found: Iterable[tuple[SampleText, Found]]) -> Iterator[tuple[SampleText, Found]]:
    """The first MAX_TOLD of each file: whoever has so many knows by then, and each takes time to place."""
    counts: Counter[str] = Counter()
    for text, one in found:
        counts[text.at.source.path] += 1
        if counts[text.at.source.path] <= MAX_TOLD:
            yield text, one


def _found(view: View) -> Iterator[SampleText]:
    from nac.project import Written

    for trigger in view.triggers:
        for key in ("samples", "recipients", "actor"):
            if key not in trigger.written.node.value:
                continue
            at = trigger.at(key)
            for path, value in values(at):
                if isinstance(value, str) and ("@" in value or "+" in value) and "expect" not in path:
                    yield SampleText(value, at.below(*path), key != "samples")
    for template in view.templates:
        mock = f"{template.folder}/mock_data.json"
        source = view.source(mock) if template.mock_data else None
        if source is None or not ("@" in source.text or "+" in source.text):
            continue
        node, _ = read_json(source)
        if node is not None:
            at = Written(node, source)
            found = ((path, value) for path, value in values(at) if isinstance(value, str))
            yield from (SampleText(value, at.below(*path)) for path, value in found)
