"""template.json. Source: the vendor's `cli/template.json` and `template/schema.json`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from nac.templates.content.base import Open, Some

CHANNEL = r"(email|sms|whatsapp|inbox|slack|ms_teams|androidpush|iospush|webpush)"
OrderKey = Annotated[str, StringConstraints(pattern=rf"^{CHANNEL}(/[a-zA-Z0-9_\-]+)?$")]
Id = Annotated[str, StringConstraints(min_length=1, pattern=r"^[a-zA-Z0-9_\-.]+$")]
Slug = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[a-zA-Z0-9_\-.]+$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Channel = Literal["email", "sms", "whatsapp", "inbox", "slack", "ms_teams", "androidpush", "iospush", "webpush"]
Tag = Annotated[Some, StringConstraints(max_length=128)]


class TemplateFile(Open):
    schema_: Literal["https://schema.suprsend.com/cli/template/v2/schema.json"] = Field(
        "https://schema.suprsend.com/cli/template/v2/schema.json", alias="$schema"
    )
    slug: Slug
    name: Name
    description: Annotated[str, StringConstraints(max_length=500)] | None = None
    tags: Annotated[list[Tag], Field(max_length=25)] | None = None
    enabled_channels: Annotated[list[Channel], Field(max_length=10)] | None
    variant_order: dict[OrderKey, list[Id]]


class MainFile(TemplateFile):
    """main.json, which older versions of the vendor's CLI write; no schema of it is published."""

    schema_: str = Field("", alias="$schema")  # type: ignore[assignment]  # which one it names is its own affair
    slug: Slug = "-"
    name: Name = "-"
    enabled_channels: Annotated[list[Channel], Field(max_length=10)] | None = None
    variant_order: dict[OrderKey, list[Id]] = Field(default_factory=dict)


TEMPLATE_FILE, MAIN_FILE = TypeAdapter(TemplateFile), TypeAdapter(MainFile)
