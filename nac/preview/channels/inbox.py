"""An item of the in-app inbox."""

from __future__ import annotations

from nac.messages import Button, Inbox
from nac.preview.fields import Fields


def message(fields: Fields) -> Inbox:
    return Inbox(
        body=fields.text("body") or "",
        header=fields.text("header"),
        subtext=fields.text("subtext", "text"),
        subtext_url=fields.text("subtext", "url"),
        avatar_url=fields.text("avatar", "image_url"),
        avatar_action_url=fields.text("avatar", "url"),
        image_url=fields.text("image_url"),
        action_url=fields.text("action_url"),
        open_in_new_tab=fields.is_set("open_in_new_tab"),
        buttons=tuple(
            Button(
                fields.text("buttons", index, "text") or "",
                fields.text("buttons", index, "url"),
                open_in_new_tab=fields.is_set("buttons", index, "open_in_new_tab"),
            )
            for index in fields.items("buttons")
        ),
        tags=tuple(tag for index in fields.items("tags") if (tag := fields.text("tags", index))),
        importance=fields.word("importance", default="default"),
        is_pinned=fields.is_set("is_pinned"),
        expiry=(fields.rest("expiry") or None) if fields.is_set("is_expiry_enabled") else None,
        extra_data=fields.text("extra_data"),
    )
