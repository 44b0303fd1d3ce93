"""What a message says stays in its card: hostile texts in every field, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page.browser import chromium, look
from page.hostile import EVERYTHING, hostile

from nac.report.page import preview_page

# What a card could change around it, as it is with a calm card and must stay with a hostile one.
OUTSIDE = """() => {
  const place = (one) => {
    const box = document.querySelector(one).getBoundingClientRect(); return [box.x, box.y, box.width] };
  const count = (all) => document.querySelectorAll(all).length;
  return {
    title: document.title, totals: document.querySelector("#totals").innerText, samples: count(".sample"),
    head: document.head.innerHTML.length, base: document.baseURI.split("#")[0],
    landmarks: count("nav, header.top, main"),
    acting: count("script, style, base, meta, link, object, embed, form, body > *"),
    side: place(".side"), main: place("main"), shown: getComputedStyle(document.documentElement).display,
    direction: getComputedStyle(document.querySelector(".side")).direction, focus: document.activeElement.tagName,
  };
}"""
ACTING = """() => [...document.querySelectorAll("#board *, .side *, .top *")].flatMap((one) => [...one.attributes]
  .filter((each) => /^on/i.test(each.name) || (/^(href|src|action|formaction)$/.test(each.name)
    && !/^(https?:|mailto:|tel:|#)/i.test(each.value))
    || (each.name === "style" && !/^--tint:#[0-9a-f]{3,8}$/i.test(each.value)))
  .map((each) => one.tagName + " " + each.name + "=" + each.value))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "hostile.html"
    path.write_text(preview_page(hostile(), title=f"calm {EVERYTHING}"), "utf-8")
    return path


def test_nothing_changes_outside_a_card(browser: Any, file: Path) -> None:
    seen = look(browser, file)
    page = seen.page
    calm = page.evaluate(OUTSIDE)
    page.evaluate("location.hash = 's=hostile/hostile&r=h'")
    page.wait_for_function("document.querySelectorAll('.card').length > 10")
    page.wait_for_timeout(300)
    assert page.evaluate(OUTSIDE) == calm
    assert page.evaluate(ACTING) == []
    for sandbox in page.eval_on_selector_all("iframe", "all => all.map((one) => one.getAttribute('sandbox'))"):
        assert sandbox == ""
    frame = page.frame_locator("iframe").first
    assert frame.locator("h1").inner_text() == "inside"
    assert frame.locator("script, iframe, object, embed, base, link").count() == 0
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.wait_for_timeout(200)
    assert page.evaluate(ACTING) == []
    seen.quiet()


def test_links_and_forms_of_an_email_lead_nowhere(browser: Any, file: Path) -> None:
    seen = look(browser, file, "#s=hostile/hostile&r=h&c=email")
    page = seen.page
    before = page.url
    frame = page.frame_locator("iframe").first
    frame.locator("#out").click(force=True)
    frame.locator("button").click(force=True)
    page.wait_for_timeout(300)
    assert page.url == before
    assert len(page.context.pages) == 1
    assert frame.locator("h1").inner_text() == "inside"
    # The browser says that it blocked them; nothing was asked for, and nothing was opened.
    assert seen.requests == []
    assert all("Blocked" in one and "sandboxed" in one for one in seen.complaints), seen.complaints


def test_the_policy_holds_by_itself(browser: Any, tmp_path: Path) -> None:
    """If a card could write HTML, its scripts, styles' addresses, forms and frames would still do nothing."""
    path = tmp_path / "policy.html"
    path.write_text(preview_page(hostile()[:1]), "utf-8")
    seen = look(browser, path)
    page = seen.page
    failed: list[str] = []
    answered: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.failure))
    page.on("response", lambda response: answered.append(response.url))
    page.evaluate(
        """() => { for (const [tag, name] of [["img", "src"], ["script", "src"], ["link", "href"], ["iframe", "src"]]) {
        const made = document.createElement(tag); if (tag === "link") made.rel = "stylesheet";
        try { made.setAttribute(name, "https://evil.example/x") } catch {} document.body.append(made) } }"""
    )
    blocked = page.evaluate(
        """() => { try { const made = document.createElement("div");
        made.innerHTML = "<b>x</b>"; return made.innerHTML }
        catch (error) { return error.name } }"""
    )
    page.wait_for_timeout(200)
    assert blocked == "TypeError"
    assert answered == []
    assert len(failed) == len(seen.requests)
    assert set(failed) <= {"csp", "net::ERR_BLOCKED_BY_CSP"}
