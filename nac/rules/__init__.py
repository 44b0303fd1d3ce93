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
from nac.rules.content import (
    broken_html,
    clipped_email,
    cut_text,
    empty_message,
    image_alt,
    insecure_link,
    invalid_blocks,
    invalid_card,
    no_plain_text,
    no_subject,
    over_limit,
    sms_characters,
    sms_segments,
    unsafe_html,
)
from nac.rules.escaping import escaped_text, escaped_url, text_in_json, unescaped_html
from nac.rules.flow import (
    invalid_event_schema,
    missing_property,
    missing_tenant_property,
    missing_variable,
    mock_data_differs,
    optional_event_field,
    property_of_two_kinds,
    sample_outside_schema,
    sometimes_missing,
    unknown_event_field,
    unmapped_address,
    unread_data,
    wrong_shape,
)
from nac.rules.hygiene import (
    everyone_selected,
    except_nobody,
    people_in_repository,
    personal_data,
    real_email,
    real_phone,
)
from nac.rules.references import (
    disabled_workflow,
    no_template,
    same_trigger,
    unknown_helper,
    unknown_locale,
    unknown_partial,
    unknown_tenant,
    unknown_workflow,
    unused_file,
    unused_template,
    workflow_out_of_step,
)
from nac.rules.requests import (
    attachment_url,
    changing_key,
    channel_without_variant,
    impossible_phone,
    key_without_tenant,
    many_recipients,
    nearly_too_large,
    shared_key,
)
from nac.rules.translations import (
    missing_placeholder,
    missing_translation,
    translations_differ,
    unknown_translation,
    unused_translation,
)

CHECKS: tuple[Check, ...] = (
    unknown_helper.CHECK,
    missing_variable.CHECK,
    sometimes_missing.CHECK,
    wrong_shape.CHECK,
    unread_data.CHECK,
    missing_property.CHECK,
    missing_tenant_property.CHECK,
    unmapped_address.CHECK,
    property_of_two_kinds.CHECK,
    mock_data_differs.CHECK,
    unknown_event_field.CHECK,
    optional_event_field.CHECK,
    invalid_event_schema.CHECK,
    sample_outside_schema.CHECK,
    unknown_translation.CHECK,
    missing_translation.CHECK,
    translations_differ.CHECK,
    unused_translation.CHECK,
    missing_placeholder.CHECK,
    escaped_text.CHECK,
    escaped_url.CHECK,
    unescaped_html.CHECK,
    text_in_json.CHECK,
    sms_characters.CHECK,
    sms_segments.CHECK,
    cut_text.CHECK,
    over_limit.CHECK,
    clipped_email.CHECK,
    no_plain_text.CHECK,
    no_subject.CHECK,
    image_alt.CHECK,
    insecure_link.CHECK,
    broken_html.CHECK,
    unsafe_html.CHECK,
    invalid_blocks.CHECK,
    invalid_card.CHECK,
    empty_message.CHECK,
    unknown_workflow.CHECK,
    disabled_workflow.CHECK,
    workflow_out_of_step.CHECK,
    no_template.CHECK,
    unknown_tenant.CHECK,
    unknown_partial.CHECK,
    unknown_locale.CHECK,
    unused_template.CHECK,
    unused_file.CHECK,
    same_trigger.CHECK,
    changing_key.CHECK,
    shared_key.CHECK,
    key_without_tenant.CHECK,
    nearly_too_large.CHECK,
    many_recipients.CHECK,
    channel_without_variant.CHECK,
    attachment_url.CHECK,
    impossible_phone.CHECK,
    secrets.CHECK,
    constant_key.CHECK,
    personal_data.CHECK,
    real_email.CHECK,
    real_phone.CHECK,
    people_in_repository.CHECK,
    everyone_selected.CHECK,
    except_nobody.CHECK,
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
