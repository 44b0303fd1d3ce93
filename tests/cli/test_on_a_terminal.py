"""`nac dispatch` on a real terminal: the question, the live bar, Ctrl-C; and what comes where there is none."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from plans_made import people, stored
from secrets_watched import heard

from nac.cli.watching import line, lines
from nac.dispatch.progress import Progress
from nac.sandbox import Faults, Sandbox, required_keys

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CTRL_C, CTRL_D = b"\x03", b"\x04"


def environ(**more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SUPRSEND_", "NAC_", "COLUMNS"))}
    pair = {"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}
    return {**clean, **pair, "TERM": "xterm-256color", **more}


class Terminal:
    """A command on a terminal of its own, so many columns wide."""

    def __init__(self, command: list[str], cwd: Path, columns: int = 100) -> None:
        self._what = command, cwd
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        self.process = subprocess.Popen(command, cwd=cwd, env=environ(), stdin=theirs, stdout=theirs, stderr=theirs,
                                        start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))  # fmt: skip
        os.close(theirs)
        self.raw = ""

    @property
    def shown(self) -> str:
        return ANSI.sub("", self.raw).replace("\r\n", "\n")

    def read(self, until: Callable[[str], bool], seconds: float = 90.0) -> str:
        """Read until something is shown, or the command has ended."""
        give_up = time.monotonic() + seconds
        while not until(self.shown):
            assert time.monotonic() < give_up, self.shown
            if not self._more(0.1):
                break
        return self.shown

    def _more(self, seconds: float) -> bool:
        """Read what comes in so many seconds; False where nothing can come any more."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._ours, 65536)
        except OSError:  # EIO: the other side is closed
            return False
        self.raw += data.decode("utf-8", "replace")
        return bool(data)

    def interrupt(self) -> None:
        """Ctrl-C, until it is seen: between a question and the reading of its answer, Python may miss it."""
        for _ in range(15):
            self.type(CTRL_C)
            for _ in range(10):
                if not self._more(0.1) or "interrupted" in self.shown:
                    return

    def type(self, keys: bytes) -> None:
        with suppress(OSError):  # it is no longer there
            os.write(self._ours, keys)

    def end(self) -> int:
        self.read(lambda shown: False)
        return self.process.wait(30)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)
        heard(self._what[0], environ(), self._what[1], self.shown)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    made: list[Terminal] = []
    (tmp_path / "notifications").mkdir()

    def start(*args: str, columns: int = 100) -> Terminal:
        made.append(Terminal([sys.executable, "-m", "nac", "dispatch", "plan", *args], tmp_path, columns))
        return made[-1]

    yield start
    for one in made:
        one.close()


QUESTION = "Send 30 requests to"


@pytest.mark.parametrize(
    ("keys", "code", "says", "sent"),
    [
        (b"y\r", 0, "30 accepted", 30),
        (b"maybe\ryes\r", 0, "30 accepted", 30),
        (b"n\r", 1, "nothing was sent", 0),
        (b"\r", 1, "nothing was sent", 0),
        (CTRL_C, 130, "interrupted", 0),
        (CTRL_D, 130, "interrupted", 0),
    ],
    ids=["y", "maybe, yes", "n", "enter", "ctrl-c", "end of file"],
)
def test_the_plan_is_shown_and_somebody_is_asked(
    terminal: Callable[..., Terminal], tmp_path: Path, keys: bytes, code: int, says: str, sent: int
) -> None:
    stored(tmp_path / "plan", people(30))
    with Sandbox(validate=required_keys) as sandbox:
        run = terminal("--hub", sandbox.url)
        shown = run.read(lambda shown: QUESTION in shown)
        assert "news: 30 requests, 30 recipients" in shown.partition(QUESTION)[0]
        assert sandbox.count.calls == 0
        if keys == CTRL_C:
            run.interrupt()
        else:
            run.type(keys)
        assert run.end() == code, run.shown
        assert says in run.shown
        assert "Traceback" not in run.shown
        assert sandbox.count.delivered == sent


