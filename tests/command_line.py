"""The project that the tests of the command line run in, and the type of their `nac` fixture."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

TRIGGER = """\
workflow: hello
idempotency_key: "hello-{{ event.id }}"
recipients:
  - user: {distinct_id: "{{ event.user }}", name: Ana, $email: ["{{ event.email | default('ana@example.com') }}"]}
data: {at: "{{ now }}", url: "{{ env.APP_URL }}"}
samples:
  - {name: first, event: {id: 1, user: u1}}
  - {name: second, event: {id: 2, user: u2}}
"""

Nac = Callable[..., subprocess.CompletedProcess[str]]
