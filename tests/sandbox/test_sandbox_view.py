"""What a browser is told: the newest records, and each as its reader would see it. Over HTTP, without a browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sandbox.records_made import ADA, broadcast, dynamic, hello, post, project

from nac.api import NacError, arrivals
from nac.api.arrivals import Arrivals
from nac.sandbox import Sandbox, required_keys, view

LINES: list[str] = []


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project(tmp_path)


@pytest.fixture
def sandbox(root: Path, clock: Any, seconds: Seconds) -> Iterator[Sandbox]:
    LINES.clear()
    shown = Arrivals(root, seconds)
    with Sandbox(validate=required_keys, clock=clock, view=shown, log=LINES.append) as running:
        yield running
    shown.close()


def listed(http: httpx.Client, **query: object) -> Any:
    return http.get("/arrivals", params=query).json()


def cards(http: httpx.Client, record: int, reader: int = 0) -> dict[str, str]:
    shown = http.get(f"/requests/{record}/preview", params={"reader": reader}).json()
    return {one["channel"]: one["html"] for one in shown["cards"]}


def test_a_browser_gets_the_page_and_curl_the_help(http: httpx.Client) -> None:
    page = http.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'sha256-[^']+';", policy)
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in page.headers
    assert http.get("/", headers={"Accept": "*/*"}).text.startswith("nac sandbox: a stand-in")


def test_the_newest_come_first_and_nothing_new_is_said_shortly(http: httpx.Client, sandbox: Sandbox) -> None:
    for n in range(3):
        post(sandbox.url, hello(**{"$idempotency_key": f"k{n % 2}"}))
    post(sandbox.url, {"workflow": "hello"})
    post(sandbox.url, {}, "nowhere/")
    first = listed(http)
    assert [(one["id"], one["state"], one["duplicate_of"]) for one in first["records"]] == [
        (5, "rejected", None), (4, "rejected", None), (3, "duplicate", 1), (2, "delivered", None),
        (1, "delivered", None),
    ]  # fmt: skip
    assert first["count"] == {
        "calls": 5, "accepted": 3, "delivered": 2, "duplicates": 1, "keyless": 0, "rejected": 2,
    }  # fmt: skip
    assert first["records"][4]["who"] == "Ada · u_ada"
    assert first["records"][1]["why"] == "400: recipients is required; data is required"
    assert first["records"][0]["path"] == "/nowhere/"
    assert listed(http, seen=first["at"]) == {"at": first["at"], "same": True}
    post(sandbox.url, hello())
    assert listed(http, seen=first["at"])["records"][0]["id"] == 6
    http.delete("/requests")
    after = listed(http, seen=first["at"])
    assert (after["records"], after["cleared"]) == ([], first["cleared"] + 1)


def test_the_list_is_narrowed_down(http: httpx.Client, sandbox: Sandbox) -> None:
    post(sandbox.url, hello(**{"$idempotency_key": "k"}))
    post(sandbox.url, hello(**{"$idempotency_key": "k"}))
    post(sandbox.url, dynamic(), "sandbox/trigger/")
    post(sandbox.url, broadcast(), "sandbox/broadcast/")
    post(sandbox.url, {"workflow": "hello"})

    def ids(**query: object) -> list[int]:
        return [one["id"] for one in listed(http, **query)["records"]]

    assert ids() == [5, 4, 3, 2, 1]
    assert ids(state="duplicate") == [2]
    assert ids(state="rejected") == [5]
    assert ids(workflow="hello") == [5, 2, 1]
    assert ids(workflow="everybody") == [4]
    assert ids(channel="email", state="delivered") == [1]
    assert ids(channel="sms") == [5, 4, 3, 2, 1]
    assert ids(channel="slack") == ids(state="x") == ids(workflow="y") == []
    assert ids(limit=2) == [5, 4]
    assert listed(http, limit=2, state="delivered")["matching"] == 3
    assert sorted(listed(http)["workflows"]) == ["by hand", "everybody", "hello"]
    assert listed(http)["channels"] == ["email", "sms"]


def test_a_list_is_short_however_much_arrived(
    http: httpx.Client, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(sandbox.url, [dynamic() for _ in range(100)], "sandbox/trigger/")
    at = listed(http)["at"]
    for _ in range(3):
        post(sandbox.url, [hello() for _ in range(100)])
    found = listed(http, limit=9999)
    assert (len(found["records"]), found["matching"], found["kept"]) == (view.MOST, 400, 400)
    monkeypatch.setattr(view, "LOOKED_AT", 150)
    assert listed(http, seen=at)["workflows"] == ["hello"]  # who asked before knows of the older ones
    assert listed(http, seen=at)["matching"] == 400
    assert listed(http, seen=at, workflow="by hand")["matching"] == 100


def test_a_record_is_rendered_for_each_of_its_recipients(http: httpx.Client, sandbox: Sandbox) -> None:
    post(sandbox.url, hello(recipients=[ADA, "u_bare", {"object_type": "teams", "id": "core", "name": "Core"}]))
    shown = http.get("/requests/1/preview").json()
    assert shown["readers"] == ["Ada · u_ada", "u_bare", "Core · teams/core"]
    assert (shown["template"], shown["says"], shown["state"]) == ("hello", None, "delivered")
    assert {one["channel"]: one["state"] for one in shown["cards"]} == {"email": "ok", "sms": "ok"}
    assert "A title for Ada at Acme Freight" in cards(http, 1)["sms"]
    assert "Hello Ada, from Bo" in cards(http, 1)["email"]
    assert "A title for Core at Acme Freight" in cards(http, 1, 2)["sms"]
    bare = http.get("/requests/1/preview?reader=1").json()
    assert {one["state"] for one in bare["cards"]} == {"dropped"}
    assert "SuprSend would drop this message: " in bare["cards"][1]["html"]
    assert "does not know what SuprSend keeps of this recipient" in bare["cards"][1]["html"]
    assert http.get("/requests/1/preview?reader=99").json()["reader"] == 2
    assert http.get("/requests/1/preview?reader=-1").json()["reader"] == 0
    for missing in ("2", "0", "x", "9" * 40):
        assert http.get(f"/requests/{missing}/preview").status_code == 404


def test_the_template_named_in_a_record_is_shown(http: httpx.Client, sandbox: Sandbox) -> None:
    post(sandbox.url, dynamic(users=[{**ADA, "$locale": "de"}]), "sandbox/trigger/")
    post(sandbox.url, broadcast(), "sandbox/broadcast/")
    post(sandbox.url, dynamic(template="../hello"), "sandbox/trigger/")
    post(sandbox.url, broadcast(template="hello", channels=["sms", 7]), "sandbox/broadcast/")
    assert list(cards(http, 4)) == ["sms"]
    assert "An alle: news" in cards(http, 1)["sms"]
    shown = http.get("/requests/2/preview").json()
    assert shown["readers"] == ["everyone on the list"]
    assert "To everyone: news" in shown["cards"][0]["html"]
    gone = http.get("/requests/3/preview").json()
    assert (gone["cards"], gone["template"]) == ([], None)
    assert gone["says"] == "This project has no template `../hello`, which the record names."


def test_what_has_no_preview_says_why(http: httpx.Client, sandbox: Sandbox) -> None:
    post(sandbox.url, hello(workflow="listed", data={"title": "t"}))
    post(sandbox.url, hello(workflow="unheard-of"))
    post(sandbox.url, hello(**{"$idempotency_key": "k"}))
    post(sandbox.url, hello(**{"$idempotency_key": "k"}))
    post(sandbox.url, {"workflow": "hello"})
    says = [http.get(f"/requests/{n}/preview").json() for n in range(1, 6)]
    assert says[0]["says"] == "No trigger here runs this workflow: this is the template of the same name."
    assert says[0]["cards"]
    assert says[1]["says"] == "No trigger here with a template runs the workflow `unheard-of`."
    assert (says[3]["cards"], says[3]["duplicate_of"]) == ([], 3)
    assert (says[4]["cards"], says[4]["why"]) == ([], "400: recipients is required; data is required")


def test_a_changed_template_is_seen_and_a_broken_project_forgives(
    http: httpx.Client, sandbox: Sandbox, root: Path, seconds: Seconds
) -> None:
    post(sandbox.url, hello())
    at = listed(http)["at"]
    assert "A title for" in cards(http, 1)["sms"]
    path = root / "notifications/templates/hello/sms.hbs"
    path.write_text("Changed\n")
    assert "A title for" in cards(http, 1)["sms"]  # not looked at again yet
    seconds.now += 2
    assert "Changed" in cards(http, 1)["sms"]
    assert "same" not in listed(http, seen=at)
    path.write_text("{{#if}\n")
    os.utime(path, ns=(1, 1))
    seconds.now += 2
    assert http.get("/requests/1/preview").status_code == 200
    (root / "notifications").rename(root / "away")
    seconds.now += 2
    assert http.get("/requests/1/preview").json()["cards"] == []
    (root / "away").rename(root / "notifications")
    path.write_text("Back\n")
    seconds.now += 2
    assert "Back" in cards(http, 1)["sms"]


def test_what_was_drawn_is_kept_within_bounds(
    http: httpx.Client, sandbox: Sandbox, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0
    draw = arrivals.drawn

    def counted(previewed: Any) -> Any:
        nonlocal made
        made += 1
        return draw(previewed)

    monkeypatch.setattr(arrivals, "drawn", counted)
    monkeypatch.setattr(arrivals, "KEPT", 2)
    post(sandbox.url, hello())
    post(sandbox.url, hello())  # the same at the same time
    cards(http, 1)
    cards(http, 2)
    assert made == 1
    for _ in range(3):
        clock.now += timedelta(seconds=1)
        post(sandbox.url, hello())
    for record in (3, 4, 5, 5, 4, 1):
        cards(http, record)
    assert made == 5
    monkeypatch.setattr(arrivals, "KEPT_CHARACTERS", 0)
    cards(http, 3)
    assert http.get("/requests/3/preview").json()["cards"]


@pytest.mark.parametrize(
    "body",
    [
        {"workflow": 5, "recipients": 7, "data": None},
        {"workflow": "hello", "recipients": [None, 3, [], {}, {"object_type": []}, {"name": {}}], "data": []},
        {"workflow": "hello", "recipients": [{"distinct_id": {}, "$channels": {}}], "data": {"$recipient": 5}},
        {"workflow": ["hello"], "recipients": {}, "data": {"title": []}, "tenant_id": [], "actor": 9},
        {"workflow": "\ud800\u202e<b>" * 300, "recipients": ["\ud800\x1b<script>" * 500], "data": {}},
        {"workflow": "hello", "recipients": [ADA], "data": {"title": "\ud800", "html": "x" * 400_000}},
        [1, None, "x"],
    ],
)  # fmt: skip
def test_records_that_make_no_sense_are_shown_all_the_same(root: Path, body: object) -> None:
    shown = Arrivals(root)
    with Sandbox(validate=lambda kind, body: [], view=shown) as sandbox, httpx.Client(
        base_url=sandbox.url, trust_env=False
    ) as http:  # fmt: skip
        post(sandbox.url, body)
        for one in listed(http)["records"]:
            assert len(str(one)) < 3000
            for reader in range(6):
                assert http.get(f"/requests/{one['id']}/preview?reader={reader}").status_code == 200
    shown.close()


def test_no_project_means_no_templates(tmp_path: Path) -> None:
    with pytest.raises(NacError, match="no folder `notifications`"):
        Arrivals(tmp_path)
    shown = Arrivals(None)
    with Sandbox(view=shown) as sandbox, httpx.Client(base_url=sandbox.url, trust_env=False) as http:
        post(sandbox.url, hello())
        found = http.get("/requests/1/preview").json()
        assert found["readers"] == ["Ada · u_ada"]
        assert found["says"].startswith("There is no project here")
        assert listed(http)["channels"] == []
    shown.close()


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/requests", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ("GET", "/requests", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
        ("GET", "/arrivals", {"Origin": "https://evil.example"}, 403),
        ("GET", "/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ("GET", "/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ("GET", "/requests", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("GET", "/requests", {"Sec-Fetch-Mode": "cors"}, 200),  # no browser: Node says that
        ("DELETE", "/requests", {"Origin": "https://evil.example"}, 403),
        ("DELETE", "/requests", {"Origin": "null"}, 403),
        ("DELETE", "/requests", {"Origin": "http://localhost:1"}, 403),
        ("DELETE", "/requests", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("DELETE", "/requests", {}, 200),
        ("OPTIONS", "/requests", {"Origin": "https://evil.example"}, 501),
        ("GET", "/arrivals", {"Host": "evil.example"}, 403),
    ],
)
def test_other_sites_are_told_nothing_and_change_nothing(
    http: httpx.Client, sandbox: Sandbox, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    post(sandbox.url, hello())
    answer = http.request(method, path, headers=headers)
    assert answer.status_code == status
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert len(sandbox.requests) == (0 if (method, status) == ("DELETE", 200) else 1)


def test_a_limit_of_any_length(http: httpx.Client) -> None:
    for limit in ("9" * 5000, "-1", "\u0663", "²"):
        assert http.get("/arrivals", params={"limit": limit}).status_code == 200


def test_the_page_of_another_site_cannot_fill_what_is_kept(http: httpx.Client, sandbox: Sandbox) -> None:
    for _ in range(3):
        answer = http.post("/trigger/", content="{}", headers={"Origin": "https://evil.example"})
        assert answer.status_code == 401
        form = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        assert http.post("/trigger/", content="a=b", headers={**form, "Origin": "null"}).status_code == 401
    assert sandbox.requests == []
    assert http.post("/trigger/", content="{}").status_code == 401
    assert len(sandbox.requests) == 1


def test_what_the_page_asks_for_again_and_again_is_not_logged(http: httpx.Client, sandbox: Sandbox) -> None:
    post(sandbox.url, hello())
    LINES.clear()
    listed(http)
    cards(http, 1)
    assert LINES == []
    http.get("/count")
    assert len(LINES) == 1
