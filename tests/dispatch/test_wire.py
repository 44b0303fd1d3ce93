"""The wire as it really is: TLS, HTTP/2, proxies, servers that hang up in the middle and servers that never end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from plans_made import people, stored
from wire_servers import Act, Proxy, Secure, certificate

from nac.cli import cli
from nac.dispatch import Hmac
from nac.dispatch.answers import read_retry_after
from nac.dispatch.async_client import AsyncClient
from nac.dispatch.backoff import MOST_ASKED
from nac.sandbox import Sandbox, required_keys

PAIR = {"SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}
UNSET = ("SUPRSEND_", "NAC_", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
SHORT_CALLS = """
import sys
from nac.dispatch import async_client
made = async_client.AsyncClient.__init__
async_client.AsyncClient.__init__ = lambda *args, **told: made(*args, **{**told, "timeout": 0.4})
from nac.cli import main
main(sys.argv[1:])
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(validate=required_keys, keep=100_000) as running:
        yield running


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run(url, VARIABLE=…)` dispatches a plan of 1,000 requests there."""
    (tmp_path / "notifications").mkdir()
    stored(tmp_path / "plan", people(1_000))

    def dispatch(url: str, *args: str, short: bool = False, **environ: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.upper().startswith(UNSET)}
        how = ["-c", SHORT_CALLS] if short else ["-m", "nac"]
        command = [sys.executable, *how, "dispatch", "plan", "--yes", "--hub", url, "--backoff", "0.02", *args]
        return subprocess.run(command, cwd=tmp_path, env={**clean, **PAIR, **environ}, capture_output=True, text=True,
                              timeout=180, check=False)  # fmt: skip

    return dispatch


def arrived(sandbox: Sandbox) -> list[str]:
    return sorted(str(one.recipient) for one in sandbox.deliveries)


EVERYBODY = sorted(f"user-{n}" for n in range(1_000))


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(run: Run, sandbox: Sandbox, pem: Path) -> None:
    with Secure(sandbox, pem) as secure:
        done = run(secure.url)
        assert done.returncode == 1
        assert "localhost cannot be trusted, and nothing was sent to it: self-signed certificate" in done.stdout
        assert "SSL_CERT_FILE" in done.stdout
        assert "1,000 requests left" in done.stdout
        assert done.stderr == ""
        assert secure.calls == []


@pytest.mark.parametrize("http2", [True, False])
def test_with_its_authority_named_everybody_gets_it_once(run: Run, sandbox: Sandbox, pem: Path, http2: bool) -> None:
    if http2:
        pytest.importorskip("h2")
    with Secure(sandbox, pem, http2=http2) as secure:
        done = run(secure.url, SSL_CERT_FILE=str(pem))
        assert done.returncode == 0, done.stdout + done.stderr
        assert set(secure.calls) == {"2" if http2 else "1.1"}
        assert len(secure.calls) == 10
    assert arrived(sandbox) == EVERYBODY
    assert sandbox.count.duplicates == 0


@pytest.mark.parametrize(
    ("act", "received", "http2"),
    [("goaway", False, True), ("goaway-after", True, True), ("reset-after", True, True), ("refuse", False, True),
     ("goaway-after", True, False)],
)  # fmt: skip
def test_a_server_that_hangs_up_in_the_middle(
    run: Run, sandbox: Sandbox, pem: Path, act: Act, received: bool, http2: bool
) -> None:
    if http2:
        pytest.importorskip("h2")
    with Secure(sandbox, pem, http2=http2, act=lambda n: act if n % 4 == 2 else "answer") as secure:
        done = run(secure.url, "--attempts", "20", SSL_CERT_FILE=str(pem))
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(secure.calls) > 10
    assert arrived(sandbox) == EVERYBODY
    if http2:
        assert (sandbox.count.duplicates > 0) == received


def test_an_answer_before_the_whole_call_was_read_counts(run: Run, sandbox: Sandbox, pem: Path) -> None:
    with Secure(sandbox, pem, http2=False, act=lambda n: "early") as secure:
        done = run(secure.url, SSL_CERT_FILE=str(pem))
    assert done.returncode == 1
    assert "the service answered 401" in done.stdout
    assert "1,000 requests left" in done.stdout


@pytest.mark.parametrize("http2", [True, False])
def test_a_server_that_answers_for_ever_is_not_waited_for(run: Run, sandbox: Sandbox, pem: Path, http2: bool) -> None:
    if http2:
        pytest.importorskip("h2")
    with Secure(sandbox, pem, http2=http2, act=lambda n: "drip" if n <= 3 else "answer") as secure:
        done = run(secure.url, "--connections", "3", short=True, SSL_CERT_FILE=str(pem))
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(secure.calls) == 13
    assert arrived(sandbox) == EVERYBODY
    assert sandbox.count.duplicates == 300  # they had been received, and were sent again under the same keys
    assert sandbox.count.keyless == 0


def test_the_environments_proxy_is_used_and_only_where_it_should_be(run: Run, sandbox: Sandbox, pem: Path) -> None:
    trusted = {"SSL_CERT_FILE": str(pem)}
    with Secure(sandbox, pem) as secure, Proxy() as proxy:
        one, secret = f"CONNECT localhost:{secure.port}", "proxy-pa55word"
        address = proxy.url.replace("//", f"//me:{secret}@")
        done = run(secure.url, HTTPS_PROXY=address, **trusted)
        assert done.returncode == 0, done.stdout + done.stderr
        assert set(proxy.asked) == {one}
        assert proxy.credentials
        assert secret not in done.stdout + done.stderr
        assert arrived(sandbox) == EVERYBODY
        ways: list[tuple[dict[str, str], bool]] = [
            ({"ALL_PROXY": proxy.url}, True),
            ({"HTTPS_PROXY": proxy.url, "NO_PROXY": "example.com,localhost"}, False),
            ({"HTTP_PROXY": proxy.url}, False),
        ]  # fmt: skip
        for number, (environ, used) in enumerate(ways):
            proxy.asked.clear()
            sandbox.clear()
            done = run(secure.url, "--journal", f"{number}.sqlite", **environ, **trusted)
            assert done.returncode == 0, (environ, done.stdout + done.stderr)
            assert (set(proxy.asked) == {one}) == used, environ
            assert bool(proxy.asked) == used, environ
        proxy.asked.clear()
        done = run(sandbox.url, "--journal", "plain.sqlite", HTTP_PROXY=proxy.url, ALL_PROXY=proxy.url)
        assert done.returncode == 0, done.stdout + done.stderr
        assert proxy.asked == []  # credentials in the clear never leave this machine


def test_a_proxy_that_refuses_or_is_no_proxy_is_told_without_its_password(run: Run, sandbox: Sandbox) -> None:
    secret = "proxy-pa55word"
    with Proxy(refuse=True) as proxy:
        done = run("https://localhost:9/", "--attempts", "2", HTTPS_PROXY=proxy.url.replace("//", f"//me:{secret}@"))
        assert done.returncode == 1
        assert "the proxy did not connect to localhost" in done.stdout
        assert secret not in done.stdout + done.stderr
    done = run("https://localhost:9/", "--attempts", "1", "--journal", "nobody.sqlite",
               HTTPS_PROXY=f"http://me:{secret}@127.0.0.1:9")  # fmt: skip
    assert "no connection to localhost by the proxy of HTTPS_PROXY or ALL_PROXY: " in done.stdout
    assert secret not in done.stdout + done.stderr
    for variable, value, says in [
        ("HTTPS_PROXY", f"ftp://me:{secret}@proxy.example", "HTTPS_PROXY, ALL_PROXY or NO_PROXY cannot be used"),
        ("ALL_PROXY", f"socks5://me:{secret}@proxy.example", "a SOCKS proxy (ALL_PROXY, HTTPS_PROXY) needs: pip"),
        ("SSL_CERT_FILE", "/nowhere/at-all.pem", "SSL_CERT_FILE or SSL_CERT_DIR names cannot be used: no such file"),
        ("SSL_CERT_FILE", __file__, "SSL_CERT_FILE or SSL_CERT_DIR names cannot be used: it holds no certificate"),
    ]:
        done = run("https://localhost:9/", "--journal", "other.sqlite", **{variable: value})
        assert done.returncode == 2, done.stdout + done.stderr
        assert says in done.stderr
        assert "Traceback" not in done.stderr
        assert secret not in done.stdout + done.stderr


def test_plain_http_is_for_this_machine_alone_and_nothing_turns_verification_off(run: Run) -> None:
    done = run("http://hub.example/")
    assert done.returncode == 2
    assert "must be https; plain http is only for loopback" in done.stderr
    for name in ("dispatch", "plan", "journal"):
        told = CliRunner().invoke(cli, [name, "--help"]).stdout.lower()
        assert "usage: " in told
        for word in ("insecure", "verify", "no-check", "--ssl", "--tls"):
            assert word not in told
    package = Path(__file__).resolve().parents[2] / "nac"
    for path in [*package.glob("dispatch/*.py"), *package.glob("cli/*.py")]:
        text = path.read_text("utf-8")
        for word in ("verify=False", "CERT_NONE", "check_hostname", "_create_unverified_context", "ssl.wrap_socket"):
            assert word not in text, path


class Storm(BaseHTTPRequestHandler):
    """Answers 429 with what it is told to ask for, and then like the sandbox."""

    protocol_version = "HTTP/1.1"
    after: tuple[str, ...] = ()
    seen = 0
    to: Sandbox

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = type(self)
        kind.seen += 1
        if kind.seen <= len(kind.after):
            self.send_response(429)
            self.send_header("Retry-After", kind.after[kind.seen - 1])
            answer = b"{}"
        else:
            reply = self.to._hub.answer("POST", self.path, self.headers, body)
            self.send_response(reply.status)
            answer = reply.body
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


def test_a_storm_of_429_is_sat_out_whatever_it_asks_for(run: Run, sandbox: Sandbox) -> None:
    asked = ["0", "0.1", formatdate(usegmt=True), "soon", "-5", "", "1e3", "\xff", "9" * 40, "Mon, 99 Foo 2026", "nan"]
    handler = type("Stormy", (Storm,), {"after": tuple(asked * 3), "to": sandbox})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        done = run(f"http://127.0.0.1:{server.server_port}/", "--attempts", "40")
    finally:
        server.shutdown()
        server.server_close()
    assert done.returncode == 0, done.stdout + done.stderr
    assert arrived(sandbox) == EVERYBODY
    assert (sandbox.count.duplicates, sandbox.count.calls) == (0, 10)


@given(
    st.one_of(st.text(max_size=60), st.from_regex(r"[A-Z][a-z]{2}, \d{1,4} [A-Za-z]{3} \d{1,9} [\d:.+-]{0,12} ?\w*"))
)
def test_no_retry_after_breaks_anything(value: str) -> None:
    found = read_retry_after(value, datetime.fromtimestamp(1_700_000_000, UTC))
    assert found is None or found >= 0


def test_what_retry_after_asks_for_is_bounded() -> None:
    from random import Random

    from tenacity import RetryCallState

    from nac.dispatch.backoff import AgainError, FullJitter

    class Failed:
        def exception(self) -> Exception:
            return AgainError(1e9)

    state = RetryCallState(None, None, (), {})  # type: ignore[arg-type]
    state.outcome = Failed()  # type: ignore[assignment]
    assert MOST_ASKED <= FullJitter(Random(1))(state) <= MOST_ASKED + 1


def test_a_client_reads_the_certificates_before_anything_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/at-all.pem")
    with pytest.raises(ValueError, match="SSL_CERT_FILE"):
        AsyncClient(Hmac("k", "s"), base_url="https://localhost:9/")
    AsyncClient(Hmac("k", "s"), base_url="http://localhost:9/")
