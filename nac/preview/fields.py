"""The fields of one variant, rendered: what the modules of `nac.preview.channels` make their messages of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from nac import handlebars
from nac.diagnostics import Diagnostic
from nac.handlebars import HandlebarsError
from nac.preview.scene import Scene
from nac.templates import HELPERS, Context
from nac.templates.findings import finding_of, jsonnet_finding
from nac.templates.jsonnet import JsonnetError, data_path
from nac.templates.problems import jsonnet_problems
from nac.templates.problems import problems as every_problem
from nac.templates.template import Path, Text, Variant

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

MAX_DEPTH = 32
"""How deep the settings of a push are looked through for texts."""


class Fields:
    """One variant, for one reader.

    What keeps a text from being rendered goes to `problems`, and the text counts as empty: a message of these fields
    is one only while there is no problem. `refused` are findings about a message that can be shown all the same,
    `notes` what its reader should know.
    """

    def __init__(self, variant: Variant, context: Context, scene: Scene, unknown: Mapping[str, str] | None = None):
        """`unknown`: what to do about a missing variable by the name that it starts with, such as `$recipient`."""
        self.variant, self.context, self.scene = variant, context, scene
        self.problems: list[Diagnostic] = []
        self.refused: list[Diagnostic] = []
        self.notes: list[str] = []
        self._unknown = unknown or {}

    @property
    def recipient(self) -> Mapping[str, Any]:
        found = self.context.get("$recipient")
        return found if isinstance(found, Mapping) else {}

    def value(self, *path: str | int) -> Any:
        """What was authored, None where there is nothing."""
        found: Any = self.variant.content
        for step in path:
            if isinstance(found, Mapping) and isinstance(step, str):
                found = found.get(step)
            elif isinstance(found, list | tuple) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found

    def word(self, *path: str | int, default: str) -> str:
        """A structural word such as `body_type`, never rendered."""
        found = self.value(*path)
        return found if isinstance(found, str) and found else default

    def is_set(self, *path: str | int) -> bool:
        return self.value(*path) is True

    def items(self, *path: str | int) -> range:
        """The indices of a list, none where it is not one."""
        found = self.value(*path)
        return range(len(found)) if isinstance(found, list | tuple) else range(0)

    def text(self, *path: str | int) -> str | None:
        """A text, rendered; None where it is absent or prints nothing."""
        found = self.written(*path)
        return (self.rendered(found) or None) if found else None

    def written(self, *path: str | int) -> Text | None:
        """A text as authored, with its place; None where it is absent or empty."""
        value = self.value(*path)
        return self.variant.texts[path] if isinstance(value, str) and value else None

    def rest(self, *path: str | int, without: Iterable[str] = ()) -> Any:
        """Everything below, its texts rendered."""
        return self._below(path, self.value(*path), frozenset(without))

    def _below(self, path: Path, value: Any, without: frozenset[str] = frozenset()) -> Any:
        if len(path) < MAX_DEPTH:
            if isinstance(value, str):
                return self.text(*path) or ""
            if isinstance(value, Mapping):
                return {key: self._below((*path, key), one) for key, one in value.items() if key not in without}
            if isinstance(value, list | tuple):
                return [self._below((*path, index), one) for index, one in enumerate(value)]
        return value

    def rendered(self, text: Text) -> str:
        """Handlebars, printed; empty where it cannot be."""
        if "{{" not in text.value:
            return text.value
        try:
            return _compiled(text.value).render(self.context)
        except HandlebarsError as error:
            found = every_problem(text.value, self.context, name=text.source.path) or [error]
            self.problems += [finding_of(one, self._help(getattr(one, "path", "")), text=text) for one in found]
            return ""

    def evaluated(self, text: Text) -> Any:
        """The JSON that a text in JSONNET stands for; None where there is a problem with it."""
        evaluate = self.scene.jsonnet
        if evaluate is None:
            self.problems.append(jsonnet_finding(JsonnetError("nothing is here that evaluates JSONNET"), text))
            return None
        try:
            return evaluate(text.value, self.context, self.context.translations, self.context.locale)
        except JsonnetError as error:
            for one in jsonnet_problems(text.value, self.context, evaluate, error):
                path = data_path(one.asked(text.value)) or [""]
                self.problems.append(jsonnet_finding(one, text, self._help(path[0])))
            return None

    def _help(self, path: str) -> str | None:
        return next((help for name, help in self._unknown.items() if path.startswith(name)), None)


class Recorder(Fields):
    """Fields that print nothing, and know which texts were asked for."""

    def __init__(self, variant: Variant) -> None:
        super().__init__(variant, Context({}), Scene({}, None, _NEVER))
        self.asked: dict[Path, Text] = {}

    def written(self, *path: str | int) -> Text | None:
        found = super().written(*path)
        if found:
            self.asked[path] = found
        return found

    def rendered(self, text: Text) -> str:
        return ""

    def evaluated(self, text: Text) -> Any:
        return None


@lru_cache(maxsize=4096)
def _compiled(text: str) -> handlebars.Template:
    # The engine's own cache is for one template at a time; a project has thousands of texts.
    return handlebars.compile(text, helpers=HELPERS)
