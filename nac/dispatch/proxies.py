"""The proxy that the environment names for a host."""

from __future__ import annotations

from urllib.request import getproxies_environment, proxy_bypass


def proxy_for(host: str, port: int | None = None) -> str | None:
    """The address of the proxy for https to a host: HTTPS_PROXY, else ALL_PROXY, None where NO_PROXY excepts it."""
    named = getproxies_environment()
    proxy = named.get("https") or named.get("all")
    if not proxy or proxy_bypass(f"{host}:{port}" if port else host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
