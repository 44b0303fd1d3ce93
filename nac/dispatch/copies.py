"""Copies of a trigger's e-mails: the addresses that its template names itself, whoever the recipients are."""

from __future__ import annotations

from dataclasses import dataclass, field

from nac.dispatch.domains import domain_of
from nac.project import Project, Trigger
from nac.templates.library import load_template

FIELDS = ("extra_to", "cc", "bcc")


@dataclass(frozen=True, slots=True)
class Copies:
    """`domains` are those of addresses that are written out; `computed`: some come of what is sent (`{{manager}}`).
    `fields`: which fields of the template name any."""

    domains: set[str] = field(default_factory=set)
    computed: bool = False
    fields: tuple[str, ...] = ()


def copies(project: Project, trigger: Trigger) -> Copies:
    """What the template in the project says; nothing is known where it is not there."""
    template, _ = load_template(project.tree, trigger.template, project.settings.suprsend)
    found = [
        (name, text.value)
        for variant in template.variants
        if variant.channel == "email"
        for name in FIELDS
        if (text := variant.texts.get((name,))) is not None and text.value.strip()
    ]
    written = [text for _, text in found if "{{" not in text]
    domains = {domain_of(one) for text in written for one in text.split(",") if "@" in one}
    names = tuple(name for name in FIELDS if any(name == one for one, _ in found))
    return Copies(domains, len(written) < len(found), names)
