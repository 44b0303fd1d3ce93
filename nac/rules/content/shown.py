"""The messages that samples make of each variant, with the facts that were measured about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nac.diagnostics import Label
from nac.messages import Message
from nac.preview.result import Fact
from nac.preview.scene import Scene
from nac.rules.escaping.contexts import Named, contexts_of
from nac.rules.view import View
from nac.templates import Context
from nac.templates.template import Path, Template, Variant

# Renderings of a variant that no sample's reader gets.
MAX_TRIED = 3
MAX_MESSAGES = 100


@dataclass(frozen=True)
class Shown:
    """One message. `event` is the sample's name; "" where the variant alone makes it, for it reads nothing.

    `real`: a recipient of the sample gets it; otherwise it was rendered to see what the variant looks like.
    """

    event: str
    message: Message
    facts: tuple[Fact, ...]
    real: bool = True

    @property
    def events(self) -> tuple[str, ...]:
        return (self.event,) if self.event else ()

    def fact(self, name: str) -> Fact | None:
        return next((one for one in self.facts if one.name == name), None)


class Messages:
    """The messages of a view's templates, made when they are first asked for."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._found: dict[str, dict[str, list[Shown]]] = {}

    def of(self, template: Template, variant: Variant) -> list[Shown]:
        """Each different message once, in the order of the samples."""
        if template.slug not in self._found:
            self._found[template.slug] = self._real(template)
        found = self._found[template.slug]
        if variant.name not in found:
            found[variant.name] = list(self._tried(template, variant))
        return found[variant.name]

    def _real(self, template: Template) -> dict[str, list[Shown]]:
        found: dict[str, list[Shown]] = {}
        for trigger in self._view.triggers_of(template.slug):
            for sampled in self._view.samples(trigger):
                for preview in (one for reader in sampled.readers for one in reader.previews):
                    if preview.message is None or preview.choice is None or preview.choice.variant is None:
                        continue
                    mine = found.setdefault(preview.choice.variant.name, [])
                    if len(mine) < MAX_MESSAGES:
                        mine.append(Shown(sampled.event.name, preview.message, preview.facts))
        return found

    def _tried(self, template: Template, variant: Variant) -> Iterator[Shown]:
        from nac.event import SAMPLE_NOW
        from nac.preview.channels import MESSAGES
        from nac.preview.facts import facts
        from nac.preview.fields import Fields

        contexts = self._view.once(contexts_of).of(template) or (Named("", {}),)
        translations = self._view.translations
        for event, names in contexts[:MAX_TRIED]:
            context = Context(names, now=SAMPLE_NOW, locale=variant.locale, translations=translations)
            fields = Fields(variant, context, Scene({}, None, SAMPLE_NOW, translations=translations))
            message = MESSAGES[variant.channel](fields)
            if not fields.problems:
                yield Shown(event, message, facts(message, {}), real=False)


def messages_of(view: View) -> Messages:
    """For `view.once`."""
    return Messages(view)


def field_label(variant: Variant, path: Path) -> Label:
    """The first line of a field; the whole file of the variant where the field is not written."""
    text = variant.texts.get(path)
    if text is None:
        return Label(variant.written.source.path)
    line = text.value.split("\n", 1)[0].rstrip("\r")
    return Label(text.source.path, text.span(0, min(len(line), len(text.value))))
