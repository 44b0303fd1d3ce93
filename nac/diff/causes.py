"""Which of the changed files that may alter a trigger can be what altered this."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nac.project import FOLDER
from nac.templates.translations import lookup_order, normal
from nac.vocabulary import CHANNELS

_LOCALE = re.compile(r"(?:[\w-]+\.)?([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\.json")


@dataclass(frozen=True)
class Causes:
    """The changed files of one trigger."""

    paths: tuple[str, ...]

    def files(self) -> tuple[str, ...]:
        """Those that are neither templates nor translations nor tenants: what a request is made of."""
        return tuple(one for one in self.paths if not _is_of_messages(one))

    def of_channel(self, channel: str) -> tuple[str, ...]:
        """The files of templates that can alter what is read on this channel, in whatever locale."""
        return tuple(one for one in self.paths if "/templates/" in one and _can_alter(one, channel, "", ""))

    def of_message(self, channel: str, locale: str, tenant: str, *, fields: bool) -> tuple[str, ...]:
        """Those that can alter what is read on this channel. `fields`: the request is another one, too."""
        of_messages = (one for one in self.paths if _is_of_messages(one))
        found = tuple(one for one in of_messages if _can_alter(one, channel, locale, tenant))
        return found if found and not fields else tuple(sorted({*found, *self.files()}))


def _can_alter(path: str, channel: str, locale: str, tenant: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    if "/translations/" in path:
        found = _LOCALE.fullmatch(name)
        return found is None or normal(found[1]) in lookup_order(locale)
    if path.startswith(f"{FOLDER}/tenants/"):
        return name.rsplit(".", 1)[0] in (tenant, "default")
    below = path.partition("/templates/")[2].split("/")[1:]
    of = below[0].split(".")[0] if below else ""
    return of not in CHANNELS or of == channel


def _is_of_messages(path: str) -> bool:
    return "/templates/" in path or "/translations/" in path or path.startswith(f"{FOLDER}/tenants/")
