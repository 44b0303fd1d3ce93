"""The command line as a process, for the tests of `nac test`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SIMPLE = {
    "notifications/nac.yaml": "env: {APP_URL: https://app.example.com}\n",
    "notifications/hello.yaml": """\
workflow: hello
recipients:
  - each: "{{ event.people }}"
    user: {distinct_id: "{{ item.id }}", name: "{{ item.name }}"}
data: {city: "{{ event.city }}"}
samples:
  - name: two people
    event: {city: Lyon, people: [{id: u1, name: Ana}, {id: u2, name: Bo}]}
""",
    "notifications/templates/hello/sms.hbs": "Hello {{$recipient.name}} in {{city}}\n",
}


def make(root: Path, files: dict[str, str] = SIMPLE) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def run(cwd: Path, *args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    unset = ("SUPRSEND_", "NAC_", "FORCE_", "PYTEST_")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(unset)}
    return subprocess.run(
        [sys.executable, "-m", "nac", *args], cwd=cwd, env={**clean, **environ}, text=True, encoding="utf-8",
        capture_output=True, timeout=180, check=False,
    )  # fmt: skip
