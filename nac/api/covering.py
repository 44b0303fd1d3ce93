"""The people whom a run met in directories, covered up in whatever it reports about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nac.diagnostics import Diagnostic, Label
from nac.diff.masking import COVER, secrets_of
from nac.expectations import Failure, Outcome

_WORD = re.compile(r"[\w+]{2,}")
_QUOTED = re.compile(r"`[^`]*`")
NAME, PROSE = 3, 5
"""Letters that a word of a name has at least, and one of a text of more than four words: shorter ones tell nobody
apart, and stand in every sentence."""


class People:
    """Those who are to be covered. A word of theirs is covered wherever it stands; time does not grow with people."""

    def __init__(self) -> None:
        self._words: set[str] = set()

    def add(self, recipient: object, *names: str) -> None:
        """Somebody, with the names that reports call them by: an id counts however short it is."""
        for name in names:
            self._add(name, 1)
        for text in secrets_of(recipient):
            self._add(text, NAME if len(text.split()) <= 4 else PROSE)

    def _add(self, text: str, least: int) -> None:
        # The host of an address is known to everybody, and would be covered in every link.
        words = _WORD.findall(text.partition("@")[0])
        self._words.update(one.casefold() for one in words if len(one) >= least)

    def covered(self, text: str) -> str:
        if not self._words:
            return text
        return _WORD.sub(lambda one: COVER * len(one[0]) if one[0].casefold() in self._words else one[0], text)

    def _said(self, text: str) -> str:
        """A sentence of nac's own: what it quotes is covered, the words around that are nobody's."""
        return _QUOTED.sub(lambda one: self.covered(one[0]), text)

    def covered_finding(self, one: Diagnostic) -> Diagnostic:
        return replace(
            one, message=self._said(one.message), help=self._hint(one.help), label=self._label(one.label),
            related=self._labels(one.related),
        )  # fmt: skip

    def covered_outcome(self, one: Outcome) -> Outcome:
        failures = tuple(self._failure(each) for each in one.failures)
        return replace(one, failures=failures, findings=tuple(self.covered_finding(each) for each in one.findings))

    def _failure(self, one: Failure) -> Failure:
        return replace(
            one, message=self._said(one.message), expected=self._maybe(one.expected), actual=self._maybe(one.actual),
            help=self._hint(one.help), label=self._label(one.label), related=self._labels(one.related),
        )  # fmt: skip

    def _labels(self, labels: Iterable[Label]) -> tuple[Label, ...]:
        return tuple(self._label(one) for one in labels)

    def _label(self, one: Label) -> Label:
        return replace(one, message=self._said(one.message)) if one.message else one

    def _hint(self, text: str | None) -> str | None:
        return None if text is None else self._said(text)

    def _maybe(self, text: str | None) -> str | None:
        return None if text is None else self.covered(text)
