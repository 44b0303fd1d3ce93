"""NAC603: somebody's data in a key or in metadata, which SuprSend keeps in its logs and hands to webhooks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from nac.diagnostics import Diagnostic, Rule
from nac.expressions import is_template
from nac.rules.check import Check
from nac.rules.known.expressions import reads
from nac.rules.references.sample_places import values

if TYPE_CHECKING:
    from nac.project import Trigger, Written
    from nac.rules.view import View

RULE = Rule("NAC603", "personal-data-in-key", "warning")
MAX_TOLD = 20
_KEYS = ("idempotency_key", "cancellation_key", "metadata")
_PERSONAL = frozenset(
    """email e_mail mail email_address emailaddress phone phone_number phonenumber mobile mobile_number telephone tel
    msisdn first_name firstname last_name lastname full_name fullname surname given_name family_name ssn
    social_security_number national_id tax_id passport passport_number birthday birthdate birth_date date_of_birth dob
    iban card_number credit_card ip_address street street_address home_address $email $sms $whatsapp""".split()
)
_PEOPLE = frozenset(
    """user customer client author owner actor recipient member person inviter invitee approver sender assignee
    employee manager contact guest patient student subscriber lead profile account_owner payer payee buyer seller
    cardholder driver doctor teacher carer""".split()
)
_ENDING = re.compile(r"_(e_?mail|phone|mobile|email_address|phone_number)$|[a-z](Email|Phone|Mobile|PhoneNumber)$")
_ADDRESS = re.compile(r"[^\s@]+@[\w-]+(\.[\w-]+)+|\+[1-9]\d{7,14}(?!\d)")


def find(view: View) -> Iterator[Diagnostic]:
    for trigger in view.triggers:
        for key in _KEYS:
            if key in trigger.written.node.value:
                yield from islice(_in_field(view, trigger, key), MAX_TOLD)


def _in_field(view: View, trigger: Trigger, key: str) -> Iterator[Diagnostic]:
    found = False
    at = trigger.at(key)
    texts = [(steps, value) for steps, value in values(at) if isinstance(value, str)]
    for steps, text in texts:
        for path in reads(text):
            if _is_personal(path.steps):
                found = True
                message = f"`{'.'.join(path.steps)[:80]}` is somebody's data"
                yield _finding(key, message, at.below(*steps), path.written)
                break
    if found or not any(is_template(text) for _, text in texts):
        return
    for sampled in view.samples(trigger):
        value: Any = sampled.key if key == "idempotency_key" else (sampled.fields or {}).get(key)
        for path_, text in _texts(value, ()):
            if _ADDRESS.search(text):
                what = "an e-mail address" if "@" in text else "a phone number"
                yield _finding(key, f"with the sample `{sampled.event.name[:60]}` this holds {what}",
                               trigger.at(key, *path_), None)  # fmt: skip
                return


def _is_personal(steps: tuple[str, ...]) -> bool:
    names = [step.casefold() for step in steps]
    if names[-1] in _PERSONAL or _ENDING.search(steps[-1]):
        return True
    return names[-1] == "name" and len(names) > 1 and names[-2] in _PEOPLE


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    pending = [(path, value)]
    while pending:
        at, one = pending.pop()
        if isinstance(one, dict):
            pending += [((*at, key), below) for key, below in one.items()]
        elif isinstance(one, list):
            pending += [((*at, index), below) for index, below in enumerate(one)]
        elif isinstance(one, str):
            yield at, one


def _finding(key: str, message: str, at: Written, needle: str | None) -> Diagnostic:
    where = "logs and webhooks show the metadata" if key == "metadata" else "logs and webhooks show the key"
    return Diagnostic(RULE, f"{message}: {where}", at.label(needle), help="use an id in its place")


CHECK = Check(RULE, find)
