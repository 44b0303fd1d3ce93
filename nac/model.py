"""What an author writes: triggers and project settings, as pydantic models.

The models fix the structure. A text may hold a `{{ expression }}` wherever a value goes, so what a value must
look like in the end is said once, by `nac.payload` and `nac.people`, and checked against them twice: what is
literal when the file is loaded, the rest when it is compiled.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, JsonValue, StringConstraints, Tag, model_validator
from pydantic_core import PydanticCustomError

from nac.expected import Expect
from nac.words import Email, Form, Phone, Text, Timezone, check

Json = JsonValue


def _kind(*kinds: tuple[type, str], otherwise: str) -> Discriminator:
    """Choose by the type of what was written, so that an error speaks of one of them."""
    return Discriminator(lambda value: next((tag for kind, tag in kinds if isinstance(value, kind)), otherwise))


Mapping = Annotated[
    Annotated[dict[str, JsonValue], Tag("<mapping>")] | Annotated[str, Tag("<text>")],
    _kind((str, "<text>"), otherwise="<mapping>"),
]
TextOrMapping = Annotated[
    Annotated[Text, Tag("<text>")] | Annotated[dict[str, JsonValue], Tag("<mapping>")],
    _kind((dict, "<mapping>"), otherwise="<text>"),
]
ListOrText = Annotated[
    Annotated[list[JsonValue], Tag("<list>")] | Annotated[Text, Tag("<text>")],
    _kind((str, "<text>"), otherwise="<list>"),
]
NumberOrText = Annotated[
    Annotated[int, Field(ge=0), Tag("<number>")] | Annotated[str, Tag("<text>")],
    _kind((str, "<text>"), otherwise="<number>"),
]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
EnvName = Annotated[str, StringConstraints(pattern=r"^[A-Z_][A-Z0-9_]*$")]

# A path below notifications/: relative, with `/` between its steps, none of them `..`.
PROJECT_PATH = r"(?!/)(?!(.*/)?\.\.(/|$))[^\\\x00]+"
ProjectPath = Annotated[Text, check(PROJECT_PATH, "invalid_path", "is not a path below notifications/")]

# JSON Schema of a trigger's event: itself, the path of a file below notifications/, or a slug in <suprsend>/schemas/.
EventSchema = Annotated[
    Annotated[dict[str, JsonValue], Tag("<mapping>")] | Annotated[ProjectPath, Tag("<text>")],
    _kind((str, "<text>"), otherwise="<mapping>"),
]

FolderPath = Annotated[Text, check(PROJECT_PATH, "invalid_path", "is not a path in the project")]

Clock = Annotated[Text, check(r"([01]\d|2[0-3]):[0-5]\d", "invalid_time", "is not a time of day such as `22:00`")]

Domain = Annotated[
    Text,
    check(
        r"(\*\.)?[^\s@/:*.,]+(\.[^\s@/:*.,]+)*\.?", "invalid_domain",
        "is not a domain such as `example.com`, or `*.example.com` for all that are below it",
    ),
]  # fmt: skip

RESERVED_NAMES = frozenset({"event", "env", "now", "row", "loop"})


class Attachment(Form):
    """One file of an e-mail: `file` in the project, or `url` on the web. Sent in `data.$attachments`."""

    file: ProjectPath | None = None
    url: Text | None = None
    filename: Text | None = None
    content_type: Text | None = None
    ignore_if_error: bool = False


class UserSelector(Form):
    """One user: an id, an inline user, or an expression that gives either."""

    user: TextOrMapping


class ObjectSelector(Form):
    """One object, such as a team."""

    object: dict[str, JsonValue]


class _Many(Form):
    user: TextOrMapping | None = None
    object: dict[str, JsonValue] | None = None
    except_: ListOrText = Field(default_factory=list, alias="except")


class EachSelector(_Many):
    """One recipient for each item of a list in the event; the item goes by the name in `as`."""

    each: Text
    as_: Name = Field("item", alias="as")


class DirectorySelector(_Many):
    """Everyone in a directory that the SQL of `where` holds for."""

    from_: Text = Field(alias="from")
    where: Text | None = None
    params: dict[Name, JsonValue] = Field(default_factory=dict)
    order_by: Text | None = None
    limit: NumberOrText | None = None


class AnySelector(DirectorySelector, EachSelector):
    """Stands in for a selector that has the key of no form, to say which keys there are."""

    each: Any = None
    from_: Any = Field(None, alias="from")

    @model_validator(mode="after")
    def _none(self) -> AnySelector:
        raise PydanticCustomError("missing_one", "needs `user`, `object`, `each` or `from`")


SELECTORS: dict[str, type[Form]] = {
    "user": UserSelector, "object": ObjectSelector, "each": EachSelector, "from": DirectorySelector,
}  # fmt: skip


def _which_selector(value: Any) -> str:
    keys = value if isinstance(value, dict) else ()
    return next((f"<{key}>" for key in ("from", "each", "user", "object") if key in keys), "<any>")


Selector = Annotated[
    Annotated[UserSelector, Tag("<user>")]
    | Annotated[ObjectSelector, Tag("<object>")]
    | Annotated[EachSelector, Tag("<each>")]
    | Annotated[DirectorySelector, Tag("<from>")]
    | Annotated[AnySelector, Tag("<any>")],
    Discriminator(_which_selector),
]


class Sample(Form):
    """A named event to compile and preview with. `now` and `env` stand in for the clock and the environment.

    `batch` lists further events that are batched with it: `$batched_events` has the data of `event` and of each.
    `expect` is what `nac test` holds the outcome to.
    """

    name: Text
    event: dict[str, JsonValue] = Field(default_factory=dict)
    batch: list[dict[str, JsonValue]] = Field(default_factory=list)
    now: Text | None = None
    env: dict[EnvName, str] = Field(default_factory=dict)
    expect: Expect | None = None


class _Trigger(Form):
    description: str | None = None
    tenant_id: str | None = None
    idempotency_key: str | None = None
    data: Mapping = Field(default_factory=dict)
    attachments: list[Attachment] = Field(default_factory=list)
    event_schema: EventSchema | None = None
    samples: list[Sample] = Field(default_factory=list)


class _ToPeople(_Trigger):
    recipients: Annotated[list[Selector], Field(min_length=1)]
    except_: ListOrText = Field(default_factory=list, alias="except")
    fan_out: Literal["person", "batch", "request"] = "person"


class WorkflowTrigger(_ToPeople):
    """`kind: workflow`, the default: runs a workflow that was designed on SuprSend."""

    kind: Literal["workflow"] = "workflow"
    workflow: Text
    actor: TextOrMapping | None = None
    cancellation_key: str | None = None
    metadata: Mapping | None = None
    template: ProjectPath | None = None


class _Scheduled(_Trigger):
    template: Text
    notification_category: Text
    delay: NumberOrText | None = None
    trigger_at: str | None = None
    brand_id: str | None = None


class DynamicTrigger(_Scheduled, _ToPeople):
    """`kind: dynamic`, the legacy request that describes its workflow itself."""

    kind: Literal["dynamic"]
    name: Text
    delivery: Mapping | None = None


class BroadcastTrigger(_Scheduled):
    """`kind: broadcast`: one message to everyone on a list that SuprSend holds."""

    kind: Literal["broadcast"]
    list_id: Text
    channels: ListOrText | None = None


AnyTrigger = WorkflowTrigger | DynamicTrigger | BroadcastTrigger
KINDS: dict[str, type[WorkflowTrigger] | type[DynamicTrigger] | type[BroadcastTrigger]] = {
    "workflow": WorkflowTrigger, "dynamic": DynamicTrigger, "broadcast": BroadcastTrigger,
}  # fmt: skip

# What a trigger says that does not go out under the same name.
AUTHORS_OWN = frozenset(
    {"kind", "description", "recipients", "except", "samples", "fan_out", "attachments", "event_schema"}
)

FORMATS = {
    ".csv": "csv", ".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson", ".yaml": "yaml", ".yml": "yaml",
    ".parquet": "parquet", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite",
}  # fmt: skip

REMOTE_FORMATS = ("csv", "parquet")


class DirectorySettings(Form):
    """Where people are looked up: a file below `notifications/`, whose ending gives the format, or what a URL names.

    `url_env` is the name of an environment variable that holds the URL. `sample` is a checked-in file with the same
    columns, that stands in for what a URL names wherever nothing may be reached.
    """

    path_: ProjectPath | None = Field(None, alias="path")
    url: Text | None = None
    url_env: EnvName | None = None
    sample: ProjectPath | None = None
    format: Literal["csv", "json", "ndjson", "yaml", "parquet", "sqlite"] | None = None
    table: Text | None = None
    types: dict[str, Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_(), \[\]]*$")]] = Field(
        default_factory=dict
    )
    user: TextOrMapping | None = None

    @property
    def is_remote(self) -> bool:
        return self.path_ is None

    @property
    def path(self) -> str:
        """The checked-in file: the directory itself, or the sample of a remote one; empty where there is none."""
        return self.path_ or self.sample or ""

    @property
    def kind(self) -> str | None:
        """The format of the checked-in file, by name or by the path's ending; None when neither says."""
        return (None if self.is_remote else self.format) or format_of(self.path)


