"""A disk with no room, a disk that is read-only, a server that is set up strictly, and two runs at once."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from plans_made import people, stored
from postgres_server import Server

from nac.journal import JournalError, LockedError, Totals, open_journal
from nac.sandbox import Faults, Sandbox, required_keys

TOTALS = Totals("a" * 64, "", "https://hub.example/", "", "news", 1, 1, 1)
Run = subprocess.CompletedProcess[str]


def environ() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SUPRSEND_", "NAC_"))}
    return {**clean, "SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}


def nac(cwd: Path, *args: str, before: tuple[str, ...] = ()) -> Run:
    return subprocess.run([*before, sys.executable, "-m", "nac", *args], cwd=cwd, env=environ(), capture_output=True,
                          text=True, timeout=120, check=False)  # fmt: skip


def dispatch(cwd: Path, hub: str, *args: str, before: tuple[str, ...] = ()) -> Run:
    command = ("dispatch", "plan", "--yes", "--hub", hub, "--backoff", "0.02", *args)
    return nac(cwd, *command, before=before)


def arrived(sandbox: Sandbox) -> list[str]:
    return sorted(str(one.recipient) for one in sandbox.deliveries)


def everybody(count: int) -> list[str]:
    return sorted(f"user-{n}" for n in range(count))


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own. Skips where one may not be mounted."""
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True,
                          text=True, check=False) if shutil.which("mount") else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.strip() if made else 'there is no mount'}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True, capture_output=True)


def test_a_disk_that_is_full_in_the_middle_and_has_room_again_later(tmp_path: Path) -> None:
    (tmp_path / "notifications").mkdir()
    stored(tmp_path / "plan", people(20_000))
    with (
        small_disk(tmp_path / "small", "160k") as disk,
        Sandbox(validate=required_keys, keep=100_000, faults=Faults(partial=0.02, seed=2)) as sandbox,
    ):
        args = (sandbox.url, "--journal", str(disk / "journal.sqlite"))
        full = dispatch(tmp_path, *args)
        said = full.stdout + full.stderr
        assert full.returncode == 1, said
        assert "cannot be written: database or disk is full" in said
        assert "Traceback" not in said
        first = sandbox.count.accepted
        assert 0 < first < 20_000
        again = dispatch(tmp_path, *args)  # and while it is full, nothing more goes out than is journaled
        assert again.returncode == 1
        assert "Traceback" not in again.stdout + again.stderr
        subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True, capture_output=True)
        done = dispatch(tmp_path, *args)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "20,000 accepted" in done.stdout
        assert arrived(sandbox) == everybody(20_000)


def test_a_disk_that_was_full_from_the_start(tmp_path: Path) -> None:
    (tmp_path / "notifications").mkdir()
    stored(tmp_path / "plan", people(10))
    with small_disk(tmp_path / "small", "16k") as disk, Sandbox(validate=required_keys) as sandbox:
        (disk / "other").write_bytes(b"x" * 12_000)
        done = dispatch(tmp_path, sandbox.url, "--journal", str(disk / "journal.sqlite"))
        assert done.returncode == 1, done.stdout + done.stderr
        assert "cannot be written" in done.stderr
        assert "Traceback" not in done.stderr
        assert sandbox.count.calls == 0


def test_a_plan_that_the_disk_has_no_room_for_is_not_there_at_all(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "256k") as disk:
        (disk / "notifications").mkdir()
        (disk / "notifications/many.yaml").write_text(
            'workflow: many\nidempotency_key: k\nrecipients:\n  - {each: "{{ event.people }}", user: {distinct_id: '
            '"{{ item }}", $email: ["{{ item }}@example.com"]}}\ndata: {}\n'
        )
        names = [sha256(str(n).encode()).hexdigest() for n in range(10_000)]  # they do not compress
        (tmp_path / "event.json").write_text(json.dumps({"people": names}))
        event = str(tmp_path / "event.json")
        before = sorted(path.name for path in disk.iterdir())
        done = nac(disk, "plan", "many", "--event", event, "-o", "plan")
        assert done.returncode == 1, done.stdout + done.stderr
        assert "no space left on device" in done.stderr
        assert "Traceback" not in done.stderr
        assert sorted(path.name for path in disk.iterdir()) == before
        with Sandbox(validate=required_keys) as sandbox:
            assert dispatch(disk, sandbox.url).returncode != 0
            done = nac(disk, "dispatch", "many", "--event", event, "--yes", "--hub", sandbox.url)
            assert done.returncode == 1
            assert "no space left on device" in done.stderr
            assert sandbox.count.calls == 0
        assert not [path for path in disk.rglob("*") if path.name in ("manifest.json", "batches")]


