"""The hub's addresses.

Source: SuprSend's documentation and its Python SDK 0.20.
"""

from ipaddress import ip_address
from urllib.parse import quote, unquote

from nac.dispatch.auth import WORKSPACE_KEY, CredentialsError, check_credential
from nac.limits import Kind

HUB = "https://hub.suprsend.com/"


def address(base: str, kind: Kind, workspace_key: str | None) -> str:
    """Where to POST a record of this kind. CredentialsError: it needs a workspace key and there is none."""
    if kind == "workflow":
        return f"{base}trigger/"
    if not workspace_key:
        raise CredentialsError(f"a {kind} request needs the workspace key: set {WORKSPACE_KEY}")
    check_credential(WORKSPACE_KEY, workspace_key)
    if workspace_key in {".", ".."}:  # a dot segment would vanish from the path and leave another address
        raise CredentialsError(f"{WORKSPACE_KEY} is not a workspace key: set it again")
    return f"{base}{quote(workspace_key, safe='')}/{'trigger' if kind == 'dynamic' else 'broadcast'}/"


def route(path: str) -> tuple[Kind, str | None] | None:
    """`address` backwards: the kind and the workspace key of a path below the base; None for other paths."""
    match path.split("/"):
        case ["", "trigger", ""]:
            return "workflow", None
        case ["", key, "trigger", ""] if key:
            return "dynamic", unquote(key)
        case ["", key, "broadcast", ""] if key:
            return "broadcast", unquote(key)
    return None


def is_loopback(host: str) -> bool:
    """Whether a host, named without brackets or port, is this machine: `localhost`, 127.0.0.0/8 or ::1."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
