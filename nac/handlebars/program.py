"""A compiled sequence of statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from nac.handlebars.conversion import add, to_string
from nac.handlebars.scope import Scope
from nac.handlebars.source import Span
from nac.handlebars.values import is_nullish

Evaluate: TypeAlias = Callable[[Scope], object]


class Program:
    """Statements as functions of a scope, in order; whoever compiles it fills it in.

    `size` is how much text stands between the tags. `inlines` are the inline partials it declares. `breaks` tells
    the statements at which handlebars.js interrupts the expression that joins the output (see `_join`).
    """

    __slots__ = ("breaks", "inlines", "size", "span", "statements")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.statements: list[Evaluate] = []
        self.size = 0
        self.breaks: set[int] = set()
        self.inlines: list[tuple[str, Program]] = []

    def render(self, scope: Scope) -> object:
        """The output: text, or a number or boolean where there is nothing but such values in `{{{ }}}`."""
        run = scope.run
        run.enter(len(self.statements), self.span)
        run.print(self.size, self.span)
        try:
            printed = [statement(scope) for statement in self.statements]
        finally:
            run.leave()
        try:
            return "".join(printed)  # type: ignore[arg-type]
        except TypeError:
            return self._join(printed)

    def _join(self, printed: list[object]) -> object:
        """Join as handlebars.js's generated code does, where `{{{1}}}{{{2}}}` is 1 + 2 and prints 3.

        Neighbours are added from left to right. A block named by a single word that is no helper interrupts
        that: the parts up to the next such block are added up before they join the rest, but for the last ones.
        """
        terms: list[object] = []
        group: list[object] = []
        for index, value in enumerate(printed):
            if index not in self.breaks:
                group.append("" if is_nullish(value) else value)
                continue
            if group:
                terms.append(_sum(group))
            elif not terms:
                terms.append("")
            if not is_nullish(value):
                terms.append(value)
            group = []
        return _sum(terms + group)


def _sum(values: list[object]) -> object:
    total = values[0]
    for index, value in enumerate(values[1:], 1):
        if isinstance(total, str):
            return total + "".join(map(to_string, values[index:]))
        total = add(total, value)
    return total
