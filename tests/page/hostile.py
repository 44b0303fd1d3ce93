"""Messages that try to leave their card: every field of every channel holds something that would do harm elsewhere."""

from __future__ import annotations

from page.gallery import DRAWN, variant

from nac.diagnostics import MESSAGE_DROPPED, Diagnostic, Label
from nac.messages import Button, Email, Inbox, Message, MsTeams, Plain, Push, Slack, Sms, Whatsapp, WhatsappHeader
from nac.preview.result import Fact, Preview, Previewed, Reader
from nac.templates.choice import Choice, Step

TEXTS = (
    "<script>document.title='taken'</script>",
    "</iframe></template></script></style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<style>html{display:none!important}.side{position:fixed;inset:0}</style>",
    "<form action=https://evil.example/><input name=q autofocus></form>",
    "<!-- --!> <![CDATA[ ]]> &lt;script&gt; {{x}} {% x %} ${x}",
    "\u202eevil\u202c \u2066\u200f\u2028\u2029 \x00\x1b[31m \ud800",
    "javascript:alert(1)",
)
EVERYTHING = "\n".join(TEXTS)
URL = "javascript:alert(1)//https://example.com"

MARKS = (
    "<javascript:alert(1)|click> <data:text/html,<script>alert(1)</script>|click> *<b>bold</b>* `<i>` "
    "```</pre><script>```\n"
    "> </blockquote><script>alert(1)</script>\n[x](javascript:alert(1)) ![x](https://evil.example/i.png) "
    "<https://evil.example>"
    "\n<img src=x onerror=alert(1)>\n&lt;script&gt;alert(1)&lt;/script&gt;\n" + EVERYTHING
)

HTML = (DRAWN / "hostile.html").read_text("utf-8") + EVERYTHING

BAD_BLOCKS = (
    {"type": "header", "text": {"type": "plain_text", "text": EVERYTHING}},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": MARKS},
        "accessory": {"type": "button", "url": URL, "text": EVERYTHING},
    },
    {
        "type": "section",
        "fields": "no list",
        "text": 7,
        "accessory": {"type": "image", "image_url": URL, "alt_text": EVERYTHING},
    },
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "link", "url": URL, "text": EVERYTHING},
                    {"type": "color", "value": "red;} html{display:none"},
                    None,
                    1,
                ],
            },
            {"type": EVERYTHING},
            [],
            None,
        ],
    },
    {"type": "image", "image_url": "https://evil.example/x.png", "alt_text": EVERYTHING, "title": {"text": EVERYTHING}},
    {"type": EVERYTHING, "text": EVERYTHING},
    {},
    None,
    [],
    "text",
)
BAD_CARD = {
    "body": [
        {"type": "TextBlock", "text": MARKS, "color": '"><script>', "size": "x onclick=alert(1)", "weight": EVERYTHING},
        {"type": "Image", "url": URL, "altText": EVERYTHING, "size": "}html{display:none"},
        {"type": "FactSet", "facts": [{"title": EVERYTHING, "value": MARKS}, None, 3]},
        {"type": EVERYTHING, "text": EVERYTHING},
        None,
        "x",
        {"type": "Table", "rows": [{"cells": "no"}]},
        {"type": "RichTextBlock", "inlines": [EVERYTHING, {"text": EVERYTHING, "color": EVERYTHING}]},
    ],
    "actions": [{"type": "Action.OpenUrl", "title": EVERYTHING, "url": URL}, {"type": EVERYTHING, "url": URL}],
}


def nested(depth: int) -> dict[str, object]:
    found: dict[str, object] = {"type": "TextBlock", "text": "deep"}
    for _ in range(depth):
        found = {"type": "Container", "items": [found]}
    return {"body": [found]}


def messages() -> list[Message]:
    buttons = (Button(EVERYTHING, URL), Button(EVERYTHING, EVERYTHING, "phone"), Button(EVERYTHING, None, "reply"))
    return [
        Email(
            EVERYTHING,
            HTML,
            EVERYTHING,
            False,
            EVERYTHING,
            EVERYTHING,
            EVERYTHING,
            (EVERYTHING,),
            (),
            (EVERYTHING,),
            (),
            EVERYTHING,
            EVERYTHING,
        ),
        Email(EVERYTHING, None, EVERYTHING),
        Sms(EVERYTHING, "dlt", EVERYTHING, EVERYTHING),
        Whatsapp(MARKS, WhatsappHeader("IMAGE", EVERYTHING, URL, EVERYTHING), EVERYTHING, "X", buttons, EVERYTHING),
        Inbox(
            MARKS,
            EVERYTHING,
            EVERYTHING,
            URL,
            URL,
            URL,
            URL,
            URL,
            True,
            buttons,
            (EVERYTHING,),
            EVERYTHING,
            True,
            {"value": EVERYTHING},
            EVERYTHING,
        ),
        Slack(EVERYTHING, MARKS),
        Slack(EVERYTHING, None, BAD_BLOCKS),  # type: ignore[arg-type]
        MsTeams(EVERYTHING, MARKS),
        MsTeams(EVERYTHING, None, BAD_CARD),
        MsTeams(EVERYTHING, None, nested(400)),
        *(
            Push(one, EVERYTHING, EVERYTHING, EVERYTHING, URL, URL, URL, buttons)
            for one in ("androidpush", "iospush", "webpush")
        ),
        Plain("messenger", EVERYTHING),
    ]


def hostile() -> list[Previewed]:
    bad = variant("email", EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING)
    choice = Choice(bad, (Step(bad, True, EVERYTHING),))
    fact = Fact(EVERYTHING, EVERYTHING, EVERYTHING, 3, True, EVERYTHING)
    problem = Diagnostic(
        MESSAGE_DROPPED, EVERYTHING, Label(EVERYTHING, None, EVERYTHING), (Label(EVERYTHING),), EVERYTHING
    )
    found = [Preview(one.channel, "en", None, one, choice, (fact,), (), None, (EVERYTHING,)) for one in messages()]
    found.append(Preview("sms", "en", None, None, choice, (), (problem,)))
    found.append(Preview("sms", "en", None, None, None, (), (), EVERYTHING))
    found.append(Preview(EVERYTHING, "en", None, Plain(EVERYTHING, EVERYTHING)))
    other = Preview("sms", EVERYTHING, EVERYTHING, Sms("x"))
    readers = (Reader(EVERYTHING, "h", EVERYTHING, tuple(found)), Reader("other", EVERYTHING, "", (other,)))
    channels = tuple(dict.fromkeys(one.channel for one in found))
    return [
        Previewed(
            "calm", "calm", "calm", ("sms",), (Reader("calm", "calm", "", (Preview("sms", "en", None, Sms("calm")),)),)
        ),
        Previewed("hostile", EVERYTHING, "hostile", channels, readers, 3, (problem,)),
        Previewed(EVERYTHING, EVERYTHING, EVERYTHING, channels, readers),
    ]
