"""Parquet and CSV on web servers and in object stores, read by DuckDB's own extension httpfs.

The extension is loaded from this machine, never fetched. It follows redirects and knows no list of hosts, so a web
server is asked first, by a client that follows none: what leads elsewhere is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nac.directories.access import Environment, addresses_of
from nac.directories.csv_file import attach as attach_csv
from nac.directories.csv_file import header_of
from nac.directories.parquet_file import attach as attach_parquet
from nac.directories.sources import STEP_SECONDS, SourceError
from nac.directories.sql import identifier, literal
from nac.model import DirectorySettings, format_of
from nac.remote_url import RemoteURL

if TYPE_CHECKING:
    import duckdb

MAX_HEADER = 1_000_000
TRIES = 2

# Set where the installed version has them; each closes something.
_SETTINGS: Mapping[str, str] = {
    "enable_server_cert_verification": "true",
    "enable_curl_server_cert_verification": "true",
    "enable_global_s3_configuration": "false",  # credentials come with a scope, or not at all
    "auto_fallback_to_full_download": "false",  # a server without ranges would fill the memory
    "force_download": "false",
    "allow_asterisks_in_http_paths": "false",
    "enable_external_file_cache": "false",
    "enable_http_metadata_cache": "true",
    "http_timeout": f"{STEP_SECONDS / 2:.0f}",
    "http_retries": str(TRIES),
}


def prepare(connection: duckdb.DuckDBPyConnection, url: RemoteURL, env: Environment) -> None:
    """Make one address readable, before the connection is locked. Raises SourceError."""
    _load_httpfs(connection)
    known = {row[0] for row in connection.execute("SELECT name FROM duckdb_settings()").fetchall()}
    for setting, value in _SETTINGS.items():
        if setting in known:
            connection.execute(f"SET {setting} = {value}")
    if url.scheme in ("http", "https"):
        token = env.own("TOKEN")
        ask_first(url, token, env)
        secret = {"TYPE": "http", "BEARER_TOKEN": token} if token else {}
    else:
        secret = _object_store(url, env)
    if secret:
        options = ", ".join(f"{key} {value if key == 'USE_SSL' else literal(value)}" for key, value in secret.items())
        connection.execute(
            f"CREATE OR REPLACE SECRET {identifier(env.name)} ({options}, SCOPE {literal(address(url))})"
        )


def attach(connection: duckdb.DuckDBPyConnection, name: str, url: RemoteURL, settings: DirectorySettings) -> None:
    """Make the view `name`. Raises duckdb.Error and ValueError."""
    path = address(url)
    if (settings.format or format_of(url.path)) == "parquet":
        attach_parquet(connection, name, path, settings)
        return
    # One column and a separator that no text holds: the first line as it is.
    first = connection.execute(
        f"SELECT * FROM read_csv({literal(path)}, header=false, auto_detect=false, columns={{'line': 'VARCHAR'}}, "
        f"delim='\x01', quote='', escape='', max_line_size={MAX_HEADER}) LIMIT 1"
    ).fetchall()
    attach_csv(connection, name, path, settings, header_of(first[0][0] or "" if first else ""))


def address(url: RemoteURL) -> str:
    """The address as DuckDB is given it, and as the only one that it may open."""
    return url.place + (f"?{url.query}" if url.query else "")


def ask_first(url: RemoteURL, token: str | None, env: Environment) -> None:
    """Whether a web server gives the file itself, and in parts. Raises SourceError."""
    from urllib.request import getproxies

    import httpx

    if not getproxies().get(url.scheme):  # else it is the proxy that looks the host up
        addresses_of(url)
    headers = {"Range": "bytes=0-0", "User-Agent": "nac", "Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        with httpx.Client(follow_redirects=False, timeout=STEP_SECONDS / 2, headers=headers) as client:
            for method in ("HEAD", "GET"):
                with client.stream(method, address(url)) as answer:
                    _judge(answer.status_code, method, answer.headers.get("location"), url, env)
    except httpx.HTTPError as error:
        raise SourceError(_said(error)) from None


def _judge(status: int, method: str, location: str | None, url: RemoteURL, env: Environment) -> None:
    if 300 <= status < 400:
        where = ""
        with suppress(ValueError):
            host = urlsplit(location or "").hostname
            where = f" to {host}" if host and host != url.host and re.fullmatch(r"[A-Za-z0-9.-]{1,253}", host) else ""
        raise SourceError(f"the server redirects{where}, which is not followed", "give the address it leads to")
    if method == "HEAD":
        return  # some servers sign for GET alone
    if status in (401, 403):
        raise SourceError(f"the server refuses ({status})", f"give a bearer token in {env.own_name('TOKEN')}")
    if status == 404:
        raise SourceError("there is no such file on the server (404)")
    if status >= 400:
        raise SourceError(f"the server answers {status}")
    if status != 206:
        raise SourceError("the server does not give parts of a file, which streaming needs (HTTP Range)",
                          "download it, and pass it with --directory")  # fmt: skip


def complaint(error: Exception) -> str | None:
    """What DuckDB says of a server, without the address; None where it speaks of something else."""
    text = str(error)
    if found := re.search(r"\bHTTP (4\d\d|5\d\d)\b", text):
        return _STATUS.get(found[1], f"the server answers {found[1]}")
    if not re.search(r"HTTP|IO Error|[Cc]onnect|hostname", text):
        return None
    return next((said for sign, said in _SIGNS if re.search(sign, text)), None)


_STATUS = {
    "401": "the server refuses (401)",
    "403": "the server refuses (403): the credentials are wrong, or may not read it",
    "404": "there is no such file on the server (404)",
}
_SIGNS = (
    (r"(?i)certificate", "the server's certificate does not hold"),
    (r"refused", "nothing listens there"),
    (r"(?i)name or service|nodename|getaddrinfo|name resolution|resolve host", "its host is not known"),
    (r"(?i)etag|has changed|modified", "the file was changed while it was read: run it again"),
    (r"(?i)time.?out|timed out", "the server does not answer"),
    (r"error for HTTP|Could not connect", "the server went away, or cannot be reached"),
)


def _said(error: Exception) -> str:
    said = next((said for sign, said in _SIGNS if re.search(sign, str(error))), "the server cannot be reached")
    return "the server does not answer" if "Timeout" in type(error).__name__ else said


def _object_store(url: RemoteURL, env: Environment) -> dict[str, str]:
    """The credentials of an object store, by the names that its own tools read; without any, it is asked as anybody."""
    if url.scheme == "gs":
        key, secret = env.get("GCS_ACCESS_KEY_ID"), env.get("GCS_SECRET_ACCESS_KEY")
        return {"TYPE": "gcs", "KEY_ID": key, "SECRET": secret} if key and secret else {}
    given = {
        "KEY_ID": env.get("AWS_ACCESS_KEY_ID"), "SECRET": env.get("AWS_SECRET_ACCESS_KEY"),
        "SESSION_TOKEN": env.get("AWS_SESSION_TOKEN"),
        "REGION": env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION"),
    }  # fmt: skip
    if endpoint := env.get("AWS_ENDPOINT_URL_S3") or env.get("AWS_ENDPOINT_URL"):
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.username:
            raise SourceError("AWS_ENDPOINT_URL is not https://HOST")
        given |= {"ENDPOINT": parts.netloc, "URL_STYLE": "path", "USE_SSL": str(parts.scheme == "https").lower()}
    return {"TYPE": "s3", **{key: value for key, value in given.items() if value}}


def _load_httpfs(connection: duckdb.DuckDBPyConnection) -> None:
    import duckdb

    connection.execute("SET allow_persistent_secrets = false")
    for what in _extensions(duckdb.__version__):
        try:
            connection.execute(f"LOAD {what}")
        except duckdb.Error:
            continue
        return
    raise SourceError(
        f"DuckDB's extension httpfs, which reads remote files, is not installed for DuckDB {duckdb.__version__}",
        f"pip install duckdb-extension-httpfs=={duckdb.__version__}, or run INSTALL httpfs in DuckDB",
    )


def _extensions(version: str) -> Iterator[str]:
    """Where it may be: in DuckDB's own folder, or in a Python package. DuckDB checks its signature."""
    yield "httpfs"
    spec = find_spec("duckdb_extension_httpfs")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder, "extensions", f"v{version}", "httpfs.duckdb_extension")
        if os.path.isfile(file):
            yield literal(str(file))
