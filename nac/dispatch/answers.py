"""Reading the hub's answers: status and text in, one outcome per record out. Pure.

One record is answered by JSON with a `message_id`, or by text; an error by `{"error": {"message": …}}`, or by
text. Several are answered by `{"records": [{"status", "status_code", "message_id", "error": {"message"}}]}`
in their order. The service's text is not trusted: it is shown in terminals and CI logs.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from nac.dispatch.outcomes import Accepted, Outcome, Rejected, Unsent

MESSAGE_CHARACTERS = 500


def read_answer(
    status: int,
    text: str,
    count: int,
    *,
    retry_after: float | None = None,
    mask: Callable[[str], str] = str,
) -> list[Outcome]:
    """The outcomes of the `count` records of one call. `mask` takes secrets out of text to be shown."""
    answer = _json(text)
    if 300 <= status < 400:
        return [Rejected(status, "answered with a redirect, which is not followed: check the base URL")] * count
    if not 200 <= status < 300:
        return [Rejected(status, _message(answer, text, mask), retry_after)] * count
    if count == 1:
        # 2xx alone says that a lone record was taken: its answer may be text, or JSON without a status.
        lone = answer if isinstance(answer, dict) else {}
        if isinstance(records := lone.get("records"), list) and len(records) == 1:  # it is told as one of several are
            return [_record(records[0], status, mask)]
        return [_record(lone if lone.get("status") == "error" else {**lone, "status": "success"}, status, mask)]
    records = answer.get("records") if isinstance(answer, dict) else None
    if not isinstance(records, list) or len(records) != count:
        reason = f"the answer (status {status}) does not say what became of each of the {count} records"
        return [Unsent(reason, maybe_received=True)] * count
    return [_record(record, status, mask) for record in records]


def _record(record: object, http_status: int, mask: Callable[[str], str]) -> Outcome:
    match record:
        case {"status": "success", **rest}:
            message_id = rest.get("message_id")
            return Accepted(clean(message_id) or None if isinstance(message_id, str) else None)
        case {"status": "error", **rest}:
            code = rest.get("status_code")
            status = code if isinstance(code, int) and 100 <= code <= 999 else http_status
            return Rejected(status, _message(rest, "", mask))
    return Unsent("the answer does not say what became of this record", maybe_received=True)


def _json(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _message(answer: object, text: str, mask: Callable[[str], str]) -> str:
    match answer:
        case {"error": {"message": str(said)}} | {"error": str(said)} | {"message": str(said)}:
            text = said
    return clean(mask(text)) or "no message"


def clean(text: str, limit: int = MESSAGE_CHARACTERS) -> str:
    """`text` on one line without control, format or surrogate characters, cut to `limit` characters."""
    shown = "".join(c if c.isprintable() else " " for c in text[: 4 * limit])
    line = " ".join(shown.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, from a Retry-After header: it holds seconds or a date; None where it holds neither."""
    value = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:  # "-0000": UTC by RFC 5322
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
