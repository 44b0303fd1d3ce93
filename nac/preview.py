"""A trigger's data + a template + a recipient → what that person would read, per channel.

SuprSend drops a channel's message when a variable in it cannot be rendered; so does the preview, and says which
variable it was, and what is nearest to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nac import handlebars
from nac.diagnostics import INVALID_TEMPLATE, MESSAGE_DROPPED, Diagnostic, Label
from nac.handlebars import HandlebarsError, MissingVariable
from nac.recipients import Person
from nac.source import SourceFile, Span
from nac.templates import HELPERS
from nac.templates.folder import Template


@dataclass(frozen=True)
class Preview:
    """One channel of one person: the `text`, or why there is none.

    `problems`: what keeps the message from being sent (a missing variable, a broken template). `not_sent`: why the
    channel is not used at all for this person.
    """

    channel: str
    text: str | None = None
    problems: tuple[Diagnostic, ...] = ()
    not_sent: str | None = None


def preview(fields: Mapping[str, Any], template: Template, person: Person) -> list[Preview]:
    """What one person would read, channel by channel in the order of the vocabulary.

    `fields` are those of `nac.resolve.Resolved`.
    """
    context = context_of(fields, person)
    recipient = person.recipient if isinstance(person.recipient, dict) else {}
    return [_channel(channel, source, context, recipient) for channel, source in template.channels.items()]


def context_of(fields: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """The names that a template can read: the data at the top, `$recipient` and `$actor`."""
    return {**fields.get("data", {}), "$recipient": _profile(person.recipient), "$actor": _profile(fields.get("actor"))}


def _profile(who: Any) -> dict[str, Any]:
    if isinstance(who, str):
        return {"distinct_id": who}
    return dict(who) if isinstance(who, dict) else {}


def _channel(channel: str, source: SourceFile, context: dict[str, Any], recipient: Mapping[str, Any]) -> Preview:
    wanted = recipient.get("$channels")
    if isinstance(wanted, list) and channel not in wanted:
        return Preview(channel, not_sent=f"this person's $channels are {', '.join(map(str, wanted)) or 'none'}")
    try:
        compiled = handlebars.compile(source.text, helpers=HELPERS, name=source.path)
        return Preview(channel, compiled.render(context))
    except MissingVariable:
        missing = compiled.missing(context)
        return Preview(channel, problems=tuple(_dropped(one, source, recipient) for one in missing))
    except HandlebarsError as error:
        return Preview(channel, problems=(Diagnostic(INVALID_TEMPLATE, error.message, _label(error), help=error.help),))


def _dropped(error: MissingVariable, source: SourceFile, recipient: Mapping[str, Any]) -> Diagnostic:
    help = error.help
    if help is None and error.path.startswith("$recipient") and not recipient:
        help = (
            "this recipient is only an id here: nac does not know what SuprSend keeps of them. Give the property inline"
        )
    message = f"SuprSend would drop this message: {error.message}"
    return Diagnostic(MESSAGE_DROPPED, message, _label(error), help=help)


def _label(error: HandlebarsError) -> Label:
    return Label(error.template, Span(error.line, error.column, error.end_line, error.end_column))
