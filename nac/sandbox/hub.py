"""What the hub does with a request: address, credentials, JSON, limits, records, answer. No network."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from email.message import Message
from math import isfinite
from typing import Literal

from nac.dispatch.answers import clean
from nac.dispatch.auth import Auth, Bearer, Hmac
from nac.dispatch.endpoints import route
from nac.dispatch.outcomes import Accepted, Rejected
from nac.limits import MAX_BYTES, MAX_RECORDS, RECORD_OVERHEAD, Kind
from nac.sandbox.door import Refused, authenticate
from nac.sandbox.faults import NONE, Chance, Fault, Faults
from nac.sandbox.kept import Call, Kept
from nac.sandbox.view import View, arrivals, is_elsewhere, preview, wants_page

Validate = Callable[[Kind, object], list[str]]

NESTED = 100  # levels of JSON; the service's own limit is not published
REQUIRED: dict[Kind, tuple[str, ...]] = {  # by the vendor's JSON Schemas
    "workflow": ("workflow", "recipients", "data"),
    "dynamic": ("name", "template", "notification_category", "users", "data"),
    "broadcast": ("$insert_id", "$time", "list_id", "template", "notification_category", "data"),
}
ON_PURPOSE = "a fault on purpose"
NO_ADDRESS = "no such address: GET / lists them"
HELP = """nac sandbox: a stand-in for the SuprSend hub. It sends nothing.

POST   /trigger/                  one workflow trigger, or a list of up to 100
POST   /<workspace>/trigger/      one dynamic workflow, or a list of up to 100
POST   /<workspace>/broadcast/    one broadcast
GET    /                          for a browser: what arrives, as its readers would see it
GET    /requests                  what was received
GET    /requests/<id>
GET    /deliveries                who would have been notified
GET    /count                     how many records were accepted, delivered, duplicates, rejected
DELETE /requests                  forget everything
"""
# What another site's page may make of an answer that it gets hold of: nothing.
OURS = (("Cross-Origin-Resource-Policy", "same-origin"),)


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    fault: Fault | None = None  # of the wire: cut, or slow
    quiet: bool = False  # asked for by the page, again and again: not worth a line in the log


def required_keys(kind: Kind, body: object) -> list[str]:
    """What is wrong with a record, going only by the keys that its kind must have; [] where nothing is."""
    if not isinstance(body, dict):
        return ["a record must be an object"]
    return [f"{key} is required" for key in REQUIRED[kind] if key not in body]


def failure(status: int, message: str) -> Reply:
    """An error in the service's shape."""
    return _json(status, {"error": {"message": message}})


class Hub:
    """Answers requests, and keeps what it received. `validate` gives what is wrong with a record, `view` the page."""

    def __init__(
        self,
        auth: Sequence[Auth],
        validate: Validate,
        clock: Callable[[], datetime],
        keep: int,
        faults: Faults = NONE,
        view: View | None = None,
    ) -> None:
        self.faults = faults
        self._chance = Chance(faults)
        self._auth = auth
        self._validate = validate
        self._clock = clock
        self._view = view
        self._origin = f"{clock().timestamp():.6f}"
        self.kept = Kept(keep)

    def answer(self, method: str, target: str, headers: Message, body: bytes) -> Reply:
        """The answer to a request whose `target` is its path and query."""
        path, _, query = target.partition("?")
        if method == "POST":
            return self._with_faults(path, target, headers, body)
        if is_elsewhere(headers):
            return failure(403, "pages of other sites are told nothing here")
        shown = self._shown(method, path, query, headers)
        return replace(shown, headers=(*shown.headers, *OURS))

    def _shown(self, method: str, path: str, query: str, headers: Message) -> Reply:
        """What is asked of the sandbox itself. A GET changes nothing."""
        view = self._view
        match method, path.split("/"):
            case "GET", ["", ""] if view and wants_page(headers):
                policy = (("Content-Security-Policy", view.policy), ("Referrer-Policy", "no-referrer"))
                return Reply(200, view.page, "text/html; charset=utf-8", policy)
            case "GET", ["", ""]:
                return Reply(200, HELP.encode(), "text/plain; charset=utf-8")
            case "GET", ["", "arrivals"] if view:
                return replace(_json(200, arrivals(self.kept, view, query, self._origin)), quiet=True)
            case "GET", ["", "requests", wanted, "preview"] if view:
                if (drawn := preview(self.kept, view, wanted, query)) is not None:
                    return replace(_json(200, drawn), quiet=True)
            case "GET", ["", "requests"]:
                return _json(200, [received.as_dict() for received in self.kept.received()])
            case "GET", ["", "requests", wanted]:
                if wanted.isdecimal() and len(wanted) < 16 and (found := self.kept.find(int(wanted))):
                    return _json(200, found.as_dict())
            case "GET", ["", "deliveries"]:
                delivered = self.kept.deliveries()
                return _json(200, [{"recipient": one.recipient, "record": one.record} for one in delivered])
            case "GET", ["", "count"]:
                return _json(200, asdict(self.kept.count()))
            case "DELETE", ["", "requests"]:
                self.kept.clear()
                return _json(200, {"status": "success"})
        return failure(404, NO_ADDRESS)

    def _with_faults(self, path: str, target: str, headers: Message, body: bytes) -> Reply:
        fault = self._chance.call(path, body)
        match fault:
            case "429":
                after = ("Retry-After", f"{self.faults.retry_after:g}")
                return replace(failure(429, ON_PURPOSE), headers=(after,))
            case "500":
                return failure(500, ON_PURPOSE)
            case "cut":
                return Reply(500, b"", fault="cut")
        reply = self._post(path, target, headers, body)
        return failure(500, ON_PURPOSE) if fault == "500-after" else replace(reply, fault=fault)

    def _post(self, path: str, target: str, headers: Message, body: bytes) -> Reply:
        now = self._clock()
        kind: Kind | None = None
        who: Auth | None = None
        try:
            if (there := route(path)) is None:
                raise Refused(404, NO_ADDRESS)
            kind, workspace_key = there
            who = authenticate(self._auth, "POST", target, headers, body, now)
            # Which workspace an API key belongs to is not known here: only a signature can contradict.
            if workspace_key and isinstance(who, Hmac) and workspace_key != who.workspace_key:
                raise Refused(404, "the workspace in the address is not the one that signed the request")
            parsed = _parse(kind, headers, body)
        except Refused as refused:
            rejected = Rejected(refused.status, refused.message)
            if not is_elsewhere(headers):  # or any site that is open in a browser could fill what is kept
                self.kept.add(_call(now, path, kind, who), [(None, rejected)])
            return failure(refused.status, refused.message)
        records = parsed if isinstance(parsed, list) else [parsed]
        told = {}
        if len(records) > 1:
            told = {place: met for place, one in enumerate(records) if (met := self._chance.record(one))}
        judged = [(record, self._judge(kind, record)) for record in records]
        for place, (status, received) in told.items():
            if not received:
                judged[place] = (records[place], Rejected(status, ON_PURPOSE))
        outcomes = self.kept.add(_call(now, path, kind, who, body), judged)
        for place, (status, _) in told.items():
            outcomes[place] = Rejected(status, ON_PURPOSE)
        if isinstance(parsed, list):
            return Reply(202, b'{"records": [' + ", ".join(map(_in_bulk, outcomes)).encode() + b"]}")
        match outcomes[0]:
            case Accepted(message_id):
                return _json(202, {"status": "success", "message_id": message_id})
            case Rejected(status, message):
                return failure(status, message)

    def _judge(self, kind: Kind, record: object) -> Rejected | None:
        problems = self._validate(kind, record)
        return Rejected(400, clean("; ".join(problems), 2000)) if problems else None


