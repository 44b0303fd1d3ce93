"""Pictures of messages, and of where they differ: by a real Chromium where there is one."""

from __future__ import annotations

import io
import json
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from building_diffs import changed, hostile_diff
from building_histories import Repo
from click.testing import CliRunner
from page.gallery import email, messages, preview

from nac.cli import cli
from nac.diff.changes import Diff
from nac.messages import Sms
from nac.report.diff.page import chromium
from nac.report.diff.page.screenshots import ScreenshotError, difference, screenshots, slug


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli, list(arguments))


def program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_before_after_and_what_differs() -> None:
    pytest.importorskip("PIL")
    if not any(map(shutil.which, chromium.NAMES)):
        pytest.skip("no Chromium is installed")
    from PIL import Image

    sms = next(one for one in messages() if isinstance(one, Sms))
    one = Diff("0" * 40, None, (changed("../Orders/Ürgent", preview(email()), "Soon"), changed("b", preview(sms), "X")))
    found = screenshots(one, most=3)
    stem = "001-orders-rgent-email"
    assert [name for name in sorted(found) if name.startswith("001")] == [
        f"{stem}-{width}.{kind}.png" for width in ("desktop", "phone") for kind in ("after", "before", "diff")
    ]
    index = json.loads(found["index.json"])
    assert [entry["name"] for entry in index] == sorted({name.split(".")[0] for name in found} - {"index"})
    assert all(0 < entry["changed"] < 0.9 for entry in index)
    for width in ("desktop", "phone"):
        images = [Image.open(io.BytesIO(found[f"{stem}-{width}.{kind}.png"])) for kind in ("before", "after", "diff")]
        assert len({each.size for each in images}) == 1
        assert images[0].width == (780 if width == "desktop" else 440)
        assert 300 < images[0].height < 1_400
        red = sum(count for count, pixel in images[2].getcolors(1 << 24) if pixel == (224, 30, 70))
        assert red > 200


def test_the_difference_of_two_pictures() -> None:
    pytest.importorskip("PIL")
    from PIL import Image

    before = Image.new("RGB", (10, 10), "white")
    after = before.copy()
    after.paste((0, 0, 0), (0, 0, 5, 2))
    after.putpixel((9, 9), (250, 250, 250))
    share, made = difference(before, after)
    assert share == pytest.approx(0.1)
    assert made.getpixel((0, 0)) == (224, 30, 70)
    assert made.getpixel((9, 9)) != (224, 30, 70)
    assert difference(before, before)[0] == 0


def test_names_are_safe() -> None:
    assert slug("../../etc/passwd\x00") == "etc-passwd"
    assert slug("…") == "x"
    assert re.fullmatch(r"[a-z0-9-]{1,60}", slug("CON/" + "a" * 300))


def test_without_chromium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PIL")
    monkeypatch.setattr(chromium, "NAMES", ())
    monkeypatch.setattr(chromium, "PLACES", ())
    monkeypatch.delenv("CHROME_PATH", raising=False)
    repo = Repo(tmp_path / "one")
    repo.shop()
    repo.edit("notifications/templates/order-shipped/sms.hbs", ("on its way", "nearly there"))
    made = run("diff", "--project", str(repo.root), "--screenshots", str(tmp_path / "shots"))
    assert made.exit_code == 2
    assert "no Chromium is installed: install chromium or google-chrome" in made.output
    assert not (tmp_path / "shots").exists()
    monkeypatch.setenv("CHROME_PATH", "/nowhere/chrome")
    made = run("diff", "--project", str(repo.root), "--screenshots", str(tmp_path / "shots"))
    assert made.exit_code == 2
    assert "CHROME_PATH is /nowhere/chrome" in made.output


def test_a_chromium_that_hangs_or_fails(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("x")
    slow = program(tmp_path / "slow", "sleep 30 & sleep 30")
    with pytest.raises(ScreenshotError, match=r"took longer than 0\.2 seconds"):
        chromium.picture(slow, page, tmp_path, (10, 10), 0.2)
    broken = program(tmp_path / "broken", "echo no sandbox here >&2; exit 3")
    with pytest.raises(ScreenshotError, match=r"made no picture \(exit code 3\): no sandbox here"):
        chromium.picture(broken, page, tmp_path, (10, 10))


def test_chromium_is_asked_for_no_network(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("x")
    shown = program(
        tmp_path / "shown",
        f'printf "%s\\n" "$@" > {tmp_path}/asked; env > {tmp_path}/env; touch {page.with_suffix(".png")}',
    )
    chromium.picture(shown, page, tmp_path, (10, 20))
    asked = (tmp_path / "asked").read_text().splitlines()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in asked
    assert "--no-proxy-server" in asked
    assert f"--user-data-dir={tmp_path}/profile" in asked
    assert "--window-size=10,20" in asked
    assert "proxy" not in (tmp_path / "env").read_text().lower()


def test_options(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "one")
    repo.shop()
    page = tmp_path / "report.html"
    made = run(
        "diff", "--project", str(repo.root), "--format", "html", "-o", str(page), "--screenshots", str(tmp_path / "no")
    )
    assert made.exit_code == 0, made.output
    assert "no message differs" in made.output
    assert "Nothing differs" in page.read_text("utf-8")
    made = run("diff", "--project", str(repo.root), "--open")
    assert made.exit_code == 2
    assert "--open goes with --format html" in made.output
    repo.edit("notifications/templates/order-shipped/sms.hbs", ("on its way", "nearly there"))
    made = run("diff", "--project", str(repo.root), "--format", "html", "-o", str(page), "--fail-on", "content")
    assert made.exit_code == 1
    assert "nearly" in page.read_text("utf-8")


def test_hostile_texts_name_no_file_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    from PIL import Image

    from nac.report.diff.page import screenshots as module

    def drawn(program: str, page: Path, room: Path, size: tuple[int, int]) -> Path:
        assert "<script" not in page.read_text("utf-8")
        Image.new("RGB", size, "white").save(room / "made.png")
        return room / "made.png"

    monkeypatch.setattr(module, "picture", drawn)
    monkeypatch.setattr(module, "find", lambda: "chromium")
    for name in screenshots(hostile_diff(), most=4):
        assert re.fullmatch(r"[a-z0-9.-]+", name)
