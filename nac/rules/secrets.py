"""NAC601: a credential in a file that everybody with the repository can read.

Two things are looked for: texts whose form says what they are (a vendor's prefix), and long, random-looking values of
keys that are named like a secret. What is found is never shown, in a message or in the line below it.
"""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Label, Rule
from nac.rules.check import Check
from nac.rules.places import places

if TYPE_CHECKING:
    from nac.rules.view import View
    from nac.source import SourceFile, Span

RULE = Rule("NAC601", "secret-in-file")
ENDINGS = (".yaml", ".yml", ".json", ".hbs", ".jsonnet", ".libsonnet", ".html", ".mjml", ".txt", ".md")

# The forms are those that the vendors publish for secret scanners.
_FORMS = {
    "slack": ("a Slack token", r"xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,}"),
    "slack_hook": ("a Slack webhook", r"https://hooks\.slack\.com/services/T\w{6,12}/B\w{6,12}/\w{16,32}"),
    "teams_hook": (
        "a Teams webhook",
        r"https://[\w-]{1,60}\.webhook\.office\.com/webhookb2/[0-9a-fA-F@-]{36,80}/IncomingWebhook/[\w/-]{32,160}",
    ),
    "power_automate": (
        "an address that starts a Power Automate flow",
        r"https://[\w.-]{1,100}\.(?:logic\.azure|powerplatform)\.com[^\s\"'<>]{1,200}[?&]sig=[\w%-]{20,100}",
    ),
    "aws": ("an AWS access key", r"(?:AKIA|ASIA)[A-Z0-9]{16}"),
    "github": ("a GitHub token", r"gh[opsru]_[A-Za-z0-9]{30,255}|github_pat_\w{22,255}"),
    "gitlab": ("a GitLab token", r"glpat-[\w-]{20,}"),
    "sendgrid": ("a SendGrid key", r"SG\.[\w-]{16,32}\.[\w-]{32,64}"),
    "stripe": ("a Stripe key", r"[rs]k_live_[A-Za-z0-9]{16,}"),
    "google": ("a Google API key", r"AIza[\w-]{35}"),
    "npm": ("an npm token", r"npm_[A-Za-z0-9]{36}"),
    "jwt": ("a signed token (JWT)", r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}"),
    "pem": ("a private key", r"-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----"),
    "url": ("a password in an address", r"(?<=://)[^\s:/@\"'{}<>]{1,100}:[^\s:/@\"'{}<>]{6,100}(?=@)"),
}
_FORM = re.compile(r"(?<![A-Za-z0-9])(?:" + "|".join(f"(?P<{name}>{form})" for name, (_, form) in _FORMS.items()) + ")")
_NAMED = re.compile(
    r"""(?P<key>[\w$-]{0,40}(?:secret|password|passwd|token|api_?key|access_?key|private_?key)[\w-]{0,20})["']?"""
    r"""[ \t]{0,20}[:=][ \t]{0,20}["']?(?P<value>[A-Za-z0-9+/=_.~!@%^*-]{16,200})(?=["'\s,}\]]|\Z)""",
    re.IGNORECASE,
)
# Most files hold none of these words, and none of the expressions above needs to be tried on them.
_FORM_WORDS = (
    *("xox", "xapp-", "hooks.slack", "AKIA", "ASIA", "gho_", "ghp_", "ghs_", "ghr_", "ghu_", "github_pat_", "glpat-"),
    *("SG.", "webhook.office.com", "&sig=", "?sig=", "k_live_", "AIza", "npm_", "eyJ", "PRIVATE KEY"),
)
_NAME_WORDS = ("secret", "passw", "token", "apikey", "api_key", "accesskey", "access_key", "privatekey", "private_key")
_WORDS = r"example|sample|test|dummy|fake|placeholder|change.?me|redacted|your|insert|todo|x{4}|0{6}|\*{3}|\.{3}"
_PLACEHOLDER = re.compile(_WORDS, re.IGNORECASE)
# Counting up is no excuse for what has a vendor's form: who writes a placeholder there writes fewer digits, or a word.
_PLACEHOLDER_OR_SEQUENCE = re.compile(f"{_WORDS}|1234567|abcdef", re.IGNORECASE)
_MIN_BITS = 3.5  # per character: words lie below 3.3, random letters and digits of 16 characters above 3.6


def find(view: View) -> Iterator[Diagnostic]:
    for path in view.files:
        if path.endswith(ENDINGS) and path not in view.data_files and (source := view.source(path)):
            yield from _in_text(source)


def _in_text(source: SourceFile) -> Iterator[Diagnostic]:
    told: list[tuple[int, int]] = []
    place = places(source)
    text = source.text
    lower = text.casefold()
    forms = any(one in text for one in _FORM_WORDS) or ("@" in text and "://" in text)
    for found in _FORM.finditer(text) if forms else ():
        start, end = found.span()
        if found.lastgroup == "pem":
            # All of the key is hidden, to its last line or to the end of the file.
            close = text.find("-----END", end)
            end = text.find("-----", close + 8) + 5 if close >= 0 else len(text)
        if not _PLACEHOLDER.search(text, start, end):
            told.append((start, end))
            yield _finding(source.path, place(start, end), f"this is {_FORMS[str(found.lastgroup)][0]}")
    for found in _NAMED.finditer(text) if any(one in lower for one in _NAME_WORDS) else ():
        start, end = found.span("value")
        before = bisect(told, (end,)) - 1
        if before >= 0 and start < told[before][1]:
            continue
        if _looks_random(found["value"]) and not _PLACEHOLDER_OR_SEQUENCE.search(found["value"]):
            yield _finding(source.path, place(start, end), f"`{found['key']}` looks like a real secret")


def _looks_random(value: str) -> bool:
    counts = Counter(value).values()
    bits = -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
    return bits >= _MIN_BITS and any(one.isdigit() for one in value) and any(one.isalpha() for one in value)


def _finding(path: str, span: Span, what: str) -> Diagnostic:
    return Diagnostic(
        RULE,
        f"{what}: everybody with this repository can read it",
        Label(path, span, secret=True),
        help="take it out of the file, revoke it, and read it from the environment: `{{ env.NAME }}`",
    )


CHECK = Check(RULE, find)
