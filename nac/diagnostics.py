"""What nac tells an author: a rule that was broken, where, why, and what to do.

Author mistakes are values of `Diagnostic`, collected to the end of a run; exceptions are for I/O, misuse
and bugs. Codes: 1xx YAML, 2xx schema, 3xx expressions and templates, 4xx references and people, 5xx payload
and limits, 6xx hygiene. What only `nac check` finds is declared beside its rule:
`nac.rules.RULES` has them all.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from nac.source import Span

Severity = Literal["error", "warning", "info"]
"""An error fails a run; a warning fails it with `--strict`; an info never does."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of mistake. `name` says the problem in two or three words joined by hyphens."""

    code: str
    name: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class Label:
    """A place in a project file. `path` is POSIX and relative to the project; `span` None means the file.

    `secret`: what stands there is shown to nobody; a report prints asterisks in its place.
    """

    path: str
    span: Span | None = None
    message: str = ""
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to stand in a file instead of what is in `span`; line feeds become the file's own line ends."""

    path: str
    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that cannot alter what is sent but for the better; made whole or not at all.

    `description` is an order: "delete the comment".
    """

    description: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: the rule, a sentence, its place, related places, and what to do about it.

    `events` are the names of those it was met with; a finding that the files alone show has none. `level` is the
    severity where it is not the rule's own.
    """

    rule: Rule
    message: str
    label: Label
    related: tuple[Label, ...] = ()
    help: str | None = None
    events: tuple[str, ...] = ()
    fix: Fix | None = None
    level: Severity | None = None

    @property
    def severity(self) -> Severity:
        return self.level or self.rule.severity

    @property
    def sort_key(self) -> tuple[str, Span, str, str]:
        return (self.label.path, self.label.span or Span(0, 0, 0, 0), self.rule.code, self.message)


def met_with(event: str, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings as those of one event."""
    return [replace(one, events=(event,)) for one in diagnostics]


def ordered(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by place, each once, with all the events that it was met with."""
    events: dict[Diagnostic, dict[str, None]] = {}
    for one in diagnostics:
        events.setdefault(replace(one, events=()), {}).update(dict.fromkeys(one.events))
    return sorted((replace(one, events=tuple(found)) for one, found in events.items()), key=lambda one: one.sort_key)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was most likely meant to be, or None when none is near."""
    candidates = [one for one in known if isinstance(one, str)][:1000]
    folded = {one.casefold(): one for one in reversed(candidates)}
    close = difflib.get_close_matches(name[:200].casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    found = nearest(name, known)
    return f"did you mean `{found}`?" if found else None


def describe(value: object) -> str:
    """What a value is, in an author's words."""
    names = {type(None): "nothing (null)", bool: "true or false", int: "a number", float: "a decimal number",
             str: "text", list: "a list", dict: "a mapping"}  # fmt: skip
    return names.get(type(value), "something else")


INVALID_YAML = Rule("NAC101", "invalid-yaml")
DUPLICATE_KEY = Rule("NAC102", "duplicate-key")
UNSUPPORTED_YAML = Rule("NAC103", "unsupported-yaml")
EMPTY_FILE = Rule("NAC104", "empty-file")
UNREADABLE = Rule("NAC105", "unreadable-file")
NOT_UTF8 = Rule("NAC106", "not-utf-8")
TOO_LARGE = Rule("NAC107", "file-too-large")
INVALID_JSON = Rule("NAC108", "invalid-json")

UNKNOWN_KEY = Rule("NAC201", "unknown-key")
MISSING_KEY = Rule("NAC202", "missing-key")
WRONG_TYPE = Rule("NAC203", "wrong-type")
INVALID_VALUE = Rule("NAC204", "invalid-value")
DUPLICATE_NAME = Rule("NAC205", "duplicate-name")

UNDEFINED_VARIABLE = Rule("NAC301", "undefined-variable")
INVALID_EXPRESSION = Rule("NAC302", "invalid-expression")
EXPRESSION_FAILED = Rule("NAC303", "expression-failed")
EXPRESSION_LIMIT = Rule("NAC304", "expression-limit")
INVALID_TEMPLATE = Rule("NAC310", "invalid-template")
MESSAGE_DROPPED = Rule("NAC311", "message-dropped")
TEMPLATE_OUT_OF_STEP = Rule("NAC312", "template-out-of-step")

UNKNOWN_DIRECTORY = Rule("NAC401", "unknown-directory")
UNREADABLE_DIRECTORY = Rule("NAC402", "unreadable-directory")
INVALID_QUERY = Rule("NAC403", "invalid-query")
NO_IDENTITY = Rule("NAC404", "recipient-without-identity")
UNKNOWN_TEMPLATE = Rule("NAC405", "unknown-template")
UNKNOWN_FILE = Rule("NAC406", "unknown-file")
NO_RECIPIENTS = Rule("NAC407", "no-recipients")

PAYLOAD_TOO_LARGE = Rule("NAC501", "payload-too-large")
INVALID_PAYLOAD = Rule("NAC502", "invalid-payload")

IGNORE_WITHOUT_REASON = Rule("NAC690", "ignore-without-reason", "warning")
UNUSED_IGNORE = Rule("NAC691", "unused-ignore", "warning")
UNKNOWN_RULE = Rule("NAC692", "unknown-rule")

# Those that are found wherever a project is read or run; `nac.rules` adds its own.
RULES: tuple[Rule, ...] = tuple(one for one in list(globals().values()) if isinstance(one, Rule))
