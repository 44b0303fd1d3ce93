"""Every message before and after, and where their pixels differ, as PNG files.

pictures of a Diff → a few sheets of pairs, each an HTML page without scripts → Chromium → cut apart, compared (Pillow)
"""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nac.diff.changes import Change, Diff, Picture
from nac.messages import Email
from nac.preview.result import Preview, Reader
from nac.report.diff.page.chromium import ScreenshotError, find, picture
from nac.report.diff.page.sides import size_of
from nac.report.page import asset
from nac.report.page.cards import stage
from nac.report.page.icons import SPRITE
from nac.report.page.markup import h

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["MAX_MESSAGES", "ScreenshotError", "screenshots"]

MAX_MESSAGES = 200
WIDTHS = {"desktop": 780, "phone": 440}
TALLEST = 1_400
PAIRS = 7
"""On one sheet: what Chromium draws at once stays under its 16,384 pixels."""
_SPARE = 240
_GAP = 24
_ALIKE = 24
"""Of 255: a difference of a colour that is a difference, rather than the smoothing of a letter's edge."""
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class _Shot:
    name: str
    width: str
    change: Change
    picture: Picture


def screenshots(found: Diff, most: int = MAX_MESSAGES) -> dict[str, bytes]:
    """Files by their names: for each message `….before.png`, `….after.png` and `….diff.png`, and `index.json` of them.

    Emails are there at desktop and at phone width. The Diff must have been made with `previews`; its first `most`
    messages are drawn. Raises ScreenshotError without Chromium or Pillow, and where a picture takes too long. The
    names are the same on every machine, the pixels as far as its fonts are.
    """
    try:
        import PIL  # noqa: F401 - whether it is there, before anything is drawn
    except ImportError:
        raise ScreenshotError(
            'pictures need Pillow, which is not installed: `pip install "nac[screenshots]"`'
        ) from None
    program = find()
    made: dict[str, bytes] = {}
    index: list[dict[str, Any]] = []
    shots = list(_shots(found, most))
    with tempfile.TemporaryDirectory(prefix="nac-", ignore_cleanup_errors=True) as folder:
        room = Path(folder)
        for width in WIDTHS:
            those = [one for one in shots if one.width == width]
            for number, some in enumerate(_batches(those, PAIRS)):
                for shot, before, after in _drawn(program, some, width, room, f"{width}-{number}"):
                    share, differs = difference(before, after)
                    for kind, image in (("before", before), ("after", after), ("diff", differs)):
                        made[f"{shot.name}.{kind}.png"] = _png(image)
                    index.append(_entry(shot, share))
    index.sort(key=lambda one: str(one["name"]))
    made["index.json"] = (json.dumps(index, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
    return made


def _shots(found: Diff, most: int) -> Iterator[_Shot]:
    number = 0
    for change in found.changes:
        for one in change.shown:
            if number >= most:
                return
            number += 1
            preview = one.after or one.before
            channel = preview.channel if preview else "message"
            for width in WIDTHS:
                if width == "desktop" or any(
                    each and isinstance(each.message, Email) for each in (one.before, one.after)
                ):
                    yield _Shot(f"{number:03}-{slug(change.trigger)}-{slug(channel)}-{width}", width, change, one)


def slug(text: str) -> str:
    """A name that is safe in a file's name everywhere."""
    return _SLUG.sub("-", text.lower())[:60].strip("-") or "x"


def _batches(shots: Sequence[_Shot], size: int) -> Iterator[Sequence[_Shot]]:
    for start in range(0, len(shots), size):
        yield shots[start : start + size]


def _drawn(
    program: str, shots: Sequence[_Shot], width: str, room: Path, name: str
) -> Iterator[tuple[_Shot, Image.Image, Image.Image]]:
    from PIL import Image

    wide = WIDTHS[width]
    page = room / f"{name}.html"
    page.write_text(_sheet(shots, width), "utf-8", "replace")
    with Image.open(picture(program, page, room, (2 * wide, len(shots) * TALLEST + _SPARE))) as opened:
        sheet = opened.convert("RGB")
    for row, shot in enumerate(shots):
        pair = [sheet.crop((x * wide, row * TALLEST, (x + 1) * wide, (row + 1) * TALLEST)) for x in (0, 1)]
        tall = min(TALLEST, max(map(_bottom, pair)) + _GAP)
        before, after = (one.crop((0, 0, wide, tall)) for one in pair)
        yield shot, before, after


def _bottom(cell: Image.Image) -> int:
    """The last row that is not the ground that everything stands on."""
    from PIL import Image, ImageChops

    ground = Image.new("RGB", cell.size, cell.getpixel((0, 0)))
    box = ImageChops.difference(cell, ground).getbbox()
    return box[3] if box else _GAP


def difference(before: Image.Image, after: Image.Image) -> tuple[float, Image.Image]:
    """The share of the pixels that differ, and the later picture, faded, with these in red."""
    from PIL import Image, ImageChops

    channels = ImageChops.difference(before, after).split()
    most = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    mask = most.point([0 if value <= _ALIKE else 255 for value in range(256)])
    white = Image.new("RGB", after.size, "white")
    made = Image.blend(after.convert("L").convert("RGB"), white, 0.72)
    made.paste((224, 30, 70), (0, 0, *after.size), mask)
    return mask.histogram()[255] / (after.width * after.height), made


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()


def _entry(shot: _Shot, share: float) -> dict[str, Any]:
    where = [{name: value for name, value in one._asdict().items() if value} for one in shot.picture.where[:20]]
    return {"name": shot.name, "trigger": shot.change.trigger, "kind": shot.change.kind, "class": shot.change.cls,
            "width": shot.width, "where": where, "changed": round(share, 6)}  # fmt: skip


def _sheet(shots: Sequence[_Shot], width: str) -> str:
    style = asset("page.css") + files(__package__).joinpath("diff.css").read_text("utf-8")
    wide = WIDTHS[width]
    style += (
        f".cells{{display:grid;grid-template-columns:{wide}px {wide}px;grid-auto-rows:{TALLEST}px}}"
        f".cell{{overflow:hidden;padding:{_GAP}px 0;background:#f3f3f7}}"
        ".cell .layer{border:0;box-shadow:none;background:none}"
        ".cell .stage{background:none;border:0;padding:8px 40px}.cell .grow,.cell .tab-row{display:none}"
        "html,body{height:auto;background:#f3f3f7}"
    )
    cells = [_cell(one, shot.picture) for shot in shots for one in (shot.picture.before, shot.picture.after)]
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
    return (
        f'<!doctype html><html lang="en" data-theme="light" data-width="{width}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><style>{style}</style></head>'
        f'<body class="diff">{SPRITE}<div class="cells">{Markup("").join(cells)}</div></body></html>'
    )


def _cell(preview: Preview | None, one: Picture) -> Markup:
    if preview is None:
        body = h("div", h("p", "No message"), class_="missing")
    else:
        reader = Reader((one.where[0].reader if one.where else None) or "somebody", "", "", ())
        # A frame that waits until it is looked at would be missing from the picture.
        body = Markup(str(stage(preview, reader)).replace('class="paper" loading="lazy">', 'class="paper">'))  # noqa: S704
    return h("div", h("div", body, class_=f"layer{size_of(one)}"), class_="cell")
