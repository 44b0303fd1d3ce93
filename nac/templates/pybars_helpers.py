"""The vendor's helpers and the data, in the shapes in which pybars3 calls and reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nac.handlebars import Helper, Options, SafeString
from nac.handlebars.values import UNDEFINED


class _Leaf:
    """A value without properties.

    pybars3 falls back to Python's attributes where a value has no such key, and calls what it finds there.
    """

    __slots__ = ()

    def __getitem__(self, key: object) -> object:
        if isinstance(key, str):
            return None
        return super().__getitem__(key)  # type: ignore[misc]


class _Text(_Leaf, str):  # type: ignore[misc]
    __slots__ = ()


class _Int(_Leaf, int):
    __slots__ = ()


class _Float(_Leaf, float):
    __slots__ = ()


class _Object(dict[str, object]):
    """An object in which a missing name is nothing."""

    def __missing__(self, key: str) -> None:
        return None


def wrapped(value: object) -> object:
    """A JSON value in which no name leads to an attribute of Python's."""
    if isinstance(value, dict):
        return _Object({key: wrapped(item) for key, item in value.items()})
    if isinstance(value, list):
        return [wrapped(item) for item in value]
    if isinstance(value, str):
        return _Text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return _Int(value) if isinstance(value, int) else _Float(value)
    raise TypeError(f"the data holds {type(value).__name__}, which is not a JSON value")


class _Call(Options):
    """The options of a call by pybars3."""

    def __init__(self, name: str, named: dict[str, object], this: object, block: Mapping[str, Any] | None,
                 root: Mapping[str, object]) -> None:  # fmt: skip
        self.name = name
        self.hash = named
        self.this = this
        self.data = {"root": root}
        self.body = _part(block["fn"]) if block else None
        self.inverse = _part(block["inverse"]) if block else None


def _part(render: Callable[[object], object]) -> Callable[..., object]:
    def part(context: object, data: object = None, block_params: object = None) -> object:
        printed = render(context)
        return "" if printed is None else str(printed)

    return part


def adapt(name: str, helper: Helper, root: Mapping[str, object]) -> Callable[..., object]:
    """A helper as pybars3 calls it: `(this, *args, **named)`, with its block's parts first if it is a block."""

    def call(this: object, /, *args: object, **named: object) -> object:
        block = args[0] if args and type(args[0]) is dict and callable(args[0].get("fn")) else None
        if block is not None:
            args = args[1:]
        options = _Call(name, {key: _plain(value) for key, value in named.items()}, this, block, root)
        return _printed(helper([_plain(value) for value in args], options))

    return call


def _plain(value: object) -> object:
    """What pybars3 hands to a helper, as the value it was: its own containers taken off."""
    kind = type(value).__name__
    if kind == "Scope":
        return _plain(value.context)  # type: ignore[attr-defined]
    if kind == "strlist":
        return str(value)
    if isinstance(value, _Text):
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _printed(value: object) -> object:
    """What a helper returns, for pybars3 to print or to hand to the next helper."""
    from importlib import import_module

    if isinstance(value, SafeString):
        return import_module("pybars").strlist([value.text])
    if value is UNDEFINED:
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)  # JavaScript has one kind of number, which prints 3 and not 3.0
    return value
