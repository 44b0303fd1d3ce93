"""Whether a template can say something else in another language or for another tenant: what is worth a look.

Told from the texts as they are written, so that it errs on the side of "yes": a name in a comment counts too.
"""

from __future__ import annotations

import re

from nac.templates.template import Template

_CALL = re.compile(r"[{(~&#]\s*t[\s)}]|(?<![\w.'$])t\s*\(")
"""`{{t "key"}}`, `(t "key")`, and `t("key")` of JSONNET."""
_OF_TENANT = ("$brand", "$organization", "$tenant", "$hosted_preference_url", "$embedded_preference_url")


def calls_translations(template: Template) -> bool:
    """Whether one of its texts calls `t`."""
    return any(_CALL.search(text) for text in _texts(template))


def reads_tenant(template: Template) -> bool:
    """Whether one of its texts or conditions reads what a tenant's file says."""
    asked = (str(condition) for one in template.variants for condition in one.conditions)
    return any(name in text for text in (*_texts(template), *asked) for name in _OF_TENANT)


def _texts(template: Template) -> list[str]:
    return [text.value for one in template.variants for text in one.texts.values()]
