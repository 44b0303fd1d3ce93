"""The rules of `nac check`: one file each, all in the tuple below.

To add one, copy `nac/rules/constant_key.py` and `docs/rules/NAC602-constant-idempotency-key.md`:

1. The module has a `Rule`, a function of a View that yields Diagnostics, and `CHECK = Check(RULE, find)`. What many
   rules need is asked of the view (`nac/rules/view.py` lists it); what a few share goes into a function of the view
   that they call through `view.once(function)`. Modules import only what takes no time: `nac explain` imports them all.
2. Put its CHECK into CHECKS, by code.
3. Write `docs/rules/<CODE>-<name>.md`: see `tests/rules/rule_pages.py` for its form. Its bad example must give exactly
   this rule's findings and its good one none; `pytest tests/rules --update` writes what nac says into the page.
4. What a page should not show (odd cases, false alarms that must not come back) is a `tests/rules/cases/*.case`.

A place is `trigger.at("data", "title").label()` in YAML, `templated.label(read.span)` in a template. A message never
holds a value of an event, a directory or a secret. A `Fix` is given only where it cannot change what is meant.
"""

from __future__ import annotations

from nac import diagnostics
from nac.diagnostics import Rule
from nac.rules import constant_key, secrets
from nac.rules.check import Check

CHECKS: tuple[Check, ...] = (
    secrets.CHECK,
    constant_key.CHECK,
)

# Every rule that a finding can be of, by code.
RULES: tuple[Rule, ...] = tuple(
    sorted({*diagnostics.RULES, *(check.rule for check in CHECKS)}, key=lambda rule: rule.code)
)

_NAMED = {word.casefold(): rule for rule in RULES for word in (rule.code, rule.name)}


def find_rule(word: str) -> Rule | None:
    """The rule of that code or name, whatever its case."""
    return _NAMED.get(word.strip().casefold())


def page_name(rule: Rule) -> str:
    """The file of a rule's documentation page."""
    return f"{rule.code}-{rule.name}.md"
