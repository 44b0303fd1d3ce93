"""NAC337: a translation has a placeholder that the call of `t` gives no value for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule, nearest
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.known.messages import File, Message
    from nac.rules.view import View

RULE = Rule("NAC337", "missing-placeholder")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of
    from nac.rules.known.messages import files_of
    from nac.templates.translations import DEFAULT

    flow = view.once(flow_of)
    asking = [(template, one) for template in view.templates for one in flow.uses(template).asked]
    if not asking:
        return
    by_key: dict[str, list[tuple[File, Message]]] = {}
    for files in view.once(files_of).values():
        for locale in sorted(files, key=lambda one: (one != DEFAULT, one)):
            for one in files[locale].messages.values():
                by_key.setdefault(one.key, []).append((files[locale], one))
    for template, asked in asking:
        if asked.key is None or asked.prefix or asked.given is None or not asked.rendered:
            continue
        for file, message in by_key.get(asked.key, ()):
            lacking = sorted(message.placeholders - asked.given)
            if isinstance(message.value, dict) and "count" not in asked.given and message.texts:
                lacking = sorted({*lacking, "count"})
            if not lacking or flow.is_told(label := asked.label, template, around=True):
                continue
            near = nearest(lacking[0], asked.given - message.placeholders)
            advice = f'write `t "{asked.key[:60]}" {lacking[0][:40]}=…`'
            level = "warning" if lacking == ["count"] and isinstance(message.value, dict) else None
            names = ", ".join(f"`{one[:40]}`" for one in lacking[:5])
            yield Diagnostic(
                RULE,
                f"`{asked.key[:80]}` needs {names}, which is not given here",
                label,
                (Label(file.path, message.span, f"in {file.locale}"),),
                f"`{near[:40]}` is given, which it has not" if near else advice,
                level="warning" if level else None,
            )
            break


CHECK = Check(RULE, find)
