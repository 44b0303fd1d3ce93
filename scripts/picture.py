"""`make picture`: docs/terminal.svg, drawn from what the commands really print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).resolve().parent.parent
BROKEN = """\
workflow: new_comment
recipients:
  - from: peple
  - user: {distinct_id: u1, $timezone: America/New_Yrok}
data: {doc_name: "{{ evnt.title }}"}
"""
STEPS = (
    "nac preview new_comment --channel sms",
    "nac recipients documents/shared --sample 'with members and a guest'",
    "nac compile broken",
)


def main() -> None:
    console = Console(record=True, width=104, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    environ = {**os.environ, "FORCE_COLOR": "1", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    environ.pop("NO_COLOR", None)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("notifications", "suprsend"):
            shutil.copytree(HERE / name, Path(folder) / name)
        (Path(folder) / "notifications/broken.yaml").write_text(BROKEN)
        for command in STEPS:
            done = subprocess.run(command, shell=True, cwd=folder, env=environ, capture_output=True, text=True)
            console.print(Text.from_ansi(f"\x1b[1;32m$\x1b[0m \x1b[1m{command}\x1b[0m"))
            console.print(Text.from_ansi((done.stdout + done.stderr).rstrip("\n")))
            console.print()
    svg = console.export_svg(title="nac", unique_id="nac")
    # The picture loads nothing from the network: the fonts of the reader's machine will do.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"Fira Code", "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono", svg)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    (HERE / "docs" / "terminal.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
