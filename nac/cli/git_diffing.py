"""What `git diff` shows of one file of a project: what its change does, or else its lines."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nac.report.terminal import Style

MAX_FILES = 100
"""Of a difference of more files, lines are shown: what changes does is worked out anew for each."""
MAX_BYTES = 4 * 1024 * 1024
MAX_LINES = 10_000


@dataclass(frozen=True)
class Asked:
    """What git gives to a driver; `old` and `new` are names of files that hold the two contents, None for none."""

    path: str
    old: str | None
    new: str | None
    old_mode: str = "."
    new_mode: str = "."
    new_path: str | None = None

    @classmethod
    def of(cls, given: tuple[str, ...]) -> Asked:
        """PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE [NEW-PATH …]; PATH alone was not merged yet."""
        if len(given) < 7:
            return cls(given[0], None, None)
        path, old, _, old_mode, new, _, new_mode = given[:7]
        return cls(path, _name(old), _name(new), old_mode, new_mode, given[7] if len(given) > 7 else None)


def _name(file: str) -> str | None:
    return None if file in ("/dev/null", "nul") else file


def told(asked: Asked, environment: Mapping[str, str], style: Style) -> Iterator[str]:
    """The lines to show. Whatever goes wrong, there are some, and no error: git would stop at this file."""
    from nac.report.terminal import safe

    to = asked.new_path or asked.path
    yield style.bold(f"diff --nac {_shown(asked.path)} {_shown(to)}")
    if asked.old is None and asked.new is None:
        yield f"* Unmerged path {_shown(asked.path)}"
        return
    before, after = (_bytes(one) for one in (asked.old, asked.new))
    if asked.old_mode != asked.new_mode and "." not in (asked.old_mode, asked.new_mode):
        yield f"old mode {safe(asked.old_mode)}"
        yield f"new mode {safe(asked.new_mode)}"
    if asked.new_path is None and _is_few(environment) and "120000" not in (asked.old_mode, asked.new_mode):
        found = _meant(asked, before, after, style)
        if found is not None:
            yield from found
            return
    yield from _lines(asked, before, after, style)


def _meant(asked: Asked, before: bytes | None, after: bytes | None, style: Style) -> list[str] | None:
    """What the change does; None where lines say more."""
    from nac.report.diff.text import change_lines
    from nac.report.terminal import safe

    try:
        from nac.api.file_diffs import file_diff

        found = file_diff(Path.cwd(), asked.path, before, after)
    except Exception as error:
        if os.environ.get("NAC_DEBUG"):
            raise
        return [style.yellow(f"nac: internal error: {type(error).__name__}"), *_lines(asked, before, after, style)]
    if found is None:
        return None
    if found.changes is None:
        first = found.problems[0]
        at = f":{first.label.span.line}:{first.label.span.column}" if first.label.span else ""
        why = f"nac cannot read it{at}: {first.message}".replace("\n", " ")
        return [style.yellow(safe(why)), *_lines(asked, before, after, style)]
    if not found.changes:
        said = "nac: no change in what is sent, to whom, or in what they read (`git diff --no-ext-diff` shows lines)"
        return [style.dim(said)]
    return list(change_lines(found.changes, style))


def _is_few(environment: Mapping[str, str]) -> bool:
    total = environment.get("GIT_DIFF_PATH_TOTAL", "")
    return not (total.isdecimal() and int(total) > MAX_FILES)


def _bytes(name: str | None) -> bytes | None:
    if name is None:
        return None
    try:
        if os.path.islink(name):
            return os.fsencode(os.readlink(name))
        with open(name, "rb") as stream:
            return stream.read()
    except OSError:
        return None


def _lines(asked: Asked, before: bytes | None, after: bytes | None, style: Style) -> Iterator[str]:
    """The difference as lines."""
    from difflib import unified_diff

    from nac.report.terminal import safe

    old, new = before or b"", after or b""
    one, other = (_split(each.decode("utf-8", "replace")) for each in (old, new))
    if b"\0" in old[:8000] + new[:8000] or len(old) + len(new) > MAX_BYTES or len(one) + len(other) > MAX_LINES:
        yield f"Files differ: {len(old):,} and {len(new):,} bytes (`git diff --no-ext-diff` shows more)"
        return
    a = "/dev/null" if before is None else f"a/{_shown(asked.path)}"
    b = "/dev/null" if after is None else f"b/{_shown(asked.new_path or asked.path)}"
    paints = {"+": style.green, "-": style.red, "@": style.cyan}
    for number, line in enumerate(unified_diff(one, other, a, b, lineterm="")):
        shown = safe(line.removesuffix("\r"))
        yield style.bold(shown) if number < 2 else paints.get(line[:1], str)(shown)


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [*lines, last, "\\ No newline at end of file"] if last else lines


def _shown(path: str) -> str:
    from nac.report.terminal import safe

    return safe(path).replace("\n", "\\n")
