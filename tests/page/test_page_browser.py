"""The page in a real browser: it loads without asking for anything, and is worked by mouse and by keyboard."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from page.browser import Seen, chromium, look
from page.gallery import ALL, gallery, many

from nac.report.page import preview_page

TWO = "#s=orders%2Fshipped%2Ftwo%20parcels"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "previews.html"
    path.write_text(preview_page(gallery(), title="Parcelry"), "utf-8")
    return path


@pytest.fixture(scope="module")
def window(browser: Any, file: Path) -> Iterator[Seen]:
    found = look(browser, file)
    yield found
    found.page.context.close()


@pytest.fixture
def seen(window: Seen, file: Path) -> Iterator[Seen]:
    """The page as it is first seen. One window serves all tests: to open another takes longer than most of them."""
    window.page.set_viewport_size({"width": 1440, "height": 1000})
    window.page.goto("about:blank")
    window.page.goto(file.as_uri())
    window.page.wait_for_selector("#board > *")
    window.quiet()
    yield window
    window.quiet()


def state(seen: Seen) -> dict[str, str]:
    fragment = seen.page.evaluate("location.hash").removeprefix("#")
    return {key: value[0] for key, value in parse_qs(fragment).items()}


def channels(seen: Seen) -> list[str]:
    return [one.get_attribute("data-channel") for one in seen.page.query_selector_all(".card")]


def test_shows_each_channel_without_a_request_or_a_complaint(seen: Seen) -> None:
    assert sorted(channels(seen)) == sorted(ALL)
    assert seen.page.title() == "Parcelry"
    frame = seen.page.frame_locator("iframe").first
    assert frame.locator("h1").inner_text() == "Your order is on its way"
    assert "2 remote images are not loaded" in seen.page.inner_text(".card[data-channel=email]")
    assert "3 segments · UCS-2" in seen.page.inner_text(".card[data-channel=sms]")
    assert seen.page.query_selector(".card[data-channel=sms] mark.forced").inner_text() == "–"
    assert "cut after 178" in seen.page.inner_text(".card[data-channel=iospush]")


def test_every_sample_is_quiet(seen: Seen) -> None:
    for number in range(6):
        seen.page.click(f".sample >> nth={number}")
        seen.page.click("[data-width-of=phone]")
        seen.page.click("[data-width-of=desktop]")
        seen.page.wait_for_timeout(30)


def test_nothing_is_cut_off_or_left_empty_at_the_width_of_a_phone(seen: Seen) -> None:
    page = seen.page
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate(
            """() => [...document.querySelectorAll(".stage")].filter((one) => one.scrollWidth > one.clientWidth)
            .map((one) => one.closest(".card").dataset.channel)"""
        )
        assert wide == []
    below, shown = page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert below == shown, "the page scrolls past its end"
    [name] = page.eval_on_selector_all(".sample[aria-current] .sample-name", "all => all.map((one) => one.innerText)")
    assert name == page.inner_text("#sample")


def test_a_long_name_does_not_widen_a_phone(browser: Any, tmp_path: Path) -> None:
    sample = gallery()[0]
    reader = replace(sample.readers[0], name="Wolfeschlegelsteinhausen" * 3)
    file = tmp_path / "page.html"
    file.write_text(preview_page([replace(sample, readers=(reader, *sample.readers[1:]))]), "utf-8")
    seen = look(browser, file)
    seen.page.set_viewport_size({"width": 390, "height": 800})
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 390
    seen.page.context.close()


def test_mouse(seen: Seen) -> None:
    page = seen.page
    page.click("text=a new device")
    assert page.inner_text("#sample") == "a new device"
    page.click("text=two parcels")
    page.click("#next")
    assert state(seen)["r"] == "u_tom"
    assert "SuprSend would drop this message" in page.inner_text("#board")
    assert "Tom Okafor has no" in page.inner_text("#board")
    page.select_option("#recipient", "u_maya")
    page.select_option("#locale", "es")
    assert page.frame_locator("iframe").first.locator("h1").inner_text() == "Tu pedido está en camino"
    page.select_option("#tenant", "acme")
    assert "Acme Freight" in page.inner_text(".card[data-channel=email]")
    page.click("[data-width-of=phone]")
    assert page.evaluate("document.querySelector('iframe').offsetWidth") == 375
    page.click("#channels >> text=Slack")
    assert channels(seen) == ["slack"]
    found = state(seen)
    assert (found["s"], found["l"], found["t"], found["c"], found["w"]) == (
        "orders/shipped/two parcels",
        "es",
        "acme",
        "slack",
        "phone",
    )


def test_keyboard(seen: Seen) -> None:
    page = seen.page
    page.keyboard.press("j")
    assert page.inner_text("#sample") == "in Arabic"
    page.keyboard.press("ArrowUp")
    assert page.inner_text("#sample") == "two parcels"
    page.keyboard.press("k")
    assert page.inner_text("#sample") == "without a sender"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("]")
    assert state(seen)["r"] == "u_tom"
    page.keyboard.press("ArrowRight")
    assert state(seen)["r"] == "u_maya"
    page.keyboard.press("[")
    page.keyboard.press("ArrowLeft")
    assert state(seen)["r"] == "u_maya"
    page.keyboard.press("l")
    assert state(seen)["l"] == "es"
    page.keyboard.press("o")
    assert state(seen)["t"] == "acme"
    page.keyboard.press("2")
    assert channels(seen) == ["sms"]
    page.keyboard.press("0")
    assert len(channels(seen)) == 9
    page.keyboard.press("w")
    assert state(seen)["w"] == "phone"
    page.keyboard.press("t")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.keyboard.press("t")
    assert page.get_attribute("html", "data-theme") == "light"
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("#keys")
    page.keyboard.press("/")
    page.keyboard.type("signed new")
    assert page.eval_on_selector_all(".sample", "all => all.filter(one => one.offsetParent).length") == 1
    page.keyboard.press("Enter")
    assert page.inner_text("#sample") == "a new device"
    page.fill("#filter", "no such thing")
    assert "No sample matches" in page.inner_text("#samples")


def test_a_link_opens_the_same_view(browser: Any, file: Path) -> None:
    seen = look(browser, file, TWO + "&r=u_maya&l=es&t=acme&c=email&w=phone&theme=dark")
    page = seen.page
    assert channels(seen) == ["email"]
    assert page.input_value("#locale") == "es"
    assert page.input_value("#tenant") == "acme"
    assert page.get_attribute("html", "data-width") == "phone"
    assert page.get_attribute("html", "data-theme") == "dark"
    page.goto(file.as_uri() + "#s=nowhere&r=nobody&l=xx&c=carrier-pigeon&w=7&theme=purple")
    page.wait_for_timeout(50)
    assert page.inner_text("#sample") == "two parcels"
    seen.quiet()


def test_opens_with_the_tenant_of_the_trigger(browser: Any, tmp_path: Path) -> None:
    """The first preview of somebody is their own: what else `--all` shows comes behind it."""
    sample = next(one for one in gallery() if any(two.tenant for two in one.readers[0].previews))
    reader = sample.readers[0]
    previews = tuple(sorted(reader.previews, key=lambda one: one.tenant is None))
    file = tmp_path / "page.html"
    file.write_text(preview_page([replace(sample, readers=(replace(reader, previews=previews),))]), "utf-8")
    seen = look(browser, file)
    page = seen.page
    assert page.input_value("#tenant") == "acme"
    page.select_option("#tenant", "")
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#board > *")
    assert page.input_value("#tenant") == ""
    seen.quiet()
    page.context.close()


def test_everything_is_reached_by_tab_and_shows_where_it_is(seen: Seen) -> None:
    page = seen.page
    page.keyboard.press("5")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll(
          'a[href], button:enabled, select:enabled, input, summary, [tabindex="0"]')]
        .filter(one => one.offsetParent !== null && one.closest('details:not([open])') === null).length"""
    )
    reached: set[str] = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const on = document.activeElement; if (on === document.body) return null;
            const style = getComputedStyle(on), around = on.closest('.filter');
            return [on.outerHTML.slice(0, 160), style.outlineStyle !== 'none'
              || (around !== null && getComputedStyle(around).boxShadow !== 'none')
              || on.classList.contains('skip')] }"""
        )
        if found:
            reached.add(found[0])
            assert found[1], f"no visible focus: {found[0]}"
    assert len(reached) >= wanted - 1


def test_tabs_of_an_email(seen: Seen) -> None:
    page = seen.page
    page.keyboard.press("1")
    page.click("text=Plain text")
    assert "Carrier: DHL Express" in page.inner_text(".mail-text")
    assert not page.is_visible("iframe")
    page.click("text=Links 2")
    assert "https://parcelry.example.com/preferences" in page.inner_text(".mail-links")


VIEWS = (TWO, TWO + "&r=u_tom", TWO + "&l=es&t=acme&w=phone", "#s=orders%2Fshipped%2Fin%20Arabic",
         "#s=accounts%2Fsigned-in%2Fa%20new%20device", "#s=accounts%2Fclosed%2Fnobody%20left", TWO + "&c=slack",
         "#s=invoices%2Fissued%2Fwithout%20a%20sender")  # fmt: skip


@pytest.mark.parametrize(("scheme", "rules"), [("light", None), ("dark", "color-contrast")])
def test_axe_finds_nothing_serious(browser: Any, file: Path, scheme: str, rules: str | None) -> None:
    """Every rule in light; the other colours change what is said of contrast alone."""
    import axe_playwright_python

    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    options = {"resultTypes": ["violations"], "iframes": False} | ({"runOnly": [rules]} if rules else {})
    seen = look(browser, file, color_scheme=scheme, bypass_csp=True)
    page = seen.page
    page.evaluate(axe)
    for view in VIEWS:
        page.evaluate(
            """view => new Promise(
            done => { addEventListener("hashchange", done, {once: true}); location.hash = view })""",
            view,
        )
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        found = page.evaluate("options => axe.run(document, options)", options)
        assert rules is None or found["passes"], "the rule has looked at nothing"
        faults = [
            (one["id"], [node["html"][:200] + " " + node["failureSummary"][:300] for node in one["nodes"][:5]])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert faults == [], view
    page.context.close()


def test_two_thousand_previews(browser: Any, tmp_path: Path) -> None:
    page = preview_page(many(2000))
    assert len(page.encode()) <= 15_000_000
    path = tmp_path / "many.html"
    path.write_text(page, "utf-8")
    start = time.monotonic()
    seen = look(browser, path)
    assert time.monotonic() - start <= 30  # far from the two seconds it takes by itself: tests run side by side
    assert len(channels(seen)) == 9
    seen.quiet()
