"""A compiled sequence of statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from nac.handlebars.conversion import add, to_string
from nac.handlebars.limits import MAX_DEPTH, MAX_OUTPUT, MAX_STEPS
from nac.handlebars.scope import Body, Scope
from nac.handlebars.source import Span
from nac.handlebars.values import is_nullish

Evaluate: TypeAlias = Callable[[Scope], object]


class Program:
    """Text and functions of a scope, in order; whoever compiles it fills it in.

    `parts` is what is printed, with an empty text for each of the `dynamic` statements, which stand at those indices.
    `declarations` are its decorators. `breaks` tells the statements at which handlebars.js interrupts the
    expression that joins the output (see `_join`). `reads_params`, `blocks_read_params`: a block parameter is read
    in a tag of it, or of a block in it.
    """

    __slots__ = ("blocks_read_params", "breaks", "declarations", "dynamic", "parts", "reads_params", "span")

    def __init__(self, span: Span) -> None:
        self.span = span
        self.parts: list[str] = []
        self.dynamic: list[tuple[int, Evaluate]] = []
        self.breaks: set[int] = set()
        self.declarations: list[Callable[[Scope], tuple[str, Body | None]]] = []
        self.reads_params = False
        self.blocks_read_params = False

    def add(self, statement: Evaluate) -> None:
        self.dynamic.append((len(self.parts), statement))
        self.parts.append("")

    def render(self, scope: Scope) -> object:
        """The output: text, or a number or boolean where there is nothing but such values in `{{{ }}}`."""
        run, parts = scope.run, self.parts.copy()
        run.steps += len(parts) + 1
        if not self.dynamic:
            printed = "".join(parts)
            run.printed += len(printed)
        else:
            run.depth += 1
            if run.depth > MAX_DEPTH:
                run.stop(self.span)
            before = run.printed
            try:
                for index, statement in self.dynamic:
                    parts[index] = statement(scope)  # type: ignore[call-overload]  # may be a number: `_join`
            finally:
                run.depth -= 1
            try:
                printed = "".join(parts)
            except TypeError:
                return self._join(parts)  # type: ignore[arg-type]  # no longer text alone
            run.printed = before + len(printed)  # which holds what was counted within
        if run.printed > MAX_OUTPUT or run.steps > MAX_STEPS:
            run.stop(self.span)
        return printed

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
