"""What a rule file registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nac.diagnostics import Diagnostic, Rule

if TYPE_CHECKING:
    from nac.rules.view import View


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and the function that finds where it is broken.

    `run` looks at a View and yields findings, in any order; most are of `rule`, whose severity a single one may
    change with `level`. It reads no file but through the view, and raises nothing for what an author wrote.
    """

    rule: Rule
    run: Callable[[View], Iterable[Diagnostic]]
