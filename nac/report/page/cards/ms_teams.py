"""A message in Microsoft Teams: Markdown, or an Adaptive Card."""

from __future__ import annotations

from markupsafe import Markup

from nac.messages import MsTeams
from nac.preview.result import Reader
from nac.report.page.adaptive import adaptive
from nac.report.page.cards.parts import nothing
from nac.report.page.icons import icon
from nac.report.page.markdown import markdown
from nac.report.page.markup import h


def draw(message: MsTeams, reader: Reader) -> Markup:
    if message.card is not None:
        body = h("div", adaptive(message.card), class_="ac-card")
    else:
        body = h(
            "div", markdown(message.body or "") if (message.body or "").strip() else nothing(), class_="md", dir="auto"
        )
    return h(
        "div",
        h(
            "div",
            h("span", icon("ms_teams"), class_="teams-logo"),
            h(
                "div",
                h("p", h("b", "Your app"), h("span", "9:41", class_="when"), class_="who"),
                body,
                class_="teams-words",
            ),
            class_="teams-message",
        ),
        class_="device device-teams",
    )
