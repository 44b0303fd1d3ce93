"""NAC605: a telephone number in a sample that may be somebody's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check
from nac.rules.hygiene.addresses import real_phones
from nac.rules.hygiene.sample_texts import in_reason, sample_texts

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC605", "real-phone-in-sample", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    found = ((text, one) for text in view.once(sample_texts) for one in real_phones(text.value) if _is_given(one[0]))
    for text, (number, has_fiction) in in_reason(found):
        yield Diagnostic(
            RULE,
            "this may be somebody's telephone number",
            text.at.label(number),
            help="use one that is set aside for fiction, such as `+12025550123`",
            level=None if has_fiction and not text.sent else "info",
        )


@lru_cache(maxsize=4096)
def _is_given(number: str) -> bool:
    """Whether a number of that country and length is given to people at all."""
    import phonenumbers  # here: it takes a while to import

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


CHECK = Check(RULE, find)
