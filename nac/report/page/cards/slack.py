"""A message in a Slack channel: mrkdwn, or Block Kit."""

from __future__ import annotations

from markupsafe import Markup

from nac.messages import Slack
from nac.preview.result import Reader
from nac.report.page import mrkdwn
from nac.report.page.blocks import blocks
from nac.report.page.cards.parts import nothing
from nac.report.page.icons import icon
from nac.report.page.markup import h


def draw(message: Slack, reader: Reader) -> Markup:
    said = message.body or ""
    words = mrkdwn.slack(said) if said.strip() else nothing()
    body = blocks(message.blocks) if message.blocks is not None else words
    empty = message.blocks is not None and not message.blocks
    return h(
        "div",
        h(
            "div",
            h("span", icon("slack"), class_="slack-logo"),
            h(
                "div",
                h(
                    "p",
                    h("b", "Your app"),
                    h("span", "APP", class_="tag"),
                    h("span", "9:41", class_="when"),
                    class_="who",
                ),
                h(
                    "div",
                    h("p", "No blocks: Slack would show nothing", class_="unknown") if empty else body,
                    class_="slack-body",
                    dir="auto" if message.blocks is None else None,
                ),
                class_="slack-words",
            ),
            class_="slack-message",
        ),
        h("div", "Message your app", class_="composer", aria_hidden="true"),
        class_="device device-slack",
    )
