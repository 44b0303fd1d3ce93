"""What is met with before any rule runs: reading the project, its templates, and running its samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from nac.diagnostics import INVALID_TEMPLATE, MESSAGE_DROPPED, Diagnostic
from nac.rules.view import View

# After these, everything else about the same files is found all the same.
_ALONE = frozenset({MESSAGE_DROPPED, INVALID_TEMPLATE})


class Met:
    """The findings, and the files of which not everything could be found because of them."""

    def __init__(self, view: View, loaded: Iterable[Diagnostic]) -> None:
        self._view = view
        self.findings = list(loaded)
        self._unread = any(view.slug_of(one.label.path) is None for one in self.findings)
        self.findings += view.loading()
        self._paths = {one.label.path for one in self.findings}
        self._slugs: set[str] = set()
        self.findings += self._samples()

    def _samples(self) -> Iterator[Diagnostic]:
        for trigger in self._view.triggers:
            for sampled in self._view.samples(trigger):
                if any(one.rule not in _ALONE for one in sampled.diagnostics):
                    self._paths.add(trigger.written.source.path)
                    self._slugs.add(trigger.template)
                yield from sampled.diagnostics

    def is_sure(self, path: str) -> bool:
        """Whether nothing kept a finding in this file (of a pattern: in any file) from being found."""
        if any(one in path for one in "*?["):
            files = (one for one in self._view.all_files if fnmatchcase(one, path))
            return not self._unread and all(map(self._is_sure, files))
        return self._is_sure(path)

    def _is_sure(self, path: str) -> bool:
        slug = self._view.slug_of(path)
        return path not in self._paths and not (slug and (self._unread or slug in self._slugs))
