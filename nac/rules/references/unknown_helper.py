"""NAC310: a helper that SuprSend does not have, in a text that no sample renders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import INVALID_TEMPLATE, Diagnostic, did_you_mean
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

MAX_TOLD = 20
_NAME = re.compile(r"[\w-]+")  # a path of several names would be a function in the data


def find(view: View) -> Iterator[Diagnostic]:
    from nac.handlebars.builtins import BUILTINS
    from nac.rules.references.rendered import told_by_samples
    from nac.templates import HELPERS

    known = (*BUILTINS, *HELPERS)
    told = view.once(told_by_samples)
    for template in view.templates:
        for templated in view.texts(template):
            if "{{" not in templated.text.value or templated.usage is None:
                continue
            unknown = [one for one in templated.usage.calls if one.name not in known and _NAME.fullmatch(one.name)]
            for call in unknown[:MAX_TOLD]:
                label = templated.label(call.name_span)
                if (label.path, label.span) not in told:
                    message = f"there is no helper `{call.name[:80]}`: SuprSend drops the message"
                    yield Diagnostic(INVALID_TEMPLATE, message, label, help=did_you_mean(call.name, known))


CHECK = Check(INVALID_TEMPLATE, find)
