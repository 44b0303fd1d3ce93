"""One function a channel: the fields of a variant → the message they make.

Each asks its Fields for every text that is rendered, whatever the others print, so that one look finds every problem.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nac.messages import Message
from nac.preview.channels import email, inbox, messenger, ms_teams, push, slack, sms, whatsapp
from nac.preview.fields import Fields

MESSAGES: Mapping[str, Callable[[Fields], Message]] = {
    "email": email.message,
    "sms": sms.message,
    "whatsapp": whatsapp.message,
    "inbox": inbox.message,
    "slack": slack.message,
    "ms_teams": ms_teams.message,
    "androidpush": push.message,
    "iospush": push.message,
    "webpush": push.message,
    "messenger": messenger.message,
}

__all__ = ["MESSAGES"]
