"""Content of the channel email. Source: the vendor's `channel/email_schema.json`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from nac.templates.content.base import Handlebars, Json, Open, missing


class Raw(Open):
    html: str
    text: str = ""


class MergeTag(Open):
    id: str = ""
    before: str = ""
    after: str = ""
    expression: str = ""


class Designer(Open):
    html: str
    text: str = ""
    design_json: dict[str, Json] = Field(default_factory=dict)
    display_conditions: list[Json] = Field(default_factory=list)
    merge_tags: list[MergeTag] = Field(default_factory=list)


class PlainText(Open):
    text: str


class Body(Open):
    type: Literal["raw", "designer", "plain_text"]
    raw: Raw | None = None
    designer: Designer | None = None
    plain_text: PlainText | None = None
    email_markup: str = ""
    preheader: str = ""

    @model_validator(mode="after")
    def _has_its_own(self) -> Body:
        if getattr(self, self.type) is None:
            raise missing(self.type)
        return self


class Email(Open):
    schema_: Literal["https://schema.suprsend.com/template/v2/channel/email_schema.json"] = Field(
        "https://schema.suprsend.com/template/v2/channel/email_schema.json", alias="$schema"
    )
    templating_language: Handlebars = "handlebars"
    from_name: str = ""
    from_address: str = ""
    extra_to: str = ""
    cc: str = ""
    bcc: str = ""
    reply_to: str = ""
    subject: Annotated[str, StringConstraints(min_length=1, max_length=998)]
    body: Body