@pytest.mark.parametrize("stream", ["stdin", "stderr"])
def test_without_a_terminal_on_both_sides_nobody_can_be_asked(tmp_path: Path, stream: str) -> None:
    (tmp_path / "notifications").mkdir()
    stored(tmp_path / "plan", people(30))
    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stderr": theirs, stream: subprocess.PIPE if stream == "stderr" else subprocess.DEVNULL}
    with Sandbox(validate=required_keys) as sandbox:
        command = [sys.executable, "-m", "nac", "dispatch", "plan", "--hub", sandbox.url]
        done = subprocess.run(command, cwd=tmp_path, env=environ(), stdout=subprocess.PIPE, timeout=180, check=False,
                              **streams)  # type: ignore[call-overload]  # fmt: skip
        assert done.returncode == 2
        assert sandbox.count.calls == 0
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("columns", [40, 200])
def test_the_bar_fits_its_terminal_and_ends_clean(
    terminal: Callable[..., Terminal], tmp_path: Path, columns: int
) -> None:
    stored(tmp_path / "plan", people(3_000))

    def validate(kind: str, body: object) -> list[str]:
        assert isinstance(body, dict)
        return ["no"] if body["recipients"] == ["user-7"] else []

    with Sandbox(validate=validate, faults=Faults(latency=0.2)) as sandbox:
        run = terminal("--yes", "--hub", sandbox.url, "--connections", "3", columns=columns)
        assert run.end() == 1
    frames = [ANSI.sub("", frame).rstrip("\r") for frame in re.split(r"\r\n|\r(?=\x1b\[2K)|\n", run.raw)]
    bars = [frame for frame in frames if re.search(r"[\d,]+ of 3,000|[\d,]+/3,000", frame)]
    assert len(bars) > 3, run.raw
    assert max(map(len, bars)) <= columns
    middle = next(frame for frame in bars if not re.search(r"\b0 of 3,000", frame))
    words = ("rejected", "in flight", "a second", "left") if columns >= 80 else ("left",)
    for word in words:
        assert word in "".join(bars), middle
    assert "2,999 accepted" in run.shown
    assert run.raw.count("\x1b[?25l") == run.raw.count("\x1b[?25h")  # the cursor is there again
    tail = run.shown[run.shown.rindex("2,999 accepted") :]
    assert "sending" not in tail
    assert "\x1b[?25h" in run.raw[: run.raw.rindex("2,999 accepted")]


def test_nothing_of_the_bar_where_there_is_no_terminal(tmp_path: Path) -> None:
    (tmp_path / "notifications").mkdir()
    stored(tmp_path / "plan", people(1_000))
    with Sandbox(validate=required_keys, faults=Faults(latency=0.2)) as sandbox:
        command = [sys.executable, "-m", "nac", "dispatch", "plan", "--yes", "--hub", sandbox.url]
        done = subprocess.run(command, cwd=tmp_path, env=environ(), capture_output=True, text=True, timeout=180,
                              check=False)  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "sending" not in done.stdout


def test_a_line_every_ten_seconds_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(1_000, before=100)
    now = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal now
        if now >= 30:
            raise asyncio.CancelledError
        now += seconds
        progress.accepted += 200
        progress.in_flight = 50
        progress.rejected = 2 if now >= 20 else 0

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(lines(progress, clock=lambda: now, sleep=sleep))
    assert capsys.readouterr().err.splitlines() == [
        "300 of 1,000 settled, 50 in flight, 20 a second, 36 s left",
        "502 of 1,000 settled, 2 rejected, 50 in flight, 20 a second, 25 s left",
        "702 of 1,000 settled, 2 rejected, 50 in flight, 20 a second, 15 s left",
    ]


