"""The vendor's helpers that need something from outside: the render time, the reader's locale, translations.

They take it from the Context that a template is rendered with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from nac.handlebars import UNDEFINED, Helper, HelperError, Options
from nac.handlebars.values import is_nullish
from nac.templates.context import context_of
from nac.templates.dates import find_zone, print_date, read_date

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def datetime_format(args: Sequence[object], options: Options) -> object:
    """`datetime-format value format [timezone]`; UTC without a zone, or with one that is not text. English."""
    value, pattern, zone = [*args, UNDEFINED, UNDEFINED, UNDEFINED][:3]
    if is_nullish(value):
        raise HelperError(f"`{options.name}` needs a date; there is none")
    if not isinstance(pattern, str):
        raise HelperError(f"`{options.name}` needs text as its format, such as `D MMMM YYYY`")
    try:
        instant = _now(options) if value == "now" else read_date(value)
        return print_date(instant, pattern, find_zone(zone) if isinstance(zone, str) else None)
    except ValueError as error:
        raise HelperError(f"`{options.name}`: {error}") from None


def _now(options: Options) -> int:
    now = context_of(options).now
    if now is None:
        raise HelperError(f"`{options.name}` is asked for now, but this template is rendered at no particular time")
    return (now - _EPOCH) // timedelta(milliseconds=1)


def translate(args: Sequence[object], options: Options) -> object:
    """`t key name=value … [count=n]`."""
    key = args[0] if args else UNDEFINED
    if len(args) != 1 or not isinstance(key, str) or not key:
        raise HelperError(f"`{options.name}` needs the key of a translation, as text")
    context = context_of(options)
    return context.translations.message(key, context.locale, options.hash)


HELPERS: dict[str, Helper] = {"datetime-format": datetime_format, "t": translate}
