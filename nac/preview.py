"""A trigger's data + a template + a recipient → what that person would read, per channel.

SuprSend drops a channel's message when a variable in it cannot be rendered; so does the preview, and says which
variable it was, and what is nearest to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nac import handlebars
from nac.diagnostics import Diagnostic
from nac.handlebars import HandlebarsError
from nac.recipients import Person
from nac.source import SourceFile
from nac.templates import HELPERS, Context, Translations
from nac.templates import problems as every_problem
from nac.templates.findings import finding_of
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


def preview(
    fields: Mapping[str, Any], template: Template, person: Person, now: datetime, translations: Translations
) -> list[Preview]:
    """What one person would read, channel by channel in the order of the vocabulary.

    `fields` are those of `nac.resolve.Resolved`; `now` is the render time; the person's `$locale`, else their
    `$preferred_language`, chooses the translations.
    """
    recipient = person.recipient if isinstance(person.recipient, dict) else {}
    locale = recipient.get("$locale") or recipient.get("$preferred_language")
    context = Context(names_of(fields, person), now=now, locale=locale, translations=translations)
    return [_channel(channel, source, context, recipient) for channel, source in template.channels.items()]


def names_of(fields: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """The names that a template can read: the data at the top, `$recipient` and `$actor`."""
    return {**fields.get("data", {}), "$recipient": _profile(person.recipient), "$actor": _profile(fields.get("actor"))}


def _profile(who: Any) -> dict[str, Any]:
    if isinstance(who, str):
        return {"distinct_id": who}
    return dict(who) if isinstance(who, dict) else {}


def _channel(channel: str, source: SourceFile, context: Context, recipient: Mapping[str, Any]) -> Preview:
    wanted = recipient.get("$channels")
    if isinstance(wanted, list) and channel not in wanted:
        return Preview(channel, not_sent=f"this person's $channels are {', '.join(map(str, wanted)) or 'none'}")
    try:
        return Preview(channel, handlebars.compile(source.text, helpers=HELPERS, name=source.path).render(context))
    except HandlebarsError:
        found = every_problem(source.text, context, name=source.path)
        return Preview(channel, problems=tuple(_finding(one, recipient) for one in found))


def _finding(error: HandlebarsError, recipient: Mapping[str, Any]) -> Diagnostic:
    unknown = not recipient and getattr(error, "path", "").startswith("$recipient")
    help = "nac does not know what SuprSend keeps of this recipient: give the property inline"
    return finding_of(error, help if unknown else None)
