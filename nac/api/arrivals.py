"""What `nac sandbox` shows a browser of the records it received: each as its reader would see it.

record → the template that the project has for it → one recipient's previews → cards, kept for when they are asked for
again

Nothing is rendered before the page asks for a record, and for one recipient at a time. A change to the project's files
is seen within two seconds.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from nac.api.arrival_templates import Known, read, stamped, text
from nac.api.previews import preview_request, readers_of
from nac.api.triggers import NacError
from nac.dispatch.outcomes import Accepted
from nac.limits import Kind
from nac.recipients import Person
from nac.report.arrivals import arrivals_page, drawn, policy, shortened
from nac.sandbox.kept import Received
from nac.sandbox.view import About

LOOK_SECONDS = 2.0  # between two looks at whether the project's files have changed
KEPT = 256  # previews kept, those asked for last
KEPT_CHARACTERS = 32_000_000  # of them


class Arrivals:
    """A `nac.sandbox.view.View` with a project's templates; `root` None: there is no project. Close it after use.

    Raises NacError where `root` holds no project.
    """

    def __init__(self, root: str | os.PathLike[str] | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._root = None if root is None else Path(root)
        self._clock = clock
        self._lock = Lock()  # one record is rendered at a time
        self._drawn: OrderedDict[bytes, dict[str, Any]] = OrderedDict()
        self._looked = clock()
        self._known = Known("") if self._root is None else read(self._root, stamped(self._root, None))
        self.page = arrivals_page(None if self._root is None else self._root.resolve().name).encode()
        self.policy = policy()

    def close(self) -> None:
        with self._lock:
            self._known.close()

    def stamp(self) -> str:
        if not self._lock.acquire(blocking=False):  # something is being rendered: the list does not wait for it
            return self._known.stamp
        try:
            return self._fresh().stamp
        finally:
            self._lock.release()

    def about(self, kind: Kind, body: object) -> About:
        return self._known.about(kind, body)

    def who(self, kind: Kind, body: object) -> str:
        people = readers_of(kind, body) if isinstance(body, Mapping) else []
        if kind == "broadcast":
            return "everyone on the list"
        first = _called(people[0], 60) if people else "nobody"
        return f"{first} and {len(people) - 1:,} more" if len(people) > 1 else first

    def preview(self, received: Received, reader: int) -> dict[str, object]:
        kind, body = received.kind, received.parsed
        unread = received.duplicate or not isinstance(received.outcome, Accepted)
        if kind is None or unread or not isinstance(body, Mapping):
            return {"readers": [], "reader": 0, "cards": [], "findings": None, "says": None}
        people = readers_of(kind, body)
        names = ["everyone on the list"] if kind == "broadcast" else [_called(one, 80) for one in people]
        reader = min(reader, max(0, len(people) - 1))
        with self._lock:
            known = self._fresh()
            slug, says = known.template(kind, body)
            made: dict[str, Any] = {"cards": [], "findings": None}
            if slug is not None and people:
                content = f"{known.stamp}\n{slug}\n{received.time.isoformat()}\n{reader}\n{received.json}"
                digest = sha256(content.encode()).digest()
                if digest not in self._drawn:
                    assert known.templates is not None
                    shown = preview_request(known.templates, slug, body, people[reader], names[reader], received.time)
                    self._keep(digest, drawn(shown))
                self._drawn.move_to_end(digest)
                made = self._drawn[digest]
        return {"readers": names, "reader": reader, "template": slug, "says": says, **made}

    def _keep(self, digest: bytes, made: dict[str, Any]) -> None:
        """The new one always, of the others as many as there is room for."""
        self._drawn[digest] = made
        while len(self._drawn) > 1 and (len(self._drawn) > KEPT or self._characters() > KEPT_CHARACTERS):
            self._drawn.popitem(last=False)

    def _characters(self) -> int:
        return sum(len(card["html"]) for one in self._drawn.values() for card in one["cards"])

    def _fresh(self) -> Known:
        """The project as its files are now, or were two seconds ago at most."""
        if self._root is None or self._clock() - self._looked < LOOK_SECONDS:
            return self._known
        self._looked = self._clock()
        stamp = stamped(self._root, self._known.project)
        if stamp != self._known.stamp:
            self._known.close()
            try:
                self._known = read(self._root, stamp)
            except NacError:  # the folder was moved away, perhaps for a moment
                self._known = Known(stamp)
        return self._known


def _called(person: Person, most: int) -> str:
    """Who it is, by name where there is one: `Maya Lindqvist · 0103`."""
    name = text(person.recipient, "name")
    return shortened(f"{name[:most]} · {person.shown}" if name.strip() else person.shown, most)
