"""The page of a Diff in a real browser: filters, keys, the slider, both themes; hostile texts stay texts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from building_diffs import every_kind, hostile_diff, many_changes
from page.browser import Seen, chromium, look

from nac.diff.changes import Diff
from nac.report.diff.page import diff_page
from nac.report.diff.page.units import units

EMAIL = next(
    number
    for number, one in enumerate(units(every_kind()))
    if one.channel == "email" and one.first.kind == "message-changed"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "diff.html"
    path.write_text(diff_page(every_kind()), "utf-8")
    return path


@pytest.fixture(scope="module")
def opened(browser: Any, file: Path) -> Iterator[Seen]:
    found = look(browser, file)
    yield found
    found.page.context.close()


@pytest.fixture
def seen(opened: Seen) -> Iterator[Seen]:
    """The page as it is when it was just opened; one window for all tests."""
    opened.page.evaluate("document.activeElement.blur(); location.hash = '#'")
    opened.page.wait_for_function("document.getElementById('overview').hasAttribute('aria-current')")
    yield opened
    opened.quiet()


def state(seen: Seen) -> dict[str, str]:
    return {key: value[0] for key, value in parse_qs(seen.page.evaluate("location.hash").lstrip("#")).items()}


def rows(seen: Seen) -> list[str]:
    found: list[str] = seen.page.eval_on_selector_all("#list li .row-title", "all => all.map((one) => one.textContent)")
    return found


def test_opens_with_counts_and_what_to_look_at(seen: Seen) -> None:
    page = seen.page
    tiles = page.eval_on_selector_all(".tile", "all => all.map((one) => one.innerText.replace(/\\s+/, ' '))")
    assert [one.split()[1] for one in tiles] == ["breaking", "audience", "content", "cosmetic"]
    assert tiles[0].startswith("4 ")
    assert "Look at these first" in page.inner_text("#head")
    assert "Blast radius" in page.inner_text("#head")
    assert page.inner_text(".growth >> nth=0") == "+150 (+150 %)"
    widths = page.eval_on_selector_all(".reach rect", "all => all.map((one) => Math.round(one.getBBox().width))")
    assert widths[1] > widths[0] * 2
    assert page.evaluate("document.querySelector('.bar-row svg').getBoundingClientRect().height") == 10
    page.click(".first >> nth=0")
    assert page.inner_text("#unit-title") == "Payload"
    assert "data.number" not in page.inner_text("#unit-title")
    assert "number" in page.inner_text(".table")
    assert page.inner_text(".cause").strip() == "notifications/orders/shipped.yaml"


def test_filters(seen: Seen) -> None:
    page = seen.page
    every = rows(seen)
    page.click(".tile.is-breaking")
    assert rows(seen) == ["Payload", "SMS newly dropped", "Recipients"]
    page.keyboard.press("j")
    assert page.eval_on_selector_all("#head tbody tr", "all => all.filter((one) => one.offsetParent).length") == 2
    page.keyboard.press("1")
    page.keyboard.press("4")
    assert state(seen)["c"] == "cosmetic"
    assert "Findings" in rows(seen)
    page.keyboard.press("0")
    assert rows(seen) == every
    page.select_option("#channel", "inbox")
    assert rows(seen) == ["Inbox added", "Inbox reads differently"] or all("Inbox" in one for one in rows(seen))
    page.select_option("#trigger", "accounts/closed")
    assert len(rows(seen)) == 1
    page.click("#clear")
    page.keyboard.press("/")
    page.keyboard.type("u_tom email")
    assert rows(seen) == ["Email reads differently"]
    page.keyboard.press("Enter")
    assert state(seen)["u"] == str(EMAIL)
    page.fill("#filter", "no such thing")
    assert "No change matches" in page.inner_text("#list")
    page.click("text=Clear the filters")
    assert rows(seen) == every


def test_keyboard(seen: Seen) -> None:
    page = seen.page
    page.keyboard.press("j")
    assert state(seen)["u"] == "0"
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert state(seen)["u"] == "0"
    page.evaluate(f"location.hash = '#u={EMAIL}'")
    page.wait_for_selector("iframe")
    page.keyboard.press("n")
    assert state(seen)["m"] == "1"
    page.keyboard.press("p")
    assert "m" not in state(seen)
    assert page.inner_text("#nth") == "1 of 2"
    page.keyboard.press("w")
    assert page.get_attribute("html", "data-width") == "phone"
    assert page.evaluate("document.querySelector('.layer iframe').offsetWidth") <= 375
    page.keyboard.press("m")
    assert page.is_visible("#markup .words")
    page.keyboard.press("t")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.keyboard.press("t")
    assert page.get_attribute("html", "data-theme") == "light"
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys")
    page.keyboard.press("o")
    assert "u" not in state(seen)


def test_before_and_after_side_by_side(seen: Seen) -> None:
    page = seen.page
    page.evaluate(f"location.hash = '#u={EMAIL}'")
    page.wait_for_selector("iframe")
    boxes = [page.locator(f".layer.is-{side}").bounding_box() for side in ("before", "after")]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    # A mail client as wide as on a desktop, drawn smaller: its page has the width that it has there.
    assert page.frame_locator(".is-after iframe").locator("html").evaluate("document.documentElement.clientWidth") > 600
    assert page.frame_locator(".is-after iframe").locator("p >> nth=0").inner_text() == "Your parcel is nearly there"
    came = page.eval_on_selector_all("#words ins", "all => all.map((one) => one.textContent)")
    assert "nearly there" in " ".join(came)
    page.click(".is-before >> text=Plain text")
    assert page.is_visible(".is-after .mail-text")
    assert page.get_attribute(".layer iframe", "sandbox") == ""
    also = page.inner_text(".also")
    assert "1 segment → 2 segments" in also
    assert "https://example.com/new" in also


def test_the_slider(seen: Seen) -> None:
    page = seen.page
    page.evaluate(f"location.hash = '#u={EMAIL}'")
    page.wait_for_selector("iframe")
    page.keyboard.press("s")
    assert state(seen)["v"] == "slider"
    assert page.evaluate("document.activeElement.id") == "cut"
    clip = "getComputedStyle(document.querySelector('.layer.is-after')).clipPath"
    assert page.evaluate(clip) == "inset(0px 0px 0px 50%)"
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(clip) == "inset(0px 0px 0px 60%)"
    boxes = [page.locator(f".layer.is-{side}").bounding_box() for side in ("before", "after")]
    assert boxes[0] == boxes[1]
    box = page.locator("#compare").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 60, steps=4)
    page.mouse.up()
    assert 20 <= int(page.input_value("#cut")) <= 30
    page.keyboard.press("n")  # the keys of the page work on the slider, too
    assert state(seen)["m"] == "1"
    page.keyboard.press("s")
    assert "v" not in state(seen)
    page.keyboard.press("d")
    assert page.evaluate("getComputedStyle(document.querySelector('.is-after')).mixBlendMode") == "difference"


def test_a_message_on_one_side_alone(seen: Seen) -> None:
    page = seen.page
    page.click("#list >> text=SMS newly dropped")
    assert "There is no message here any more" in page.inner_text(".is-after")
    assert "order is not in the data" in page.inner_text(".also")


def test_an_address_opens_the_same_view(browser: Any, file: Path) -> None:
    view = f"#u={EMAIL}&m=1&v=slider&w=phone&k=markup&c=content&ch=email&theme=dark"
    seen = look(browser, file, view)
    assert state(seen) == {"u": str(EMAIL), "m": "1", "v": "slider", "w": "phone", "k": "markup", "c": "content",
                           "ch": "email", "theme": "dark"}  # fmt: skip
    assert rows(seen) == ["Email reads differently"]
    assert seen.page.get_attribute("#compare", "data-mode") == "slider"
    seen.page.goto(file.as_uri() + "#u=9999&m=7&v=x&w=7&c=pink&ch=pigeon&theme=purple")
    seen.page.wait_for_function("document.getElementById('overview').hasAttribute('aria-current')")
    seen.quiet()
    seen.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, file: Path, scheme: str) -> None:
    import axe_playwright_python

    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    page = look(browser, file, color_scheme=scheme, bypass_csp=True).page
    page.evaluate(axe)
    kinds = {(one.kind, one.first.kind): number for number, one in enumerate(units(every_kind()))}
    views = ["#", "#c=breaking", f"#u={EMAIL}&k=markup", f"#u={EMAIL}&v=slider&w=phone", "#q=no+such+thing"]
    views += [f"#u={number}" for kind, number in sorted(kinds.items()) if kind[0] != "message"]
    for view in views:
        page.evaluate("view => { location.hash = view }", view)
        page.wait_for_timeout(60)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
        faults = [
            (one["id"], [node["html"][:200] + " " + node["failureSummary"][:300] for node in one["nodes"][:4]])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert faults == [], view
    page.context.close()


def test_hostile_texts_stay_texts(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(diff_page(hostile_diff()), "utf-8")
    seen = look(browser, path)
    page = seen.page
    title = page.title()
    for number in range(len(units(hostile_diff()))):
        page.evaluate(f"location.hash = '#u={number}&k=markup'")
        page.wait_for_timeout(40)
        for _ in range(3):
            page.keyboard.press("n")
    acting = page.evaluate(
        """() => [...document.querySelectorAll("body *")].flatMap((one) => [...one.attributes]
        .filter((each) => /^on/i.test(each.name) || (/^(href|src|action|formaction)$/.test(each.name)
          && !/^(https?:|mailto:|tel:|#)/i.test(each.value)))
        .map((each) => one.tagName + " " + each.name + "=" + each.value))"""
    )
    assert acting == []
    assert page.title() == title
    assert page.query_selector_all("main script, main style, main base, main form, main link") == []
    assert page.evaluate("document.scripts.length") == 2
    seen.quiet()
    page.context.close()


def test_nothing_changed(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "same.html"
    path.write_text(diff_page(Diff("0" * 40, "1" * 40)), "utf-8")
    seen = look(browser, path)
    assert "No change" in seen.page.inner_text("main")
    for key in "jknps1":
        seen.page.keyboard.press(key)
    seen.quiet()


def test_on_a_phone_nothing_is_wider_than_it(browser: Any, file: Path) -> None:
    for view in ("", f"#u={EMAIL}", f"#u={EMAIL}&v=slider", "#u=0"):
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        page.goto(file.as_uri() + view)
        page.wait_for_selector("#board > *")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, view
        page.context.close()


def test_two_thousand_previews_that_differ(browser: Any, tmp_path: Path) -> None:
    page = diff_page(many_changes(2000))
    assert len(page.encode()) <= 15_000_000
    path = tmp_path / "many.html"
    path.write_text(page, "utf-8")
    start = time.monotonic()
    seen = look(browser, path)
    assert time.monotonic() - start <= 30  # far from the two seconds it takes by itself: tests run side by side
    assert seen.page.inner_text("#shown") == "2,000 changes"
    assert 0 < len(rows(seen)) < 1_000
    seen.page.keyboard.press("k")  # the last one: as far down as it goes
    assert state(seen)["u"] == "1999"
    seen.page.wait_for_selector(".layer")
    seen.quiet()
