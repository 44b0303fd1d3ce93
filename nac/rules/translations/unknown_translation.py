"""NAC333: a template asks for a translation that no file holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule, did_you_mean
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC333", "unknown-translation")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of
    from nac.templates.translations import DEFAULT, lookup_order

    flow = view.once(flow_of)
    for template in view.templates:
        for asked in flow.uses(template).asked:
            if asked.key is None or asked.prefix or not asked.rendered:
                continue
            files = view.translations.files
            holding = [locale for locale in sorted(files) if _holds(view, asked.key, locale)]
            wanted = lookup_order(asked.variant.locale)
            if set(holding) & set(wanted):
                continue
            label = asked.label
            if flow.is_told(label, template, around=True):
                continue
            if holding:
                message = f"the translation `{asked.key[:80]}` is in {', '.join(holding[:5])}, but not in {DEFAULT}"
                yield Diagnostic(RULE, f"{message}: other readers get no message", label, level="warning")
                continue
            known = [key for names in files.values() for key in _keys(names)]
            yield Diagnostic(
                RULE,
                f"no file holds the translation `{asked.key[:80]}`: SuprSend would drop this message",
                label,
                help=did_you_mean(asked.key, known) or "add it to the project's translations",
            )


def _holds(view: View, key: str, locale: str) -> bool:
    namespace, _, name = key.rpartition(":")
    found: object = view.translations.files.get(locale, {}).get(namespace, {})
    if isinstance(found, dict) and name in found:
        return True
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found is not None


def _keys(names: object) -> Iterator[str]:
    for namespace, messages in names.items() if isinstance(names, dict) else ():
        stack: list[tuple[tuple[str, ...], object]] = [((), messages)]
        while stack:
            path, value = stack.pop()
            if isinstance(value, dict):
                stack += [((*path, key), one) for key, one in value.items()]
            elif path:
                yield f"{namespace}:{'.'.join(path)}" if namespace else ".".join(path)


CHECK = Check(RULE, find)
