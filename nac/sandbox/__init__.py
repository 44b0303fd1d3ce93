"""A local stand-in for the SuprSend hub: it takes what the hub takes, answers as it does, and sends nothing.

```
HTTP (wire) → who signed it (door) → what it asks (hub) → what was received (kept) → the answer
```
```python
with Sandbox() as sandbox, Client(Bearer("sandbox-key"), base_url=sandbox.url) as client:
    client.send("workflow", [record])
    assert sandbox.deliveries[0].recipient == "u1"
```
It accepts the API key `sandbox-key`, and the workspace key `sandbox` with the secret `sandbox-secret`.
"""

from nac.sandbox.faults import Faults
from nac.sandbox.hub import required_keys
from nac.sandbox.kept import Count, Delivery, Received
from nac.sandbox.server import PUBLIC, Sandbox

__all__ = ["PUBLIC", "Count", "Delivery", "Faults", "Received", "Sandbox", "required_keys"]
