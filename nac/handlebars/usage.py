"""What a template uses, as plain data: `analysis.analyse` makes it, a linter reads it.

A Place says where a value comes from, whatever the template calls it there. In

    {{#each comments as |c|}} {{c.author.name}} {{@index}} {{../title}} {{#with c.author}}{{name}}{{/with}} {{/each}}

`c.author.name` and the last `name` are both ("comments", EACH, "author", "name"), `@index` is ("comments", INDEX)
and `../title` is ("title",).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from nac.handlebars.source import Span
from nac.handlebars.values import Undefined


class Root(Enum):
    """Where a place begins."""

    DATA = "data"
    """The context that the template is rendered with; `@root` too."""
    AT = "@"
    """An `@` name that no block around gives: the first step is the name, without the `@`."""
    NOWHERE = "nowhere"
    """`../` above the outermost context: there is never anything."""
    UNKNOWN = "unknown"
    """What a helper returned, a literal, a name looked up by another value: it takes a rendering to know."""


class Marker(Enum):
    """A step that is not a name."""

    EACH = "each"
    """An item: any one of a list's, any value of an object's."""
    INDEX = "index"
    """The number of a turn of the loop, from 0; the steps before it are what is looped through."""
    KEY = "key"
    """The index or the name of an item."""
    FIRST = "first"
    LAST = "last"


EACH: Final = Marker.EACH
INDEX: Final = Marker.INDEX
KEY: Final = Marker.KEY
FIRST: Final = Marker.FIRST
LAST: Final = Marker.LAST


@dataclass(frozen=True, slots=True)
class Section:
    """The step into `{{#value}} … {{/value}}`: an item if the value is a list, `around` if it is true, else itself.

    `around` is the context that the block stands in.
    """

    around: Place


Step: TypeAlias = str | Marker | Section


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value comes from: a root and the steps from there. No steps: all of it."""

    root: Root
    steps: tuple[Step, ...] = ()

    def to(self, *steps: Step) -> Place:
        return self if self.root is Root.NOWHERE else Place(self.root, (*self.steps, *steps))

    def holds(self, other: Place) -> bool:
        """Whether the other place is this one or lies within it."""
        return self.root is other.root and other.steps[: len(self.steps)] == self.steps

    def __str__(self) -> str:
        """As text for a message: `comments[].author.name`, `comments.@index`, `@name`."""
        text = "@" if self.root is Root.AT else "" if self.root is Root.DATA else f"<{self.root.value}>"
        for step in self.steps:
            if step is EACH or isinstance(step, Section):
                text += "[]" if step is EACH else ""
            else:
                dot = "." if text and text != "@" else ""
                text += dot + (step if isinstance(step, str) else f"@{step.value}")
        return text or "this"


class Use(Enum):
    """What a read value is for."""

    PRINT = "print"
    """`{{a}}`."""
    SECTION = "section"
    """`{{#a}} … {{/a}}` where `a` is no helper."""
    TEST = "test"
    """The condition of `if` or `unless`."""
    LOOP = "loop"
    """What `each` goes through."""
    ENTER = "enter"
    """What `with` enters."""
    LOOKUP = "lookup"
    """`(lookup a "b")`, as a read of `a.b`; one of `a`, as an argument, stands before it."""
    ARGUMENT = "argument"
    """An argument of any helper."""
    PARTIAL = "partial"
    """The context or a named argument of a partial."""
    CALL = "call"
    """`{{a.b argument}}`: called like a helper, which only an unusual context allows."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition under which something is rendered.

    `holds`: the place is something (the body of `if`), or nothing (its `else`). `direct` is false where it is an
    argument of a helper which decides: `{{#if (and a b)}}`, `{{#compare a "==" b}}`.
    """

    place: Place
    holds: bool
    direct: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Read:
    """A path that the template reads: `written` at `span`, its value coming from `place`.

    `required`: in strict mode it is an error if the last name is missing; the names before it are always required.
    `handled`: the template says what to do when there is nothing: the value is tested, or a default stands beside
    it. `guards`: the conditions around it, outermost first.
    """

    written: str
    place: Place
    use: Use
    required: bool
    handled: bool
    guards: tuple[Guard, ...]
    span: Span

    @property
    def guarded(self) -> bool:
        """Whether it does no harm when the place holds nothing: that is handled here, or tested around."""
        return self.handled or any(guard.holds and self.place.holds(guard.place) for guard in self.guards)


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal argument."""

    value: str | float | bool | Undefined | None
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a helper: `name` at `name_span`, and all of it (with a block: its opening part) at `span`."""

    name: str
    arguments: tuple[Argument, ...]
    named: tuple[tuple[str, Argument], ...]
    block: bool
    guards: tuple[Guard, ...]
    name_span: Span
    span: Span


@dataclass(frozen=True, slots=True)
class PartialCall:
    """A call of a partial. `name` is None where an expression gives it; `found` tells whether its text was analysed.

    `context` is where what it sees comes from; `named` is added to that. `block`: it brings its own default text.
    """

    name: str | None
    context: Place
    named: tuple[tuple[str, Argument], ...]
    block: bool
    found: bool
    guards: tuple[Guard, ...]
    name_span: Span
    span: Span


Argument: TypeAlias = Constant | Read | Call


@dataclass(frozen=True, slots=True)
class Usage:
    """Everything a template uses, in the order of rendering; the arguments of calls are among the reads and calls."""

    reads: tuple[Read, ...]
    calls: tuple[Call, ...]
    partials: tuple[PartialCall, ...]
