"""A local stand-in for the SuprSend hub: it takes what the hub takes, answers as it does, and sends nothing.

```
HTTP (wire) → who signed it (door) → what it asks (hub) → its records (validation) → what was received (kept)
→ the answer; what was received, for a browser (view)
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
from nac.sandbox.view import View

__all__ = ["PUBLIC", "Count", "Delivery", "Faults", "Received", "Sandbox", "View", "required_keys"]
