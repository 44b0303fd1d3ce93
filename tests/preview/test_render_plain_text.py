"""The text of an email's HTML, and of Slack's and Teams' JSON: what somebody reads, whatever they are given."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nac.preview.plain_text import MAX_HTML, plain_text
from nac.preview.reading import adaptive_card, slack_blocks, slack_text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=10,
)
KINDS = (
    "header divider context actions image video input rich_text table section mrkdwn plain_text rich_text_list link "
    "emoji user FactSet Image ImageSet ColumnSet Table Input.Text TextBlock Container AdaptiveCard message"
).split()
NAMES = (
    "type text title elements fields accessory rows cells body items columns facts images actions inlines attachments "
    "content label alt_text altText value url style placeholder"
).split()
CARDS = st.recursive(
    JSON | st.sampled_from(KINDS),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(NAMES), below, max_size=4),
    max_leaves=30,
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/><br>three", "one\ntwo\n\nthree"),
        ("<div>one<div>two</div></div>three", "one\ntwo\nthree"),
        ('<a href="https://x.example/?a=1&amp;b=2">here</a>!', "here (https://x.example/?a=1&b=2)!"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="mailto:a@x.example">a@x.example</a> <a href="#top">up</a>', "a@x.example up"),
        ('<a href="https://x.example"><table><tr><td>Go</td></tr></table></a>', "Go (https://x.example)"),
        ('<a href="https://x.example"><img src="x.png"></a>', "https://x.example"),
        ("<ul><li>a<ol><li>b<li>c</ol></li><li>d</ul>end", "- a\n  1. b\n  2. c\n- d\n\nend"),
        ("<table><tr><td>Pen</td><td>3</td></tr><tr><td>Ink</td><td>4</td></tr></table>", "Pen 3\nInk 4"),
        ('<td style="font-size:0"><p style="font-size:14px">read</p></td>', "read"),
        ('<div style="display: none">peek<div>in</div></div><span hidden>x</span>seen', "seen"),
        ("<head><title>t</title><style>p{}</style></head><script>x<y</script><noscript>n</noscript>ok", "ok"),
        ("<head><meta x><body>ok", "ok"),
        ("a &lt;b&gt; &amp;amp; &nbsp; &eacute;&#x1F600;", "a <b> &amp; é😀"),
        ("1 < 2 and 3 <4", "1 < 2 and 3 <4"),
        ("a<!-- <p>b</p> -->c<!--[if mso]><p>d</p><![endif]-->e<![endif]>f<!>g", "acefg"),
        ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
        ("<h1>T</h1>x<hr>y", "T\n\nx\n---\ny"),
        ("<p title=\"a > b\" data-x='\"' y=it's>t</p>", "t"),
        ("peek &#847;&zwnj;&nbsp;&#847;&zwnj;<p>x", "peek\n\nx"),
        ("peek&zwnj;&zwnj; &lrm;&zwj; &#65279;<p>x", "peek\n\nx"),
        (
            "👨&zwj;👩&zwj;👧 می&zwnj;خواهم (abc&rlm;) so&shy;on&zwj;",
            "👨\u200d👩\u200d👧 می\u200cخواهم (abc\u200f) soon",
        ),
        ("  <P>\r\n a \t b\n</P> ", "a b"),
        ("x<p", "x"),
        ("", ""),
    ],
)
def test_text_of_html(html: str, text: str) -> None:
    assert plain_text(html) == text


@given(st.text(alphabet="<>/!-?ab \"'=&;#x\n", max_size=200) | st.text(max_size=50))
def test_any_text_is_html(html: str) -> None:
    text = plain_text(html)
    assert text == text.strip("\n")
    assert all(line == line.rstrip(" ") for line in text.split("\n"))


@pytest.mark.parametrize(
    "part",
    [
        "<", "<a ", "<!--", "</", "&#", "<div>", "<a href=x>", '<a href="', "<?", "<!", "<![CDATA[", "<script>", "<!-",
        "<script></scrip", "<ul><li>", "<p b=c ", "<a href=' ", "<title></", "</a ", "<textarea>", " ", "\n", "<pre>\n",
        "<p style='display: ",
    ],
)  # fmt: skip
def test_html_that_is_meant_to_take_long(part: str) -> None:
    html = part * (MAX_HTML // len(part))
    start = time.process_time()
    plain_text(html)
    assert time.process_time() - start < 30


@given(st.lists(CARDS, max_size=3), st.dictionaries(st.sampled_from(NAMES), CARDS, max_size=4))
def test_any_json_can_be_read(blocks: list[Any], card: dict[str, Any]) -> None:
    for text in (slack_blocks(blocks), adaptive_card(card)):
        assert all(line == line.rstrip() for line in text.split("\n")[:1])


def test_json_that_nests_deeply() -> None:
    deep: Any = {"type": "TextBlock", "text": "x"}
    rich: Any = {"type": "text", "text": "x"}
    for _ in range(5_000):
        deep = {"type": "Container", "items": [deep]}
        rich = {"type": "rich_text_section", "elements": [rich]}
    assert adaptive_card(deep) == ""
    assert slack_blocks([{"type": "rich_text", "elements": [rich]}]) == ""


def test_rich_text() -> None:
    said = """[{"type": "rich_text", "elements": [
      {"type": "rich_text_section", "elements": [
        {"type": "text", "text": "Hi "}, {"type": "user", "user_id": "U1"}, {"type": "text", "text": ", see "},
        {"type": "link", "url": "https://x.example", "text": "this"}, {"type": "emoji", "name": "tada"}]},
      {"type": "rich_text_list", "style": "ordered", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]},
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "two"}]}]}]}]"""
    assert slack_blocks(json.loads(said)) == "Hi @U1, see this (https://x.example):tada:\n1. one\n2. two"


def test_mrkdwn() -> None:
    text = "<https://x.example> <mailto:a@x.example|mail> <#C1|general> <!here> <!date^1^{date}|today> a &lt; b"
    assert slack_text(text) == "https://x.example mail (mailto:a@x.example) #general @here today a < b"


def test_cards_in_a_message() -> None:
    content = {"body": [{"type": "Input.Text", "label": "Name"}, {"type": "Table", "rows": [{"cells": [
        {"items": [{"text": "a"}]}, {"items": [{"text": "b"}]}]}]}]}  # fmt: skip
    assert adaptive_card({"type": "message", "attachments": [{"content": content}]}) == "Name: ____\na | b"