def format_of(path: str) -> str | None:
    """The format that a path's ending says."""
    ending = re.search(r"\.[A-Za-z0-9]+\Z", path)
    return FORMATS.get(ending[0].lower()) if ending else None


class Tenant(Form):
    """`notifications/tenants/<id>.yaml`: what SuprSend knows of a tenant, as far as templates read it."""

    brand_name: str | None = None
    logo: str | None = None
    primary_color: str | None = None
    secondary_color: str | None = None
    tertiary_color: str | None = None
    social_links: dict[str, JsonValue] = Field(default_factory=dict)
    properties: dict[str, JsonValue] = Field(default_factory=dict)
    hosted_preference_url: str | None = None
    embedded_preference_url: str | None = None

    @property
    def brand(self) -> dict[str, Any]:
        """What a template reads as `$brand`; None where nothing is given."""
        return self.model_dump(exclude={"hosted_preference_url", "embedded_preference_url"})


class Ignore(Form):
    """Findings of one rule in the files of `path` that `nac check` does not tell; `*` stands for any text."""

    rule: Text
    path: Text
    reason: Text | None = None


class QuietHours(Form):
    """When nothing is sent: from one time of day to another, which may be the next morning's, in a time zone. They
    are the times of its clocks, in summer and winter; those of a whole day are `00:00` to `24:00`."""

    from_: Clock = Field(alias="from")
    to: Annotated[
        Text,
        check(r"([01]\d|2[0-3]):[0-5]\d|24:00", "invalid_time", "is not a time of day such as `07:00`, or `24:00`"),
    ]
    timezone: Timezone = "UTC"

    @model_validator(mode="after")
    def _some(self) -> QuietHours:
        if self.from_ == self.to:
            message = "end when they begin, and so last no time: a whole day is `00:00` to `24:00`"
            raise PydanticCustomError("invalid_time", message, {"at": "to"})
        return self


