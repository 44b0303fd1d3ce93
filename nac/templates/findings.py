"""What is wrong with a template, as a finding at its place."""

from __future__ import annotations

from nac.diagnostics import INVALID_TEMPLATE, MESSAGE_DROPPED, Diagnostic, Label
from nac.handlebars import HandlebarsError
from nac.handlebars.source import Span as Place
from nac.source import Span
from nac.templates.problems import is_dropped


def finding_of(error: HandlebarsError, help: str | None = None) -> Diagnostic:
    """A message that SuprSend would drop, or a template that is broken, with every place the error points at.

    `help` is what to do where the error itself does not know.
    """
    dropped = is_dropped(error)
    message = f"SuprSend would drop this message: {error.message}" if dropped else error.message
    related = tuple(Label(one.span.source.name, _span(one.span), one.message) for one in error.related)
    rule = MESSAGE_DROPPED if dropped else INVALID_TEMPLATE
    return Diagnostic(rule, message, Label(error.template, _span(error.span)), related, error.help or help)


def _span(place: Place) -> Span:
    return Span(place.line, place.column, place.end_line, place.end_column)
