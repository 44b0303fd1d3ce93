"""What a reader gets, channel by channel: rendered, and in the order it is seen.

The fields are those of the vendor's channel schemas (see its `template/channel/*_schema.json`) by their own names; a
field that the template does not have is None, or empty where it is a list. `text` is what somebody reads, without
markup: what a terminal shows, a test compares and a difference is made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

Json = dict[str, Any]


@dataclass(frozen=True)
class Button:
    """Something to press. `kind`: "url", "phone" or "reply"; `url` holds the phone number of a phone button."""

    text: str
    url: str | None = None
    kind: str = "url"
    id: str | None = None
    open_in_new_tab: bool = False


@dataclass(frozen=True)
class Email:
    """`html` is None for a plain-text email. `text_derived`: the template has no text, so it was made of the HTML.

    `to`, `cc`, `bcc`, `extra_to` and `reply_to` are addresses; `to` comes from the recipient, and is empty where only
    SuprSend knows it. `markup` is the schema.org JSON-LD of `email_markup`.
    """

    channel: ClassVar[str] = "email"

    subject: str | None
    html: str | None
    plain_text: str
    text_derived: bool = False
    preheader: str | None = None
    from_name: str | None = None
    from_address: str | None = None
    to: tuple[str, ...] = ()
    extra_to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: str | None = None
    markup: str | None = None

    @property
    def text(self) -> str:
        return self.plain_text


@dataclass(frozen=True)
class Sms:
    """`kind` is "basic" or "dlt"; the latter has a `header` (the sender) and a `category`."""

    channel: ClassVar[str] = "sms"

    body: str
    kind: str = "basic"
    header: str | None = None
    category: str | None = None

    @property
    def text(self) -> str:
        return self.body


@dataclass(frozen=True)
class WhatsappHeader:
    """`format` is TEXT (with `text`), or DOCUMENT, IMAGE or VIDEO (with `media_url`)."""

    format: str
    text: str | None = None
    media_url: str | None = None
    filename: str | None = None


@dataclass(frozen=True)
class Whatsapp:
    channel: ClassVar[str] = "whatsapp"

    body: str
    header: WhatsappHeader | None = None
    footer: str | None = None
    button_type: str = "NONE"
    buttons: tuple[Button, ...] = ()
    category: str | None = None

    @property
    def text(self) -> str:
        header = self.header.text if self.header else None
        return _lines(header, self.body, self.footer, *(f"[{one.text}]" for one in self.buttons))


@dataclass(frozen=True)
class Inbox:
    """`body` is Markdown. `expiry` is `{format, value, …}` as authored, with its value rendered."""

    channel: ClassVar[str] = "inbox"

    body: str
    header: str | None = None
    subtext: str | None = None
    subtext_url: str | None = None
    avatar_url: str | None = None
    avatar_action_url: str | None = None
    image_url: str | None = None
    action_url: str | None = None
    open_in_new_tab: bool = False
    buttons: tuple[Button, ...] = ()
    tags: tuple[str, ...] = ()
    importance: str = "default"
    is_pinned: bool = False
    expiry: Json | None = None
    extra_data: str | None = None

    @property
    def text(self) -> str:
        return _lines(self.header, self.body, self.subtext, *(f"[{one.text}]" for one in self.buttons))


@dataclass(frozen=True)
class Slack:
    """`body` for a text message (mrkdwn), `blocks` for a Block Kit one (any JSON objects: nothing is checked here).

    `plain_text` is the reading text of the blocks.
    """

    channel: ClassVar[str] = "slack"

    plain_text: str
    body: str | None = None
    blocks: tuple[Json, ...] | None = None

    @property
    def text(self) -> str:
        return self.plain_text


@dataclass(frozen=True)
class MsTeams:
    """`body` for a text message (Markdown), `card` for an Adaptive Card (any JSON object)."""

    channel: ClassVar[str] = "ms_teams"

    plain_text: str
    body: str | None = None
    card: Json | None = None

    @property
    def text(self) -> str:
        return self.plain_text


@dataclass(frozen=True)
class Push:
    """A push notification; `platform` is androidpush, iospush or webpush. `settings`: the rest of what was authored
    (sound, badge, priority …), rendered, by its own names."""

    platform: str
    body: str
    header: str | None = None
    subtext: str | None = None
    icon_url: str | None = None
    image_url: str | None = None
    action_url: str | None = None
    buttons: tuple[Button, ...] = ()
    settings: Json | None = None

    @property
    def channel(self) -> str:
        return self.platform

    @property
    def text(self) -> str:
        return _lines(self.header, self.body, self.subtext, *(f"[{one.text}]" for one in self.buttons))


@dataclass(frozen=True)
class Plain:
    """A channel that SuprSend has addresses for, and no template form (messenger)."""

    channel: str
    body: str

    @property
    def text(self) -> str:
        return self.body


Message = Email | Sms | Whatsapp | Inbox | Slack | MsTeams | Push | Plain


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)
