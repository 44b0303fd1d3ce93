"""Sending: credentials, the hub's addresses, one HTTP client, and what became of each record.

```
records → address + body → headers (auth) → POST → answer → Accepted | Rejected | Unsent
```
Importing this package does not import httpx; making a `Client` does.
"""

from nac.dispatch.auth import Auth, Bearer, CredentialsError, Hmac, credentials
from nac.dispatch.client import Client
from nac.dispatch.endpoints import HUB
from nac.dispatch.outcomes import Accepted, Outcome, Rejected, Unsent

__all__ = [
    "HUB",
    "Accepted",
    "Auth",
    "Bearer",
    "Client",
    "CredentialsError",
    "Hmac",
    "Outcome",
    "Rejected",
    "Unsent",
    "credentials",
]
