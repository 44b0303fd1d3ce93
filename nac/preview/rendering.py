"""A template + a person → what that person would see on each channel, or why they would see nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from nac.preview.channels import MESSAGES
from nac.preview.facts import facts
from nac.preview.fields import Fields, Recorder
from nac.preview.result import Preview
from nac.preview.scene import DEFAULT_TENANT, Scene, names_of
from nac.recipients import Person
from nac.templates import Context
from nac.templates.choice import choose
from nac.templates.template import Path, Template, Text, Variant

_UNKNOWN_PERSON = "nac does not know what SuprSend keeps of this recipient: give the property inline"


def preview(
    template: Template,
    person: Person,
    scene: Scene,
    *,
    locale: str,
    tenant: str | None,
    channels: Collection[str] | None = None,
) -> list[Preview]:
    """What one person would see, channel by channel in the order of the vocabulary.

    Of the template's channels, those in `channels` alone where it is given. `locale` (BCP 47) chooses the variants
    and the translations, `tenant` the variants and the brand; None stands for the tenant `default`.
    """
    names = names_of(scene, person.recipient, tenant)
    context = Context(names, now=scene.now, locale=locale, translations=scene.translations)
    wanted = [one for one in template.channels if channels is None or one in channels]
    return [_Channel(template, one, person, scene, context, tenant, locale).preview() for one in wanted]


def templated(variant: Variant) -> list[tuple[Path, Text]]:
    """The texts of a variant that are rendered, in the order their channel's message is made."""
    recorder = Recorder(variant)
    MESSAGES[variant.channel](recorder)
    return list(recorder.asked.items())


class _Channel:
    def __init__(
        self,
        template: Template,
        channel: str,
        person: Person,
        scene: Scene,
        context: Context,
        tenant: str | None,
        locale: str,
    ) -> None:
        self.template, self.channel, self.scene, self.context = template, channel, scene, context
        self.tenant, self.locale = tenant, locale
        self.recipient: Mapping[str, Any] = person.recipient if isinstance(person.recipient, dict) else {}

    def preview(self) -> Preview:
        reason = self._not_sent()
        if reason is not None:
            return Preview(self.channel, self.locale, self.tenant, not_sent=reason)
        choice = choose(self.template, self.channel, self.context, tenant=self.tenant, locale=self.locale)
        if choice.variant is None:
            reason = "none of its variants fits this person: their conditions do not hold, and there is no default one"
            return Preview(self.channel, self.locale, self.tenant, choice=choice, not_sent=reason)
        fields = Fields(choice.variant, self.context, self.scene, self._unknown())
        message = MESSAGES[self.channel](fields)
        notes = (*fields.notes, *self._notes(choice.variant))
        if fields.problems:
            problems = tuple(fields.problems)
            return Preview(self.channel, self.locale, self.tenant, choice=choice, problems=problems, notes=notes)
        return Preview(
            self.channel, self.locale, self.tenant, message, choice, facts(message, self.recipient),
            problems=tuple(fields.refused), notes=notes,
        )  # fmt: skip

    def _not_sent(self) -> str | None:
        if self.template.enabled is not None and self.channel not in self.template.enabled:
            return "the template does not enable it"
        wanted = self.recipient.get("$channels")
        if isinstance(wanted, list) and self.channel not in wanted:
            return f"this person's $channels are {', '.join(map(str, wanted)) or 'none'}"
        if self.recipient.get("is_transient") is True and not self._has_address():
            address = "$inbox` or `distinct_id" if self.channel == "inbox" else f"${self.channel}"
            return f"this transient recipient has no `{address}`, and SuprSend has no profile to look it up in"
        return None

    def _has_address(self) -> bool:
        return bool(
            self.recipient.get(f"${self.channel}") or (self.channel == "inbox" and self.recipient.get("distinct_id"))
        )

    @property
    def _is_mere_id(self) -> bool:
        return set(self.recipient) <= {"distinct_id"}

    def _undescribed(self) -> dict[str, str]:
        """The tenants by the names that hold their brand, where nobody described them."""
        mine = self.tenant or DEFAULT_TENANT
        tenants = {"$brand": mine, "$tenant": mine, "$organization": DEFAULT_TENANT}
        return {
            name: tenant
            for name, tenant in tenants.items()
            if tenant not in self.scene.tenants and name not in self.scene.data
        }

    def _unknown(self) -> dict[str, str]:
        helps = {name: _unknown_tenant(tenant) for name, tenant in self._undescribed().items()}
        if self._is_mere_id and "$recipient" not in self.scene.data:
            helps["$recipient"] = _UNKNOWN_PERSON
        return helps

    def _notes(self, variant: Variant) -> list[str]:
        notes = [f"`{'.'.join(map(str, path))}` cannot be read: what is shown here lacks it" for path in variant.lost]
        if not self._is_mere_id and not self._has_address() and self.channel not in ("inbox", "messenger"):
            notes.append(f"no `${self.channel}` is given here: SuprSend sends this only if the profile has one")
        texts = [text.value for text in variant.texts.values() if "$" in text.value]
        for name, tenant in self._undescribed().items() if texts else ():
            if any(name in text for text in texts):
                notes.append(_unknown_tenant(tenant))
        return list(dict.fromkeys(notes))


def _unknown_tenant(tenant: str) -> str:
    shown = tenant if len(tenant) <= 80 else tenant[:79] + "…"
    return f"nac knows nothing of the tenant `{shown}`: describe it in notifications/tenants/{shown}.yaml"
