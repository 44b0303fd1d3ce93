"""Slack: a text in mrkdwn, or blocks of Block Kit."""

from __future__ import annotations

from nac.diagnostics import INVALID_TEMPLATE, Diagnostic, Label, describe
from nac.messages import Slack
from nac.preview.blocks import is_jsonnet, json_of
from nac.preview.fields import Fields
from nac.preview.reading import slack_blocks, slack_text
from nac.templates.template import Text


def message(fields: Fields) -> Slack:
    if fields.word("body_type", default="text") == "text":
        body = fields.text("body_text") or ""
        return Slack(slack_text(body), body)
    text = fields.written("body_block")
    blocks = _blocks(fields, text, json_of(fields, text)) if text else ()
    return Slack(slack_blocks(blocks), blocks=blocks)


def _blocks(fields: Fields, text: Text, found: object) -> tuple[dict[str, object], ...]:
    if found is None and fields.problems:
        return ()
    blocks = found.get("blocks") if isinstance(found, dict) else found
    if isinstance(found, list) and is_jsonnet(fields):
        help = 'wrap it as {"blocks": […]}: SuprSend takes no bare list from JSONNET'
        fields.refused.append(_finding(text, "this is a bare list of blocks", help))
    elif isinstance(found, list):
        fields.notes.append('this is a bare list of blocks; the form that SuprSend documents is {"blocks": […]}')
    if not isinstance(blocks, list) or not all(isinstance(one, dict) for one in blocks):
        what = "a list with something else than blocks in it" if isinstance(blocks, list) else describe(blocks)
        message = (
            f"`blocks` holds {what}" if isinstance(found, dict) and "blocks" in found else f"this is {describe(found)}"
        )
        fields.problems.append(_finding(text, f'{message}, not {{"blocks": […]}} with a mapping for each block'))
        return ()
    return tuple(blocks)


def _finding(text: Text, message: str, help: str | None = None) -> Diagnostic:
    label = Label(text.source.path, text.span(0, min(1, len(text.value))))
    return Diagnostic(INVALID_TEMPLATE, message, label, help=help)
