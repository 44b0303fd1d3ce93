"""What a browser is shown of the records: the seam between the sandbox, which keeps them, and the page that draws them.

Everything here is answered to a GET and changes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from email.message import Message
from typing import Literal, Protocol
from urllib.parse import parse_qs

from nac.dispatch.outcomes import Rejected
from nac.limits import Kind
from nac.sandbox.kept import Kept, Received

State = Literal["delivered", "duplicate", "rejected"]

MOST = 100  # records in one list
NAMES = 200  # workflows named in one list
LOOKED_AT = 500  # of the newest records, for what there is to choose by: who asks again knows of the older ones
SHOWN = 200  # characters of a path in a list


@dataclass(frozen=True)
class About:
    """What is known of a record without rendering it. `channels` are those of its template, none where it has none."""

    name: str  # the workflow's slug, the dynamic workflow's name, the list's id; empty where there is none
    template: str | None
    channels: tuple[str, ...]


class View(Protocol):
    """What draws the page and the records. Called from several threads."""

    page: bytes
    policy: str  # the page's Content-Security-Policy

    def stamp(self) -> str:
        """Another one when templates or triggers were changed: what was drawn before is out of date."""

    def about(self, kind: Kind, body: object) -> About: ...

    def who(self, kind: Kind, body: object) -> str:
        """The recipients, for one line."""

    def preview(self, received: Received, reader: int) -> dict[str, object]:
        """What the `reader`th recipient (from 0) would see of a record, as JSON values."""


def state_of(received: Received) -> State:
    if isinstance(received.outcome, Rejected):
        return "rejected"
    return "duplicate" if received.duplicate else "delivered"


def arrivals(kept: Kept, view: View, query: str, origin: str) -> dict[str, object]:
    """The newest records that a query asks for, newest first, and the counts of all.

    The query names `state`, `workflow` and `channel` to choose by, `limit`, and in `seen` the `at` of the last answer:
    where nothing has happened since, that is all that is said, and otherwise `workflows` and `channels` are only those
    of the newest records. `origin` tells one sandbox from the next on its port.
    """
    asked = {name: found[-1] for name, found in parse_qs(query).items()}
    at = "-".join(map(str, (origin, *kept.state(), view.stamp())))
    if asked.get("seen") == at:
        return {"at": at, "same": True}
    limit = min(int(asked["limit"]), MOST) if re.fullmatch("[0-9]{1,9}", asked.get("limit", "")) else MOST
    many, newest = kept.newest()
    names: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    rows: list[dict[str, object]] = []
    matching = 0
    chosen = not asked.keys().isdisjoint(("state", "workflow", "channel"))
    look = LOOKED_AT if "seen" in asked else many
    for place, received in enumerate(newest):
        if place >= look and not chosen:
            break
        about = _about(view, received)
        if place < look:
            names[about.name] += 1
            channels.update(about.channels)
        if chosen and not _asked_for(asked, received, about):
            continue
        matching += 1
        if len(rows) < limit:
            rows.append(_row(received, about, view))
    return {
        "at": at,
        "cleared": kept.state()[0],
        "count": asdict(kept.count()),
        "kept": many,
        "matching": matching if chosen else many,
        "records": rows,
        "workflows": [name for name, _ in names.most_common(NAMES) if name],
        "channels": sorted(channels),
    }


def preview(kept: Kept, view: View, wanted: str, query: str) -> dict[str, object] | None:
    """What the `reader`th recipient of a record would see, by default the first; None where it is not kept."""
    found = kept.find(int(wanted)) if wanted.isdecimal() and len(wanted) < 16 else None
    if found is None:
        return None
    reader = parse_qs(query).get("reader", ["0"])[-1]
    drawn = view.preview(found, int(reader) if reader.isdecimal() and len(reader) < 8 else 0)
    return {**_row(found, _about(view, found), view), **drawn}


def is_elsewhere(headers: Message) -> bool:
    """Whether a page of another site asks, going by what browsers say of it. Opening an address is no such asking."""
    site: str = headers.get("Sec-Fetch-Site", "none")
    opened = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest", "document") == "document"
    if site not in ("none", "same-origin") and not opened:
        return True
    # A form of another site opens an address too, by POST, and then says whose it is.
    asking = headers.get("Origin")
    return asking is not None and asking != f"http://{headers.get('Host')}"


def wants_page(headers: Message) -> bool:
    """Whether whoever asks would rather have HTML: browsers say so first, curl takes anything."""
    accepted: Sequence[str] = headers.get("Accept", "").split(",")
    return any(one.partition(";")[0].strip().lower() == "text/html" for one in accepted)


def _about(view: View, received: Received) -> About:
    if received.kind is None or received.parsed is None:
        return About("", None, ())
    return view.about(received.kind, received.parsed)


def _asked_for(asked: dict[str, str], received: Received, about: About) -> bool:
    return (
        asked.get("state", state_of(received)) == state_of(received)
        and asked.get("workflow", about.name) == about.name
        and ("channel" not in asked or asked["channel"] in about.channels)
    )


def _row(received: Received, about: About, view: View) -> dict[str, object]:
    """One record in a list."""
    known = received.kind is not None and received.parsed is not None
    outcome = received.outcome
    return {
        "id": received.id,
        "call": received.call,
        "time": received.time.astimezone(UTC).isoformat(),
        "state": state_of(received),
        "kind": received.kind,
        "auth": received.auth,
        "path": received.path[:SHOWN],
        "name": about.name,
        "template": about.template,
        "who": view.who(received.kind, received.parsed) if received.kind and known else "",
        "why": f"{outcome.status}: {outcome.message}" if isinstance(outcome, Rejected) else None,
        "duplicate_of": received.duplicate_of,
    }
