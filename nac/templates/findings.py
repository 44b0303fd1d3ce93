"""What is wrong with a template, as a finding at its place."""

from __future__ import annotations

from nac.diagnostics import INVALID_TEMPLATE, MESSAGE_DROPPED, Diagnostic, Label
from nac.handlebars import HandlebarsError
from nac.handlebars.source import Span as Place
from nac.source import Span
from nac.templates.jsonnet import JsonnetError
from nac.templates.problems import is_dropped
from nac.templates.template import Text


def finding_of(error: HandlebarsError, help: str | None = None, *, text: Text | None = None) -> Diagnostic:
    """A message that SuprSend would drop, or a template that is broken, with every place the error points at.

    `help` is what to do where the error itself does not know. `text` is the part of a file that was rendered; without
    it the template is a whole file, by the name that it was compiled with.
    """
    related = tuple(_label(one.span, text, one.message) for one in error.related)
    label = _label(error.span, text)
    if is_dropped(error):
        return Diagnostic(MESSAGE_DROPPED, _dropped(error.message), label, related, error.help or help)
    return Diagnostic(INVALID_TEMPLATE, error.message, label, related, error.help or help)


def jsonnet_finding(error: JsonnetError, text: Text, help: str | None = None) -> Diagnostic:
    """The same for a text in JSONNET."""
    start = _offset(text.value, error.line, error.column)
    end = max(_offset(text.value, error.end_line, error.end_column), start)
    label = Label(text.source.path, text.span(start, end))
    if error.missing is not None:
        return Diagnostic(MESSAGE_DROPPED, _dropped(error.message), label, help=error.help or help)
    return Diagnostic(INVALID_TEMPLATE, error.message, label, help=error.help or help)


def _dropped(message: str) -> str:
    return f"SuprSend would drop this message: {message}"


def _label(place: Place, text: Text | None, message: str = "") -> Label:
    if text is None:
        span = Span(place.line, place.column, place.end_line, place.end_column)
        return Label(place.source.name, span, message)
    return Label(text.source.path, text.span(place.start, place.end), message)


def _offset(text: str, line: int, column: int) -> int:
    """Where a line and column stand; JSONNET ends a line at a line feed alone."""
    begins = 0
    for _ in range(line - 1):
        found = text.find("\n", begins)
        if found < 0:
            break
        begins = found + 1
    return max(0, min(begins + column - 1, len(text)))
