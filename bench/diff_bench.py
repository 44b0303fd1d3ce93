"""`python -m bench.diff_bench`: `nac diff` with 3 of 1,000 triggers changed, beside git alone and a whole load.

Its time should follow what changed: the last line has the same change in a project of a tenth of the size.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.__main__ import paired, report
from bench.projects import many_triggers

RUNS = 5
TEMPLATE = "Order {{{{order_{n}}}}} of {{{{total}}}} is on its way, {{{{default $recipient.name 'friend'}}}}.\n"


def project(root: Path, count: int) -> None:
    """A repository of `count` triggers with templates, three of them changed in the work tree."""
    many_triggers(root, count)
    for number in range(count):
        folder = root / f"notifications/templates/order-shipped-{number}"
        folder.mkdir(parents=True)
        (folder / "email.hbs").write_text(TEMPLATE.format(n=number))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(root)]
    for arguments in (["init", "-q", "."], ["add", "-A"], ["commit", "-qm", "all"], ["gc", "-q"]):
        subprocess.run([*git, *arguments], check=True)
    for number in range(3):
        path = root / f"notifications/order-{number}.yaml"
        path.write_text(path.read_text().replace("  total:", "  sum:"))


def main() -> None:
    nac = [sys.executable, "-m", "nac"]
    with tempfile.TemporaryDirectory() as folder:
        for count in (1_000, 100):
            root = Path(folder, str(count))
            project(root, count)
            ours = [*nac, "diff", "--project", str(root)]
            what = f"nac diff, 3 of {count:,} triggers changed"
            report(what, *paired(ours, ["git", "-C", str(root), "diff", "--stat"], RUNS), "git diff --stat")
            report(what, *paired(ours, [*nac, "compile", "--format", "ndjson", "--project", str(root)], RUNS),
                   "nac compile, all of them")  # fmt: skip


if __name__ == "__main__":
    main()
