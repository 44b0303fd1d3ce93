"""A real PostgreSQL server for the tests that need one: made in a temporary directory, on a free port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest


def _tool(name: str) -> str | None:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(places[0]) if places else shutil.which(name)


def _somebody() -> tuple[int, int] | None:
    """A user who is not root, because PostgreSQL refuses to run as root."""
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    return None


class Server:
    """`url` is its address. It can be stopped hard, as a crash or a restart would, and started again."""

    def __init__(self, folder: Path, uid: int | None, gid: int | None) -> None:
        self._folder = folder
        self._as = {} if uid is None else {"user": uid, "group": gid, "extra_groups": []}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"postgresql://tester@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "-D", str(folder / "data"), "-U", "tester", "-A", "trust", "--no-sync")

    def _run(self, tool: str, *args: str) -> None:
        path = _tool(tool)
        assert path is not None
        done = subprocess.run([path, *args], cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}, timeout=180, **self._as)  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self._folder / "data"), "-l", str(self._folder / "log"), "-o", options, "-w", "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")


@contextmanager
def postgres() -> Iterator[Server]:
    """A server that runs; the test is skipped where there is none to run."""
    pytest.importorskip("psycopg")
    if _tool("initdb") is None or _tool("pg_ctl") is None:
        pytest.skip("PostgreSQL is not installed: initdb and pg_ctl are needed")
    uid = gid = None
    if os.geteuid() == 0:
        somebody = _somebody()
        if somebody is None:
            pytest.skip("PostgreSQL does not run as root, and there is no other user here")
        uid, gid = somebody
    folder = Path(mkdtemp(prefix="nac-pg-", dir="/tmp"))
    try:
        if uid is not None and gid is not None:
            os.chown(folder, uid, gid)
        server = Server(folder, uid, gid)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
