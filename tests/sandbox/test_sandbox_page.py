"""The live page in a real browser: what arrives appears, is worked by mouse and by keyboard, and stays in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from page.browser import Seen, chromium, watch
from page.hostile import EVERYTHING
from sandbox.records_made import ADA, broadcast, dynamic, hello, post, project

from nac.api.arrivals import Arrivals
from nac.sandbox import Sandbox


@dataclass
class Site:
    """What `watch` lets the page ask for: its own sandbox alone."""

    url: str

    def as_uri(self) -> str:
        return self.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("sandbox-page"))


@pytest.fixture(scope="module")
def running(root: Path) -> Iterator[Sandbox]:
    shown = Arrivals(root)
    with Sandbox(view=shown) as sandbox:
        yield sandbox
    shown.close()


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.clear()
    return running


@pytest.fixture(scope="module")
def window(browser: Any, running: Sandbox) -> Iterator[Seen]:
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    yield watch(page, Site(running.url))  # type: ignore[arg-type]
    page.context.close()


@pytest.fixture
def seen(window: Seen, running: Sandbox) -> Iterator[Seen]:
    window.page.goto("about:blank")  # or the last test's page would ask for what is forgotten
    running.clear()
    window.page.set_viewport_size({"width": 1440, "height": 1000})
    window.requests.clear()
    window.complaints.clear()
    yield window
    window.quiet()


def some(sandbox: Sandbox) -> None:
    """Records 1 to 7: delivered, duplicate, rejected, dropped, dynamic, broadcast, a refused call."""
    post(sandbox.url, hello(**{"$idempotency_key": "first"}))
    post(sandbox.url, hello(**{"$idempotency_key": "first"}))
    post(
        sandbox.url, {"workflow": "hello", "recipients": [{"distinct_id": "u", "$email": "no"}], "data": {}, "typo": 1}
    )
    post(sandbox.url, hello(recipients=[ADA, "u_bare"]))
    post(sandbox.url, dynamic(), "sandbox/trigger/")
    post(sandbox.url, broadcast(), "sandbox/broadcast/")
    post(sandbox.url, {}, "nowhere/")


def visit(seen: Seen, sandbox: Sandbox, fragment: str = "") -> Any:
    page = seen.page
    page.goto("about:blank")
    page.goto(sandbox.url + fragment)
    page.wait_for_selector(".is-live")
    return page


def records(page: Any) -> list[int]:
    return [int(one) for one in page.eval_on_selector_all(".row", "all => all.map((one) => one.dataset.record)")]


def drawn(page: Any, record: int) -> None:
    page.wait_for_function(
        """n => !document.getElementById("top").hidden
        && document.getElementById("eyebrow").textContent.includes(`record ${n} `)""",
        arg=record,
    )


def has_value(page: Any, field: str, value: str) -> None:
    page.wait_for_function("([id, value]) => document.getElementById(id).value === value", arg=[field, value])


def test_what_arrives_appears_and_the_newest_is_followed(seen: Seen, sandbox: Sandbox) -> None:
    page = visit(seen, sandbox)
    assert "Nothing has arrived yet" in page.inner_text("#board")
    assert f"SUPRSEND_BASE_URL={sandbox.url}" in page.inner_text("#board pre")
    post(sandbox.url, hello())
    drawn(page, 1)
    assert page.frame_locator("iframe").first.locator("h1").inner_text() == "A title"
    assert "Hello Ada, from Bo" in page.inner_text(".card[data-channel=email]")
    assert "Acme Freight" in page.inner_text(".card[data-channel=sms]")
    post(sandbox.url, dynamic(), "sandbox/trigger/")
    drawn(page, 2)
    assert page.inner_text("#name bdi") == "by hand"
    page.click(".row[data-record='1']")
    drawn(page, 1)
    post(sandbox.url, dynamic(), "sandbox/trigger/")
    page.wait_for_selector(".row[data-record='3']")
    assert page.get_attribute(".row[data-record='1']", "aria-current") == "true"  # what is looked at stays
    assert page.get_attribute("#follow", "aria-pressed") == "false"
    page.click("#follow")
    drawn(page, 3)
    post(sandbox.url, hello(recipients=["u_bare"]))
    page.wait_for_selector(".row-dropped")  # what its first recipient would not get
    assert page.inner_text(".row[data-record='4'] .row-who").startswith("2 dropped u_bare")
    assert page.locator(".row-dropped").count() == 1


def test_every_kind_of_record_is_shown(seen: Seen, sandbox: Sandbox) -> None:
    some(sandbox)
    page = visit(seen, sandbox)
    page.wait_for_selector(".row")
    assert records(page) == [7, 6, 5, 4, 3, 2, 1]
    counts = {
        one: page.inner_text(f"#count-{one}")
        for one in ("calls", "accepted", "delivered", "duplicates", "rejected", "keyless")
    }
    assert counts == {
        "calls": "7",
        "accepted": "5",
        "delivered": "4",
        "duplicates": "1",
        "rejected": "2",
        "keyless": "3",
    }
    drawn(page, 7)
    assert "Rejected with 404" in page.inner_text("#board")
    page.click(".row[data-record='6']")
    drawn(page, 6)
    assert "To everyone: news" in page.inner_text("#board")
    assert page.inner_text("#recipient") == "everyone on the list"
    page.click(".row[data-record='4']")
    drawn(page, 4)
    page.click("#next")
    page.wait_for_selector(".dropped")
    assert "SuprSend would drop this message" in page.inner_text("#board")
    assert "all dropped" in page.inner_text("#name")
    page.click(".row[data-record='3']")
    drawn(page, 3)
    assert page.locator(".told.is-rejected li").count() == 2
    assert '"typo": 1' in page.inner_text(".request pre")
    page.click(".row[data-record='2']")
    drawn(page, 2)
    assert "Not delivered again" in page.inner_text("#board")
    assert "key first" in page.inner_text("#via")
    page.click(".told >> text=record 1")
    drawn(page, 1)


def test_filters_and_keys(seen: Seen, sandbox: Sandbox) -> None:
    some(sandbox)
    page = visit(seen, sandbox)
    page.wait_for_selector(".row")

    def shows(*wanted: int) -> None:
        page.wait_for_function(
            "ids => [...document.querySelectorAll('.row')].map((one) => one.dataset.record).join() === ids",
            arg=",".join(map(str, wanted)),
        )

    page.click("[data-state-of=rejected]")
    shows(7, 3)
    page.keyboard.press("u")
    shows(2)
    page.keyboard.press("d")
    shows(6, 5, 4, 1)
    page.keyboard.press("a")
    shows(7, 6, 5, 4, 3, 2, 1)
    page.select_option("#workflow", "hello")
    shows(4, 3, 2, 1)
    page.select_option("#channel", "email")
    page.keyboard.press("Escape")
    shows(4, 3, 2, 1)
    page.click("#clear")
    shows(7, 6, 5, 4, 3, 2, 1)
    page.select_option("#channel", "email")
    shows(4, 3, 2, 1)
    page.click(".row[data-record='4']")
    drawn(page, 4)
    assert page.eval_on_selector_all(".card", "all => all.map((one) => one.dataset.channel)") == ["email"]
    page.keyboard.press("0")
    shows(7, 6, 5, 4, 3, 2, 1)
    page.keyboard.press("]")
    has_value(page, "recipient", "1")
    page.keyboard.press("ArrowLeft")
    has_value(page, "recipient", "0")
    page.keyboard.press("j")
    drawn(page, 3)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("k")
    drawn(page, 5)
    page.keyboard.press("f")
    drawn(page, 7)
    page.keyboard.press("w")
    assert page.get_attribute("html", "data-width") == "phone"
    page.keyboard.press("t")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.keyboard.press("t")
    assert page.get_attribute("html", "data-theme") == "light"
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "workflow"


def test_a_link_opens_the_same_view(seen: Seen, sandbox: Sandbox) -> None:
    some(sandbox)
    page = visit(seen, sandbox, "#r=4&p=1&s=delivered&n=hello&c=sms&w=phone&theme=dark")
    drawn(page, 4)
    assert page.input_value("#recipient") == "1"
    assert records(page) == [4, 1]
    assert page.get_attribute("html", "data-theme") == "dark"
    page = visit(seen, sandbox, "#r=999999999999&p=x&s=odd&n=<b>&c=__proto__&w=7")
    page.wait_for_selector("text=No record matches")
    page.wait_for_selector("text=Not here any more")
    # The browser itself says that a record was not there.
    seen.complaints[:] = [one for one in seen.complaints if "404 (Not Found)" not in one]


def test_forgetting_asks_first(seen: Seen, sandbox: Sandbox) -> None:
    post(sandbox.url, hello())
    page = visit(seen, sandbox)
    drawn(page, 1)
    page.click("#forget")
    page.click("text=Keep it")
    assert len(sandbox.requests) == 1
    page.click("#forget")
    page.click("#sure-yes")
    page.wait_for_selector("text=Nothing has arrived yet")
    assert sandbox.requests == []
    post(sandbox.url, dynamic(), "sandbox/trigger/")
    drawn(page, 1)
    assert page.inner_text("#name bdi") == "by hand"


def test_thousands_at_once_do_not_stall_it(seen: Seen, sandbox: Sandbox) -> None:
    page = visit(seen, sandbox)
    with httpx.Client(base_url=sandbox.url, trust_env=False) as http:
        for call in range(50):
            http.post("/trigger/", json=[hello(data={"title": f"{call}/{n}", "html": ""}) for n in range(100)],
                      headers={"Authorization": "Bearer sandbox-key", "Content-Type": "application/json"})  # fmt: skip
    page.wait_for_function("() => document.getElementById('count-records').textContent === '5,000'")
    page.wait_for_selector(".row[data-record='5000']")
    assert len(records(page)) == 100
    assert page.inner_text("#shown") == "the newest 100 of 5,000"
    drawn(page, 5000)
    assert "49/99 for Ada" in page.inner_text(".card[data-channel=sms]")


def test_it_says_when_the_sandbox_is_gone(browser: Any) -> None:
    shown = Arrivals(None)
    with Sandbox(view=shown) as sandbox:
        page = browser.new_page()
        page.goto(sandbox.url)
        page.wait_for_selector(".is-live")
        post(sandbox.url, hello())
        drawn(page, 1)
        assert "There is no project here" in page.inner_text("#board")
        assert '"workflow": "hello"' in page.inner_text(".request pre")
    page.wait_for_selector("text=no connection")
    page.close()
    shown.close()


HOSTILE = hello(
    recipients=[{**ADA, "name": EVERYTHING}], actor={"distinct_id": "a", "name": EVERYTHING}, tenant_id="acme",
    data={"title": EVERYTHING, "html": EVERYTHING + '<img src="https://evil.example/x.png"><a href="https://evil.example">x</a>'
          '<script>parent.document.title = "taken"</script><iframe src="https://evil.example"></iframe>'},
)  # fmt: skip


ACTING = r"""() => [...document.querySelectorAll("#board *, #rows *, .top *")].flatMap((one) =>
  [...one.attributes].filter((each) => /^on/i.test(each.name) || (/^(href|src|action)$/.test(each.name)
    && !/^(https?:|mailto:|tel:|#|[/]requests[/])/i.test(each.value))).map((each) => each.name))"""


def test_hostile_records_change_nothing_around_them(seen: Seen, sandbox: Sandbox) -> None:
    wrong = {**HOSTILE, "workflow": EVERYTHING, EVERYTHING: 1}
    post(sandbox.url, wrong)
    post(sandbox.url, {**HOSTILE, "workflow": "<img src=x onerror=alert(1)>" + EVERYTHING})
    post(sandbox.url, HOSTILE)
    page = visit(seen, sandbox)
    title = page.title()
    for record in (3, 2, 1):
        page.wait_for_selector(f".row[data-record='{record}']")
        page.click(f".row[data-record='{record}']")
        drawn(page, record)
        page.wait_for_timeout(100)
        assert page.title() == title
        assert page.evaluate("document.querySelectorAll('script').length") == 2
        assert page.evaluate(ACTING) == []
        assert page.eval_on_selector_all("iframe", "all => all.every((one) => one.getAttribute('sandbox') === '')")
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1]


def test_the_policy_of_the_header_holds_by_itself(seen: Seen, sandbox: Sandbox) -> None:
    page = visit(seen, sandbox)
    found = page.evaluate(
        """async () => { const said = [];
        addEventListener("securitypolicyviolation", (event) => said.push(event.effectiveDirective));
        const meta = document.querySelector("meta[http-equiv]"); meta.remove();
        for (const [tag, name] of [["img", "src"], ["iframe", "src"], ["link", "href"]]) {
          const made = document.createElement(tag); if (tag === "link") made.rel = "stylesheet";
          made.setAttribute(name, "https://evil.example/x"); document.body.append(made); }
        await fetch("https://evil.example/").catch(() => null);
        const script = document.createElement("script"); try { script.text = "1" } catch { said.push("types") }
        await new Promise((done) => setTimeout(done, 200)); return said.sort() }"""
    )
    # By the header and by the page itself; the frames of emails have a policy of their own besides.
    assert set(found) >= {"connect-src", "frame-src", "img-src", "require-trusted-types-for", "style-src-elem", "types"}
    seen.complaints.clear()  # the browser names each
    seen.requests.clear()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 1000)])
