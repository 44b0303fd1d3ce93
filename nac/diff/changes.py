"""Changes as values: what differs between two trees, how much it matters, and in one sentence why.

`docs/diff.md` has the table of classes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, get_args

from nac.diff.words import Words

if TYPE_CHECKING:
    from nac.preview.result import Preview

Class = Literal["none", "cosmetic", "content", "audience", "breaking"]
CLASSES: tuple[Class, ...] = get_args(Class)
"""From the least to the most severe."""


def worst(classes: Iterable[Class]) -> Class:
    """The most severe of them; "none" of none."""
    return max(classes, key=CLASSES.index, default="none")


class Place(NamedTuple):
    """Where a change was met. What does not apply is None: a field of a request has a sample and no reader.

    `reader` is who, as they may be shown; `locale` and `tenant` are those the message was rendered for.
    """

    sample: str | None = None
    reader: str | None = None
    channel: str | None = None
    locale: str | None = None
    tenant: str | None = None


@dataclass(frozen=True)
class Text:
    """A part of a message by its name (`subject`, `text`): what a reader sees before and after, word by word."""

    name: str
    words: Words


@dataclass(frozen=True)
class Picture:
    """One message before and after, each as a whole; None where there is none. People of directories are covered up.

    `where`: every place in which it looks the same, the first of them first. `texts` and `markup` are how these two
    differ, as in MessageChanged.
    """

    before: Preview | None
    after: Preview | None
    where: tuple[Place, ...]
    texts: tuple[Text, ...] = ()
    markup: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Change:
    """What all changes have. `trigger` is its name at HEAD (for a template without triggers: `template <slug>`).

    `where`: every place that it was met in, sorted. `causes`: the changed files that lead to it, as far as they can be
    told apart, or "sample" where only the sample's own event was edited. `shown`: the messages it is about, where they
    were asked for, each that looks different once; `before_preview` and `after_preview` are those of the first.
    """

    kind: ClassVar[str]

    trigger: str
    cls: Class
    reason: str
    where: tuple[Place, ...] = ()
    causes: tuple[str, ...] = ()
    shown: tuple[Picture, ...] = field(default=(), compare=False, repr=False)

    @property
    def before_preview(self) -> Preview | None:
        return self.shown[0].before if self.shown else None

    @property
    def after_preview(self) -> Preview | None:
        return self.shown[0].after if self.shown else None


@dataclass(frozen=True, kw_only=True)
class TriggerAdded(Change):
    kind = "trigger-added"
    messages: int = 0


@dataclass(frozen=True, kw_only=True)
class TriggerRemoved(Change):
    kind = "trigger-removed"


@dataclass(frozen=True, kw_only=True)
class TriggerRenamed(Change):
    """The file moved; `before` and `after` are names of triggers."""

    kind = "trigger-renamed"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class SampleAdded(Change):
    kind = "sample-added"
    sample: str


@dataclass(frozen=True, kw_only=True)
class SampleRemoved(Change):
    kind = "sample-removed"
    sample: str


@dataclass(frozen=True, kw_only=True)
class SampleEdited(Change):
    """The event of a sample was edited: what differs only because of that is cosmetic."""

    kind = "sample-edited"
    sample: str


@dataclass(frozen=True, kw_only=True)
class FieldChanged(Change):
    """A part of the trigger or of a request, by its dotted path; a value that is not there is None.

    `before` and `after` are JSON texts of the values, or the text as it was written.
    """

    kind = "field-changed"
    path: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class DataKeyRemoved(Change):
    """`renamed_to`: another key now holds its value. `still_read`: the template in the tree still reads the old one."""

    kind = "data-key-removed"
    path: str
    renamed_to: str | None = None
    still_read: bool = False


@dataclass(frozen=True, kw_only=True)
class EventFieldRequired(Change):
    """Without `path` in the event, nothing is sent any more. `because`: what reads it."""

    kind = "event-field-required"
    path: str
    because: str


@dataclass(frozen=True, kw_only=True)
class RecipientAdded(Change):
    """Those who are in `where` now get it, found by the selector `via`, on these channels."""

    kind = "recipient-added"
    via: str
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecipientRemoved(Change):
    kind = "recipient-removed"
    via: str


@dataclass(frozen=True, kw_only=True)
class RecipientMoved(Change):
    """Found by another selector than before."""

    kind = "recipient-moved"
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class CountChanged(Change):
    """How many people a selector of a directory finds, for a tenant. `allowed`: the growth in % that was exceeded."""

    kind = "count-changed"
    via: str
    tenant: str | None
    before: int
    after: int
    allowed: float | None = None


@dataclass(frozen=True, kw_only=True)
class MessageChange(Change):
    """Something about messages that are sent before and after; `where` says which."""

    channel: str


@dataclass(frozen=True, kw_only=True)
class VariantChanged(MessageChange):
    kind = "variant-changed"
    before: str
    after: str
    why: str


@dataclass(frozen=True, kw_only=True)
class FactChanged(MessageChange):
    """Something measured: SMS segments, an email's size, the length of a subject."""

    kind = "fact-changed"
    name: str
    before: str
    after: str
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class LinksChanged(MessageChange):
    kind = "links-changed"
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MessageChanged(MessageChange):
    """A message that differs. `texts` are the parts that do, as they look in the first of `where`; none where only
    markup does, and then `fields` are the names of what does. `markup` holds the differences of the markup itself.

    `also`: what else is different about the same message.
    """

    kind = "message-changed"
    texts: tuple[Text, ...] = ()
    fields: tuple[str, ...] = ()
    markup: tuple[Text, ...] = ()
    also: tuple[VariantChanged | FactChanged | LinksChanged, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MessageAdded(MessageChange):
    """On a channel that this reader got nothing on. `text` is what they see, in the first of `where`."""

    kind = "message-added"
    text: str


@dataclass(frozen=True, kw_only=True)
class MessageRemoved(MessageChange):
    kind = "message-removed"


@dataclass(frozen=True, kw_only=True)
class NewlyDropped(MessageChange):
    """SuprSend would drop it, as it did not before; `why` are the findings."""

    kind = "newly-dropped"
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NoLongerDropped(MessageChange):
    kind = "no-longer-dropped"
    why: tuple[str, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class NotSentChanged(MessageChange):
    """Why the channel is not used for these readers; None where it is used."""

    kind = "not-sent-changed"
    before: str | None
    after: str | None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingAdded(Change):
    """`code` and `name` are the rule's; `path` is a file of the project, `line` 1-based or None."""

    kind = "finding-added"
    code: str
    name: str
    severity: str
    message: str
    path: str
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class FindingRemoved(Change):
    kind = "finding-removed"
    code: str
    name: str
    severity: str
    message: str
    path: str
    line: int | None = None


# In the order that they are told in, where they matter as much.
KINDS: tuple[type[Change], ...] = (
    TriggerRemoved, TriggerAdded, TriggerRenamed, EventFieldRequired, DataKeyRemoved, FieldChanged, NewlyDropped,
    NoLongerDropped, RecipientAdded, RecipientRemoved, RecipientMoved, CountChanged, NotSentChanged, MessageRemoved,
    MessageAdded, MessageChanged, VariantChanged, LinksChanged, FactChanged, FindingAdded, FindingRemoved, SampleEdited,
    SampleAdded, SampleRemoved,
)  # fmt: skip


@dataclass(frozen=True)
class Diff:
    """Two trees compared. `base` is a commit's id, `head` one or None for the work tree.

    `changes`: the most severe first. `notes` are what somebody who reads them should know: that the clone is too
    shallow for a merge base, that a trigger has no sample. `files`: how many changed files were looked at.
    """

    base: str
    head: str | None
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    files: int = 0
    triggers: tuple[str, ...] = field(default=())

    @property
    def cls(self) -> Class:
        """That of the most severe change."""
        return worst(one.cls for one in self.changes)

    def reaches(self, limit: Class) -> bool:
        """Whether some change is as severe as `limit`; nothing reaches "none"."""
        return limit != "none" and CLASSES.index(self.cls) >= CLASSES.index(limit)
