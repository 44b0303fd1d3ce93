"""The parts of the page that turn a message's text into HTML."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from markupsafe import Markup
from page.gallery import gallery, many
from page.hostile import EVERYTHING, TEXTS, URL, hostile

from nac.messages import Inbox, Message, MsTeams, Slack, Sms, Whatsapp
from nac.preview.result import Fact, Preview, Reader
from nac.report.page import mrkdwn, preview_page
from nac.report.page.adaptive import adaptive
from nac.report.page.blocks import blocks
from nac.report.page.cards import card
from nac.report.page.cards.parts import fact_chip, initials
from nac.report.page.cards.push import parted
from nac.report.page.email_body import drawing, quiet
from nac.report.page.markdown import markdown
from nac.report.page.markup import h, joined, link, safe_url
from nac.report.page.store import Store, island


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _italic_ ~gone~ `code`", "<b>bold</b> <i>italic</i> <s>gone</s> <code>code</code>"),
        ("_*both*_ and *_both_*", "<i><b>both</b></i> and <b><i>both</i></b>"),
        ("2 * 3 * 4, snake_case_name, a*b*c", "2 * 3 * 4, snake_case_name, a*b*c"),
        ("*open _mixed* up_", "<b>open _mixed</b> up_"),
        ("(*in brackets*), *a*!", "(<b>in brackets</b>), <b>a</b>!"),
        ("`*not bold*` `open", "<code>*not bold*</code> `open"),
        ("a &amp; b &lt;c&gt; &copy; <d", "a &amp; b &lt;c&gt; &amp;copy; &lt;d"),
        ("one\ntwo", "one<br>two"),
        ("> said\n> twice\nafter", "<blockquote>said<br>twice</blockquote>after"),
        ("&gt; said", "<blockquote>said</blockquote>"),
        ("```*raw* &lt;b&gt;\nline```", "<pre>*raw* &lt;b&gt;\nline</pre>"),
        ("```never closed", "```never closed"),
        (":tada: stays", ":tada: stays"),
    ],
)
def test_mrkdwn(text: str, html: str) -> None:
    assert mrkdwn.slack(text) == html


def test_mrkdwn_angles() -> None:
    found = mrkdwn.slack(
        "<https://a.example/x_y_z|A *b*> <mailto:a@b.example> <@U1> <#C1|general> <!here> <javascript:x|run>"
    )
    assert '<a href="https://a.example/x_y_z" target="_blank" rel="noreferrer noopener"' in found
    assert ">A *b*</a>" in found
    assert ">a@b.example</a>" in found
    assert [re.sub("<[^>]*>", "", one) for one in re.findall(r'<span class="mention".*?</span>', found)] == [
        "@U1",
        "#general",
        "@here",
    ]
    assert 'href="javascript' not in found
    assert ">run</span>" in found


def test_whatsapp_marks() -> None:
    assert mrkdwn.whatsapp("*a* ```b``` c") == "<b>a</b> <code>b</code> c"
    assert ">https://a.example/b</a>" in mrkdwn.whatsapp("see https://a.example/b")


def test_markdown_of_an_inbox() -> None:
    found = markdown("**a** [b](https://x.example) [c](javascript:alert(1)) ![d](https://x.example/e.png) <b>f</b>")
    assert "<strong>a</strong>" in found
    assert 'rel="noreferrer noopener"' in found
    assert 'href="javascript' not in found
    assert "<img" not in found
    assert "&lt;b&gt;f&lt;/b&gt;" in found


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example", True),
        ("HTTP://a.example", True),
        ("mailto:a@b.example", True),
        ("tel:+31105550100", True),
        (" https://a.example ", True),
        ("javascript:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example", False),
        ("/path", False),
        ("https://a b", False),
        ("", False),
        (None, False),
        (7, False),
    ],
)
def test_safe_url(url: object, safe: bool) -> None:
    assert (safe_url(url) is not None) is safe
    assert ("href" in link(url, "x")) is safe


def test_elements_escape_what_they_are_given() -> None:
    assert (
        h("p", "<b>", Markup("<i></i>"), None, ["&", 1], title='"<')
        == '<p title="&#34;&lt;">&lt;b&gt;<i></i>&amp;1</p>'
    )
    assert h("br") == "<br>"
    assert h("i", tint="#abc") == '<i style="--tint:#abc"></i>'
    assert h("i", tint="red;x:y") == "<i></i>"
    assert h("i", hidden=True, tabindex=0, title=None) == '<i hidden tabindex="0"></i>'
    for name in ("style", "onclick", "href", "src", "srcdoc", "formaction"):
        with pytest.raises(ValueError, match=name):
            h("p", **{name: "x"})


def test_an_email_asks_for_nothing() -> None:
    body = quiet(
        '<p style="background:url(https://x.example/a)">a &amp; b &#39;c&#39;</p>'
        '<IMG SRC=https://x.example/i.png alt="The logo">'
        '<a href="https://x.example/?a=1&amp;b=2">go</a><a href="https://x.example/?a=1&amp;b=2">again</a>'
    )
    assert body.images == 2
    assert body.links == ("https://x.example/?a=1&b=2",)
    assert "a &amp; b &#39;c&#39;" in body.html
    assert "background:none" in body.html
    assert "The%20logo" not in body.html
    assert "The logo" in body.html
    assert "<script" not in quiet("<script>if (a < b) {}</script>x").html
    same = "<!doctype html><table width=600><tr><td>x<!--[if mso]>y<![endif]--></td></tr></table>"
    assert quiet(same).html == same


def test_a_tracking_pixel_is_not_drawn() -> None:
    assert drawing("x", 1, 1).startswith("data:image/gif")
    assert drawing("</svg><script>", 200, 100).isascii()
    assert "<script" not in drawing("</svg><script>", 200, 100)


def test_hostile_texts_stay_texts() -> None:
    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag not in ("script", "style", "base", "meta", "form", "img", "link", "object")
            for name, value in attrs:
                assert not name.startswith("on")
                assert name != "style" or re.fullmatch(r"--tint:#[0-9a-fA-F]{3,8}", value or "")
                assert name != "href" or re.match(r"https?:|mailto:|tel:|#", value or "")

    for one in hostile():
        for reader in one.readers:
            for preview in reader.previews:
                Tags().feed(card(preview, reader))


def test_blocks_and_cards_of_any_shape() -> None:
    for odd in (
        None,
        1,
        "x",
        [],
        {},
        {"type": 3},
        {"type": "section", "text": [], "fields": {}},
        {"type": "actions", "elements": 7},
    ):
        joined(blocks([odd]))
        joined(adaptive(odd))
        joined(adaptive({"body": [odd], "actions": [odd]}))
    assert "and 5 more blocks" in joined(blocks([{"type": "divider"}] * 105))
    opened = {"type": "Action.ShowCard", "title": "More", "card": {"body": [{"type": "TextBlock", "text": "inside"}]}}
    drawn = joined(adaptive({"actions": [opened, {"type": "Action.Submit", "title": "Last"}]}))
    assert drawn.index(">Last<") < drawn.index("inside"), "the buttons stay in one row"


@pytest.mark.parametrize(
    "message", [Sms(""), Inbox(" "), Slack("", body="\n"), MsTeams("", body=""), Whatsapp("", footer="Bye")]
)
def test_a_message_without_text_says_so(message: Message) -> None:
    [_, drawn] = str(card(Preview(message.channel, "en", None, message), Reader("u", "user u", "user", ()))).split(
        "Nothing to read"
    )
    assert drawn


@pytest.mark.parametrize(
    "mark", ["*a ", "*", "_a*b ", "`", "<", "<a|", "> \n", "```", "[", "![](", "<a ", '<a "', "&lt;", "<!--", "&#"]
)
def test_time_grows_with_the_length(mark: str) -> None:
    text = mark * (40_000 // len(mark))
    start = time.monotonic()
    mrkdwn.slack(text)
    mrkdwn.whatsapp(text)
    quiet(text)
    assert time.monotonic() - start < 30


def test_what_a_device_cuts() -> None:
    assert parted("short", 10) == ("short", "")
    assert parted("1234567890123", 10) == ("123456789", "0123")
    _, rest = parted("12345678e\u0301bcdefgh", 10)
    assert not rest.startswith("\u0301")
    family = "👨\u200d👩\u200d👧"
    _, rest = parted("1234567" + family + "tail", 10)
    assert rest.startswith(family)
    assert parted("1234567🇩🇪🇫🇷tail", 9) == ("1234567", "🇩🇪🇫🇷tail")
    assert parted("1234567🇩🇪🇫🇷tail", 10) == ("1234567🇩🇪", "🇫🇷tail")


def test_facts_and_names() -> None:
    assert (
        re.sub("<[^>]*>", "", fact_chip(Fact("subject_length", 61, "characters", 60, True)))
        == "Subject 61 / 60: a warning"
    )
    assert re.sub("<[^>]*>", "", fact_chip(Fact("html_size", 2413, "bytes", 104448))) == "HTML 2.4 / 102 KB"
    assert re.sub("<[^>]*>", "", fact_chip(Fact("html_size", 33, "bytes", 104448))) == "HTML &lt;0.1 / 102 KB"
    assert initials("Maya Lindqvist") == "ML"
    assert initials("<>") == "?"


def test_a_card_is_kept_once_and_is_put_together_again() -> None:
    store = Store()
    text = Markup("<p>" + "x" * 300 + "</p>\n") * 3 + EVERYTHING
    assert store.add(text) == store.add(text) == 0
    kept = store.value()
    assert "".join(kept["pieces"][one] for one in kept["cards"][0]) == text
    assert len(kept["pieces"]) < len(kept["cards"][0])


def test_an_island_ends_nothing() -> None:
    assert "<" not in island({"a": EVERYTHING})
    assert "\u2028" not in island({"a": EVERYTHING})


def test_the_same_input_gives_the_same_bytes() -> None:
    page = preview_page(gallery())
    assert page == preview_page(gallery())
    page.encode()
    preview_page(hostile(), title=EVERYTHING).encode()
    assert "<script>" in page
    assert page.count("<script") == 2
    assert preview_page(hostile(), title=EVERYTHING).count("<script") == 2
    assert preview_page([])


def test_size_grows_with_what_differs() -> None:
    assert len(preview_page(many(400))) < 1_500_000


def test_no_text_of_a_message_is_lost() -> None:
    found = preview_page(gallery())
    assert all(word in found for word in ("Linen shirt", "RTM-2", "PRCLRY", "did you mean"))
    assert URL not in found
    assert len(TEXTS) == 11
