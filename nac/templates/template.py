"""A template as it is authored: variants by channel, each text with the place where it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nac.project import Written
from nac.source import SourceFile, Span
from nac.vocabulary import CHANNELS

DEFAULT = "default"
"""The id of the variant that a channel falls back to."""

DEFAULT_TENANT = "default"
"""The tenant of whoever names none; its brand is `$organization`."""

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Text:
    """A text that is rendered, and where each of its characters was written.

    `places[i]` is the offset in `source.text` of the character `value[i]`; `places[len(value)]` that of its end. In a
    JSON string an escape such as `\\u00e9` is several characters long; in a body file the offsets are the text's own.
    """

    value: str
    source: SourceFile
    places: Sequence[int]

    @classmethod
    def whole(cls, source: SourceFile) -> Text:
        """All of a body file, but for its last line break."""
        value = source.text.removesuffix("\n").removesuffix("\r")
        return cls(value, source, range(len(value) + 1))

    def span(self, start: int, end: int) -> Span:
        """The place in the file of `value[start:end]`, offsets in code points from 0."""
        return self.source.span(self.places[start], self.places[end])


@dataclass(frozen=True)
class Condition:
    """One comparison. `namespace` is "" (the payload), $actor, $recipient, $brand or $organization; `variable` is a
    dotted path in it; `value` is literal text, None where the operator takes none."""

    namespace: str
    variable: str
    operator: str
    value: str | None = None

    def __str__(self) -> str:
        name = f"{self.namespace}.{self.variable}" if self.namespace else self.variable
        return f"{name} {self.operator}" + (f' "{self.value}"' if self.value is not None else "")


@dataclass(frozen=True)
class Variant:
    """One variant of one channel.

    `tenant` None: for every tenant. `conditions` must all hold. `content` is the channel's content as the vendor's
    schema has it, with the bodies of other files in their place; `texts` holds every text in it by its path, such as
    ("body", "raw", "html"). `written` is `variant.json` (or what a simple template's front matter says). `sidecars` are
    the files beside it that hold a part of the content, by the path of that part. `lost`: parts that are written
    somewhere and cannot be read; they are empty here.
    """

    channel: str
    id: str
    tenant: str | None
    locale: str
    content: Mapping[str, Any]
    texts: Mapping[Path, Text]
    written: Written
    conditions: tuple[Condition, ...] = ()
    seq_no: int | None = None
    sidecars: Mapping[Path, SourceFile] = field(default_factory=dict)
    lost: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        """`email/default`, or `email/acme/default` for a tenant's."""
        return "/".join(part for part in (self.channel, self.tenant, self.id) if part)


@dataclass(frozen=True)
class Template:
    """The variants of one slug.

    `order`: the ids of `variant_order` by its keys, `<channel>` or `<channel>/<tenant>`. `enabled` None: every channel
    that is there. `mock_data` is the sample payload beside the template. `folder` is where it lies, POSIX, relative to
    the project.
    """

    slug: str
    variants: tuple[Variant, ...] = ()
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    enabled: frozenset[str] | None = None
    mock_data: Mapping[str, Any] | None = None
    folder: str | None = None

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """The channels that have a variant, in the order of the vocabulary."""
        found = {one.channel for one in self.variants}
        return tuple(channel for channel in CHANNELS if channel in found)

    def of(self, channel: str) -> tuple[Variant, ...]:
        return tuple(one for one in self.variants if one.channel == channel)
