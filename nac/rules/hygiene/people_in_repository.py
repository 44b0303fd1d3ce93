"""NAC606: a directory in the project whose people may be real."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check
from nac.rules.hygiene.addresses import real_domains
from nac.rules.places import places

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC606", "people-in-repository", "info")
_TEXTS = frozenset({"csv", "json", "ndjson", "yaml"})


def find(view: View) -> Iterator[Diagnostic]:
    from nac.project import FOLDER

    settings = view.project.settings
    for path in sorted({f"{FOLDER}/{one.path}" for one in settings.directories.values() if one.kind in _TEXTS}):
        source = view.source(path) if path in view.files else None
        if source is None:
            continue
        found = list(real_domains(source.text, settings.reserved_domains))
        if not found:
            continue
        start = source.text.find(found[0][0])
        span = places(source)(start, start + len(found[0][0]))
        addresses = f"{len(found):,} e-mail addresses" if len(found) > 1 else "an e-mail address"
        yield Diagnostic(
            RULE,
            f"this directory holds {addresses} that may be somebody's, for everybody with this repository to read",
            Label(path, span, secret=True),
            help="keep made-up people here, and the export out of version control",
        )


CHECK = Check(RULE, find)
