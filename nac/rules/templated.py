"""The texts of a template, each with what it reads and calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nac.diagnostics import Label
from nac.handlebars import HandlebarsError, Usage
from nac.handlebars.source import Span as Place
from nac.rules.parsed import parsed
from nac.templates import HELPERS
from nac.templates.template import Template, Text, Variant

_BLOCKS = ("body_block", "body_card")


@dataclass(frozen=True)
class Templated:
    """One text of a variant: `path` leads to it in the variant's content.

    `usage` is what the text reads and calls; None where it is JSONNET, or no Handlebars (told as NAC310).
    """

    template: Template
    variant: Variant
    path: tuple[str | int, ...]
    text: Text

    @property
    def is_jsonnet(self) -> bool:
        """Whether it is evaluated as JSONNET: the blocks or the card of a variant that says so."""
        return self.path[0] in _BLOCKS and self.variant.content.get("templating_language") == "jsonnet"

    @cached_property
    def usage(self) -> Usage | None:
        from nac.handlebars import analyse

        if self.is_jsonnet or (program := parsed(self.text.value)) is None:
            return None
        try:
            return analyse(program, helpers=HELPERS)
        except HandlebarsError:
            return None

    def label(self, place: Place | None = None, message: str = "") -> Label:
        """The place of a read, a call or a guard (their `span`) in the file; without one, of the whole text."""
        start, end = (place.start, place.end) if place else (0, len(self.text.value))
        return Label(self.text.source.path, self.text.span(start, end), message)


def texts_of(template: Template) -> Iterator[Templated]:
    """Every text of every variant."""
    for variant in template.variants:
        for path, text in variant.texts.items():
            yield Templated(template, variant, path, text)
