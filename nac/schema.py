"""Values against models: pydantic's errors as diagnostics in an author's words, at the place of the YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, Tag, TypeAdapter, ValidationError

from nac.diagnostics import (
    INVALID_VALUE,
    MISSING_KEY,
    UNKNOWN_KEY,
    WRONG_TYPE,
    Diagnostic,
    Rule,
    describe,
    did_you_mean,
    nearest,
)
from nac.expressions import is_template
from nac.model import KINDS
from nac.payload import REQUESTS
from nac.people import User
from nac.project import Written
from nac.vocabulary import CHANNELS, LANGUAGES
from nac.words import timezones

Steps = tuple[str | int, ...]

_TYPES = {
    "string_type": "text", "int_type": "a whole number", "float_type": "a number", "bool_type": "`true` or `false`",
    "list_type": "a list", "dict_type": "a mapping", "model_type": "a mapping", "model_attributes_type": "a mapping",
    "none_required": "nothing",
}  # fmt: skip


def mistakes(
    adapter: TypeAdapter[Any], value: object, *, shown: bool = True, ignore_templates: bool = False
) -> Iterator[tuple[Steps, Rule, str, str | None]]:
    """What is wrong with `value`, as (path, rule, message, help).

    `shown=False` keeps the values themselves out of the messages: they may be somebody's data. With
    `ignore_templates` a complaint about a text that holds an expression is left for later.
    """
    for path, rule, message, help, _ in _mistakes(adapter, value, shown, ignore_templates):
        yield path, rule, message, help


def _mistakes(
    adapter: TypeAdapter[Any], value: object, shown: bool, ignore_templates: bool
) -> Iterator[tuple[Steps, Rule, str, str | None, bool]]:
    """The same, and whether it is about the key."""
    try:
        adapter.validator.validate_python(value)
    except ValidationError as error:
        found = error.errors(include_url=False)
        misspelt = {meant for one in found if (meant := _meant(one, adapter))}
        for one in found:
            path = _path(one["loc"])
            if "at" in one.get("ctx", ()):
                path = (*path, one["ctx"]["at"])
            about_key = one["type"] in ("extra_forbidden", "unknown_property") or one["loc"][-1:] == ("[key]",)
            if ignore_templates and not about_key and _is_template_at(value, path):
                continue
            if one["type"] == "missing" and path in misspelt:
                continue  # one mistake, told once: at the key that is there
            rule, message, help = _explain(one, adapter, shown)
            yield path, rule, message, help, about_key


def _meant(error: Any, adapter: TypeAdapter[Any]) -> Steps | None:
    """The path of the key that an unknown one was most likely meant to be."""
    if error["type"] != "extra_forbidden":
        return None
    *parents, name = _path(error["loc"])
    near = nearest(str(name), _known_keys(adapter, error["loc"]))
    return (*parents, near) if near else None


def validate(adapter: TypeAdapter[Any], written: Written, *, ignore_templates: bool = False) -> list[Diagnostic]:
    """The same for a part of a YAML file, each with its place."""
    return [
        Diagnostic(rule, message, written.below(*path).label(key=key), help=help)
        for path, rule, message, help, key in _mistakes(adapter, written.value, True, ignore_templates)
    ]


def request_mistakes(kind: str, body: object) -> list[str]:
    """Why the service would refuse a body, in sentences without any of its values."""
    if kind not in REQUESTS:
        return [f"unknown kind of request: {kind}"]
    found = mistakes(REQUESTS[kind], body, shown=False)
    return [f"{'.'.join(map(str, path)) or 'body'}: {message}" for path, _, message, _ in found]


def _path(loc: tuple[str | int, ...]) -> Steps:
    return tuple(step for step in loc if not (isinstance(step, str) and step[:1] in "<[" and step[-1:] in ">]"))


def _is_template_at(value: Any, path: Steps) -> bool:
    for step in path:
        if is_template(value):
            return True
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
    return is_template(value)


def _explain(error: Any, adapter: TypeAdapter[Any], shown: bool) -> tuple[Rule, str, str | None]:
    kind, value = error["type"], error["input"]
    hint: str | None
    path = _path(error["loc"])
    last = next((step for step in reversed(path) if isinstance(step, str)), "")
    last = "idempotency_key" if last == "$idempotency_key" else last  # as authors write it
    context = error.get("ctx") or {}
    in_list = bool(path) and isinstance(path[-1], int)
    takes = f"each of `{last}` is" if in_list else f"`{last}` takes"
    if kind == "missing":
        return MISSING_KEY, f"the key `{_path(error['loc'])[-1]}` is missing", None
    if kind == "extra_forbidden":
        known = list(_known_keys(adapter, error["loc"]))
        name = str(error["loc"][-1])
        hint = _other_kind(adapter, path) or did_you_mean(name, known) or f"known here: {', '.join(sorted(known))}"
        return UNKNOWN_KEY, f"the key `{name[:80]}` is not known here", hint
    if kind == "unknown_property":
        hint = did_you_mean(last, _properties()) or "a property of your own does not start with `$`"
        return UNKNOWN_KEY, f"`{last[:80]}` is not a property that SuprSend knows", hint
    if value == "" and kind != "literal_error":
        return INVALID_VALUE, f"`{last}` is empty", None
    if kind == "unknown_word":
        return (
            INVALID_VALUE,
            f"{_quote(value, shown, last)} {error['msg']}",
            _word_hint(context["known"], value),
        )
    if kind in _TYPES or kind.endswith("_type"):
        wanted = _TYPES.get(kind, "something else")
        return WRONG_TYPE, f"{takes} {wanted}, not {describe(value)}", _type_hint(kind, value, shown, path)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return WRONG_TYPE, f"{takes} a mapping, not {describe(value)}", None
    if kind == "literal_error":
        words = [each.strip(" '") for each in context["expected"].replace(" or ", ", ").split(",")]
        plain = shown and isinstance(value, (list, dict, type(None)))
        given = describe(value) if plain else _quote(value, shown, "that")
        hint = did_you_mean(value, [one for one in words if one]) if isinstance(value, str) else None
        wanted = ", ".join(one or '""' for one in words)
        return INVALID_VALUE, f"`{last}` is {'one of ' if len(words) > 1 else ''}{wanted}, not {given}", hint
    if kind == "string_too_short":
        return INVALID_VALUE, f"`{last}` has fewer than {context['min_length']} characters", None
    if kind == "string_too_long":
        return INVALID_VALUE, f"`{last}` is longer than {context['max_length']} characters", None
    if kind == "string_pattern_mismatch":
        return (
            INVALID_VALUE,
            f"{_quote(value, shown, last)} does not have the form `{context['pattern']}`",
            None,
        )
    if kind in ("too_short", "too_long"):
        limit = context.get("min_length", context.get("max_length"))
        side = "at least" if kind == "too_short" else "at most"
        return INVALID_VALUE, f"`{last}` holds {side} {limit}, here {context['actual_length']}", None
    if kind == "missing_one":
        recipient = not last or (path[:1] == ("recipients",) and len(path) == 2)
        return MISSING_KEY, f"{'a recipient' if recipient else f'`{last}`'} {error['msg']}", None
    if kind == "one_of":
        return INVALID_VALUE, f"{f'`{last}`' if last else 'this'} {error['msg']}, not both", None
    if kind == "greater_than_equal":
        return INVALID_VALUE, f"`{last}` must be at least {context['ge']}", None
    if kind == "greater_than":
        return INVALID_VALUE, f"{'each of ' if in_list else ''}`{last}` must be more than {context['gt']}", None
    return INVALID_VALUE, f"{_quote(value, shown, last)} {error['msg'][0].lower()}{error['msg'][1:]}", None


def _quote(value: object, shown: bool, name: str) -> str:
    return f"`{str(value)[:80]}`" if shown and isinstance(value, (str, int, float)) else f"`{name}`"


def _type_hint(kind: str, value: object, shown: bool, path: Steps) -> str | None:
    if kind == "string_type" and isinstance(value, (bool, int, float)):
        return "put it in quotes" if shown else "make it text with `| string`"
    if value is None and shown:
        return "give it a value, or remove it"
    if path[:1] == ("recipients",) and len(path) == 2 and isinstance(value, str):
        return "write `- user: …` for one user"
    if kind == "bool_type" and isinstance(value, str) and value.lower() in ("yes", "no", "on", "off", "true", "false"):
        return "write `true` or `false`, without quotes"
    return None


def _word_hint(which: str, value: object) -> str | None:
    words = timezones() if which == "timezone" else LANGUAGES if which == "language" else CHANNELS
    if which == "language":
        code, _, region = str(value).replace("_", "-").lower().partition("-")
        known = region and code in LANGUAGES
        return f"use `{code}` here; a region goes into `$locale`" if known else "two letters, such as `en`"
    return did_you_mean(str(value), words) or (f"one of {', '.join(words)}" if which == "channel" else None)


def _other_kind(adapter: TypeAdapter[Any], path: Steps) -> str | None:
    """Which other kinds of trigger have a key that this one has not."""
    if len(path) != 1 or adapter._type not in KINDS.values():
        return None
    kinds = [f"`kind: {kind}`" for kind, model in KINDS.items() if path[0] in _names(model)]
    return f"it belongs to {' or '.join(kinds)}" if kinds else None


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _properties() -> list[str]:
    return _names(User)


def _known_keys(adapter: TypeAdapter[Any], loc: Steps) -> Iterator[str]:
    for model in _models(adapter._type, loc[:-1]):
        yield from _names(model)


def _models(annotation: Any, loc: Iterable[str | int]) -> list[type[BaseModel]]:
    """The models that a value at `loc` may be, following field names, list items and union tags."""
    here = _parts(annotation)
    for step in loc:
        if isinstance(step, str) and step.startswith("<"):
            tagged = [one for one in here if any(isinstance(m, Tag) and m.tag == step for m in one[1])]
            here = [part for one in tagged for part in _parts(one[0])] or here
        elif isinstance(step, int):
            here = [part for one in here if get_origin(one[0]) is list for part in _parts(get_args(one[0])[0])]
        else:
            here = [part for one in here for part in _below(one[0], step)]
    return [one for one, _ in here if isinstance(one, type) and issubclass(one, BaseModel)]


def _below(annotation: Any, step: str) -> list[tuple[Any, tuple[Any, ...]]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if step in (field.alias, name):
                return _parts(field.annotation)
    if get_origin(annotation) is dict:
        return _parts(get_args(annotation)[1])
    return []


def _parts(annotation: Any, metadata: tuple[Any, ...] = ()) -> list[tuple[Any, tuple[Any, ...]]]:
    """A union's members (any type: itself), each with the metadata of its `Annotated`."""
    if get_origin(annotation) is Annotated:
        inner, *found = get_args(annotation)
        return _parts(inner, (*found, *metadata))
    if get_origin(annotation) is not None and get_origin(annotation) not in (list, dict):
        return [part for one in get_args(annotation) for part in _parts(one)]
    return [(annotation, metadata)]
