"""NAC516: the address of an attachment from where SuprSend can fetch nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nac.diagnostics import Diagnostic, Rule, Severity
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.references.sample_places import SamplePlaces

if TYPE_CHECKING:
    from nac.project import Trigger
    from nac.rules.view import View

RULE = Rule("NAC516", "unreachable-attachment")
_INSIDE = re.compile(
    r"localhost|.*\.(local|internal|lan|localhost)|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+"
    r"|172\.(1[6-9]|2\d|3[01])\.[\d.]+|169\.254\.[\d.]+|0\.0\.0\.0|::1",
    re.I,
)


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        for index, attachment in enumerate(trigger.model.attachments):
            if attachment.url is not None:
                yield from _in_attachment(view, trigger, index, attachment.url)


def _in_attachment(view: View, trigger: Trigger, index: int, url: str) -> Iterator[Diagnostic]:
    at = trigger.at("attachments", index, "url")
    if not is_template(url):
        told = any(one.label == at.label() for each in view.samples(trigger) for one in each.diagnostics)
        if not told and (wrong := _why(url)):
            yield Diagnostic(RULE, wrong[0], at.label(), help=wrong[1], level=wrong[2])
        return
    for number, sampled in enumerate(view.samples(trigger)):
        made = _made(sampled.fields or {}, trigger, index)
        if made and (wrong := _why(made)):
            place = (view.once(SamplePlaces).of(trigger, number, made) or at).label()
            related = (at.label(),) if place != at.label() else ()
            yield Diagnostic(RULE, wrong[0], place, related, wrong[1], (sampled.event.name,), level=wrong[2])
            return


def _made(fields: object, trigger: Trigger, index: int) -> str | None:
    """The address that a sample gives an attachment: those of the trigger stand last in `$attachments`."""
    data = fields.get("data") if isinstance(fields, dict) else None
    entries = data.get("$attachments") if isinstance(data, dict) else None
    count = len(trigger.model.attachments)
    if not isinstance(entries, list) or len(entries) < count:
        return None
    entry = entries[len(entries) - count + index]
    url = entry.get("url") if isinstance(entry, dict) else None
    return url if isinstance(url, str) else None


def _why(url: str) -> tuple[str, str, Severity | None] | None:
    """What is wrong with an address, what to do, and how bad it is; None when nothing is."""
    if not url.startswith(("https://", "http://")):
        return "`url` is not a web address", "a file of the project goes under `file`", None
    if re.search(r"\s", url):
        return "this address holds a space or a line break", "write `%20`, or `| urlencode` behind an expression", None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "`url` is not a web address", "write it as https://host/path", None
    if not host:
        return "this address names no host", "write it as https://host/path", None
    if _INSIDE.fullmatch(host):
        return "SuprSend cannot fetch this: the address is of an inner network", "give one that is public", None
    if parts.scheme == "http":
        return "SuprSend would fetch this unencrypted", "write https://", "warning"
    return None


CHECK = Check(RULE, find)
