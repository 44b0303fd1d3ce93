"""What a preview is: the message of one channel for one person, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nac.diagnostics import Diagnostic
from nac.messages import Message
from nac.templates.choice import Choice


@dataclass(frozen=True)
class Fact:
    """Something measured about a message: 2 SMS segments, a subject of 61 characters.

    `name` is a stable key such as "segments"; `value` with its `unit` is for somebody to read, `limit` is what it
    should stay under. `warning`: it is over that limit, or otherwise worth a look; `note` then says why, in a sentence.
    """

    name: str
    value: int | str
    unit: str = ""
    limit: int | None = None
    warning: bool = False
    note: str | None = None


@dataclass(frozen=True)
class Preview:
    """One channel of one person, in one locale and for one tenant.

    `message` is None where there is nothing to read: `problems` keep it from being sent (a missing variable, a broken
    template), or `not_sent` says why the channel is not used for this person. `choice` is the variant and the reasons
    for it, None where it never came to that. `notes` are what the reader of the preview should know (nac does not
    know this person's address, say).
    """

    channel: str
    locale: str
    tenant: str | None
    message: Message | None = None
    choice: Choice | None = None
    facts: tuple[Fact, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    not_sent: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str | None:
        """What somebody reads, without markup."""
        return self.message.text if self.message else None


@dataclass(frozen=True)
class Reader:
    """One recipient and what they would get, channel by channel (and locale by locale, tenant by tenant).

    `shown` is their id as somebody would write it, `identity` tells them apart, `via` is the selector that found
    them; `name` is the one that they are given, None where they have none.
    """

    shown: str
    identity: str
    via: str
    previews: tuple[Preview, ...]
    name: str | None = None

    @property
    def called(self) -> str:
        """`Maya Lindqvist · 0103`; the id alone where there is no other name."""
        return self.shown if self.name in (None, self.shown) else f"{self.name} · {self.shown}"


@dataclass(frozen=True)
class Previewed:
    """What the recipients of one event would read; `more` of them are not shown.

    `name` is the trigger's, or the template's slug where a template is previewed by itself; `event` is the sample's
    name, "event" for one from a file, or "mock_data.json". `channels` are those of the template. `now` is the event's
    time; `alone`: the template is previewed by itself, without a trigger.
    """

    name: str
    template: str
    event: str
    channels: tuple[str, ...]
    readers: tuple[Reader, ...]
    more: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    now: datetime | None = None
    alone: bool = False
