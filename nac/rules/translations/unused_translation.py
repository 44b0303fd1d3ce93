"""NAC336: a translation that no template asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule, nearest
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.rules.view import View

RULE = Rule("NAC336", "unused-translation", "warning")


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.messages import messages_of
    from nac.templates.translations import DEFAULT

    if not view.is_whole or not view.all_slugs:
        return
    messages = view.once(messages_of)
    if messages.dynamic:
        return
    every = {one.key for files in messages.files.values() for file in files.values() for one in file.messages.values()}
    missing = {one.key for one in messages.asked if one.key and not one.prefix} - every
    for files in messages.files.values():
        told: set[str] = set()
        for locale in sorted(files, key=lambda one: (one != DEFAULT, one)):
            for one in files[locale].messages.values():
                # A key is told once, in English where it is there; a key of a single file is most likely misspelt.
                if one.key in told or messages.is_asked(one.key):
                    continue
                told.add(one.key)
                near = nearest(one.key, missing)
                where = [each.locale for each in files.values() if one.path in each.messages]
                yield Diagnostic(
                    RULE,
                    f"no template asks for `{one.key[:80]}`",
                    Label(files[locale].path, one.span),
                    help=f"did you mean `{near}`?" if near else f"take it out of {', '.join(sorted(where)[:12])}",
                )


CHECK = Check(RULE, find)
