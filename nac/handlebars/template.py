"""Compiled templates."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache

from nac.handlebars.builtins import BUILTINS
from nac.handlebars.compiler import Compiler
from nac.handlebars.errors import HandlebarsError, MissingVariable, no_stack
from nac.handlebars.parser import parse_once
from nac.handlebars.partials import render_template
from nac.handlebars.program import Program
from nac.handlebars.scope import Helper, Run


class Template:
    """A template that can be rendered any number of times, by any number of threads; made by `compile`."""

    def __init__(
        self,
        name: str,
        program: Program,
        *,
        strict: bool,
        helpers: frozenset[tuple[str, Helper]],
        partials: Mapping[str, str],
    ) -> None:
        self.name = name
        self.program = program
        self.strict = strict
        self._helpers = helpers
        self._partials = partials
        self._compiled: dict[tuple[str, str], Template] = {}

    def render(self, context: object) -> str:
        """Print the template with a context of JSON values.

        Raises HandlebarsError: MissingVariable for what the context lacks (in strict mode), UnknownHelperError,
        LimitError, or itself for what a helper refuses.
        """
        return self._render(context, Run(self, collect=False))

    def missing(self, context: object) -> list[MissingVariable]:
        """Everything that a rendering looks for and the context lacks, each place once, in the order met.

        A missing value counts as undefined from there on. Other errors are left out: `render` raises them. Only
        what stands in the branches taken is found, and in lenient mode nothing is missing.
        """
        run = Run(self, collect=True)
        with suppress(HandlebarsError):
            self._render(context, run)
        return list((run.missing or {}).values())

    def partial(self, name: str, source: str) -> Template:
        """One of the partials, compiled when it is first needed."""
        key = (name, source)
        if key not in self._compiled:
            program = _program(source, name, self.strict, self._helpers)
            self._compiled[key] = Template(
                name, program, strict=self.strict, helpers=self._helpers, partials=self._partials
            )
        return self._compiled[key]

    def _render(self, context: object, run: Run) -> str:
        try:
            return render_template(self, run, context, {"root": context}, self._partials)
        except RecursionError:
            raise no_stack(self.program.span) from None


def compile(  # noqa: A001 - what it is called elsewhere too, as in `re`
    source: str,
    *,
    strict: bool = True,
    helpers: Mapping[str, Helper] | None = None,
    partials: Mapping[str, str] | None = None,
    name: str = "template",
) -> Template:
    """Make a template of its source.

    `strict` is handlebars.js's option of that name. `helpers` are added to the built-in ones, `partials` are
    sources by name, and `name` is what errors call the template by. What has been compiled before is not
    compiled again. Raises TemplateSyntaxError, and HandlebarsError for what is not supported.
    """
    all_helpers = frozenset({**BUILTINS, **(helpers or {})}.items())
    program = _program(source, name, strict, all_helpers)
    return Template(name, program, strict=strict, helpers=all_helpers, partials=dict(partials or {}))


@lru_cache(maxsize=256)
def _program(source: str, name: str, strict: bool, helpers: frozenset[tuple[str, Helper]]) -> Program:
    tree = parse_once(source, name)
    try:
        return Compiler(dict(helpers), strict=strict).program(tree)
    except RecursionError:
        raise no_stack(tree.span) from None
