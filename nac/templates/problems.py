"""Why a template cannot be rendered for somebody: everything at once, where rendering stops at the first."""

from __future__ import annotations

from collections.abc import Mapping

from nac import handlebars
from nac.handlebars import HandlebarsError, MissingVariable
from nac.templates.context import Context
from nac.templates.translations import Files, MissingTranslation, Translations


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
