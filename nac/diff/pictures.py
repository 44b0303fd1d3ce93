"""The messages that changes are about, each that looks different once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from nac.diff.changes import Picture, Place
from nac.diff.masking import COVER, masked_preview
from nac.diff.side import OWN, Sampled
from nac.preview.result import Preview

MAX_PICTURES = 24
"""Of one change. A change is the same everywhere it was met: more of it shows nothing new."""
MAX_LOOKED = 500
# However long what is covered up is: it looks the same.
_COVERED = re.compile(rf"{COVER}+|\*{{3,}}")


def alike(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Those that look different, each with every place of the ones that look the same."""
    found: list[tuple[Any, Picture, list[Place]]] = []
    for one in islice(pictures, MAX_LOOKED):
        look = _look(one.before), _look(one.after)
        for known, _, places in found:
            if known == look:
                places += one.where
                break
        else:
            if len(found) < MAX_PICTURES:
                found.append((look, one, [*one.where]))
    return tuple(replace(one, where=tuple(dict.fromkeys(places))) for _, one, places in found)


def _look(preview: Preview | None) -> Any:
    """What a card shows of the message itself; people, locales and tenants apart."""
    if preview is None:
        return None
    said = repr((preview.message, [one.message for one in preview.problems], preview.not_sent))
    return _COVERED.sub(COVER, said)


def came(side: Sampled, identity: str | None = None) -> Iterator[Picture]:
    """What somebody gets who did not before, everybody by default: in their own locale."""
    for preview, place in _own(side, identity):
        yield Picture(None, preview, (place,))


def went(side: Sampled, identity: str | None = None) -> Iterator[Picture]:
    """What somebody got who does not any more."""
    for preview, place in _own(side, identity):
        yield Picture(preview, None, (place,))


def _own(side: Sampled, identity: str | None) -> Iterator[tuple[Preview, Place]]:
    readers = {one.identity: one for one in side.recipients}
    for (who, spot), shown in side.messages.items():
        if identity in (None, who) and spot.locale == spot.tenant == OWN and shown.preview and shown.state != "unsent":
            reader = readers[who]
            place = Place(side.name, reader.shown, spot.channel, shown.locale, None)
            yield masked_preview(shown.preview, reader.secrets), place
