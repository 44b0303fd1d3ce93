"""pybars3 as a second engine, for those whose own Python services render their templates with it.

It prints what pybars3 prints, which is often not what SuprSend prints: docs/handlebars.md has the differences. pybars3
turns a template into Python source and executes that, and it pastes parts of the template into it unescaped. So
no template reaches it that has not been read twice: by our own parser, which shows the name that is not plainly
safe, and by `_TAG`, which lets through only tags that hold nothing to end one of pybars3's string literals with.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from importlib import import_module
from threading import Lock
from typing import Any

from nac.handlebars import HandlebarsError, Helper, HelperError, nodes, parse
from nac.handlebars.source import Source, Span
from nac.templates.pybars_helpers import adapt, wrapped

# Braces stand at a tag's ends only, quotes only around strings, brackets only around segments; backslashes nowhere.
_INSIDE = (
    r"(?:[\w$@./()=|~^#&>: \t\r\n-]"
    r"|\[[\w$ -]*+\]"
    r"""|"[^"'\\{}\x00-\x1f\x7f]*+"|'[^"'\\{}\x00-\x1f\x7f]*+')*+"""
)
_TAG = re.compile(rf"\{{\{{(?:![^{{}}]*+|{_INSIDE}|~?\{{{_INSIDE}\}}~?)\}}\}}")
_NAME = re.compile(r"[\w$ -]+")
_STRING = re.compile(r"""[^"'\\{}\x00-\x1f\x7f]*""")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WORD = re.compile(r"\[[^\]]*\]|[\w$-]+")
_LOCK = Lock()  # pybars3's compiler keeps its state in its class


class EngineError(Exception):
    """pybars3 is not installed, or it failed; it does not say where in the template."""


class PybarsTemplate:
    """A template that pybars3 has compiled; made by `compile_pybars`."""

    def __init__(self, render: Callable[..., object], helpers: Mapping[str, Helper]) -> None:
        self._render = render
        self._helpers = helpers

    def render(self, context: Mapping[str, object]) -> str:
        """Print the template. What the context lacks prints nothing. Raises EngineError."""
        helpers = {name: adapt(name, helper, context) for name, helper in self._helpers.items()}
        try:
            return str(self._render(wrapped(dict(context)), helpers=helpers))
        except HelperError as error:
            raise EngineError(str(error)) from None
        except Exception as error:
            # Whatever the code that it generated ran into: an index that a list lacks, a text called as a function.
            raise EngineError(f"pybars3 failed: {type(error).__name__}: {error}") from None


def compile_pybars(source: str, *, helpers: Mapping[str, Helper], name: str = "template") -> PybarsTemplate:
    """Make a template of its source. `$names` become `[$names]`, because pybars3 cannot read them otherwise.

    Raises HandlebarsError for what is not Handlebars and for what must not reach pybars3, and EngineError where
    pybars3 is not installed or cannot read the template.
    """
    read = Source(source, name)
    program = parse(source, name)
    dollars: list[Span] = []
    for node in _walk(program):
        _check(node)
        if isinstance(node, nodes.Path) and "$" in node.span.text:
            dollars.append(node.span)
    _check_tags(read)
    return PybarsTemplate(_compiled(_bracketed(source, dollars), name), helpers)


def is_installed() -> bool:
    try:
        import_module("pybars")
    except ImportError:
        return False
    return True


def _walk(node: object) -> Iterator[Any]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif is_dataclass(node) and not isinstance(node, Span):
        yield node
        for field in fields(node):
            yield from _walk(getattr(node, field.name))


def _check(node: object) -> None:
    """Refuse what pybars3 cannot read, or would paste into its code in a dangerous form."""
    match node:
        case nodes.Path():
            for part in node.parts:
                if not _NAME.fullmatch(part) or "__" in part:
                    raise _unsafe(f"the name `{part[:40]}`", node.span)
        case nodes.Literal(value=str(text)):
            if not _STRING.fullmatch(text):
                raise _unsafe("a text with quotes, braces, backslashes or line ends", node.span)
        case nodes.HashPair():
            if not _KEY.fullmatch(node.key) or "__" in node.key or keyword.iskeyword(node.key) or node.key == "this":
                raise _unsafe(f"an argument named `{node.key[:40]}`", node.span)
        case nodes.Block() if "$" in node.path.span.text:
            raise HandlebarsError("pybars3 has no blocks of names with `$`: write `{{#with …}}`", node.path.span)
        case nodes.Program(block_params=[_, *_]):
            raise HandlebarsError("pybars3 has no block parameters", node.span)
        case nodes.PartialBlock() | nodes.Decorator() | nodes.DecoratorBlock():
            raise HandlebarsError("pybars3 has no partial blocks and no inline partials", node.span)


def _check_tags(source: Source) -> None:
    """Whether every `{{` begins a tag that `_TAG` knows; pybars3 finds tags where we see text or a comment."""
    text, start = source.text, 0
    while (start := text.find("{{", start)) >= 0:
        tag = _TAG.match(text, start)
        if tag is None or ("__" in tag[0] and tag[0][2] != "!"):
            end = text.find("}}", start)
            raise _unsafe("this tag", Span(source, start, end + 2 if end >= 0 else len(text)))
        start = tag.end()


def _unsafe(what: str, span: Span) -> HandlebarsError:
    return HandlebarsError(
        f"pybars3 does not get to see {what}: it would become part of the Python code that it executes", span
    )


def _bracketed(source: str, spans: list[Span]) -> str:
    for span in sorted(spans, key=lambda one: one.start, reverse=True):
        text = _WORD.sub(lambda word: f"[{word[0]}]" if "$" in word[0] and word[0][0] != "[" else word[0], span.text)
        source = source[: span.start] + text + source[span.end :]
    return source


@lru_cache(maxsize=256)
def _compiled(source: str, name: str) -> Callable[..., object]:
    try:
        compiler = import_module("pybars").Compiler()
    except ImportError:
        raise EngineError("pybars3 is not installed: pip install 'nac[pybars3]'") from None
    with _LOCK:
        # It joins pieces of the text before it reads it, so what it reads is looked at once more.
        _check_tags(Source(compiler.whitespace_control(source), name))
        try:
            render: Callable[..., object] = compiler.compile(source)
        except Exception as error:
            raise EngineError(f"pybars3 cannot read this template: {error}") from None
    return render