def test_it_fits_a_phone_and_a_desktop(seen: Seen, sandbox: Sandbox, width: int, height: int) -> None:
    some(sandbox)
    seen.page.set_viewport_size({"width": width, "height": height})
    page = visit(seen, sandbox)
    page.wait_for_selector(".row")
    for record in (7, 4, 2):
        page.click(f".row[data-record='{record}']")
        drawn(page, record)
        wide = page.evaluate(
            """() => [...document.querySelectorAll(".stage, .told, .card, .top-row")].filter((one) => one.offsetParent
            && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.className)"""
        )
        assert wide == []
        if width < 800:
            assert not page.is_visible("#rows")
            page.click("#back")
            assert page.is_visible("#rows")


def test_everything_is_reached_by_tab_and_shows_where_it_is(seen: Seen, sandbox: Sandbox) -> None:
    some(sandbox)
    page = visit(seen, sandbox, "#r=4")
    drawn(page, 4)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button:enabled, select:enabled, summary, [tabindex="0"]')]
        .filter(one => one.offsetParent !== null && one.closest('details:not([open])') === null).length"""
    )
    reached: set[str] = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const on = document.activeElement; if (on === document.body) return null;
            return [on.outerHTML.slice(0, 160),
              getComputedStyle(on).outlineStyle !== 'none' || on.classList.contains('skip')] }"""
        )
        if found:
            reached.add(found[0])
            assert found[1], f"no visible focus: {found[0]}"
    assert len(reached) >= wanted - 1


@pytest.mark.parametrize(("scheme", "rules"), [("light", None), ("dark", "color-contrast")])
def test_axe_finds_nothing_serious(browser: Any, sandbox: Sandbox, scheme: str, rules: str | None) -> None:
    """Every rule in light; the other colours change what is said of contrast alone."""
    import axe_playwright_python

    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
    page = browser.new_context(
        viewport={"width": 1440, "height": 1000}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    ).new_page()
    page.goto(sandbox.url)
    page.wait_for_selector(".is-live")
    page.evaluate(axe)
    some(sandbox)
    page.wait_for_selector(".row[data-record='7']")
    options = {"resultTypes": ["violations"], "iframes": False} | ({"runOnly": [rules]} if rules else {})
    for record in (4,) if rules else (None, 4, 3):
        if record:
            page.click(f".row[data-record='{record}']")
            drawn(page, record)
            page.wait_for_selector(".board:not(.is-waiting)")
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        page.wait_for_timeout(250)
        found = page.evaluate("options => axe.run(document, options)", options)
        assert rules is None or found["passes"], "the rule has looked at nothing"
        faults = [
            (one["id"], [node["html"][:200] + " " + node["failureSummary"][:300] for node in one["nodes"][:5]])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert faults == [], record
    page.context.close()
