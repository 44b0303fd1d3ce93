"""A project in parts that have nothing to do with each other: a template with the triggers that use it.

When files of some parts change and nothing else, checking those parts tells whatever is new, under conditions that are
proved here and not assumed:

- No finding and no file leads from one part to another (`entangled` parts are never checked alone).
- What the rules about all triggers take from a part (`Part.same`) is what it was.
- What no two triggers may share (`Part.signs`) is shared with no other part, neither before nor now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nac.diagnostics import Diagnostic
from nac.expressions import is_template
from nac.model import DirectorySelector
from nac.project import FOLDER, Project, Trigger
from nac.rules.flow.property_of_two_kinds import properties
from nac.rules.flow.unmapped_address import columns_read
from nac.rules.flow.unread_data import words_of_workflows
from nac.rules.known.flow import flow_of
from nac.rules.references.same_trigger import signs
from nac.rules.references.workflow_files import workflows
from nac.rules.requests.shared_key import bare
from nac.rules.view import View
from nac.structure import schema_paths

# Findings in files that belong to no part, of rules that ask no part for more than is in `Part.same`.
_INDEPENDENT = frozenset(
    {"NAC334", "NAC335", "NAC336", "NAC353", "NAC410", "NAC412", "NAC414", "NAC418", "NAC601", "NAC606", "NAC692"}
)
# These compare all triggers: a part alone would not show them.
_OF_ALL = frozenset({"NAC327", "NAC334", "NAC335", "NAC336"})


@dataclass(frozen=True)
class Part:
    """`triggers` and `files` are paths, `files` with those of the triggers. `same`: a digest of what the rules about
    all triggers take from it. `signs`: digests of what no two triggers should share. An `entangled` part is never
    checked alone."""

    triggers: tuple[str, ...]
    files: tuple[str, ...]
    same: str
    signs: tuple[str, ...]
    entangled: bool = False


def parts_of(view: View, raw: Iterable[Diagnostic], is_clean: bool) -> dict[str, Part] | None:
    """The parts of a whole project by their templates; None where it cannot be taken apart.

    `raw`: every finding there is, before any is ignored. `is_clean`: the project was read without any finding.
    """
    raw = list(raw)
    if not is_clean or view.project.settings.ignore:
        return None
    owners = _owners(view)
    if any(one.label.path not in owners and one.rule.code not in _INDEPENDENT for one in raw):
        return None
    tangled = set(_tangled(view, owners))
    for one in raw:
        met = {owners.get(label.path) for label in (one.label, *one.related)}
        if len(met - {None}) > 1 or one.rule.code in _OF_ALL or (one.label.path not in owners and met != {None}):
            tangled |= met
    files: dict[str, list[str]] = {}
    for path in sorted(owners):
        files.setdefault(owners[path], []).append(path)
    return {slug: part(view, slug, paths, slug in tangled) for slug, paths in files.items()}


def part(view: View, slug: str, files: Iterable[str], entangled: bool = False) -> Part:
    """What a view, of the whole project or of this part alone, knows of it."""
    triggers = view.triggers_of(slug)
    paths = tuple(sorted(one.written.source.path for one in triggers))
    same = [*(_same(view, one) for one in triggers), _asked(view, slug)]
    own = sorted({_digest(one) for trigger in triggers for one in _signs(view, trigger)})
    return Part(paths, tuple(sorted(files)), _digest(same), tuple(own), entangled or not triggers)


def differs(old: Part, new: Part, others: Collection[str]) -> bool:
    """Whether other parts, whose signs are `others`, could have more or less to tell by what became of this one."""
    shared = not set(others).isdisjoint({*old.signs, *new.signs})
    return shared or (old.triggers, old.files, old.same) != (new.triggers, new.files, new.same) or new.entangled


def _owners(view: View) -> dict[str, str]:
    """The template of every file that belongs to a part."""
    found = {path: slug for path in view.all_files if (slug := view.slug_of(path)) is not None}
    found.update({one.written.source.path: one.template for one in view.project.triggers.values()})
    return {path: slug for path, slug in found.items() if path not in view.data_files}


def _tangled(view: View, owners: Mapping[str, str]) -> Iterator[str | None]:
    """The parts that have to do with others by what is written in them or in a workflow."""
    known, words, slugs = view.once(workflows), view.once(words_of_workflows), frozenset(view.all_slugs)
    for trigger in view.project.triggers.values():
        own, met = trigger.template, set(_read_by(view.project, trigger, owners))
        if trigger.runs in known:
            met |= {name for name, _ in known[trigger.runs].templates}
        met |= slugs & words.get(trigger.runs, frozenset())
        if met - {own} or is_template(own) or is_template(trigger.runs):
            yield from (own, *met)
    for template in view.templates:
        texts = (text.source.path for one in template.variants for text in one.texts.values())
        sidecars = (each.path for one in template.variants for each in one.sidecars.values())
        for path in (*(one.written.source.path for one in template.variants), *texts, *sidecars):
            if owners.get(path) != template.slug:
                yield from (template.slug, owners.get(path))


def _read_by(project: Project, trigger: Trigger, owners: Mapping[str, str]) -> Iterator[str]:
    """The parts whose files a trigger names as its schema, or may attach."""
    declared = trigger.model.event_schema
    for path in schema_paths(declared, project.settings.suprsend) if isinstance(declared, str) else ():
        if path in owners:
            yield owners[path]
    for one in trigger.model.attachments:
        # An expression may name any file that begins as it does.
        start = f"{FOLDER}/{(one.file or '').partition('{')[0]}"
        yield from (slug for path, slug in owners.items() if path.startswith(start)) if one.file else ()


def _same(view: View, trigger: Trigger) -> Any:
    """What is asked of every trigger, whichever is looked at."""
    model, path = trigger.model, trigger.written.source.path
    give = view.once(flow_of).given(trigger)
    kinds = [(key, kind, "" if at.source.path == path else at.source.path) for at, key, kind in properties(give)]
    columns: dict[str, set[str]] = {}
    for selector in getattr(model, "recipients", ()):
        if isinstance(selector, DirectorySelector):
            columns.setdefault(selector.from_, set()).update(columns_read(selector.user))
    schema = model.event_schema if isinstance(model.event_schema, str) else None
    attached = [one.file for one in model.attachments]
    read = sorted((name, sorted(found)) for name, found in columns.items())
    return [path, trigger.name, model.kind, trigger.runs, trigger.template, schema, attached, kinds, read]


def _asked(view: View, slug: str) -> Any:
    """What a template asks of the translations."""
    uses, problems = view.once(flow_of).uses(view.template(slug)), view.library.load(slug)[1]
    asked = sorted({repr((one.key, one.prefix)) for one in uses.asked})
    return [asked, uses.opaque, bool(problems), bool(view.template(slug).variants)]


def _signs(view: View, trigger: Trigger) -> Iterator[Any]:
    """What no two triggers should share."""
    yield from (["trigger", *sign] for sign, _ in signs(trigger))
    key = trigger.model.idempotency_key
    if key is not None and is_template(key):
        yield ["key", bare(key)]
    yield from (["made", one.key] for one in view.samples(trigger) if one.key)


def _digest(value: Any) -> str:
    return hashlib.blake2b(json.dumps(value).encode(), digest_size=12).hexdigest()


__all__ = ["Part", "differs", "part", "parts_of"]
