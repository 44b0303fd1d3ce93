"""Content of the channel sms. Source: the vendor's `channel/sms_schema.json`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from nac.templates.content.base import Handlebars, Open, missing


class Sms(Open):
    """`category` and `header` belong to `dlt`, the form that Indian regulation asks for."""

    schema_: Literal["https://schema.suprsend.com/template/v2/channel/sms_schema.json"] = Field(
        "https://schema.suprsend.com/template/v2/channel/sms_schema.json", alias="$schema"
    )
    templating_language: Handlebars = "handlebars"
    type: Literal["dlt", "basic"]
    category: Literal["transactional", "promotional", "service_implicit", "service_explicit", ""] = ""
    header: Annotated[str, StringConstraints(max_length=16)] = ""
    body: str

    @model_validator(mode="after")
    def _dlt_says_more(self) -> Sms:
        lacking = [key for key in ("category", "header") if key not in self.model_fields_set]
        if self.type == "dlt" and lacking:
            raise missing(*lacking)
        return self
