"""NAC326: where people come from, an address is known that the trigger does not map, though the template needs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Rule
from nac.rules.check import Check

if TYPE_CHECKING:
    from nac.project import Trigger
    from nac.rules.known.worlds import Given, Selector
    from nac.rules.view import View
    from nac.templates.template import Template

RULE = Rule("NAC326", "unmapped-address", "info")

# What a column that holds an address is called.
_COLUMNS = {
    "$email": ("email", "emails", "e_mail", "mail"),
    "$sms": ("phone", "sms", "mobile", "phone_number"),
    "$whatsapp": ("whatsapp",),
}
_LANGUAGES = {"$preferred_language": ("language", "preferred_language"), "$locale": ("locale",)}


def find(view: View) -> Iterator[Diagnostic]:
    from nac.rules.known.flow import flow_of

    flow = view.once(flow_of)
    told: set[tuple[str, Any, str]] = set()  # what nac.yaml says of a directory is many triggers'
    for trigger in view.triggers:
        template = view.template(trigger.template)
        needed = _needed(view, template)
        if not template.variants or not needed:
            continue
        give = flow.given(trigger)
        for selector in give.selectors:
            if selector.properties is None:
                continue
            if set(selector.properties) <= {"distinct_id"} or "object_type" in selector.properties:
                continue
            source, columns = _columns(view, trigger, give, selector)
            wanted = selector.properties.get("$channels")
            for name, words in needed.items():
                if name in selector.properties or (isinstance(wanted, list) and _off(name, wanted)):
                    continue
                if any(one in selector.properties for one in _LANGUAGES) and name in _LANGUAGES:
                    continue
                column = next((one for one in words if one in columns), None)
                label = selector.at.label(key=True)
                if column is not None and (label.path, label.span, name) not in told:
                    told.add((label.path, label.span, name))
                    what = f"`{name}` is not mapped, though {source} has `{column}` and the template {_why(name)}"
                    help = "map it; without it, SuprSend has no more than the profile that it may know"
                    yield Diagnostic(RULE, what, label, help=help)


def _needed(view: View, template: Template) -> dict[str, tuple[str, ...]]:
    enabled = template.enabled
    channels = [one for one in template.channels if enabled is None or one in enabled]
    needed = {name: words for name, words in _COLUMNS.items() if name[1:] in channels}
    from nac.rules.known.flow import flow_of

    if len({one.locale for one in template.variants}) > 1 or view.once(flow_of).uses(template).asked:
        needed |= _LANGUAGES
    return needed


def _why(name: str) -> str:
    return "speaks more than one language" if name in _LANGUAGES else f"has a message for {name[1:]}"


def _off(name: str, wanted: list[Any]) -> bool:
    return name not in _LANGUAGES and name[1:] not in wanted


def _columns(view: View, trigger: Trigger, give: Given, selector: Selector) -> tuple[str, frozenset[str]]:
    """What is known of each person where they come from: the columns of a directory, the names of an item."""
    from nac.model import DirectorySelector, EachSelector, UserSelector

    one = trigger.model.recipients[selector.index]  # type: ignore[union-attr]  # what has selectors has recipients
    if isinstance(one, DirectorySelector):
        return f"the directory `{one.from_}`", view.once(_directories).get(one.from_, frozenset())
    from nac.rules.known.expressions import lone_path

    if isinstance(one, EachSelector):
        path = lone_path(one.each)
        source = f"`{one.as_}`"
    else:
        # The mapping in the event that the id is read from: event.owner of event.owner.id.
        written = one.user.get("distinct_id") if isinstance(one, UserSelector) and isinstance(one.user, dict) else None
        whole = lone_path(written) if isinstance(written, str) else None
        path = whole[:-1] if whole and len(whole) > 2 else None
        source = f"`{'.'.join(path)}`" if path else ""
    if path is None or path[0] != "event":
        return source, frozenset()
    names: frozenset[str] | None = None
    for world in give.worlds:
        value: Any = world.event.data
        for step in path[1:]:
            value = value.get(step) if isinstance(value, dict) else None
        for item in value[:20] if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                names = frozenset(item) if names is None else names & frozenset(item)
    return source, names or frozenset()


def _directories(view: View) -> dict[str, frozenset[str]]:
    """The columns of each directory, as far as its text or what is mapped from it elsewhere tells."""
    from nac.model import DirectorySelector
    from nac.project import FOLDER

    found: dict[str, set[str]] = {}
    for name, one in view.project.settings.directories.items():
        found[name] = set(_in_file(view, f"{FOLDER}/{one.path}", one.kind))
        found[name] |= columns_read(one.user)
    for trigger in view.project.triggers.values():
        for selector in getattr(trigger.model, "recipients", ()):
            if isinstance(selector, DirectorySelector) and selector.from_ in found:
                found[selector.from_] |= columns_read(selector.user)
    return {name: frozenset(columns) for name, columns in found.items()}


def columns_read(user: Any) -> set[str]:
    """The columns that a mapping reads."""
    from nac.expressions import texts
    from nac.rules.known.expressions import reads

    return {one.steps[1] for text in texts(user) for one in reads(text) if one.steps[0] == "row" and len(one.steps) > 1}


def _in_file(view: View, path: str, kind: str | None) -> list[str]:
    source = view.source(path) if kind in ("csv", "json", "ndjson") else None
    if source is None:
        return []
    line = source.text.partition("\n")[0].lstrip("\ufeff").strip()
    if kind == "csv":
        return [one.strip().strip('"') for one in line.split(",")]
    try:
        row = json.loads(line) if kind == "ndjson" else json.loads(source.text)
    except (ValueError, RecursionError):
        return []
    row = row[0] if isinstance(row, list) and row else row
    return list(row) if isinstance(row, dict) else []


CHECK = Check(RULE, find)