def test_events_and_reports_that_cannot_be_written_do_not_stop_what_was_begun(tmp_path: Path) -> None:
    (tmp_path / "notifications").mkdir()
    stored(tmp_path / "plan", people(2_000))
    command = [sys.executable, "-m", "nac", "dispatch", "plan", "--yes", "--format", "json"]
    with Sandbox(validate=required_keys, keep=10_000, faults=Faults(latency=0.02)) as sandbox:
        piped = f"{' '.join(command)} --hub {sandbox.url} --connections 2 | head -n 3"
        read = subprocess.run(piped, shell=True, cwd=tmp_path, env=environ(), capture_output=True, text=True,
                              timeout=180, check=False)  # fmt: skip
        assert read.stdout.count("\n") == 3
        assert read.stderr == ""
        assert arrived(sandbox) == everybody(2_000)
        if Path("/dev/full").exists():
            for out in ("stdout", "stderr"):
                sandbox.clear()
                with open("/dev/full", "w") as full:
                    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, out: full}
                    subprocess.run([*command, "--hub", sandbox.url, "--journal", f"{out}.sqlite"], cwd=tmp_path,
                                   env=environ(), timeout=180, check=False, **streams)  # type: ignore[call-overload]  # fmt: skip
                assert sandbox.count.delivered in (0, 2_000)  # before the first byte, or all of it


