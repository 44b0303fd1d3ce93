"""NAC604: an e-mail address in a sample that may be somebody's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check
from nac.rules.hygiene.addresses import real_domains
from nac.rules.hygiene.sample_texts import in_reason, sample_texts

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC604", "real-email-in-sample", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    settings = view.project.settings
    redirects = [one.redirect.email for one in settings.workspaces.values() if one.redirect and one.redirect.email]
    own = [*settings.reserved_domains, *(one.rsplit("@", 1)[-1] for one in redirects)]
    found = ((text, one) for text in view.once(sample_texts) for one in real_domains(text.value, own))
    for text, (address, domain) in in_reason(found):
        what = "everybody who runs this writes to" if text.sent else "somebody may read their mail at"
        yield Diagnostic(
            RULE,
            f"{what} `{domain[:80]}`",
            text.at.label(address),
            help="use `example.com`, or list the domain under `reserved_domains:` in nac.yaml",
            level="info" if text.sent else None,
        )


CHECK = Check(RULE, find)