class Redirect(Form):
    """Test addresses that everything goes to instead of to the people who were found."""

    email: Email | None = None
    sms: Phone | None = None
    whatsapp: Phone | None = None

    @model_validator(mode="after")
    def _some(self) -> Redirect:
        if not (self.email or self.sms or self.whatsapp):
            raise PydanticCustomError("missing_one", "needs `email`, `sms` or `whatsapp`")
        return self


class Workspace(Form):
    """What may be sent to one workspace, and how; what is not given has no limit.

    `max_change` is the share by which the recipients of a run may differ from those of the last run of the same
    triggers: 0.5 allows half as many and one and a half times as many. `domains` are those of e-mail addresses, and
    `*.example.com` stands for all below `example.com`. `unchecked` says what becomes of a run that a limit cannot be
    held against, because SuprSend alone knows who is on a list, or where somebody is reached. `rate` is in records a
    second. `workspace_key` is no secret: with it, credentials of another workspace are refused.
    `journal` is a path relative to the project, or `postgresql://…` without a password.
    """

    workspace_key: Text | None = None
    max_recipients_per_trigger: Annotated[int, Field(ge=1)] | None = None
    max_recipients: Annotated[int, Field(ge=1)] | None = None
    max_change: Annotated[float, Field(ge=0)] | None = None
    tenants: list[Text] | None = None
    domains: list[Domain] | None = None
    unchecked: Literal["refuse", "allow"] = "refuse"
    quiet_hours: QuietHours | None = None
    redirect: Redirect | None = None
    journal: Text | None = None
    rate: Annotated[float, Field(gt=0)] | None = None
    connections: Annotated[int, Field(ge=1, le=64)] | None = None


class Review(Form):
    """What `nac diff` refuses. `max_audience_growth`: by how many percent a selector may find more people than before
    until that counts as breaking."""

    max_audience_growth: Annotated[float, Field(ge=0)] | Annotated[int, Field(ge=0)] | None = None


class Settings(BaseModel):
    """`notifications/nac.yaml`.

    `env` names the environment variables an expression may read; as a mapping it also gives the value that
    samples are compiled with, so that no preview ever shows the environment of the machine it was made on.
    `suprsend` is the folder of the vendor's CLI, relative to the project and not to `notifications/`.
    `reserved_domains` are the project's own, whose addresses samples may hold as they may those of `example.com`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    directories: dict[Name, DirectorySettings] = Field(default_factory=dict)
    env: Annotated[
        Annotated[list[EnvName], Tag("<list>")] | Annotated[dict[EnvName, str], Tag("<mapping>")],
        _kind((dict, "<mapping>"), otherwise="<list>"),
    ] = Field(default_factory=list)
    rules: dict[Text, Literal["off", "info", "warning", "error"]] = Field(default_factory=dict)
    ignore: list[Ignore] = Field(default_factory=list)
    strict: bool = False
    suprsend: FolderPath = "suprsend"
    review: Review = Field(default_factory=Review)
    reserved_domains: list[Text] = Field(default_factory=list)
    workspaces: dict[Text, Workspace] = Field(default_factory=dict)