@pytest.fixture
def plainly() -> tuple[str, ...]:
    """What goes before a command so that permissions count for it: root may do anything, but for these privileges."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("this is root, and there is no setpriv to be less than that")
    return ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda at: at.joinpath("journal.sqlite").chmod(0o444), "permission denied"),
        (lambda at: at.chmod(0o555), "cannot be written: "),
        (lambda at: at.chmod(0), "permission denied"),
    ],
    ids=["file", "directory", "closed"],
)
def test_a_journal_that_may_only_be_read(
    tmp_path: Path, plainly: tuple[str, ...], prepare: Callable[[Path], object], says: str
) -> None:
    (tmp_path / "notifications").mkdir()
    stored(tmp_path / "plan", people(10))
    place = tmp_path / "kept"
    place.mkdir()
    with Sandbox(validate=required_keys) as sandbox:
        args = (sandbox.url, "--journal", str(place / "journal.sqlite"))
        with open_journal(place / "journal.sqlite", time.time) as journal:
            journal.begin(TOTALS)
        prepare(place)
        done = dispatch(tmp_path, *args, before=plainly)
        place.chmod(0o700)
        assert done.returncode == 1, done.stdout + done.stderr
        assert f"the journal {place}/journal.sqlite cannot be written: " in done.stderr
        assert says in done.stderr
        assert "Traceback" not in done.stderr
        assert sandbox.count.calls == 0


def test_a_journal_on_a_read_only_disk(tmp_path: Path) -> None:
    (tmp_path / "notifications").mkdir()
    stored(tmp_path / "plan", people(10))
    with small_disk(tmp_path / "small", "1m") as disk, Sandbox(validate=required_keys) as sandbox:
        args = (sandbox.url, "--journal", str(disk / "journal.sqlite"))
        with open_journal(disk / "journal.sqlite", time.time) as journal:
            journal.begin(TOTALS)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True, capture_output=True)
        done = dispatch(tmp_path, *args)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "cannot be written: read-only file system" in done.stderr
        assert sandbox.count.calls == 0


def open_at_once(place: str, said: multiprocessing.SimpleQueue[str]) -> None:
    try:
        with open_journal(place, time.time) as journal:
            journal.plans()
        said.put("")
    except Exception as error:
        said.put(str(error))


def test_many_that_open_a_new_journal_at_once(place: str) -> None:
    context = multiprocessing.get_context("fork")
    said = context.SimpleQueue()
    those = [context.Process(target=open_at_once, args=(place, said)) for _ in range(8)]
    for one in those:
        one.start()
    assert [said.get() for _ in those] == [""] * 8
    for one in those:
        one.join()


def test_a_user_who_may_write_and_not_make_anything_is_enough(server: Server) -> None:
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as db:
        db.execute("DROP SCHEMA IF EXISTS nac CASCADE")
        for role in ("writer", "reader"):
            db.execute(f"DROP ROLE IF EXISTS {role}")  # type: ignore[arg-type]
            db.execute(f"CREATE ROLE {role} LOGIN")  # type: ignore[arg-type]
        open_journal(server.url, time.time).close()
        db.execute("GRANT USAGE ON SCHEMA nac TO writer, reader")
        db.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA nac TO writer")
        db.execute("GRANT SELECT ON ALL TABLES IN SCHEMA nac TO reader")
        try:
            with open_journal(server.url.replace("tester", "writer"), time.time) as journal:
                journal.lock(TOTALS.id)
                journal.begin(TOTALS)
            with open_journal(server.url.replace("tester", "reader"), time.time) as journal:
                assert len(journal.plans()) == 1
                with pytest.raises(JournalError, match="permission denied"):
                    journal.begin(TOTALS)
        finally:
            db.execute("DROP SCHEMA nac CASCADE")
            db.execute("DROP OWNED BY writer, reader")
            db.execute("DROP ROLE writer, reader")


@pytest.mark.parametrize(
    "address",
    ["postgresql://nac:s3c@ret@127.0.0.1/x", "postgresql://nac:s3cret@127.0.0.1:port/x", "postgresql://nac:s3[cret@[h/x",
     "postgresql://nac@127.0.0.1:9/x?password=s3cret", "postgresql://nac:s3 cret@h/x", "postgres://nac:s3cret@/x?a=b"],
)  # fmt: skip
def test_no_address_tells_its_password(address: str) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(JournalError) as caught:
        open_journal(address, time.time)
    assert not [part for part in ("s3c", "cret", "ret@") if part in str(caught.value)]


HOLD = """
import sys, time
from nac.journal import open_journal
journal = open_journal(sys.argv[1], time.time)
journal.lock(sys.argv[2])
print("held", flush=True)
time.sleep(100)
"""


def test_who_has_the_lock_is_named_and_its_death_frees_it_at_once(place: str, tmp_path: Path) -> None:
    (tmp_path / "notifications").mkdir()
    plan = stored(tmp_path / "plan", people(100))
    with Sandbox(validate=required_keys) as sandbox:
        with subprocess.Popen([sys.executable, "-c", HOLD, place, plan.id], stdout=subprocess.PIPE, text=True) as held:
            assert held.stdout is not None
            assert held.stdout.readline() == "held\n"
            refused = dispatch(tmp_path, sandbox.url, "--journal", place)
            assert refused.returncode == 1, refused.stdout + refused.stderr
            assert f"another run is sending this plan (process {held.pid} on " in refused.stderr
            assert "pass --wait" in refused.stderr
            assert sandbox.count.calls == 0
            os.kill(held.pid, signal.SIGKILL)
        if place.startswith("postgresql://"):  # the server sees the end of a connection a moment later
            wait_for(place, plan.id)
        done = dispatch(tmp_path, sandbox.url, "--journal", place)
        assert done.returncode == 0, done.stdout + done.stderr
        assert arrived(sandbox) == everybody(100)


def wait_for(place: str, plan: str) -> None:
    for _ in range(100):
        try:
            with open_journal(place, time.time) as journal:
                journal.lock(plan)
            return
        except LockedError:
            time.sleep(0.02)
    raise AssertionError("the lock of a process that was killed is still held after 2 s")


def test_runs_that_start_at_once_send_everything_once(place: str, tmp_path: Path) -> None:
    (tmp_path / "notifications").mkdir()
    stored(tmp_path / "plan", people(1_000))
    with Sandbox(validate=required_keys, faults=Faults(latency=0.05)) as sandbox:
        command = [sys.executable, "-m", "nac", "dispatch", "plan", "--yes", "--hub", sandbox.url, "--journal", place]
        those = [
            subprocess.Popen([*command, *more], cwd=tmp_path, env=environ(), stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
            for more in ((), ("--wait",), ("--wait",))
        ]  # fmt: skip
        said = [one.communicate(timeout=180)[0] for one in those]
        codes = [one.returncode for one in those]
        for code, text in zip(codes, said, strict=True):
            assert code == 0 or "another run is sending this plan" in text, text
        assert codes[1] == codes[2] == 0
        assert arrived(sandbox) == everybody(1_000)
        assert (sandbox.count.duplicates, sandbox.count.calls) == (0, 10)


def test_a_journal_by_another_name_has_the_same_lock(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "there" / "journal.sqlite")
    with open_journal(tmp_path / "there" / "journal.sqlite", time.time) as journal:
        journal.lock("a" * 64)
        with open_journal(tmp_path / "link.sqlite", time.time) as other, pytest.raises(LockedError):
            other.lock("a" * 64)
