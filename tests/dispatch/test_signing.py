"""Credentials: the signature is the vendor's, and no secret shows."""

import json
import locale
import pickle
import subprocess
import sys
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from suprsend.signature import get_request_signature

from nac.dispatch import Bearer, CredentialsError, Hmac, credentials

NOW = datetime(2024, 2, 29, 23, 5, 9, 999_999, tzinfo=UTC)
SECRET = "s3cr3t-of-mine"

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=12,
)


@given(values.filter(lambda value: value != ""), st.sampled_from(["/", "/trigger/", "/ws%2F1/trigger/", "/a/?b=c&d"]))
def test_the_signature_is_the_one_the_vendors_sdk_makes(value: object, path: str) -> None:
    url = f"https://hub.suprsend.com{path}"
    body = json.dumps(value, ensure_ascii=False).encode()
    headers = Hmac("key", SECRET).headers("POST", url, body, NOW)
    _, theirs = get_request_signature(url, "POST", value, headers, SECRET)
    assert headers["Authorization"] == f"key:{theirs}"


def test_a_get_signs_no_body() -> None:
    headers = Hmac("key", SECRET).headers("GET", "https://h/v1/?a=b", b"", NOW)
    _, theirs = get_request_signature("https://h/v1/?a=b", "GET", None, headers, SECRET)
    assert headers["Authorization"] == f"key:{theirs}"


@pytest.mark.parametrize("auth", [Bearer("k"), Hmac("k", SECRET)])
def test_headers_hold_the_content_type_and_the_date_in_gmt(auth: Bearer | Hmac) -> None:
    in_tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    headers = auth.headers("POST", "https://h/trigger/", b"{}", in_tokyo)
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Date"] == "Thu, 29 Feb 2024 23:05:09 GMT"


def test_the_date_is_english_in_any_locale() -> None:
    for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "ja_JP.UTF-8"):
        try:
            locale.setlocale(locale.LC_TIME, name)
        except locale.Error:
            continue
        try:
            assert Bearer("k").headers("POST", "https://h/", b"", NOW)["Date"].startswith("Thu, 29 Feb")
        finally:
            locale.setlocale(locale.LC_TIME, "C")


def test_an_api_key_is_sent_as_it_is() -> None:
    assert Bearer(SECRET).headers("POST", "https://h/", b"", NOW)["Authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("auth", [Bearer(SECRET), Hmac("key", SECRET)])
def test_no_secret_in_repr_or_masked_text(auth: Bearer | Hmac) -> None:
    assert SECRET not in f"{auth} {auth!r} {[auth]}"
    assert SECRET not in auth.mask(f"no such key: {SECRET}")
    assert pickle.loads(pickle.dumps(auth)) == auth


@pytest.mark.parametrize("bad", [f"{SECRET}\n", f"{SECRET}\r\nX: y", f" {SECRET}", f"{SECRET}\0", f"{SECRET}é", ""])
def test_what_cannot_stand_in_a_header_is_refused_without_showing_it(bad: str) -> None:
    for make in (lambda: Bearer(bad), lambda: Hmac("key", bad), lambda: Hmac(bad, SECRET)):
        with pytest.raises(CredentialsError, match="printable ASCII") as caught:
            make()
        assert SECRET not in "".join(traceback.format_exception_only(caught.value))


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"SUPRSEND_API_KEY": "a"}, Bearer("a")),
        ({"SUPRSEND_WORKSPACE_KEY": "k", "SUPRSEND_WORKSPACE_SECRET": "s"}, Hmac("k", "s")),
        ({"SUPRSEND_API_KEY": "a", "SUPRSEND_WORKSPACE_KEY": "k", "SUPRSEND_WORKSPACE_SECRET": "s"}, Bearer("a")),
        ({"SUPRSEND_API_KEY": "a", "SUPRSEND_WORKSPACE_KEY": "k"}, Bearer("a")),
        ({"SUPRSEND_API_KEY": "", "SUPRSEND_WORKSPACE_KEY": "k", "SUPRSEND_WORKSPACE_SECRET": "s"}, Hmac("k", "s")),
    ],
)
def test_credentials_from_the_environment(environ: dict[str, str], expected: Bearer | Hmac) -> None:
    assert credentials(environ) == expected


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({}, "no credentials: set SUPRSEND_API_KEY, or SUPRSEND_WORKSPACE_KEY and SUPRSEND_WORKSPACE_SECRET"),
        ({"SUPRSEND_WORKSPACE_KEY": SECRET}, "SUPRSEND_WORKSPACE_SECRET is not: set both"),
        ({"SUPRSEND_WORKSPACE_SECRET": SECRET}, "SUPRSEND_WORKSPACE_KEY is not: set both"),
        ({"SUPRSEND_API_KEY": SECRET + "\n"}, "SUPRSEND_API_KEY must be printable ASCII"),
    ],
)
def test_missing_credentials_say_what_to_set(environ: dict[str, str], says: str) -> None:
    with pytest.raises(CredentialsError, match=says) as caught:
        credentials(environ)
    assert SECRET not in str(caught.value)


def test_importing_dispatch_does_not_import_httpx() -> None:
    code = "import sys, nac.dispatch, nac.sandbox; assert 'httpx' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