def test_a_line_has_no_time_left_where_none_can_be_told() -> None:
    assert line(Progress(10), 0.0) == "0 of 10 settled, 0 in flight, 0 a second"
    assert line(Progress(10, before=10), 5.0) == "10 of 10 settled, 0 in flight, 0 a second"
    assert "2 h 46 min left" in line(Progress(1_000_000, accepted=1_000), 10.0)


def test_who_is_asked_has_been_told_of_another_plan_that_is_not_finished(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    from nac.journal import Totals, open_journal
    from nac.journal.journal import Intent

    stored(tmp_path / "plan", people(30))
    with open_journal(tmp_path / "journal.sqlite", time.time) as journal, Sandbox() as sandbox:
        journal.begin(Totals("a" * 64, "", sandbox.url, "", "news", 1, 20, 20))
        journal.write("a" * 64, [Intent(1, 20, time.time())])
        run = terminal("--hub", sandbox.url, "--journal", "journal.sqlite", columns=300)
        told = run.read(lambda shown: QUESTION in shown).partition(QUESTION)[0]
        assert "aaaaaaaaaaaa of news was begun and not finished: 0 requests accepted, 20 left" in told
        run.type(b"n\r")
        assert run.end() == 1


@pytest.mark.parametrize(("how", "code"), [("ctrl-c", 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_finishes_and_the_command_it_names_goes_on(
    terminal: Callable[..., Terminal], tmp_path: Path, how: str | int, code: int
) -> None:
    plan = stored(tmp_path / "plan", people(3_000))
    with Sandbox(validate=required_keys, keep=10_000, faults=Faults(latency=0.4)) as sandbox:
        run = terminal("--hub", sandbox.url, "--connections", "4", "--journal", "a journal.sqlite", columns=200)
        run.read(lambda shown: "Send 3,000" in shown)
        run.type(b"y\r")
        while sandbox.count.accepted < 100:
            run._more(0.02)
        if isinstance(how, int):
            os.kill(run.process.pid, how)
        else:
            run.type(CTRL_C)
        assert run.end() == code, run.shown
        assert "finishing what is in flight" in run.shown
        from nac.journal import open_journal

        with open_journal(tmp_path / "a journal.sqlite", time.time) as journal:
            row = journal.plan(plan.id)
        assert row is not None
        assert row.counts.accepted == sandbox.count.accepted  # what was in flight is entered
        assert (row.counts.intended, row.counts.unknown) == (0, 0)
        assert 0 < row.counts.accepted < 3_000
        (resume,) = [one.strip() for one in run.shown.splitlines() if one.strip().startswith("nac dispatch ")]
        sandbox._hub.faults = Faults()
        words = resume.replace("nac dispatch", f"{sys.executable} -m nac dispatch") + " --yes"
        done = subprocess.run(words, shell=True, cwd=tmp_path, env=environ(), capture_output=True, text=True,
                              timeout=180, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert (sandbox.count.delivered, sandbox.count.duplicates) == (3_000, 0)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_second_signal_does_not_wait_and_a_third_does_no_harm(
    terminal: Callable[..., Terminal], tmp_path: Path, number: int, code: int
) -> None:
    stored(tmp_path / "plan", people(1_000))
    with Sandbox(validate=required_keys, faults=Faults(latency=60.0)) as sandbox:
        run = terminal("--yes", "--hub", sandbox.url)
        while sandbox.count.accepted < 100:
            run._more(0.02)
        began = time.monotonic()
        for said in ("finishing what is in flight", "not waiting for the answers"):
            os.kill(run.process.pid, number)
            run.read(lambda shown, said=said: said in shown)  # type: ignore[misc]
        os.kill(run.process.pid, number)
        assert run.end() == code, run.shown
        assert time.monotonic() - began < 45
        assert "Traceback" not in run.shown
        assert "unknown (may have been received)" in run.shown
        assert "nac dispatch plan" in run.shown
        sandbox._hub.faults = Faults()
        again = terminal("--yes", "--hub", sandbox.url)
        assert again.end() == 0, again.shown
        assert sandbox.count.delivered == 1_000
