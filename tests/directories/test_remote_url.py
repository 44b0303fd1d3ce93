"""An address has one spelling, shows no secret, and is reached only below what was allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nac.remote_url import AllowList, RemoteURLError, author_mistake, parse

GOOD = """
postgresql://db.example.com/app
postgres://reader@DB.example.com:6432/app?sslmode=verify-full
mysql://127.0.0.1/app
mariadb://[::1]:3307/app
https://files.example.com/exports/people.parquet
https://files.example.com/exports/r%C3%A9sum%C3%A9.csv
http://127.0.0.1:8000/people.csv
http://[::1]/people.csv
s3://bucket/exports/people.csv
gs://bucket.example/people.parquet
""".split()

REFUSED = [
    "", "people.csv", "/etc/passwd", "file:///etc/passwd", "ftp://example.com/x", "//example.com/x",
    "https://", "https:///x.csv", "https://example.com", "https://example.com/", "https://example.com/x/",
    "https://example.com/a/../b.csv", "https://example.com/./b.csv", "https://example.com//b.csv",
    "https://example.com/%2e%2e/b.csv", "https://example.com/a%2fb.csv", "https://example.com/a%5Cb.csv",
    "https://example.com/%41.csv", "https://example.com/a%00.csv", "https://example.com/a%zz.csv",
    "https://example.com\\@evil.example/x.csv", "https://example.com/x\\y.csv", "https://example.com/*.csv",
    "https://example.com/{a,b}.csv", "https://example.com/[ab].csv", "https://example.com/x.csv#y",
    "https://good.example@evil.example/x.csv", "https://good.example:443@evil.example/x.csv",
    "https://exämple.com/x.csv", "https://example.com /x.csv", "https://exa mple.com/x.csv",
    "https://example.com/x.csv?a=*", "https://example.com/x.csv?a=[b]", "https://example.com/x.csv?é",
    "https://example.com/x.csv\n", "https://example.com/é.csv", "https://example..com/x.csv",
    "http://example.com/x.csv", "http://2130706433/x.csv", "http://0x7f000001/x.csv", "http://127.1/x.csv",
    "http://0177.0.0.1/x.csv", "https://1.2.3.4.5/x.csv", "https://[::g]/x.csv", "https://example.com:0/x.csv",
    "https://example.com:99999/x.csv", "https://example.com:/x.csv",
    "s3://bucket", "s3://bucket/", "s3://bucket:9000/x.csv", "s3://bucket/x.csv?s3_endpoint=evil.example",
    "s3://localhost/x.csv?s3_endpoint=evil.example",
    "s3://key:secret@bucket/x.csv", "s3://bucket/a%20b.csv", "s3://bucket/*/x.csv",
    "postgresql://db", "postgresql://db/", "postgresql://db/a/b", "postgresql://db/host=evil", "postgresql:///app",
    "postgresql://db,evil.example/app", "postgresql://db/app?host=evil.example", "postgresql://db/app?sslmode=disable",
    "postgresql://db/app?sslmode=require&host=evil", "postgresql://%2Ftmp%2Fsocket/app", "mysql://db/app?unix_socket=x",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_good(text: str) -> None:
    url = parse(text)
    assert author_mistake(text) is None
    assert AllowList.of([url.place]).allows(url)
    assert AllowList.of([url.origin]).allows(url)


@pytest.mark.parametrize("text", REFUSED, ids=repr)
def test_refused(text: str) -> None:
    with pytest.raises(RemoteURLError) as told:
        parse(text)
    if len(text) > 8:
        assert text not in str(told.value)
    assert author_mistake(text) is not None


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgresql://reader:hunter2@db.example.com/app", True),
        ("https://files.example.com/p.csv?X-Amz-Signature=abc", True),
        ("https://files.example.com/p.csv?token=abc", True),
        ("https://me:hunter2@files.example.com/p.csv", True),
        ("https://files.example.com/../p.csv", False),
    ],
)
def test_what_is_checked_in_holds_no_secret(text: str, secret: bool) -> None:
    found = author_mistake(text)
    assert found is not None
    assert found[1] is secret
    assert "hunter2" not in found[0]
    assert "abc" not in found[0]


ALLOWED = [
    ("https://example.com", "https://example.com/x.csv", True),
    ("https://example.com/", "https://example.com/x.csv", True),
    ("https://EXAMPLE.com:443/a", "https://example.com/a/x.csv", True),
    ("https://example.com/a/x.csv", "https://example.com/a/x.csv", True),
    ("https://example.com/a", "https://example.com/ab.csv", False),
    ("https://example.com/a/", "https://example.com/b/x.csv", False),
    ("https://example.com", "https://example.com.evil.example/x.csv", False),
    ("https://example.com", "https://sub.example.com/x.csv", False),
    ("https://example.com", "https://example.com:8443/x.csv", False),
    ("https://127.0.0.1", "http://127.0.0.1/x.csv", False),
    ("s3://bucket", "s3://bucket/x.csv", True),
    ("s3://bucket", "gs://bucket/x.csv", False),
    ("s3://bucket", "s3://bucket-2/x.csv", False),
    ("postgres://db", "postgresql://reader@db:5432/app", True),
    ("postgresql://db/app", "postgresql://db/app", True),
    ("postgresql://db/app", "postgresql://db/app2", False),
    ("postgresql://db", "mysql://db:5432/app", False),
]


@pytest.mark.parametrize(("prefix", "text", "allowed"), ALLOWED)
def test_allowed(prefix: str, text: str, allowed: bool) -> None:
    assert AllowList.of([prefix]).allows(parse(text)) is allowed


@pytest.mark.parametrize(
    "prefix", ["", "*", "https://", "https://*", "example.com", "https://a@b", "https://a/?x", "https://a/../b"]
)
def test_no_prefix(prefix: str) -> None:
    with pytest.raises(RemoteURLError):
        AllowList.of([prefix])


def test_without_prefixes_nothing_is_allowed() -> None:
    assert not any(AllowList.of([]).allows(parse(text)) for text in GOOD)


@given(st.text(alphabet="abz./:@%2eE5cC?#\\[]-_0179 *'\"", max_size=40))
def test_whatever_is_allowed_has_the_host_that_was(rest: str) -> None:
    """Whatever stands behind the allowed host: another program reads the same host and path out of it."""
    from urllib.parse import unquote, urlsplit

    try:
        url = parse(f"https://good.example{rest}")
    except RemoteURLError:
        return
    if AllowList.of(["https://good.example/a"]).allows(url):
        read = urlsplit(url.place)
        assert (read.hostname, read.username, read.port) == ("good.example", None, None)
        assert unquote(read.path).startswith("/a")
        assert ".." not in unquote(read.path).split("/")
