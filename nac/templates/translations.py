"""Translations: a key and a locale → the message, with its placeholders filled in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from nac import handlebars
from nac.handlebars import HandlebarsError, HelperError, MissingVariable, nodes
from nac.handlebars.values import is_nullish, is_number

DEFAULT = "en"
"""Where a message is looked for last."""

FORMS = ("zero", "one", "other")

Messages = Mapping[str, object]
"""What a file holds: texts and mappings by their keys; a mapping is a group of keys or the forms of a plural."""


class MissingTranslation(HelperError):  # noqa: N818 - it is MissingVariable's sister
    """A key that no file of the reader's locales holds; SuprSend drops the message."""

    def __init__(self, key: str, locales: list[str]) -> None:
        super().__init__(f"the translation `{key[:80]}` is in no file of {', '.join(locales)}")
        self.key = key


Files = Mapping[str, Mapping[str, Messages]]
"""By locale (as `normal` writes it) and namespace; "" is the namespace of a file without one."""


class Translations:
    """The messages of all files."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def message(self, key: str, locale: str, values: Mapping[str, object]) -> str:
        """The message of a key such as `hi`, `group.hi` or `namespace:hi`.

        Looked for in the exact locale, its language, and English. Raises MissingTranslation where none has it, and
        HelperError for a message that cannot be printed with these `values`.
        """
        namespace, _, name = key.rpartition(":")
        for one in lookup_order(locale):
            found = _find(self.files.get(one, {}).get(namespace, {}), name)
            if isinstance(found, Mapping):
                found = _form(found, key, values)
            if isinstance(found, str):
                return _fill(found, key, values)
        raise MissingTranslation(key, lookup_order(locale))


def lookup_order(locale: str) -> list[str]:
    """`es_MX` → es-mx, es, en."""
    exact = normal(locale)
    return list(dict.fromkeys([exact, exact.split("-")[0], DEFAULT]))


def normal(locale: str) -> str:
    """SuprSend takes `es_MX` and `es-MX` for the same locale."""
    return locale.replace("_", "-").lower()


def check_message(text: str) -> str | None:
    """What is wrong with a message, or None: it is Handlebars with placeholders and nothing else."""
    try:
        program = handlebars.parse(text)
    except HandlebarsError as error:
        return error.message
    for statement in program.body:
        if isinstance(statement, nodes.Content | nodes.Comment):
            continue
        if not isinstance(statement, nodes.Mustache) or statement.params or statement.hash:
            return "a translation can hold placeholders such as {{name}}, and no blocks or helpers"
        path = statement.path
        if not isinstance(path, nodes.Path) or path.data or path.depth or not path.parts:
            return f"`{path.span.text}` cannot be a placeholder; write a name, such as {{{{name}}}}"
    return None


def _find(messages: Messages, name: str) -> object:
    """`a.b` is a key of that name, or the key `b` in the group `a`."""
    if name in messages:
        return messages[name]
    found: object = messages
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _form(forms: Messages, key: str, values: Mapping[str, object]) -> object:
    """The plural form for `count`: zero for none at all, null or 0, one for 1, other for the rest."""
    if not set(forms) <= set(FORMS):
        return None
    count = values.get("count")
    if not (is_nullish(count) or is_number(count)):
        raise HelperError(f"the `count` of the translation `{key}` is not a number")
    form = "zero" if not count or is_nullish(count) else "one" if count == 1 else "other"
    if form not in forms:
        raise HelperError(f"the translation `{key}` has no form `{form}`")
    return forms[form]


def _fill(text: str, key: str, values: Mapping[str, object]) -> str:
    try:
        return _compiled(text).render(dict(values))
    except MissingVariable as error:
        raise HelperError(f'the translation `{key}` needs `{error.path}`: write `t "{key}" {error.path}=…`') from None
    except HandlebarsError as error:
        raise HelperError(f"the translation `{key}`: {error.message}") from None


@lru_cache(maxsize=1024)
def _compiled(text: str) -> handlebars.Template:
    problem = check_message(text)
    if problem:
        raise HelperError(problem)
    return handlebars.compile(text, name="translation")
