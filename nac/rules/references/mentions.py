"""Which files a project speaks of: what nothing speaks of is dead.

A trigger whose file has a mistake is not in the project; what it names counts all the same, by its text.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from nac.expressions import is_template
from nac.rules.references.workflow_files import workflows

if TYPE_CHECKING:
    from nac.rules.view import View

_WORD = re.compile(r"[\w./-]{4,100}")
MAX_LOST = 2_000
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@dataclass(frozen=True)
class Mentions:
    """`templates`: the slugs that something sends. `is_open`: a trigger takes its template from the event. `broken`:
    the texts of triggers with a mistake. `lost`: names for which there is no file, whatever they are of."""

    templates: frozenset[str]
    attachments: re.Pattern[str]
    schemas: frozenset[str]
    broken: tuple[str, ...]
    lost: tuple[str, ...]
    is_open: bool

    def may_mean(self, name: str) -> bool:
        """Whether a trigger with a mistake speaks of it, or one has it misspelt: that is told there."""
        return any(name in text for text in self.broken) or bool(get_close_matches(name, self.lost, 1, 0.8))


def mentions(view: View) -> Mentions:
    """What all the triggers, the workflows and nac.yaml name."""
    from nac.load import is_trigger
    from nac.project import FOLDER, SETTINGS

    project = view.project
    templates = {name for one in view.once(workflows).values() for name, _ in one.templates}
    attachments, schemas = [], set()
    is_open = False
    for trigger in project.triggers.values():
        if is_template(trigger.template):
            is_open = True
        templates.add(trigger.template)
        attachments += [_pattern(one.file) for one in trigger.model.attachments if one.file]
        declared = trigger.model.event_schema
        if isinstance(declared, str):
            schemas.add(f"{FOLDER}/{declared}")
    read = {one.written.source.path for one in project.triggers.values()}
    paths = [path for path in view.all_files if path.startswith(f"{FOLDER}/") and is_trigger(path) and path not in read]
    if project.written is None:
        paths.append(SETTINGS)
    sources = (view.source(path) for path in paths)
    broken = tuple(one.text for one in sources if one)
    pattern = re.compile("|".join(attachments) or r"(?!)", re.DOTALL)
    words = {word.rsplit("/", 1)[-1] for text in broken for word in _WORD.findall(text)}
    lost = [*sorted(templates - set(view.all_slugs))[:MAX_LOST], *sorted(words)[:MAX_LOST]]
    return Mentions(frozenset(templates), pattern, frozenset(schemas), broken, tuple(lost), is_open)


def _pattern(file: str) -> str:
    """The paths that an attachment may be: an expression stands for any text."""
    return ".*".join(re.escape(part) for part in _EXPRESSION.split(file))


def is_named(name: str, texts: Collection[str]) -> bool:
    """Whether the name stands in one of the texts, not as a part of a longer one."""
    pattern = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    return any(pattern.search(text) for text in texts)
