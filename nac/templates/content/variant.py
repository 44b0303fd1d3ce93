"""What stands around the content of every channel. Source: the vendor's `variant_schema.json`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, TypeAdapter, create_model, model_validator

from nac.templates.content.base import Closed, Open, Some, Whole, missing
from nac.templates.content.chat import MsTeams, Slack
from nac.templates.content.email import Email
from nac.templates.content.inbox import Inbox
from nac.templates.content.push import AndroidPush, IosPush, WebPush
from nac.templates.content.sms import Sms
from nac.templates.content.whatsapp import Whatsapp

VariantId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[a-zA-Z0-9_\-.]+$")]
TenantId = Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-zA-Z0-9_\-]+$")]
Two = Annotated[str, StringConstraints(min_length=2)]
Five = Annotated[str, StringConstraints(min_length=5)]


class Comparison(Closed):
    variable_ns: Literal["", "$actor", "$recipient", "$brand", "$organization"] = ""
    variable: Some
    op: Literal[
        "==", "!=", ">", ">=", "<", "<=", "EMPTY", "NON_EMPTY", "CONTAINS", "NOT_CONTAINS", "ARRAY_INTERSECTS",
        "NOT_ARRAY_INTERSECTS", "DATETIME_EQUALS", "DATETIME_LT", "DATETIME_GT",
    ]  # fmt: skip
    value: Some = "-"

    @model_validator(mode="after")
    def _compares_with_something(self) -> Comparison:
        if self.op not in ("EMPTY", "NON_EMPTY") and "value" not in self.model_fields_set:
            raise missing("value")
        return self


class All(Closed):
    op: Literal["AND"]
    args: Annotated[list[Comparison], Field(min_length=1)]


class Expression(Closed):
    type: Literal["expression_v1"]
    expression_v1: All


class Approval(Open):
    """What a vendor of SMS or WhatsApp said about the content."""

    vendor_slug: Five
    vendor_uid: Five
    vendor_template_name: Two
    vendor_template_id: Two | None = None
    vendor_locale_code: Two | None = None
    vendor_template_category: Five | None = None
    provider_template_id: Two | None = None
    approval_status: Literal["pending", "sent_for_approval", "approved", "rejected", "upload_failed"]
    comment: str | None = None

    @model_validator(mode="after")
    def _says_what_follows(self) -> Approval:
        needed = []
        if self.approval_status == "approved" and self.vendor_template_id is None:
            needed.append("vendor_template_id")
        if self.approval_status in ("rejected", "upload_failed") and not self.comment:
            needed.append("comment")
        # This vendor gives a number of its own beside the regulator's.
        if self.approval_status == "approved" and self.vendor_slug == "msg91-sms" and self.provider_template_id is None:
            needed.append("provider_template_id")
        if needed:
            raise missing(*needed)
        return self


class Variant(Open):
    schema_: str = Field("", alias="$schema")
    channel: Literal["email", "sms", "whatsapp", "inbox", "slack", "ms_teams", "androidpush", "iospush", "webpush"]
    id: VariantId
    tenant_id: TenantId | None
    locale: Annotated[str, StringConstraints(min_length=2, max_length=6)]
    conditions: list[Expression] | None
    needs_vendor_approval: bool = False
    seq_no: Annotated[Whole, Field(ge=1)] | None = None
    vendor_approvals: list[Approval] = Field(default_factory=list)


CONTENT: dict[str, type[Open]] = {
    "email": Email, "sms": Sms, "whatsapp": Whatsapp, "inbox": Inbox, "slack": Slack, "ms_teams": MsTeams,
    "androidpush": AndroidPush, "iospush": IosPush, "webpush": WebPush,
}  # fmt: skip
"""The content of each channel that has templates."""


def _variant(channel: str, content: type[Open]) -> type[Variant]:
    """The whole of a channel's variant. Content may be left out: a variant can wait for it."""
    fields: dict[str, Any] = {"content": (content, None)}
    if channel == "sms":
        fields["needs_vendor_approval"] = (bool, ...)
    return create_model(f"{content.__name__}Variant", __base__=Variant, **fields)


VARIANTS: dict[str, TypeAdapter[Any]] = {one: TypeAdapter(_variant(one, content)) for one, content in CONTENT.items()}
