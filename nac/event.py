"""Event: what an application hands to a trigger, with the time and environment that its expressions may read."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn

from nac.model import Sample, Settings

# Samples that name no time of their own are compiled at this one, so that the same sample gives the same bytes.
SAMPLE_NOW = datetime(2026, 1, 1, tzinfo=UTC)
MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 64


@dataclass(frozen=True)
class Event:
    """`data` is `event` in expressions; `now` is aware; `env` holds the variables that nac.yaml allows. `batch` is the
    data of further events that SuprSend would batch with this one: previews alone read it."""

    name: str
    data: Mapping[str, Any]
    now: datetime = SAMPLE_NOW
    env: Mapping[str, str] = field(default_factory=dict)
    batch: tuple[Mapping[str, Any], ...] = ()

    @property
    def scope(self) -> dict[str, Any]:
        return {"event": self.data, "env": self.env, "now": iso(self.now)}


class EventError(ValueError):
    """A text that is no event; the message says why."""


def parse_now(text: str) -> datetime | None:
    """An ISO 8601 time as an aware datetime (UTC when it names no zone); None when it is not one."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:  # in UTC, it lies before the year 1 or after 9999
        return None


def iso(time: datetime) -> str:
    """ISO 8601 in UTC, to the second or, where there are any, the microsecond."""
    utc = time.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat() + "Z"


def sample_event(sample: Sample, settings: Settings, now: datetime | None = None) -> Event:
    """The event of a sample. Its environment is the one written down, never that of the machine."""
    declared = settings.env if isinstance(settings.env, dict) else {}
    written = parse_now(sample.now) if sample.now else None
    return Event(
        sample.name, sample.event, now or written or SAMPLE_NOW, {**declared, **sample.env}, tuple(sample.batch)
    )


def live_event(text: str | bytes, settings: Settings, now: datetime, environ: Mapping[str, str], name: str) -> Event:
    """The event in a JSON text, with those of `environ` that nac.yaml allows. Raises EventError."""
    return Event(name, parse_event(text), now, {one: environ[one] for one in settings.env if one in environ})


def parse_event(text: str | bytes) -> dict[str, Any]:
    """A JSON object as a dict. Refused: other JSON, NaN, duplicate keys, half surrogates, too deep, too large."""
    if len(text) > MAX_BYTES:
        raise EventError(f"an event may hold {MAX_BYTES:,} bytes")
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
        data_is_text = json.dumps(data, ensure_ascii=False)
    except UnicodeDecodeError as error:
        raise EventError(f"not UTF-8 (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise EventError(f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise EventError(f"nested more than {MAX_DEPTH} levels deep") from None
    except EventError:
        raise
    except ValueError:
        raise EventError("it holds a number with too many digits") from None
    if not isinstance(data, dict):
        raise EventError("an event is a JSON object: { … }")
    if re.search("[\ud800-\udfff]", data_is_text):
        raise EventError("it holds half of a surrogate pair (\\ud800 to \\udfff), which is not text")
    if _depth(data) > MAX_DEPTH:
        raise EventError(f"nested more than {MAX_DEPTH} levels deep")
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise EventError(f"the key `{twice[:80]}` stands twice in one object")
    return found


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text[:40])


def _refuse(constant: str) -> NoReturn:
    raise EventError(f"{constant} is not a number that JSON can hold")


def _depth(value: Any) -> int:
    deepest, stack = 0, [(value, 1)]
    while stack:
        one, depth = stack.pop()
        if isinstance(one, (dict, list)):
            deepest = max(deepest, depth)
            if depth > MAX_DEPTH:
                break
            stack.extend((below, depth + 1) for below in (one.values() if isinstance(one, dict) else one))
    return deepest
