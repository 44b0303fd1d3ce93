"""NAC416: a locale that nobody can have: of a variant, a translation file, a recipient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Label, Rule
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.references.locales import why_unknown
from nac.rules.references.sample_places import SamplePlaces, values

if TYPE_CHECKING:
    from nac.project import Trigger, Written
    from nac.rules.view import View
    from nac.templates.template import Variant

RULE = Rule("NAC416", "unknown-locale")
_UNFOUND = "SuprSend finds no variant or translation of it"
_FILE = re.compile(r"(?:[\w-]+\.)?(?P<locale>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\.json", re.ASCII)


def find(view: View) -> Iterator[Diagnostic]:
    for template in view.templates:
        told: set[Label] = set()
        for variant in template.variants:
            found = _finding(variant.locale, _place(variant), "this variant is sent to nobody")
            if found and found.label not in told:
                told.add(found.label)
                yield found
    from nac.project import FOLDER

    folders = (f"{FOLDER}/translations/", f"{view.suprsend}/translations/")
    for path in view.files:
        name = _FILE.fullmatch(path.rsplit("/", 1)[-1]) if path.startswith(folders) else None
        if name and (found := _finding(name["locale"], Label(path), "nobody reads these translations")):
            yield found
    for trigger in view.triggers:
        yield from _in_trigger(view, trigger)
    written = view.project.written
    if written and written.source.path in view.files:
        for known, directory in view.project.settings.directories.items():
            if directory.user is not None:
                yield from _literals(written.below("directories", known, "user"))


def _place(variant: Variant) -> Label:
    written, value = variant.written, variant.written.value
    named = isinstance(value, dict) and value.get("locale") == variant.locale
    return written.below("locale").label() if named else Label(written.source.path)


def _in_trigger(view: View, trigger: Trigger) -> Iterator[Diagnostic]:
    told = set()
    for key in ("recipients", "actor"):
        if key in trigger.written.node.value:
            for found in _literals(trigger.at(key)):
                told.add(found.label)
                yield found
    for index, sampled in enumerate(view.samples(trigger)):
        actor = (sampled.fields or {}).get("actor")
        people: list[tuple[Any, Written]] = [(actor, trigger.at("actor"))]
        people += [(one.recipient, trigger.at("recipients", one.selector)) for one in sampled.people]
        for person, selector in people:
            locale = person.get("$locale") if isinstance(person, dict) else None
            if not isinstance(locale, str) or why_unknown(locale) is None:
                continue
            label = (view.once(SamplePlaces).of(trigger, index, locale) or _mapped(selector)).label()
            found_ = _finding(locale, label, _UNFOUND)
            if found_ and label not in told:
                told.add(label)
                yield found_


def _mapped(selector: Written) -> Written:
    for key in ("user", "object"):
        if isinstance(selector.value, dict) and isinstance(selector.value.get(key), dict):
            return selector.below(key, "$locale")
    return selector


def _literals(written: Written) -> Iterator[Diagnostic]:
    """The locales that are written down in a recipient."""
    for path, value in values(written):
        if (*written.path, *path)[-1:] != ("$locale",) or not isinstance(value, str) or is_template(value):
            continue
        if found := _finding(value, written.below(*path).label(), _UNFOUND):
            yield found


def _finding(locale: str, label: Label, why: str) -> Diagnostic | None:
    wrong = why_unknown(locale)
    if wrong is None:
        return None
    return Diagnostic(RULE, f"{wrong[0]}: {why}", label, help=wrong[1])


CHECK = Check(RULE, find)
