"""The comment of a pull request: whatever a template holds, it stays text, and the comment stays short enough."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from building_histories import Repo
from markdown_it import MarkdownIt

from nac import api
from nac.diff.changes import Diff, FieldChanged, MessageChanged, Place, Text
from nac.diff.words import Part, words
from nac.report.diff import MARKER, diff_text

HOSTILE = [
    "</pre></details><img src=x onerror=alert(1)>", "`code` ``` ```", "| a | b |", "@everyone @org/team", "#123 GH-1",
    "https://evil.example.com www.evil.example.com", "[x](javascript:alert(1))", "![x](https://evil.example.com/p.png)",
    "<!-- nac-diff -->", "\x1b[31mred\x1b[0m", "\u202egnp.exe", "&lt;b&gt;", "\n\n# Heading\n\n- item\n\n",
    "~~x~~ **y** _z_",
    "<script>alert(1)</script>", ":tada:", "$$x$$ $`x`$", "\\<b>", "```suggestion\nx\n```",
]  # fmt: skip


def of(text: str) -> Diff:
    place = Place(text, text, "sms", "en", text)
    return Diff("0" * 40, None, (
        MessageChanged(trigger=text, cls="content", reason=text, where=(place,), causes=(text,), channel="sms",
                       texts=(Text("text", words("before", text)),)),
        FieldChanged(trigger=text, cls="cosmetic", reason=text, path=text, before=text, after=text),
    ), (text,))  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_the_project_is_markdown_or_html(text: str) -> None:
    comment = diff_text("markdown", of(text))
    assert comment.startswith(MARKER + "\n")
    assert comment.count(MARKER) == 1
    plain = diff_text("markdown", of("plain"))
    tags = [re.findall(r"<(/?[a-z!][^\s>]*)", MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(one))
            for one in (comment, plain)]  # fmt: skip
    allowed = {"pre", "/pre", "del", "/del", "ins", "/ins"}
    assert [one for one in tags[0] if one not in allowed] == [one for one in tags[1] if one not in allowed]
    outside = re.sub(r"<pre>.*?</pre>|<code>.*?</code>", "", comment, flags=re.DOTALL)
    outside = html.unescape(outside)
    for mark in ("@everyone", "https://", "www.", "#123", ":tada:"):
        assert mark not in outside
    assert "\x1b" not in comment
    assert "\u202e" not in comment


def test_a_comment_is_never_too_long() -> None:
    text = "“x” " * 4_000
    changes = tuple(
        MessageChanged(trigger=f"t{number // 10:04}", cls="content", reason="why", where=(Place("s", "r", "sms"),),
                       channel="sms", texts=(Text("text", (Part("removed", text), Part("added", f"{text}{number}"))),))
        for number in range(2_000)
    )  # fmt: skip
    comment = diff_text("markdown", Diff("0" * 40, "1" * 40, changes))
    assert 40_000 < len(comment.encode("utf-16-le")) // 2 < 65_536
    assert re.search(r"_[\d,]+ more changes do not fit into a comment", comment)
    assert comment.count("<details") == comment.count("</details>")


def test_people_of_directories_are_covered_up(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.shop()
    repo.edit(
        "notifications/templates/team-news/inbox.hbs",
        ("Dear {{$recipient.name}}", "Hi {{$recipient.name}} ({{$recipient.distinct_id}}, {{{$recipient.$email}}})"),
    )
    repo.edit("notifications/directories/people.csv", ("Amelia Watson", "Amy Watson"))
    found = api.diff(repo.root, markup=True)
    assert found.changes
    for form in ("text", "json", "markdown"):
        shown = diff_text(form, found)
        for secret in ("Amelia", "Amy", "Watson", "Bernard", "Lowe", "amelia@", "bernard@example.com"):
            assert secret not in shown, (form, secret)
    assert "Bernard" in diff_text("text", api.diff(repo.root, names=True))
