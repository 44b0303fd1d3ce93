"""A real MariaDB or MySQL server for the tests that need one: made in a temporary directory, on a free port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

WITHIN_CI = "TESTS_WITHIN_CI"  # what tests/conftest.py found in `CI`
PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/libexec")


def _tool(*names: str) -> str | None:
    path = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


class Server:
    """`url` is its address, with a login that has no password. It can be killed, as a crash would."""

    def __init__(self, folder: Path, server: str, user: str | None) -> None:
        self._folder, self._server = folder, server
        self._as = [f"--user={user}"] if user else []
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"mysql://tester@127.0.0.1:{self.port}/app"
        data = f"--datadir={folder / 'data'}"
        installer = _tool("mariadb-install-db", "mysql_install_db")
        made = (
            [installer, "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db", *self._as]
            if installer
            else [server, "--no-defaults", "--initialize-insecure", data, *self._as]
        )
        done = subprocess.run(made, cwd=folder, capture_output=True, timeout=120)
        assert done.returncode == 0, done.stderr.decode()
        # Read once, before anybody can connect.
        (folder / "init.sql").write_text(
            "CREATE DATABASE app CHARACTER SET utf8mb4;\nCREATE USER tester@'127.0.0.1';\n"
            "GRANT ALL ON *.* TO tester@'127.0.0.1' WITH GRANT OPTION;\n"
        )

    def start(self, *options: str) -> None:
        first = [f"--init-file={self._folder / 'init.sql'}"] if (self._folder / "init.sql").exists() else []
        self._process = subprocess.Popen(
            [self._server, "--no-defaults", f"--datadir={self._folder / 'data'}", f"--port={self.port}",
             "--bind-address=127.0.0.1", f"--socket={self._folder / 's'}", f"--pid-file={self._folder / 'pid'}",
             f"--log-error={self._folder / 'log'}", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin",
             "--innodb-buffer-pool-size=64M", "--skip-name-resolve", *first, *self._as, *options],
            cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        give_up = time.monotonic() + 60
        while True:
            try:
                self.connect().close()
            except Exception:
                assert time.monotonic() < give_up, (self._folder / "log").read_text()[-2000:]
                assert self._process.poll() is None, (self._folder / "log").read_text()[-2000:]
                time.sleep(0.1)
                continue
            break
        (self._folder / "init.sql").unlink(missing_ok=True)

    def connect(self, **options: Any) -> Any:
        import pymysql

        options = {"user": "tester", "database": "app", "charset": "utf8mb4", "autocommit": True, **options}
        return pymysql.connect(host="127.0.0.1", port=self.port, connect_timeout=5, **options)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None


@contextmanager
def mysql() -> Iterator[Server]:
    """A server that runs; the test is skipped where there is none to run, but not within CI."""
    server = _tool("mariadbd", "mysqld")
    if server is None:
        missing("neither mariadbd nor mysqld is installed")
    try:
        import pymysql  # noqa: F401
    except ImportError:
        missing("PyMySQL is not installed")
    user = None
    if os.geteuid() == 0:
        user = next((name for name in ("mysql", "nobody") if _exists(name)), None)
    folder = Path(mkdtemp(prefix="nac-my-", dir="/tmp"))
    try:
        if user is not None:
            found = pwd.getpwnam(user)
            os.chown(folder, found.pw_uid, found.pw_gid)
        running = Server(folder, str(server), user)
        running.start()
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def missing(what: str) -> None:
    """Skip, or fail where everything must be there."""
    if os.environ.get(WITHIN_CI) not in (None, "", "0", "false"):
        pytest.fail(f"CI is set, and {what}")
    pytest.skip(what)


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
