"""`make demo`: the example project from YAML to requests, readers, messages and a local hub, in one screen or two.

Every step is a command that you can type yourself; the demo prints it first.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
TRIGGER = "new_comment"
SAMPLE = "two comments"
BOLD, OFF = ("\033[1m", "\033[0m") if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else ("", "")


def show(title: str, *args: str, environ: dict[str, str] | None = None, code: int = 0) -> None:
    """Print a command, run it, and stop the demo if it fails."""
    words = [f"'{word}'" if " " in word else word for word in args]
    print(f"\n{BOLD}# {title}{OFF}\n$ nac {' '.join(words)}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "nac", *args], cwd=HERE, env={**os.environ, **(environ or {})}, stdin=subprocess.DEVNULL
    )
    if done.returncode != code:
        sys.exit(done.returncode)


def main() -> None:
    print(f"{BOLD}# A trigger is a YAML file{OFF}\n$ cat notifications/{TRIGGER}.yaml")
    print((HERE / f"notifications/{TRIGGER}.yaml").read_text(encoding="utf-8"), end="", flush=True)
    show("These are the project's", "list")
    show("The exact request that SuprSend receives", "compile", TRIGGER)
    show("Who gets one, and through which selector", "recipients", "documents/shared")
    show("What they read", "preview", TRIGGER)
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "nac", "sandbox", "--port", "0"], cwd=HERE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert sandbox.stdout is not None
        url = sandbox.stdout.readline().strip()
        hub = {"SUPRSEND_BASE_URL": url, "SUPRSEND_API_KEY": "",
               "SUPRSEND_WORKSPACE_KEY": "sandbox", "SUPRSEND_WORKSPACE_SECRET": "sandbox-secret"}  # fmt: skip
        print(f"\n{BOLD}# A local stand-in of SuprSend listens at {url}{OFF}")
        show("Without --yes nothing is sent", "dispatch", TRIGGER, "--sample", SAMPLE, environ=hub, code=2)
        show("With it, signed and over real HTTP", "dispatch", TRIGGER, "--sample", SAMPLE, "--yes", environ=hub)
        print(f"\n{BOLD}# What the stand-in received{OFF}\n$ curl {url}requests", flush=True)
        with urllib.request.urlopen(f"{url}requests", timeout=10) as answer:
            for one in json.load(answer):
                print(json.dumps({key: one[key] for key in ("path", "auth", "outcome", "body")}, indent=2))
    finally:
        sandbox.terminate()
        sandbox.wait(10)
    print(f"\n{BOLD}# Your own: nac init my-product{OFF}")


if __name__ == "__main__":
    main()
