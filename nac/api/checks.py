"""Everything that is wrong with a project, as `nac check` tells it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from nac.api.previews import preview_resolved
from nac.api.templates import Templates
from nac.api.triggers import directories
from nac.check import Compiler, concerning, naming
from nac.check import check as check_view
from nac.diagnostics import Diagnostic
from nac.preview.result import Reader
from nac.project import Loaded
from nac.resolve import Resolved
from nac.rules.view import View

if TYPE_CHECKING:
    from nac.directory import Directories

# Recipients of one sample whose messages are rendered.
MAX_READERS = 10


def check(
    loaded: Loaded,
    where: Directories | None = None,
    *,
    paths: Collection[str] | None = None,
    gone: Collection[str] = (),
    codes: Collection[str] | None = None,
    now: datetime | None = None,
) -> list[Diagnostic]:
    """Every finding about a project, at the severities that nac.yaml gives them, without those that are ignored.

    `paths`: only findings that point at these files (POSIX, relative to the project), and at those that name a file
    which is `gone`. `codes`: only findings of these rules. `now` replaces the time of the samples.
    """
    with viewing(loaded, where, now) as whole:
        if paths is None:
            return check_view(whole, loaded.diagnostics, codes)
        wanted = (frozenset(paths) | naming(whole, gone)) & frozenset(whole.all_files)
        return concerning(check_view(replace(whole, wanted=wanted), loaded.diagnostics, codes), wanted)


@contextmanager
def viewing(
    loaded: Loaded, where: Directories | None = None, now: datetime | None = None, wanted: frozenset[str] | None = None
) -> Iterator[View]:
    """What the rules look at: a whole project, or what has to do with the `wanted` files."""
    project = loaded.project
    where = where or directories(project)
    with Templates(project) as templates:

        def readers(resolved: Resolved) -> tuple[Sequence[Reader], Sequence[Diagnostic]]:
            shown = preview_resolved(resolved, templates, where, limit=MAX_READERS)
            return shown.readers, shown.diagnostics

        yield View(project, templates, Compiler(project, where, readers, now), wanted)
