"""Content of slack and ms_teams. Source: the vendor's `channel/slack_schema.json` and `ms_teams_schema.json`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from nac.templates.content.base import Language, Open, missing

BodyText = Annotated[str, StringConstraints(max_length=4000)]


class Slack(Open):
    schema_: Literal["https://schema.suprsend.com/template/v2/channel/slack_schema.json"] = Field(
        "https://schema.suprsend.com/template/v2/channel/slack_schema.json", alias="$schema"
    )
    templating_language: Language = "handlebars"
    body_type: Literal["text", "block"]
    body_text: BodyText = ""
    body_block: Annotated[str, StringConstraints(max_length=13200)] = ""

    @model_validator(mode="after")
    def _has_its_own(self) -> Slack:
        if f"body_{self.body_type}" not in self.model_fields_set:
            raise missing(f"body_{self.body_type}")
        return self


class MsTeams(Open):
    schema_: Literal["https://schema.suprsend.com/template/v2/channel/ms_teams_schema.json"] = Field(
        "https://schema.suprsend.com/template/v2/channel/ms_teams_schema.json", alias="$schema"
    )
    templating_language: Language = "handlebars"
    body_type: Literal["text", "card"]
    body_text: BodyText = ""
    body_card: Annotated[str, StringConstraints(max_length=14000)] = ""

    @model_validator(mode="after")
    def _has_its_own(self) -> MsTeams:
        if f"body_{self.body_type}" not in self.model_fields_set:
            raise missing(f"body_{self.body_type}")
        return self
