"""The page of a Diff as text: what is in it, in which order, and the same bytes each time."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from building_diffs import changed, every_kind, hostile_diff
from building_histories import Repo
from page.gallery import messages, preview
from page.hostile import EVERYTHING

from nac import api
from nac.diff.changes import Diff
from nac.diff.masking import masked_preview
from nac.messages import Email, Sms
from nac.report.diff import diff_text
from nac.report.diff.page import diff_page
from nac.report.diff.page.units import units
from nac.report.diff.page.words import drawn


def island(page: str) -> dict[str, list[object]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_units_are_messages_and_tables() -> None:
    made = [(one.trigger, one.kind, len(one.changes)) for one in units(every_kind())]
    assert ("orders/shipped", "request", 3) in made
    assert ("orders/shipped", "people", 4) in made
    assert ("orders/shipped", "findings", 2) in made
    assert ("accounts/closed", "trigger", 1) in made
    assert sum(kind == "message" for _, kind, _ in made) == 3 + len(messages())
    assert [one.trigger for one in units(every_kind())] == sorted((name for name, _, _ in made), reverse=True)


def test_the_same_bytes_and_nothing_that_reaches_out() -> None:
    page = diff_page(every_kind())
    assert page == diff_page(every_kind())
    assert page.isprintable() or "\x00" not in page
    assert page.count("<script") == 2
    assert not re.search(r"<(?:link|img|base|object|embed)\b", page.partition("<body")[0])
    assert "default-src 'none'" in page
    assert page == diff_text("html", every_kind())


def test_nothing_changed_is_said() -> None:
    page = diff_page(Diff("0" * 40, None))
    assert "Nothing differs in what is sent" in "".join(map(str, island(page)["pieces"]))
    assert "work tree" in page


def test_without_previews_the_words_are_there() -> None:
    one = changed("t", preview(next(one for one in messages() if isinstance(one, Sms))), "nearly there")
    page = diff_page(Diff("0" * 40, None, (replace(one, shown=()),)))
    unit = island(page)["units"][0]
    assert unit["messages"] == []  # type: ignore[index]
    assert any("nearly there" in str(piece) for piece in island(page)["pieces"])


def test_hostile_text_cannot_leave_its_place() -> None:
    page = diff_page(hostile_diff(), title=EVERYTHING)
    assert page.count("<script") == 2
    assert page.count("</script>") == 2
    assert "\ud800" not in page
    page.encode()
    head = page.partition('<script type="application/json"')[0]
    assert "<img" not in head
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", head)


def test_long_stretches_are_folded() -> None:
    one = changed("t", preview(next(one for one in messages() if isinstance(one, Sms))), "x")
    assert one.shown[0].before == one.before_preview
    long = "same " * 400
    from nac.diff.words import words

    html = "".join(map(str, drawn(words(f"{long}old{long}", f"{long}new{long}"))))
    assert "characters are the same" in html
    assert len(html) < 1_500


def test_people_of_directories_are_covered_up_in_cards(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.shop()
    repo.edit(
        "notifications/templates/team-news/inbox.hbs",
        ("Dear {{$recipient.name}}", "Hi {{$recipient.name}} ({{$recipient.distinct_id}}, {{{$recipient.$email}}})"),
    )
    repo.edit("notifications/directories/people.csv", ("Amelia Watson", "Amy Watson"))
    repo.write("notifications/templates/team-news/sms.hbs", "{{$recipient.name}}: {{title}}\n")
    found = api.diff(repo.root, markup=True, previews=True)
    page = diff_page(found)
    for secret in ("Amelia", "Amy", "Watson", "Bernard", "Lowe", "amelia@", "bernard@example.com"):
        assert secret not in json.dumps(island(page), ensure_ascii=False)
    assert "Hi •" in page
    assert "Bernard" in diff_page(api.diff(repo.root, names=True, previews=True))
    # Two people whose names are covered up get what looks the same.
    inbox = next(one for one in found.changes if getattr(one, "channel", "") == "inbox")
    assert all(one.before is not None and one.after is not None for one in inbox.shown)
    assert not api.diff(repo.root).changes[0].shown


def test_a_covered_sms_counts_the_same_segments() -> None:
    one = preview(Sms("Hello Amelia, welcome"))
    covered = masked_preview(one, ("Amelia",))
    assert covered.message == Sms("Hello ******, welcome")
    assert masked_preview(one, ()) is one
    email = preview(next(one for one in messages() if isinstance(one, Email)))
    made = masked_preview(email, ("Maya",)).message
    assert isinstance(made, Email)
    assert "Maya" not in repr(made)


def test_every_change_brings_its_messages(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.shop()
    repo.edit("notifications/templates/order-shipped/sms.hbs", ("on its way", "nearly there"))
    (repo.root / "notifications/team_news.yaml").unlink()
    repo.edit("notifications/orders/shipped.yaml", ('except: ["{{ event.seller }}"]\n', ""))
    found = api.diff(repo.root, previews=True)
    by_kind = {one.kind: one for one in found.changes}
    sms = by_kind["message-changed"]
    assert sms.before_preview is not None
    assert sms.after_preview is not None
    assert "on its way" in (sms.before_preview.text or "")
    assert "nearly there" in (sms.after_preview.text or "")
    assert sms.shown[0].texts == sms.texts  # type: ignore[attr-defined]
    assert by_kind["recipient-added"].after_preview is not None
    assert by_kind["recipient-added"].before_preview is None
    assert by_kind["trigger-removed"].before_preview is not None
    assert '"shown"' not in diff_text("json", found)
