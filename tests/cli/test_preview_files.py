"""`nac preview` from outside: the files that it writes."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from command_line import TRIGGER, Nac

EMAIL = """\
---
subject: 'Hello, {{{$recipient.name}}}'
from_name: Zoë
from_address: a@example.com
---
<p>Hi <b>you</b></p>
"""


@pytest.fixture
def mails(project: Path) -> Path:
    (project / "notifications/templates/hello/email.hbs").write_text(EMAIL)
    return project


def test_mail_files_can_be_read_back(nac: Nac, mails: Path) -> None:
    done = nac("preview", "--format", "eml", "-o", "out/mails")
    assert done.returncode == 0, done.stderr
    names = ["hello.first.u1.en.eml", "hello.second.u2.en.eml"]
    assert done.stdout.split() == [f"out/mails/{name}" for name in names]
    assert sorted(path.name for path in (mails / "out/mails").iterdir()) == names
    content = (mails / "out/mails" / names[0]).read_bytes()
    mail = message_from_bytes(content, policy=default)
    assert (mail["Subject"], mail["To"], str(mail["From"])) == (
        "Hello, Ana", "ana@example.com", "Zoë <a@example.com>"
    )  # fmt: skip
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert nac("preview", "--format", "eml", "-o", "again").returncode == 0
    assert (mails / "again" / names[0]).read_bytes() == content


def test_nothing_to_mail_is_said(nac: Nac, project: Path) -> None:
    done = nac("preview", "--format", "eml", "-o", "out")
    assert done.returncode == 0
    assert "no email is sent" in done.stderr
    assert not (project / "out").exists()


def test_hostile_names_stay_in_the_directory(nac: Nac, mails: Path) -> None:
    (mails / "notifications/hello.yaml").write_text(
        TRIGGER.replace("name: first", "name: ../../../first").replace("user: u1", 'user: "a/../../\\u001b[2J"')
    )
    done = nac("preview", "--format", "eml", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    names = [path.name for path in (mails / "out").iterdir()]
    assert len(names) == 2
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+\.eml", name) for name in names)
    assert {path.name for path in mails.iterdir()} == {"notifications", "out"}


def test_the_page_goes_to_stdout_or_a_file(nac: Nac, project: Path) -> None:
    done = nac("preview", "--format", "html")
    assert done.returncode == 0, done.stderr
    assert done.stdout.lower().startswith("<!doctype html>")
    assert nac("preview", "--format", "html", "-o", "page.html").stdout == ""
    assert (project / "page.html").read_text() == done.stdout
    assert stat.S_IMODE((project / "page.html").stat().st_mode) & 0o044 == 0o044


def test_a_page_with_a_dropped_message_is_written_too(nac: Nac, project: Path) -> None:
    (project / "notifications/templates/hello/sms.hbs").write_text("{{nothing}}")
    for form, name in (("html", "page.html"), ("json", "page.json"), ("text", "page.txt")):
        assert nac("preview", "--format", form, "-o", name).returncode == 1
        assert (project / name).stat().st_size > 100
    assert json.loads((project / "page.json").read_text())["previews"][0]["dropped"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written(nac: Nac, mails: Path) -> None:
    (mails / "shut").mkdir(mode=0o555)
    for form in ("eml", "html"):
        done = nac("preview", "--format", form, "-o", "shut/x")
        assert done.returncode == 2
        assert "cannot write shut/x: permission denied" in done.stderr


def test_an_output_below_a_file_cannot_be_written(nac: Nac, mails: Path) -> None:
    for form in ("eml", "html", "json"):
        done = nac("preview", "--format", form, "-o", "notifications/hello.yaml/x")
        assert done.returncode == 2, done.stderr
        assert "cannot write" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_device_is_written_to(nac: Nac) -> None:
    assert nac("preview", "-o", os.devnull).returncode == 0
    assert not Path(os.devnull).is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="the opener is a program of Unix")
@pytest.mark.parametrize(
    ("args", "opened"),
    [
        (["--open"], r"/.*nac-\w+/preview\.html"),
        (["--open", "-o", "page.html"], r"/.*/page\.html"),
        (["--open", "--format", "eml", "-o", "out"], r"/.*/out/hello\.first\.u1\.en\.eml"),
    ],
)
def test_open_opens_what_was_written(nac: Nac, mails: Path, args: list[str], opened: str) -> None:
    opener = mails / "bin/xdg-open"
    opener.parent.mkdir()
    opener.write_text('#!/bin/sh\nprintf "%s\\n" "$1" >> "$OPENED"\n')
    opener.chmod(0o755)
    log = mails / "opened"
    path = f"{opener.parent}{os.pathsep}{os.environ['PATH']}"
    done = nac("preview", "--sample", "first", *args, PATH=path, OPENED=str(log), TMPDIR=str(mails))
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(opened if "-o" not in args else ".*", done.stdout.strip()), "where to find it"
    until = time.monotonic() + 10
    while not (log.exists() and log.read_text().endswith("\n")) and time.monotonic() < until:
        time.sleep(0.05)
    [line] = log.read_text().splitlines()
    assert re.fullmatch(opened, line)
    assert Path(line).stat().st_size > 100


def start(project: Path, *args: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "nac", "preview", *args], cwd=project, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("form", ["eml", "html"])
def test_two_at_once_leave_whole_files(mails: Path, form: str) -> None:
    running = [start(mails, "--format", form, "-o", "out") for _ in range(3)]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    if form == "eml":
        names = sorted(path.name for path in (mails / "out").iterdir())
        assert names == ["hello.first.u1.en.eml", "hello.second.u2.en.eml"]
    else:
        assert (mails / "out").read_text().rstrip().endswith("</html>")
    assert {path.name for path in mails.iterdir()} == {"notifications", "out"}


@pytest.mark.parametrize("form", ["eml", "html"])
def test_killed_half_way_leaves_nothing(mails: Path, form: str) -> None:
    samples = "".join(f"  - {{name: s{number}, event: {{id: {number}, user: u{number}}}}}\n" for number in range(3000))
    (mails / "notifications/hello.yaml").write_text(TRIGGER.split("samples:")[0] + "samples:\n" + samples)
    one = start(mails, "--format", form, "-o", "out")
    time.sleep(1.5)
    assert one.poll() is None
    one.send_signal(signal.SIGTERM)
    one.wait(30)
    assert {path.name for path in mails.iterdir()} == {"notifications"}
