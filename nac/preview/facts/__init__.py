"""What is measured about a message: SMS segments, an email's size, what a phone cuts. One module for each topic.

`docs/facts.md` lists every fact by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nac.messages import Email, Inbox, Message, MsTeams, Push, Slack, Sms, Whatsapp
from nac.preview.facts.email import email
from nac.preview.facts.inbox import inbox
from nac.preview.facts.ms_teams import ms_teams
from nac.preview.facts.phone import phones
from nac.preview.facts.push import push
from nac.preview.facts.segments import Forced, Segments, segments
from nac.preview.facts.slack import slack
from nac.preview.facts.sms import sms
from nac.preview.facts.whatsapp import whatsapp
from nac.preview.result import Fact

__all__ = ["Forced", "Segments", "facts", "segments"]


def facts(message: Message, person: Mapping[str, Any]) -> tuple[Fact, ...]:
    """What there is to say about a message, in the order to read it; `person` is the recipient as it is sent.

    Only `phone` occurs more than once: for each address of the channel. Pure, and never raises for what a template
    or a person holds.
    """
    match message:
        case Email():
            return tuple(email(message))
        case Sms():
            return (*sms(message), *phones(person, "$sms"))
        case Whatsapp():
            return (*whatsapp(message), *phones(person, "$whatsapp"))
        case Inbox():
            return tuple(inbox(message))
        case Slack():
            return tuple(slack(message))
        case MsTeams():
            return tuple(ms_teams(message))
        case Push():
            return tuple(push(message))
        case _:
            return ()
