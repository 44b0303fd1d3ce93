"""Why a template cannot be rendered for somebody: everything at once, where rendering stops at the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nac import handlebars
from nac.handlebars import HandlebarsError, MissingVariable
from nac.templates.context import Context
from nac.templates.jsonnet import Jsonnet, JsonnetError, data_path
from nac.templates.translations import Files, MissingTranslation, Translations

MAX_JSONNET_PROBLEMS = 10


def is_dropped(error: HandlebarsError) -> bool:
    """Whether SuprSend drops a message for this: a missing variable or translation, and not a broken template."""
    return isinstance(error, MissingVariable) or _missing_key(error) is not None


def problems(source: str, context: Context, *, name: str = "template") -> list[HandlebarsError]:
    """What keeps a strict rendering with SuprSend's helpers from printing; empty where it prints.

    Every missing variable and every missing translation (a key once); without any of them, the first other error.
    Translations that stand behind an error of another kind are not found.
    """
    from nac.templates import HELPERS

    try:
        strict, lenient = (handlebars.compile(source, strict=one, helpers=HELPERS, name=name) for one in (True, False))
    except HandlebarsError as broken:
        return [broken]
    found: list[HandlebarsError] = list(strict.missing(context))
    told = _Told(context.translations.files)
    rest = Context(context, now=context.now, locale=context.locale, translations=told)
    for template in (lenient, strict):
        while (other := _error(template, rest)) and (key := _missing_key(other)) is not None:
            found.append(other)
            told.keys.add(key)
    if other and not isinstance(other, MissingVariable):
        found.append(other)
    return sorted(found, key=lambda one: one.span.start)


def jsonnet_problems(source: str, context: Context, evaluate: Jsonnet, first: JsonnetError) -> list[JsonnetError]:
    """The same for a text in JSONNET that ended with the error `first`: each further one takes another evaluation.

    What is missing counts as an empty text from there on; what goes wrong because of that is left out.
    """
    found = [first]
    told = _Told(context.translations.files)
    data: Mapping[str, Any] | None = context
    while found[-1].missing is not None and len(found) < MAX_JSONNET_PROBLEMS:
        asked = found[-1].asked(source)
        if path := data_path(asked):
            data = _with_text(data, path)
        elif asked.startswith("t("):
            told.keys.add(found[-1].missing)
        else:
            break
        if data is None:
            break
        try:
            evaluate(source, data, told, context.locale)
            break
        except JsonnetError as error:
            if error.missing is None or any(_place(error) == _place(one) for one in found):
                break
            found.append(error)
    return sorted(found, key=_place)


def _with_text(data: Any, path: list[str]) -> dict[str, Any] | None:
    """The data with an empty text at a path, None where that leads through something else than mappings."""
    if not isinstance(data, Mapping):
        return None
    name, *rest = path
    below = _with_text(data.get(name), rest) if rest else ""
    return None if below is None else {**data, name: below}


def _place(error: JsonnetError) -> tuple[int, int]:
    return error.line, error.column


class _Told(Translations):
    """Translations in which the missing ones that have been told count as empty."""

    def __init__(self, files: Files) -> None:
        super().__init__(files)
        self.keys: set[str] = set()

    def message(self, key: str, locale: str, values: Mapping[str, object]) -> str:
        return "" if key in self.keys else super().message(key, locale, values)


def _error(template: handlebars.Template, context: Context) -> HandlebarsError | None:
    try:
        template.render(context)
    except HandlebarsError as error:
        return error
    return None


def _missing_key(error: HandlebarsError) -> str | None:
    # The engine says where a helper was called, and keeps what the helper raised as the context of that.
    cause = error.__context__
    return cause.key if isinstance(cause, MissingTranslation) else None