def _parse(kind: Kind, headers: Message, body: bytes) -> object:
    """The JSON of a request: one record, or a list of 1 to 100. Raises Refused."""
    content_type = headers.get("Content-Type", "").lower().replace(" ", "").replace('"', "")
    if content_type not in {"application/json", "application/json;charset=utf-8"}:
        raise Refused(415, "the Content-Type must be application/json; charset=utf-8")
    try:
        parsed: object = json.loads(body.decode(), parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError):
        raise Refused(400, "the body is not JSON in UTF-8") from None
    if not _is_shallow(parsed):
        raise Refused(400, f"the body is nested more than {NESTED} levels deep")
    count, joints = (len(parsed), 2 * len(parsed)) if isinstance(parsed, list) else (1, 0)
    if isinstance(parsed, list) and kind == "broadcast":
        raise Refused(400, "a broadcast is sent alone, not in a list")
    if not 1 <= count <= MAX_RECORDS:
        raise Refused(400, f"a list holds 1 to {MAX_RECORDS} records, this one {count}")
    if len(body) - joints + count * RECORD_OVERHEAD > MAX_BYTES:  # brackets and separators are not counted
        raise Refused(413, f"the body is over {MAX_BYTES} bytes, {RECORD_OVERHEAD} a record included")
    return parsed


def _finite(text: str) -> float:
    """A JSON number; ValueError for NaN, Infinity and 1e999, which Python reads but cannot write as JSON."""
    if not isfinite(number := float(text)):
        raise ValueError
    return number


_NESTS = frozenset((dict, list))


def _is_shallow(value: object) -> bool:
    level = [value] if type(value) in _NESTS else []
    for _ in range(NESTED):
        if not level:
            return True
        level = [
            child
            for item in level
            for child in (item.values() if type(item) is dict else item)  # type: ignore[attr-defined]
            if type(child) in _NESTS
        ]
    return not level


def _call(now: datetime, path: str, kind: Kind | None, who: Auth | None, text: bytes = b"") -> Call:
    auth: Literal["bearer", "hmac"] | None = "bearer" if isinstance(who, Bearer) else "hmac" if who else None
    return Call(now, clean(path), kind, auth, text)


def _in_bulk(outcome: Accepted | Rejected) -> str:
    """An outcome as JSON."""
    match outcome:
        case Accepted(message_id):  # by far the most: their numbers need no escaping
            return f'{{"status": "success", "status_code": 202, "message_id": "{message_id}"}}'
        case Rejected(status, message):
            return json.dumps({"status": "error", "status_code": status, "error": {"message": message}})


def _json(status: int, value: object) -> Reply:
    return Reply(status, json.dumps(value).encode())
